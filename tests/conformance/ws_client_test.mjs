// npm's ws as the server's client: every way to compress, over TCP and TLS.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/conformance/ws_client_test.mjs

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test as plainTest } from 'node:test';
import { GUARD_MS, Server, inFolder, within } from './serve.mjs';
import { SIZES, Socket, assertSame, bytes, numbers, text } from './sockets.mjs';

const GUARD = { timeout: 6 * GUARD_MS }; // a sanitizer's build takes its time for the large ones
const test = (name, body) => plainTest(name, GUARD, body);
const LARGE = ['--max-message', '4MiB', '--max-text', '1MiB', '--max-body', '4MiB', '--max-queue', '64MiB'];

const MODES = [
  ['without compression', [], undefined],
  ['with compression', ['--compression'], 'permessage-deflate'],
  [
    'without context takeover',
    ['--compression', '--no-context-takeover'],
    'permessage-deflate; server_no_context_takeover',
  ],
  [
    'with a small window',
    ['--compression', '--window-bits', '9'],
    'permessage-deflate; server_max_window_bits=9',
  ],
];

for (const [mode, flags, extensions] of MODES) {
  for (const [over, tls] of [['TCP', []], ['TLS', ['--tls-self-signed']]]) {
    describe(`ws ${mode} over ${over}`, () => {
      let server;
      before(async () => (server = await Server.start('--echo', ...LARGE, ...flags, ...tls)));
      after(() => server.stop());

      // Threshold 0: ws compresses small messages, too.
      const open = (path, options = {}) =>
        Socket.open(server, path, { perMessageDeflate: { threshold: 0 }, ...options });

      test('the server agrees to what it was started with', async () => {
        const socket = await open('/echo');
        assert.equal(socket.extensions, extensions);
        const without = await open('/echo', { perMessageDeflate: false });
        assert.equal(without.extensions, undefined);
        await without.close();
        await socket.close();
      });

      test('text and binary of 1 B to 1 MiB come back', async () => {
        const socket = await open('/echo');
        for (const size of SIZES) {
          for (const payload of [text(size), bytes(size)]) {
            socket.ws.send(payload);
            assertSame(await socket.next(), payload, `${typeof payload} of ${size} bytes`);
          }
        }
        socket.ws.send('');
        assert.equal(await socket.next(), '');
        socket.ws.send(Buffer.alloc(0));
        assertSame(await socket.next(), Buffer.alloc(0), 'nothing');
        assert.deepEqual(await socket.close(1000), { code: 1000, reason: '' });
      });

      test('messages in fragments come back whole, pings between them', async () => {
        const socket = await open('/echo');
        const pongs = [];
        socket.ws.on('pong', (payload) => pongs.push(String(payload)));
        const pick = numbers(7);
        for (const size of SIZES) {
          for (const whole of [text(size), bytes(size)]) {
            const binary = typeof whole !== 'string';
            const payload = Buffer.from(whole);
            // Cut anywhere: within characters too, and into empty pieces.
            const cuts = [0, ...Array.from({ length: 5 }, () => pick(size + 1)), size];
            cuts.sort((a, b) => a - b);
            for (let i = 1; i < cuts.length; ++i) {
              const piece = payload.subarray(cuts[i - 1], cuts[i]);
              socket.ws.send(piece, { binary, fin: i === cuts.length - 1 });
              if (i === 3) socket.ws.ping(`${size}`);
            }
            assertSame(await socket.next(), whole, `${typeof whole} of ${size} bytes`);
          }
        }
        assert.deepEqual(pongs, SIZES.flatMap((size) => [`${size}`, `${size}`]));
        await socket.close();
      });

      test('1,000 messages in a row come back in order', async () => {
        const socket = await open('/echo');
        const pick = numbers(3);
        const sent = Array.from({ length: 1000 }, (_, i) =>
          i % 3 === 0 ? bytes(pick(2000), i + 1) : text(pick(2000), i + 1),
        );
        for (const payload of sent) socket.ws.send(payload);
        for (const [i, payload] of sent.entries()) {
          assertSame(await socket.next(), payload, `message ${i}`);
        }
        await socket.close();
      });

      test('a room reaches all its sockets, whatever is published how', async () => {
        const ann = await open('/rooms/r/socket');
        const bob = await open('/rooms/r/socket', { perMessageDeflate: false });
        const { epoch } = await server.room('r');
        assert.equal(ann.head['room-epoch'], epoch);
        const texts = SIZES.map((size) => text(size, size));
        const seen = [];
        for (const [i, content] of texts.entries()) {
          const draft = { from: 'ann', text: content, id: `${i}` };
          if (i % 3 === 0) await server.publish('r', draft);
          else (i % 3 === 1 ? ann : bob).ws.send(JSON.stringify(draft));
          const batch = await ann.next();
          assertSame(await bob.next(), batch, 'the batch of the other one');
          seen.push(...JSON.parse(batch));
        }
        assert.deepEqual(seen.map(({ seq, id }) => `${seq}=${id}`), texts.map((_, i) => `${i + 1}=${i}`));
        for (const [i, content] of texts.entries()) assertSame(seen[i].text, content, `text ${i}`);
        // One who comes back says what it has, and gets the rest of it in the very same words.
        const late = await open(`/rooms/r/socket?after=${epoch}.4`);
        const rest = await late.take(texts.length - 4);
        assert.ok(JSON.stringify(rest) === JSON.stringify(seen.slice(4)), 'the rest is another one');
        for (const socket of [ann, bob, late]) await socket.close();
        await server.hasSubscribers('r', 'websocket', 0);
      });
    });
  }
}

