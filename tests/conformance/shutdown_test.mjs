// How `pushbench serve` ends as a process.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/conformance/shutdown_test.mjs

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test as plainTest } from 'node:test';
import WebSocket from 'ws';
import { GUARD_MS, Server, within } from './serve.mjs';

const test = (name, body) => plainTest(name, { timeout: 2 * GUARD_MS }, body);

/** A WebSocket peer that reads and says nothing any more: it never answers a close. */
async function stubbornPeer(server) {
  const socket = net.connect(server.port, '127.0.0.1');
  socket.on('error', () => {}); // a reset is one of the ways in which it may end
  socket.write(
    'GET /rooms/r/socket HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgAAAAAAAAAAA==\r\n\r\n',
  );
  const closing = new Promise((resolve) => {
    let received = '';
    socket.setEncoding('latin1').on('data', (text) => {
      received += text;
      if (received.includes('the server is stopping')) resolve();
    });
  });
  await server.hasSubscribers('r', 'websocket', 1);
  return { socket, closing: () => within(closing, 'a close frame') };
}

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} ends an idle server with exit code 0`, async () => {
    const server = await Server.start();
    server.signal(signal);
    assert.deepEqual(await server.ended(), { code: 0, signal: null });
    assert.equal(server.stderr, '');
  });
}

test('SIGTERM answers who waits, closes who is connected, and then it is over', async () => {
  const server = await Server.start();
  const held = server.fetch('/rooms/r/long-poll?wait=60');
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rooms/r/socket`);
  const closed = once(socket, 'close');
  await within(once(socket, 'open'), 'the upgrade');
  await server.hasSubscribers('r', 'long-polling', 1);
  const begun = performance.now();
  server.signal('SIGTERM');
  assert.equal((await held).status, 204);
  const [code, reason] = await within(closed, 'the close');
  assert.equal(code, 1001);
  assert.equal(String(reason), 'the server is stopping');
  assert.deepEqual(await server.ended(), { code: 0, signal: null });
  const took = performance.now() - begun;
  assert.ok(took < 1900, `it took ${took} ms, though everybody answered`);
  assert.equal(server.stderr, '');
});

test('a peer that does not answer delays the end by two seconds at most', async () => {
  const server = await Server.start();
  const peer = await stubbornPeer(server);
  const begun = performance.now();
  server.signal('SIGTERM');
  await peer.closing();
  assert.deepEqual(await server.ended(), { code: 0, signal: null });
  const took = performance.now() - begun;
  assert.ok(took > 1900 && took < 6000, `it took ${took} ms`);
  peer.socket.destroy();
});

test('a second signal ends it at once', async () => {
  const server = await Server.start();
  const peer = await stubbornPeer(server);
  server.signal('SIGTERM');
  await peer.closing(); // the first one is being obeyed
  const begun = performance.now();
  server.signal('SIGTERM');
  assert.deepEqual(await server.ended(), { code: null, signal: 'SIGTERM' });
  const took = performance.now() - begun;
  assert.ok(took < 1500, `it took ${took} ms`);
  peer.socket.destroy();
});
