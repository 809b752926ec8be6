// npm's ws as the server of our WebSocket client.
// Run with: CLIENT_TOOL=path/to/client_tool node --test tests/conformance/ws_server_test.mjs

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { after, before, describe, test as plainTest } from 'node:test';
import { WebSocketServer } from 'ws';
import { makePassingCertificate } from './certificates.mjs';
import { Client } from './client_tool.mjs';
import { GUARD_MS, within } from './serve.mjs';
import { SIZES, assertSame, text } from './sockets.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);
const EPOCH = 'k3f9';

/** A ws server that has one room; tests say what goes to whoever comes. */
class Room {
  static async open(certificate, options) {
    const room = new Room();
    room.fingerprint = certificate?.fingerprint;
    room.server = certificate ? https.createServer(certificate) : http.createServer();
    room.wss = new WebSocketServer({ server: room.server, ...options });
    room.wss.on('headers', (lines, request) => {
      lines.push(`Room-Epoch: ${EPOCH}`);
      room.requests.push(request);
    });
    room.requests = [];
    room.peers = [];
    room.wss.on('connection', (ws) => {
      ws.drafts = [];
      ws.on('message', (data, isBinary) => {
        assert.equal(isBinary, false);
        ws.drafts.push(JSON.parse(data));
        ws.emit('draft');
      });
      ws.on('error', (error) => (room.error = error));
      room.peers.push(ws);
      room.wss.emit('peer');
    });
    room.server.listen(0, '127.0.0.1');
    await once(room.server, 'listening');
    room.port = room.server.address().port;
    return room;
  }

  /** The nth client to come, the first being 1. */
  async peer(n = 1) {
    while (this.peers.length < n) await within(once(this.wss, 'peer'), `client ${n}`);
    return this.peers[n - 1];
  }

  async close() {
    for (const ws of this.peers) ws.terminate();
    this.wss.close();
    this.server.close();
    await within(once(this.server, 'close'), 'the end of the room');
    assert.equal(this.error, undefined);
  }
}

const batch = (...messages) => JSON.stringify(messages);
const message = (seq, content) => ({ seq, from: 'ann', text: content, id: `m${seq}`, at: 1 });

async function draftsOf(ws, count) {
  while (ws.drafts.length < count) await within(once(ws, 'draft'), `draft ${count}`);
  return ws.drafts;
}

