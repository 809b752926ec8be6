// Node's http and https as the servers of our clients: answers in pieces of any size, connections
// that are cut anywhere, and still every message once.
// Run with: CLIENT_TOOL=path/to/client_tool node --test tests/conformance/http_server_test.mjs

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { before, describe, test as plainTest } from 'node:test';
import { makePassingCertificate } from './certificates.mjs';
import { Client } from './client_tool.mjs';
import { GUARD_MS, within } from './serve.mjs';
import { SIZES, assertSame, numbers, text } from './sockets.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);
const EPOCH = 'k3f9';
const never = () => false;

/** One room, served the ways of the three transports that are plain HTTP. */
class Room {
  /** `options`: seed; pieces(length), a piece's size; cuts(), whether this answer is cut short. */
  static async open(certificate, options = {}) {
    const room = Object.assign(new Room(), { cuts: never, pieces: (length) => length, ...options });
    room.pick = numbers(options.seed ?? 5);
    room.fingerprint = certificate?.fingerprint;
    room.messages = [];
    room.requests = [];
    room.held = new Set();
    room.server = certificate ? https.createServer(certificate) : http.createServer();
    room.server.on('connection', (socket) => socket.setNoDelay());
    room.server.on('request', (request, response) => {
      response.on('error', () => {}); // of what is written after a cut
      room.serve(request, response).catch((error) => (room.error ??= error));
    });
    room.server.listen(0, '127.0.0.1');
    await once(room.server, 'listening');
    room.port = room.server.address().port;
    return room;
  }

  async close() {
    this.server.closeAllConnections();
    this.server.close();
    await within(once(this.server, 'close'), 'the end of the room');
    assert.equal(this.error, undefined);
  }

  publish(draft) {
    const seq = this.messages.length + 1;
    this.messages.push({ seq, at: 1, ...draft });
    for (const go of this.held) go();
    return seq;
  }

  async news() {
    await new Promise((go) => this.held.add(go));
    this.held.clear();
  }

  async serve(request, response) {
    this.requests.push(request);
    if (request.method === 'POST') return this.store(request, response);
    const url = new URL(request.url, 'http://room');
    const [epoch, seq] = `.${url.searchParams.get('after')}`.split('.').slice(-2);
    assert.ok(epoch === '' || epoch === EPOCH, request.url);
    const rest = () => this.messages.slice(Number(seq), Number(seq) + 1 + this.pick(10));
    if (url.pathname === '/rooms/r/events') return this.stream(response, Number(seq));
    if (url.pathname === '/rooms/r/long-poll' && rest().length === 0) {
      await Promise.race([this.news(), once(response, 'close')]);
    }
    if (epoch === '') response.setHeader('Room-Epoch', EPOCH);
    const batch = rest();
    if (batch.length === 0) return response.writeHead(204).end();
    await this.send(response, JSON.stringify(batch));
    response.end();
  }

  async store(request, response) {
    const draft = JSON.parse(Buffer.concat(await request.toArray()));
    const known = this.messages.find(({ from, id }) => from === draft.from && id === draft.id);
    const seq = known ? known.seq : this.publish(draft);
    response.statusCode = known ? 200 : 201;
    await this.send(response, JSON.stringify({ seq }));
    response.end();
  }

  /** The event stream by all that its standard allows: see lines(). */
  async stream(response, seq) {
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
    await this.send(response, '\ufeff:\r\nretry: 1\r\n\r\n', never);
    while (!response.destroyed) {
      const batch = this.messages.slice(seq, seq + 1 + this.pick(10));
      if (batch.length === 0) await Promise.race([this.news(), once(response, 'close')]);
      else await this.send(response, this.lines(batch));
      seq += batch.length;
    }
  }

  lines(batch) {
    const end = ['\n', '\r', '\r\n'][this.pick(3)];
    const data = JSON.stringify(batch, null, this.pick(2)).split('\n');
    const fields = data.map((line) => `data:${this.pick(2) === 0 ? ' ' : ''}${line}`);
    fields.splice(this.pick(fields.length), 0, ': a comment', `id: ${EPOCH}.${batch.at(-1).seq}`);
    return fields.concat('unknown: field', '', '').join(end);
  }

