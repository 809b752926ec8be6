// Starts `pushbench serve` and speaks to it the plain ways: for every test that is its user.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import readline from 'node:readline';

const BINARY = process.env.PUSHBENCH;
assert.ok(BINARY, 'set PUSHBENCH to the pushbench program to test');

export const GUARD_MS = 10_000; // any single test; nothing here takes so long unless it hangs

/** Rejects where `promise` is not settled in time, so that a test fails and does not hang. */
export async function within(promise, what, ms = GUARD_MS) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a program to its end. */
export async function run(command, args, input = '') {
  const child = spawn(command, args, { stdio: 'pipe' });
  child.stdin.on('error', () => {}); // it may end without having read everything
  child.stdin.end(input);
  const out = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => (out[stream] += text));
  }
  try {
    const [code, signal] = await within(once(child, 'close'), `${command} ${args.join(' ')}`);
    return { code, signal, ...out };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

export const pushbench = (...args) => run(BINARY, args);

export class Server {
  static async start(...args) {
    const server = new Server();
    server.process = spawn(BINARY, ['serve', '--port', '0', ...args]);
    server.exit = once(server.process, 'exit').then(([code, signal]) => ({ code, signal }));
    server.stderr = '';
    server.process.stderr.setEncoding('utf8').on('data', (text) => (server.stderr += text));
    const lines = readline.createInterface({ input: server.process.stdout });
    server.firstLine = await within(
      Promise.race([
        once(lines, 'line').then(([line]) => line),
        server.exit.then(() => Promise.reject(new Error(`it ended: ${server.stderr}`))),
      ]),
      'the first line of pushbench serve',
    );
    server.url = server.firstLine.match(/http:\/\/127\.0\.0\.1:\d+$/)?.[0];
    assert.ok(server.url, `no URL ends this line: ${server.firstLine}`);
    server.port = Number(new URL(server.url).port);
    return server;
  }

  signal(name) {
    this.process.kill(name);
  }

  /** How the process ended. */
  ended() {
    return within(this.exit, 'the end of pushbench serve');
  }

  /** Ends it as a user would; sanitizers would speak up here. */
  async stop() {
    this.signal('SIGTERM');
    assert.deepEqual(await this.ended(), { code: 0, signal: null }, this.stderr);
    assert.equal(this.stderr, '');
  }

  fetch(path, options) {
    return fetch(this.url + path, { signal: AbortSignal.timeout(GUARD_MS), ...options });
  }

  publish(room, draft) {
    const body = typeof draft === 'string' ? draft : JSON.stringify(draft);
    return this.fetch(`/rooms/${room}/messages`, { method: 'POST', body });
  }

  async room(name) {
    return (await this.fetch(`/rooms/${name}`)).json();
  }

  /** Asks until that many wait in the room: only the server knows when a request is held. */
  async hasSubscribers(name, transport, count) {
    const giveUp = performance.now() + GUARD_MS;
    for (;;) {
      const { subscribers } = await this.room(name);
      if (subscribers[transport] === count) return;
      assert.ok(performance.now() < giveUp, `${name} has ${JSON.stringify(subscribers)}`);
    }
  }

  /** Asks until that many connections are open, the one that asks included. */
  async hasConnections(count) {
    const giveUp = performance.now() + GUARD_MS;
    for (;;) {
      const text = await (await this.fetch('/metrics')).text();
      const open = Number(text.match(/^pushbench_connections (\d+)$/m)[1]);
      if (open === count) return;
      assert.ok(performance.now() < giveUp, `${open} connections are open`);
    }
  }

  /** curl's view of a request: status, headers (names in lower case) and body. */
  async curl(path, ...args) {
    const { code, stdout, stderr } = await run('curl', [
      ...['--silent', '--show-error', '--include', '--max-time', String(GUARD_MS / 1000)],
      ...[...args, this.url + path],
    ]);
    assert.equal(code, 0, stderr);
    const end = stdout.lastIndexOf('\r\n\r\n');
    const [status, ...lines] = stdout.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    return { status: Number(status.split(' ')[1]), headers, body: stdout.slice(end + 4) };
  }
}