describe('ws and what it offers of permessage-deflate', () => {
  let server;
  before(async () => (server = await Server.start('--echo', '--compression', ...LARGE)));
  after(() => server.stop());

  const cases = [
    [{ clientNoContextTakeover: true }, /; client_no_context_takeover/],
    [{ serverNoContextTakeover: true }, /; server_no_context_takeover/],
    [{ serverMaxWindowBits: 15 }, /; server_max_window_bits=15/],
    [{ serverMaxWindowBits: 10 }, /; server_max_window_bits=10/],
    [{ serverMaxWindowBits: 9 }, /; server_max_window_bits=9/],
    [{ serverMaxWindowBits: 8 }, /; server_max_window_bits=8/],
    [{ clientMaxWindowBits: 15 }, /^permessage-deflate/],
    [{ clientMaxWindowBits: 9 }, /^permessage-deflate/],
    [{ clientMaxWindowBits: 8 }, /^permessage-deflate/],
    [
      {
        clientNoContextTakeover: true,
        serverNoContextTakeover: true,
        clientMaxWindowBits: 9,
        serverMaxWindowBits: 9,
      },
      /^permessage-deflate(?=.*server_no)(?=.*client_no)(?=.*server_max_window_bits=9)/,
    ],
  ];
  for (const [offer, agreed] of cases) {
    test(JSON.stringify(offer), async () => {
      const socket = await Socket.open(server, '/echo', {
        perMessageDeflate: { threshold: 0, ...offer },
      });
      assert.match(socket.extensions, agreed);
      for (const payload of [text(100), text(100), bytes(70_000), text(300_000), text(20), bytes(9)]) {
        socket.ws.send(payload);
        assertSame(await socket.next(), payload, `${payload.length}`);
      }
      await socket.close();
    });
  }
});

