// What a WebSocket may do to the browser library: close codes, problems, frames on the wire.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/library_websocket_test.mjs

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test as plainTest } from 'node:test';
import { WebSocketServer } from 'ws';
import { GUARD_MS, Server } from '../conformance/serve.mjs';
import { BrokenProxy } from './broken_proxy.mjs';
import { moduleOf } from './library.mjs';
import { Page, opens } from './page.mjs';

const { decodeFrameHeader } = await moduleOf('frame_header.ts');

const test = (name, body) => plainTest(name, { timeout: 3 * GUARD_MS }, body);

/** A server of one empty room that does to each WebSocket what `onSocket` does. */
async function scripted(onSocket) {
  const facts = { room: 'r', epoch: 'k', oldest: 1, last: 0, subscribers: {} };
  const posted = [];
  const listener = http.createServer(async (request, response) => {
    if (request.method !== 'POST') return response.end(JSON.stringify(facts));
    posted.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
    response.writeHead(201).end(JSON.stringify({ seq: posted.length }));
  });
  const sockets = new WebSocketServer({ server: listener });
  let count = 0;
  sockets.on('connection', (socket) => onSocket(socket, ++count));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const close = () => {
    for (const socket of sockets.clients) socket.terminate();
    listener.close();
    listener.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${listener.address().port}`, posted, close };
}

test('it comes back where the server closes for now', async () => {
  const server = await opens(scripted((socket, count) => {
    if (count <= 4) socket.close([1001, 1013, 1011, 1012][count - 1], 'not now');
  }));
  const page = Page.join('websocket', server);
  const retries = () => page.states.filter(({ is }) => is === 'retrying');
  await page.until(() => retries().length === 4 && page.state.is === 'connected', 'the fifth socket');
  assert.deepEqual(
    retries().map(({ reason }) => reason),
    [1001, 1013, 1011, 1012].map((code) => `the server closed the WebSocket with ${code} not now`),
  );
  page.leave();
  server.close();
});

test('it stays away where the server blames it', async () => {
  for (const code of [1002, 1003, 1007, 1008]) {
    const server = await opens(scripted((socket) => socket.close(code)));
    const page = Page.join('websocket', server);
    assert.match((await page.is('failed')).reason, new RegExp(`with ${code}$`));
    server.close();
  }
});

test('a draft too big for a frame is posted, and the socket comes back', async () => {
  const server = await opens(Server.start('--max-message', '200B'));
  const page = Page.join('websocket', server);
  await page.is('connected');
  assert.equal(await page.publish('x'.repeat(1000)), 1);
  assert.match((await page.is('retrying')).reason, /1009/);
  await page.is('connected', page.states.findIndex(({ is }) => is === 'retrying'));
  assert.equal(await page.publish('short'), 2);
  await page.has(2);
  assert.deepEqual(page.heard, [1, 2]);
  page.leave();
  await server.stop();
});

test('drafts that a lost socket has carried are posted in order', async () => {
  const server = await opens(scripted((socket, count) => {
    let frames = 0;
    if (count === 1) socket.on('message', () => ++frames === 3 && socket.terminate());
  }));
  const page = Page.join('websocket', server);
  await page.is('connected');
  const drafts = ['a', 'b', 'c', 'd'].map((text) => page.publish(text));
  assert.deepEqual(await Promise.all(drafts), [1, 2, 3, 4]);
  assert.deepEqual(server.posted.map(({ text }) => text), ['a', 'b', 'c', 'd']);
  const up = page.wire.filter(({ is, direction }) => is === 'frame' && direction === 'up');
  assert.ok(up.length >= 3);
  const sent = up.map(({ body }) => JSON.parse(body).id);
  assert.deepEqual(server.posted.slice(0, up.length).map(({ id }) => id), sent);
  page.leave();
  server.close();
});

test('a draft without an echo is posted', async () => {
  const server = await opens(scripted(() => {}));
  const page = Page.join('websocket', server, { limits: { arrival: 100 } });
  await page.is('connected');
  assert.equal(await page.publish('a'), 1);
  assert.deepEqual(page.states.map(({ is }) => is), ['connecting', 'connected']);
  page.leave();
  server.close();
});

test('a message twice is told once, and a hole is asked for again', async () => {
  const message = (seq) => ({ seq, from: 'bob', text: `${seq}`, at: 1 });
  const server = await opens(scripted((socket, count) => {
    const batches = count === 1 ? [[1, 2], [2, 3], [5]] : [[4, 5]];
    for (const seqs of batches) socket.send(JSON.stringify(seqs.map(message)));
  }));
  const page = Page.join('websocket', server);
  await page.has(5);
  assert.deepEqual(page.heard, [1, 2, 3, 4, 5]);
  assert.match((await page.is('retrying')).reason, /message 4 is missing/);
  page.leave();
  server.close();
});

test('what is no batch is a loss', async () => {
  const server = await opens(scripted((socket, count) => count === 1 && socket.send('<h1>Hello</h1>')));
  const page = Page.join('websocket', server);
  assert.match((await page.is('retrying')).reason, /no batch/);
  await page.is('connected', page.states.length);
  page.leave();
  server.close();
});

test('a silent socket is checked, and replaced where it brings nothing', async () => {
  const server = await opens(Server.start());
  const proxy = await opens(BrokenProxy.open(server, { socket: 'hold' }));
  const page = Page.join('websocket', proxy, { limits: { quiet: 100, arrival: 300 } });
  await page.is('connected');
  await page.until(() => page.answers('check').length >= 3, 'checks'); // the first one was for the epoch
  assert.deepEqual(page.states.map(({ is }) => is), ['connecting', 'connected']);
  await server.publish('r', { from: 'bob', text: 'unseen' });
  assert.match((await page.is('retrying')).reason, /what the room holds does not come/);
  proxy.rules = {};
  await page.has(1);
  assert.deepEqual(page.heard, [1]);
  page.leave();
  proxy.close();
  await server.stop();
});

test('a check that the server has no time for says nothing of the socket', async () => {
  const server = await opens(Server.start());
  const proxy = await opens(BrokenProxy.open(server));
  const page = Page.join('websocket', proxy, { limits: { quiet: 100 } });
  await page.is('connected');
  proxy.rules.busy = 2;
  const found = (wanted) => page.answers('check').filter(({ status }) => status === wanted).length;
  await page.until(() => found(503) === 2 && found(200) >= 2, 'checks'); // one was for the epoch
  await server.publish('r', { from: 'bob', text: 'over the same socket' });
  await page.has(1);
  assert.deepEqual(page.states.map(({ is }) => is), ['connecting', 'connected']);
  page.leave();
  proxy.close();
  await server.stop();
});

test('an upgrade counts its bytes only where the server is there', async () => {
  const server = await opens(Server.start());
  const proxy = await opens(BrokenProxy.open(server, { socket: 'refuse' }));
  const refused = Page.join('websocket', proxy);
  await refused.is('retrying');
  const [upgrade, reason] = refused.answers('socket');
  assert.deepEqual([upgrade.status, reason.status], [0, 426]);
  assert.ok(upgrade.up.head > 100 && upgrade.down.head === 0);
  refused.leave();
  proxy.close();
  const page = Page.join('websocket', server);
  await page.is('connected');
  server.signal('SIGKILL');
  const retries = () => page.states.filter(({ is }) => is === 'retrying');
  await page.until(() => retries().length === 4, 'three attempts');
  await page.until(() => page.answers('socket').length === 7, 'two requests of each');
  const [opened, ...lost] = page.answers('socket');
  assert.equal(opened.status, 101);
  const nothing = { head: 0, body: 0 };
  for (const { status, up, down } of lost) assert.deepEqual([status, up, down], [0, nothing, nothing]);
  page.leave();
});

test('its frames are told with the header that they have', async () => {
  const server = await opens(Server.start('--max-text', '128KiB', '--max-message', '256KiB'));
  const page = Page.join('websocket', server, { room: 'w' });
  await page.is('connected');
  // So that the draft's JSON, {"from":"ann","text":"…","id":"1"}, is as long as that.
  const lengths = [125, 126, 65535, 65536];
  for (const [i, length] of lengths.entries()) {
    await page.publish('x'.repeat(length - '{"from":"ann","text":"","id":"1"}'.length), `${i}`);
  }
  await page.has(lengths.length);
  const frames = page.wire.filter(({ is }) => is === 'frame');
  for (const { direction, header, body, size } of frames) {
    const decoded = decodeFrameHeader(header);
    assert.deepEqual([decoded.size, decoded.header.length], [size.head, size.body]);
    assert.equal(size.body, Buffer.byteLength(body));
    assert.deepEqual(decoded.header.mask, direction === 'up' ? new Uint8Array(4) : undefined);
  }
  const up = frames.filter(({ direction }) => direction === 'up');
  assert.deepEqual(up.map(({ size }) => size.body), lengths);
  assert.deepEqual(up.map(({ size }) => size.head), [6, 8, 8, 14]);
  await server.stop();
  const isClose = ({ is, header }) => is === 'frame' && decodeFrameHeader(header).header.opcode === 8;
  await page.until(() => page.wire.some(isClose), 'the goodbye');
  const { body, size } = page.wire.find(isClose);
  assert.deepEqual(size, { head: 2, body: 2 + Buffer.byteLength(body) }); // 1001 before the reason
  page.leave();
});