const MODES = [
  ['and a server without compression', false, ['--compression']],
  ['without compression', { threshold: 0 }, []],
  ['with compression', { threshold: 0 }, ['--compression']],
  ['with compression from 1 KiB on', {}, ['--compression']],
  [
    'without context takeover',
    { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
    ['--compression'],
  ],
  [
    'with small windows',
    { threshold: 0, serverMaxWindowBits: 9, clientMaxWindowBits: 9 },
    ['--compression'],
  ],
  ['with the smallest window', { threshold: 0, clientMaxWindowBits: 8 }, ['--compression']],
];

let certificate;
before(async () => {
  certificate = await makePassingCertificate();
});

for (const [mode, perMessageDeflate, args] of MODES) {
  for (const over of ['TCP', 'TLS']) {
    describe(`our client ${mode} over ${over}`, () => {
      let room;
      let client;
      let ws;
      before(async () => {
        const limits = { maxPayload: 8 * 1024 * 1024 };
        room = await Room.open(over === 'TLS' && certificate, { perMessageDeflate, ...limits });
        client = Client.join('websocket', room, ...args);
        ws = await room.peer();
        await client.nth('joined');
      });
      after(async () => {
        await client.stop();
        await room.close();
      });

      test('its handshake is right', () => {
        const { url, headers } = room.requests[0];
        assert.equal(url, '/rooms/r/socket?after=0');
        assert.equal(headers.host, `127.0.0.1:${room.port}`);
        const compresses = Boolean(perMessageDeflate) && args.length > 0;
        assert.equal(ws.extensions, compresses ? 'permessage-deflate' : '');
      });

      test('it takes texts of 1 B to 1 MiB, in one frame and in fragments, pinged all along', async () => {
        const pongs = [];
        ws.on('pong', (payload) => pongs.push(String(payload)));
        let seq = 0;
        for (const size of SIZES) {
          ws.ping(`before ${size}`);
          ws.send(batch(message(++seq, text(size))));
          ws.ping(`between ${size}`);
          const whole = Buffer.from(batch(message(++seq, text(size))));
          for (const [i, cut] of [3, 4, 0, whole.length].entries()) {
            const begin = [0, 3, 4, 4][i];
            ws.send(whole.subarray(begin, Math.max(begin, cut)), { binary: false, fin: i === 3 });
            ws.ping(`inside ${size} ${i}`);
          }
        }
        await client.nth('message', seq);
        for (const [i, { seq: got, text: content }] of client.messages.entries()) {
          assert.equal(got, i + 1);
          const size = SIZES[i >> 1];
          assertSame(content, text(size), `${size} bytes`);
        }
        const expected = SIZES.flatMap((size) => [
          `before ${size}`,
          `between ${size}`,
          ...[0, 1, 2, 3].map((i) => `inside ${size} ${i}`),
        ]);
        while (pongs.length < expected.length) await within(once(ws, 'pong'), 'a pong');
        assert.deepEqual(pongs, expected);
      });

      test('its drafts of 1 B to 1 MiB arrive whole and in order', async () => {
        for (const [i, size] of SIZES.entries()) {
          client.publish({ from: 'bob', text: text(size), id: `d${i}` });
        }
        const drafts = await draftsOf(ws, SIZES.length);
        for (const [i, size] of SIZES.entries()) {
          assert.equal(drafts[i].from, 'bob');
          assert.equal(drafts[i].id, `d${i}`);
          assertSame(drafts[i].text, text(size), `draft ${i}`);
        }
        if (over === 'TLS') return; // whose records would be counted, too
        const sent = room.requests[0].socket.bytesRead;
        const whole = SIZES.reduce((sum, size) => sum + size);
        assert.ok(ws.extensions ? sent < whole / 2 : sent > whole, `${sent} bytes for ${whole}`);
      });
    });
  }
}

describe('our client when the server goes', () => {
  for (const [how, go] of [
    ['closes with 1001', (ws) => ws.close(1001, 'stopping')],
    ['closes with 1013', (ws) => ws.close(1013, 'too slow')],
    ['closes with 1000', (ws) => ws.close(1000)],
    ['closes without a code', (ws) => ws.close()],
    ['drops the connection', (ws) => ws.terminate()],
  ]) {
    test(`one that ${how} is asked for the rest, and for the drafts again`, async () => {
      const room = await Room.open();
      const client = Client.join('websocket', room);
      const first = await room.peer(1);
      await client.nth('joined');
      first.send(batch(message(1, 'one'), message(2, 'two')));
      await client.nth('message', 2);
      client.publish({ from: 'bob', text: 'without an echo', id: 'b1' });
      await draftsOf(first, 1);
      const closed = once(first, 'close');
      go(first);
      const [code] = await within(closed, 'the close');
      const said = how.match(/\d+/)?.[0];
      if (said) assert.equal(code, Number(said));
      await client.nth('disconnected');

      const second = await room.peer(2);
      await client.nth('rejoined');
      assert.equal(room.requests[1].url, `/rooms/r/socket?after=${EPOCH}.2`);
      const [again] = await draftsOf(second, 1);
      assert.deepEqual(again, { from: 'bob', text: 'without an echo', id: 'b1' });
      second.send(batch({ seq: 3, ...again, at: 1 }));
      await client.nth('message', 3);
      second.terminate();
      const third = await room.peer(3);
      await client.nth('rejoined', 2);
      assert.equal(room.requests[2].url, `/rooms/r/socket?after=${EPOCH}.3`);
      third.send(batch(message(4, 'four')));
      await client.nth('message', 4);
      assert.deepEqual(client.messages.map(({ seq }) => seq), [1, 2, 3, 4]);
      assert.deepEqual(third.drafts, []); // its echo had come
      await client.stop();
      await room.close();
    });
  }

  for (const code of [1002, 1003, 1007, 1008, 1009]) {
    test(`a close with ${code} is a failure, which coming back would repeat`, async () => {
      const room = await Room.open();
      const client = Client.join('websocket', room);
      const ws = await room.peer();
      await client.nth('joined');
      const closed = once(ws, 'close');
      ws.close(code, 'wrong');
      assert.equal((await within(closed, 'the close'))[0], code);
      assert.match((await client.nth('failure')).what, new RegExp(`${code} wrong`));
      assert.equal(room.peers.length, 1);
      await client.stop();
      await room.close();
    });
  }

  test('a gap is told, and what is retained follows', async () => {
    const room = await Room.open();
    const client = Client.join('websocket', room, '--after', 'old1.7');
    const ws = await room.peer();
    assert.equal(room.requests[0].url, '/rooms/r/socket?after=old1.7');
    const gap = { reason: 'restarted', after: 7, oldest: 21, last: 22, epoch: EPOCH };
    ws.send(batch({ gap }, message(21, 'a'), message(22, 'b')));
    await client.nth('message', 2);
    assert.deepEqual(client.all('gap'), [{ event: 'gap', ...gap }]);
    assert.deepEqual(client.messages.map(({ seq }) => seq), [21, 22]);
    await client.stop();
    await room.close();
  });

  test('it pings, and gives up a server that does not answer', async () => {
    const room = await Room.open(undefined, { autoPong: false });
    const client = Client.join('websocket', room, '--ping', '100');
    await client.nth('joined');
    const disconnected = await client.nth('disconnected');
    assert.match(disconnected.reason, /ping/);
    const ws = await room.peer(2);
    ws.on('ping', (payload) => ws.pong(payload));
    for (let i = 0; i < 3; ++i) await within(once(ws, 'ping'), 'a ping');
    await client.stop();
    await room.close();
  });
});
