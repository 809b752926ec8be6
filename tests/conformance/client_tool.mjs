// Runs client_tool, one of our clients as a program: see client_tool.cc.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import readline from 'node:readline';
import { within } from './serve.mjs';

const BINARY = process.env.CLIENT_TOOL;
assert.ok(BINARY, 'set CLIENT_TOOL to the client_tool program to test');

export class Client {
  /** `server` has a port, and the fingerprint of its certificate if it speaks TLS. */
  static join(transport, server, ...args) {
    const client = new Client();
    const tls = server.fingerprint ? ['--tls', server.fingerprint] : [];
    client.process = spawn(BINARY, [
      ...[transport, '127.0.0.1', String(server.port), 'r', ...tls, ...args],
    ]);
    client.exit = once(client.process, 'exit').then(([code, signal]) => ({ code, signal }));
    client.stderr = '';
    client.process.stderr.setEncoding('utf8').on('data', (text) => (client.stderr += text));
    client.events = [];
    client.wake = new EventEmitter();
    readline.createInterface({ input: client.process.stdout }).on('line', (line) => {
      client.events.push(JSON.parse(line));
      client.wake.emit('event');
    });
    return client;
  }

  all(kind) {
    return this.events.filter(({ event }) => event === kind);
  }

  get messages() {
    return this.all('message').map(({ message }) => message);
  }

  async until(done, what) {
    const wait = async () => {
      while (!done()) await once(this.wake, 'event');
    };
    try {
      await within(wait(), what);
    } catch (error) {
      const last = this.events.slice(-5).map((event) => JSON.stringify(event).slice(0, 300));
      error.message += `; the last of ${this.events.length} events: ${last.join(' ')}${this.stderr}`;
      throw error;
    }
  }

  /** Resolves with the nth event of that kind, the first being 1. */
  async nth(kind, n = 1) {
    await this.until(() => this.all(kind).length >= n, `${kind} number ${n}`);
    return this.all(kind)[n - 1];
  }

  publish(draft) {
    this.process.stdin.write(`${JSON.stringify(draft)}\n`);
  }

  /** Ends it as the end of its input does; sanitizers would speak up here. */
  async stop() {
    this.process.stdin.end();
    assert.deepEqual(await within(this.exit, 'the end of the client'), { code: 0, signal: null });
    assert.equal(this.stderr, '');
  }

  kill() {
    this.process.kill('SIGKILL');
  }
}