  /** Writes piece by piece; it may cut the connection on the way, which the client cannot foresee. */
  async send(response, content, cuts = this.cuts) {
    const bytes = Buffer.from(content);
    const most = cuts() ? this.pick(bytes.length) : bytes.length;
    response.flushHeaders();
    for (let at = 0; at < most; ) {
      const piece = bytes.subarray(at, Math.min(most, at + this.pieces(bytes.length)));
      at += piece.length;
      await new Promise((resolve) => response.write(piece, resolve));
    }
    if (most === bytes.length) return;
    // A reset instead of an end is something that only a bare TCP socket can be asked for.
    const { socket } = response; // none: it is cut already
    if (this.fingerprint || this.pick(2) === 0) socket?.destroy();
    else socket?.resetAndDestroy();
  }
}

let certificate;
before(async () => {
  certificate = await makePassingCertificate();
});

const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);

for (const transport of ['polling', 'long-polling', 'sse']) {
  for (const over of ['http', 'https']) {
    const open = (options) => Room.open(over === 'https' ? certificate : undefined, options);

    describe(`${transport} over ${over}`, () => {
      test('texts of 1 B to 1 MiB, in chunks of any size', async () => {
        const pick = numbers(11);
        const room = await open({ pieces: (length) => 1 + pick(length < 4096 ? 9 : 30_000) });
        const client = Client.join(transport, room, '--interval', '5');
        await client.nth('joined');
        for (const size of SIZES) room.publish({ from: 'ann', text: text(size) });
        await client.nth('message', SIZES.length);
        for (const [i, size] of SIZES.entries()) {
          assert.equal(client.messages[i].seq, i + 1);
          assertSame(client.messages[i].text, text(size), `${size} bytes`);
        }
        assert.equal(client.all('disconnected').length, 0);
        await client.stop();
        await room.close();
      });

      test('an answer a byte at a time', async () => {
        const room = await open({ pieces: () => 1 });
        for (let i = 0; i < 20; ++i) room.publish({ from: 'ann', text: 'gr\u00fc\u00df dich' });
        const client = Client.join(transport, room, '--interval', '5');
        await client.nth('message', 20);
        assert.deepEqual(client.messages.map(({ seq }) => seq), upTo(20));
        await client.stop();
        await room.close();
      });

      test('cut in the middle again and again, every message comes once', async () => {
        const pick = numbers(13);
        const room = await open({ cuts: () => pick(3) === 0, pieces: () => 1 + pick(60) });
        room.publish({ from: 'ann', text: 'before' });
        const client = Client.join(transport, room, '--interval', '5');
        await client.nth('joined');
        while (room.messages.length < 200) {
          for (let i = 0; i < 20; ++i) room.publish({ from: 'ann', text: `${room.messages.length}` });
          await client.nth('message', room.messages.length - pick(20));
        }
        await client.nth('message', room.messages.length);
        assert.deepEqual(client.messages.map(({ seq }) => seq), upTo(room.messages.length));
        assert.ok(client.all('disconnected').length >= 5, 'it was hardly ever cut');
        assert.equal(client.all('disconnected').length, client.all('rejoined').length);
        assert.equal(client.all('gap').length + client.all('failure').length, 0);
        await client.stop();
        await room.close();
      });

      test('drafts whose answers are cut are stored once, and in order', async () => {
        const pick = numbers(17);
        const room = await open({ cuts: () => pick(4) === 0 });
        const client = Client.join(transport, room, '--interval', '5');
        await client.nth('joined');
        for (const i of upTo(40)) client.publish({ from: 'bob', text: text(i * 50), id: `b${i}` });
        await client.nth('message', 40);
        assert.deepEqual(client.messages.map(({ seq }) => seq), upTo(40));
        assert.deepEqual(client.messages.map(({ id }) => id), upTo(40).map((i) => `b${i}`));
        for (const i of upTo(40)) assertSame(client.messages[i - 1].text, text(i * 50), `draft ${i}`);
        const posts = room.requests.filter(({ method }) => method === 'POST').length;
        assert.ok(posts > 40, 'none was sent again');
        assert.equal(client.all('failure').length, 0);
        await client.stop();
        await room.close();
      });

      test('an answer that ends with its connection, as in HTTP/1.0', async () => {
        const room = await open();
        room.server.prependListener('request', (_, response) => {
          response.useChunkedEncodingByDefault = false;
          response.shouldKeepAlive = false;
        });
        for (const i of upTo(30)) room.publish({ from: 'ann', text: `${i}` });
        const client = Client.join(transport, room, '--interval', '5');
        await client.nth('message', 30);
        assert.deepEqual(client.messages.map(({ seq }) => seq), upTo(30));
        client.publish({ from: 'bob', text: 'hi', id: 'b1' });
        await client.nth('message', 31);
        assert.equal(client.all('failure').length + client.all('disconnected').length, 0);
        await client.stop();
        await room.close();
      });
    });
  }
}
