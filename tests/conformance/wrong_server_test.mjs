// Servers that get the opening handshake, the frames or HTTP wrong: each of our clients says so once,
// and does not come back for more of it.
// Run with: CLIENT_TOOL=path/to/client_tool node --test tests/conformance/wrong_server_test.mjs

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { describe, test as plainTest } from 'node:test';
import { Client } from './client_tool.mjs';
import { GUARD_MS } from './serve.mjs';

const test = (name, body) => plainTest(name, { timeout: 3 * GUARD_MS }, body);

/** Answers each connection's first request with the bytes that `answer` makes of its head, and then
 *  ends the connection if they say so. */
async function answering(answer) {
  const server = net.createServer({ noDelay: true });
  server.heads = [];
  server.heard = Buffer.alloc(0); // what came behind the heads
  server.on('connection', (socket) => {
    let head = '';
    socket.on('error', () => {}); // the client may reset what it does not want
    socket.on('data', (received) => {
      if (head.endsWith('\r\n\r\n')) {
        server.heard = Buffer.concat([server.heard, received]);
        return;
      }
      head += received.toString('latin1');
      if (!head.endsWith('\r\n\r\n')) return;
      server.heads.push(head);
      const bytes = answer(head);
      if (bytes.includes('Connection: close')) socket.end(bytes);
      else socket.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.port = server.address().port;
  return server;
}

const acceptFor = (head) =>
  createHash('sha1')
    .update(`${head.match(/^Sec-WebSocket-Key: (\S+)\r$/m)[1]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');

const upgraded = (head, more = '', accept = acceptFor(head)) =>
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nconnection: keep-alive, UPGRADE\r\n' +
  `Sec-WebSocket-Accept: ${accept}\r\n${more}\r\n`;

/** The 101 and what follows it, in one packet. */
const thenSends = (...bytes) => (head) =>
  Buffer.concat([Buffer.from(upgraded(head)), ...bytes.map((some) => Buffer.from(some))]);

/** The only failure of a client that meets such a server, and the server. */
async function failureOf(transport, answer, ...args) {
  const server = await answering(answer);
  const client = Client.join(transport, server, ...args);
  const { what } = await client.nth('failure');
  assert.equal(client.all('failure').length, 1);
  assert.equal(client.messages.length, 0);
  await client.stop();
  server.close();
  await once(server, 'close');
  assert.equal(server.heads.length, 1);
  assert.ok(what.startsWith(`127.0.0.1:${server.port}: `), what);
  return { what, server };
}

describe('a WebSocket whose opening handshake is wrong', () => {
  const cases = [
    ['another Sec-WebSocket-Accept', (head) => upgraded(head, '', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='), /Accept/],
    ['no Sec-WebSocket-Accept', (head) => upgraded(head).replace(/Sec-[^\n]*\n/, ''), /Accept/],
    ['no Upgrade', (head) => upgraded(head).replace(/Upgrade: [^\n]*\n/, ''), /WebSocket protocol/],
    ['another Upgrade', (head) => upgraded(head).replace('WebSocket\r', 'h2c\r'), /WebSocket protocol/],
    ['no Connection', (head) => upgraded(head).replace(/connection: [^\n]*\n/, ''), /WebSocket protocol|upgrade/i],
    ['a subprotocol', (head) => upgraded(head, 'Sec-WebSocket-Protocol: chat\r\n'), /subprotocol/],
    ['an extension', (head) => upgraded(head, 'Sec-WebSocket-Extensions: permessage-deflate\r\n'), /extension/],
    ['200', () => 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok', /200/],
    ['404', () => 'HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope', /404 nope/],
    ['404 as of HTTP/1.0', () => 'HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\nnope', /404 nope/],
    ['not HTTP', () => 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', /./],
    ['bytes without sense', () => Buffer.from([0x16, 3, 1, 0, 0xff, 0, 0x80, 0x0d, 0x0a, 0x0d, 0x0a]), /./],
  ];
  for (const [name, answer, says] of cases) {
    test(name, async () => assert.match((await failureOf('websocket', answer)).what, says));
  }
  for (const more of [
    'permessage-deflate; client_max_window_bits=7',
    'permessage-deflate; server_max_window_bits=16',
    'permessage-deflate; mystery',
    'permessage-deflate; server_no_context_takeover; server_no_context_takeover',
    'permessage-deflate, permessage-deflate',
    'x-webkit-deflate-frame',
  ]) {
    test(`Sec-WebSocket-Extensions: ${more}`, async () => {
      const answer = (head) => upgraded(head, `Sec-WebSocket-Extensions: ${more}\r\n`);
      assert.match((await failureOf('websocket', answer, '--compression')).what, /./);
    });
  }
});

describe('a WebSocket whose frames are wrong', () => {
  const cases = [
    ['masked', [0x81, 0x82, 1, 2, 3, 4, 0x5a, 0x5f], 1002],
    ['of a reserved opcode', [0x83, 0], 1002],
    ['of a reserved control opcode', [0x8b, 0], 1002],
    ['with RSV1, though nothing was agreed on', [0xc1, 2, 0x5b, 0x5d], 1002],
    ['with RSV2', [0xa1, 2, 0x5b, 0x5d], 1002],
    ['a continuation of nothing', [0x80, 2, 0x5b, 0x5d], 1002],
    ['a text inside a text', [0x01, 1, 0x5b, 0x81, 2, 0x5b, 0x5d], 1002],
    ['a ping in fragments', [0x09, 0], 1002],
    ['a ping of 126 bytes', [0x89, 126, 0, 126, ...Array(126).fill(0)], 1002],
    ['a length in more bytes than it needs', [0x81, 126, 0, 2, 0x5b, 0x5d], 1002],
    ['text that is not UTF-8', [0x81, 2, 0xc0, 0xaf], 1007],
    ['text that stops within a character', [0x81, 1, 0xe2], 1007],
    ['a close with half a code', [0x88, 1, 3], 1002],
    ['a close with a code that nobody may send', [0x88, 2, 0x03, 0xed], 1002],
    ['longer than anything', [0x82, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1009],
  ];
  for (const [name, bytes, code] of cases) {
    test(`${name}: it closes with ${code}`, async () => {
      const { server } = await failureOf('websocket', thenSends(bytes));
      const [first, second, ...rest] = server.heard;
      assert.equal(first, 0x88);
      assert.ok(second & 0x80, 'it is not masked');
      const [m0, m1, , , high, low] = rest;
      assert.equal(((high ^ m0) << 8) | (low ^ m1), code);
    });
  }

  test('a batch that is no JSON', async () => {
    const { what } = await failureOf('websocket', thenSends([0x81, 2], '[}'));
    assert.match(what, /JSON|batch/);
  });

  test('what comes in one packet with the 101 counts', async () => {
    const json = '[{"seq":1,"from":"ann","text":"hi","at":1}]';
    const server = await answering(thenSends([0x81, json.length], json));
    const client = Client.join('websocket', server);
    await client.nth('message');
    assert.deepEqual(client.events.map(({ event }) => event).slice(-2), ['joined', 'message']);
    await client.stop();
    server.close();
  });
});

for (const transport of ['polling', 'long-polling', 'sse']) {
  describe(`${transport} and an answer that is wrong`, () => {
    const http = (status, headers, body) =>
      `HTTP/1.1 ${status}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
    const cases = [
      ['404', http('404 Not Found', '', 'nope'), /404 nope/],
      ['404 as of HTTP/1.0', 'HTTP/1.0 404 Not Found\r\nConnection: close\r\n\r\nnope', /404 nope/],
      ['401', http('401 Unauthorized', '', 'who?'), /401 who/],
      ['not HTTP', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n', /./],
      ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', /./],
      ['a bad chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', /./],
    ];
    if (transport !== 'sse') cases.push(['no JSON', http('200 OK', '', '[}'), /./]);
    if (transport === 'sse') {
      const type = 'Content-Type: text/event-stream\r\n';
      cases.push(
        ['another type', http('200 OK', 'Content-Type: text/html\r\n', '<p>'), /200 <p>/],
        ['no JSON', http('200 OK', type, 'id: k3f9.1\ndata: [}\n\n'), /./],
      );
    }
    for (const [name, answer, says] of cases) {
      test(name, async () => assert.match((await failureOf(transport, () => answer)).what, says));
    }
  });
}