describe('ws, its pings, closes, subprotocols and origins', () => {
  let server;
  before(async () => {
    server = await Server.start('--echo', '--compression', '--allow-origin', 'https://chat.example',
      '--max-message', '64KiB', '--max-fragments', '4', '--max-text', '16KiB');
  });
  after(() => server.stop());

  test('pings of 0 to 125 bytes are answered in order', async () => {
    const socket = await Socket.open(server, '/rooms/r/socket');
    const payloads = [0, 1, 124, 125].map((size) => bytes(size));
    const pongs = [];
    const all = new Promise((resolve) =>
      socket.ws.on('pong', (payload) => pongs.push(payload) === payloads.length && resolve()),
    );
    for (const payload of payloads) socket.ws.ping(payload);
    await within(all, 'the pongs');
    assert.deepEqual(pongs, payloads);
    await socket.close();
  });

  for (const code of [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 4999]) {
    test(`a close with ${code} is answered with ${code}`, async () => {
      const socket = await Socket.open(server, '/rooms/r/socket');
      assert.deepEqual(await socket.close(code, 'gr\u00fc\u00df dich'), { code, reason: '' });
    });
  }

  test('a close without a code is answered, too', async () => {
    const socket = await Socket.open(server, '/echo');
    const { code } = await socket.close();
    assert.ok(code === 1000 || code === 1005, `${code}`);
  });

  for (const [what, send, code] of [
    ['text that is not UTF-8', (ws) => ws.send(Buffer.from([0x68, 0xff]), { binary: false }), 1007],
    ['a message over the limit', (ws) => ws.send(bytes(65_537)), 1009],
    [
      'a message in too many frames',
      (ws) => [1, 2, 3, 4, 5].forEach((i) => ws.send('x', { fin: i === 5 })),
      1008,
    ],
  ]) {
    for (const perMessageDeflate of [false, { threshold: 0 }]) {
      test(`${what} is ${code}, ${perMessageDeflate ? 'compressed' : 'as it is'}`, async () => {
        const socket = await Socket.open(server, '/echo', { perMessageDeflate });
        send(socket.ws);
        assert.equal((await within(socket.closed, 'the close')).code, code);
      });
    }
  }

  test('a socket that does not read is closed with 1013, and resumes', async () => {
    const small = await Server.start('--max-queue', '16KiB', '--max-text', '16KiB', '--close-time', '30s');
    const slow = await Socket.open(small, '/rooms/r/socket');
    slow.ws.pause();
    const { epoch } = await small.room('r');
    let published = 0;
    const hits = () => small.metric('pushbench_limit_hits_total{limit="max-queue"}');
    while ((await hits()) === 0) {
      assert.ok(published < 4000, 'the server holds all of it');
      const drafts = Array.from({ length: 20 }, () =>
        small.publish('r', { from: 'ann', text: text(15_000, ++published) }),
      );
      await Promise.all(drafts);
    }
    slow.ws.resume();
    assert.equal((await within(slow.closed, 'the close')).code, 1013);
    const had = slow.messages.flatMap((batch) => JSON.parse(batch)).map(({ seq }) => seq);
    assert.deepEqual(had, had.map((_, i) => i + 1));
    assert.ok(had.length < published);
    const again = await Socket.open(small, `/rooms/r/socket?after=${epoch}.${had.length}`);
    const rest = await again.take(published - had.length);
    assert.deepEqual(rest.map(({ seq }) => seq), rest.map((_, i) => had.length + i + 1));
    await again.close();
    await small.stop();
  });

  test('the server pings who is silent, and closes who does not answer with 1001', async () => {
    const pinging = await Server.start('--keep-alive', '50ms', '--ping-time', '5s');
    const alive = await Socket.open(pinging, '/rooms/r/socket');
    for (let i = 0; i < 3; ++i) await within(once(alive.ws, 'ping'), 'a ping');
    assert.equal(alive.ws.readyState, alive.ws.OPEN);
    await alive.close();
    await pinging.stop();

    const strict = await Server.start('--keep-alive', '50ms', '--ping-time', '100ms');
    const silent = await Socket.open(strict, '/rooms/r/socket', { autoPong: false });
    assert.equal((await within(silent.closed, 'the close')).code, 1001);
    await strict.stop();
  });

  test('the subprotocol pushbench is chosen where it is offered', async () => {
    for (const protocols of [['pushbench'], ['chat', 'pushbench']]) {
      const socket = await Socket.open(server, '/rooms/r/socket', { protocols });
      assert.equal(socket.ws.protocol, 'pushbench');
      await socket.close();
    }
    const plain = await Socket.open(server, '/rooms/r/socket');
    assert.equal(plain.ws.protocol, '');
    await plain.close();
    const other = Socket.begin(server, '/rooms/r/socket', { protocols: ['chat'] });
    const [error] = await within(once(other.ws, 'error'), 'a refusal');
    assert.match(error.message, /no subprotocol/); // ws insists on one; the server does not lie
  });

  test('origins: none, its own and a listed one come in, a foreign one is a 403', async () => {
    for (const origin of [undefined, server.url, 'https://chat.example']) {
      const socket = await Socket.open(server, '/rooms/r/socket', { origin });
      await socket.close();
    }
    for (const origin of ['https://evil.example', 'http://chat.example', 'null']) {
      const foreign = Socket.begin(server, '/rooms/r/socket', { origin });
      foreign.ws.on('error', () => {}); // that it was given up
      const [request, answer] = await within(once(foreign.ws, 'unexpected-response'), 'a refusal');
      assert.equal(answer.statusCode, 403);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
      request.destroy();
    }
  });

  test('a token opens the room: as header, in the query, or as a subprotocol', () =>
    inFolder(async (folder) => {
      writeFileSync(`${folder}/token`, 'secret-secret-secret\n');
      const closed = await Server.start('--token-file', `${folder}/token`);
      for (const [query, options] of [
        ['', { headers: { Authorization: 'Bearer secret-secret-secret' } }],
        ['?access_token=secret-secret-secret', {}],
        ['', { protocols: ['pushbench', 'bearer.secret-secret-secret'] }],
      ]) {
        const socket = await Socket.open(closed, `/rooms/r/socket${query}`, options);
        await socket.close();
      }
      const protocols = ['pushbench', 'bearer.wrong-wrong-wrong-w'];
      const without = Socket.begin(closed, '/rooms/r/socket', { protocols });
      without.ws.on('error', () => {});
      const [request, answer] = await within(once(without.ws, 'unexpected-response'), 'a refusal');
      assert.equal(answer.statusCode, 401);
      request.destroy();
      await closed.stop();
    }));
});
