// Starts `pushbench serve` and speaks to it the plain ways: for every test that is its user.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import tls from 'node:tls';

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

/** A folder that is there while `body` runs. */
export async function inFolder(body) {
  const folder = mkdtempSync(path.join(tmpdir(), 'pushbench-'));
  try {
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export class Server {
  static async start(...args) {
    const server = new Server();
    server.process = spawn(BINARY, ['serve', '--port', '0', ...args], {
      // AddressSanitizer keeps freed memory for later, by default 256 MiB: no test could see a leak.
      env: { ...process.env, ASAN_OPTIONS: 'quarantine_size_mb=8' },
    });
    server.exit = once(server.process, 'exit').then(([code, signal]) => ({ code, signal }));
    server.stderr = '';
    server.process.stderr.setEncoding('utf8').on('data', (text) => (server.stderr += text));
    const lines = readline.createInterface({ input: server.process.stdout })[Symbol.asyncIterator]();
    const nextLine = async () =>
      within(
        Promise.race([
          lines.next().then(({ value }) => value),
          server.exit.then(() => Promise.reject(new Error(`it ended: ${server.stderr}`))),
        ]),
        'a line of pushbench serve',
      );
    server.firstLine = await nextLine();
    server.url = server.firstLine.match(/https?:\/\/127\.0\.0\.1:\d+$/)?.[0];
    assert.ok(server.url, `no URL ends this line: ${server.firstLine}`);
    server.port = Number(new URL(server.url).port);
    server.secure = server.url.startsWith('https:');
    if (server.secure) await server.#learnCertificate(await nextLine());
    return server;
  }

  /** Takes the server's certificate for good by its printed fingerprint, and trusts no other. */
  async #learnCertificate(line) {
    this.fingerprint = line.match(/^certificate SHA-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})$/)?.[1];
    assert.ok(this.fingerprint, `no fingerprint ends this line: ${line}`);
    const socket = tls.connect({ port: this.port, host: '127.0.0.1', rejectUnauthorized: false });
    await within(once(socket, 'secureConnect'), 'a TLS handshake');
    const { fingerprint256, raw } = socket.getPeerCertificate();
    socket.destroy();
    assert.equal(fingerprint256, this.fingerprint);
    const base64 = raw.toString('base64').match(/.{1,64}/g).join('\n');
    this.certificate = `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
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
    this.agent?.destroy();
    this.signal('SIGTERM');
    assert.deepEqual(await this.ended(), { code: 0, signal: null }, this.stderr);
    assert.equal(this.stderr, '');
  }

  async fetch(path, options) {
    const all = { signal: AbortSignal.timeout(GUARD_MS), ...options };
    if (!this.secure) return fetch(this.url + path, all);
    const request = https.request(this.url + path, { ...all, ca: this.certificate });
    request.end(all.body);
    const [answer] = await once(request, 'response');
    const body = Buffer.concat(await answer.toArray());
    return new Response(body.length > 0 ? body : null, {
      status: answer.statusCode,
      headers: answer.headers,
    });
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

  /** A figure of /metrics; always asked over one connection, the same. */
  async metric(name) {
    const { Agent, get } = this.secure ? https : http;
    this.agent ??= new Agent({ keepAlive: true, maxSockets: 1, ca: this.certificate });
    const [answer] = await within(
      once(get(`${this.url}/metrics`, { agent: this.agent }), 'response'),
      'the metrics',
    );
    const text = (await answer.setEncoding('utf8').toArray()).join('');
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return Number(line.slice(name.length));
  }

  /** Asks until the server writes nothing but the answers to this. */
  async comesToRest() {
    let written = 0;
    for (let same = 0; same < 20; ) {
      const now = await this.metric('pushbench_written_bytes_total');
      same = now - written < 10_000 ? same + 1 : 0;
      written = now;
    }
  }

  /** Asks until that many connections are open, the one that asks included. */
  async hasConnections(count) {
    const giveUp = performance.now() + GUARD_MS;
    for (;;) {
      const open = await this.metric('pushbench_connections');
      if (open === count) return;
      assert.ok(performance.now() < giveUp, `${open} connections are open`);
    }
  }

  /** curl's view of a request: status, headers (names in lower case), body, and the statuses that
   *  came before (100). `trust` is how curl is to know the server, if by TLS. */
  async curl(path, ...args) {
    const { code, stdout, stderr } = await run('curl', [
      ...['--silent', '--show-error', '--include', '--max-time', String(GUARD_MS / 1000)],
      ...[...(this.trust ?? []), ...args, this.url + path],
    ]);
    assert.equal(code, 0, stderr);
    const end = stdout.lastIndexOf('\r\n\r\n');
    const heads = stdout.slice(0, end).split('\r\n\r\n');
    const statusOf = (head) => Number(head.split(' ')[1]);
    const [, ...lines] = heads.at(-1).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    const [status, ...before] = heads.map(statusOf).reverse();
    return { status, before, headers, body: stdout.slice(end + 4) };
  }
}
