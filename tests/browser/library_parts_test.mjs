// The small parts of the browser library, each by itself.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/library_parts_test.mjs

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { moduleOf } from './library.mjs';

const { OPCODE, decodeFrameHeader, encodeFrameHeader } = await moduleOf('frame_header.ts');
const { EventStreamParser } = await moduleOf('event_stream.ts');
const { Backoff } = await moduleOf('backoff.ts');
const { afterOf, parseCursor } = await moduleOf('cursor.ts');
const { countMessages, readBatch } = await moduleOf('batch.ts');
const { ByteModel } = await moduleOf('byte_model.ts');
const { randomId } = await moduleOf('environment.ts');
const { ResourceTimings } = await moduleOf('resource_timing.ts');
const { retryAfterMs, saysLater } = await moduleOf('http_exchange.ts');

const hex = (bytes) => Buffer.from(bytes).toString('hex');
const bytes = (text) => new Uint8Array(Buffer.from(text, 'hex'));

describe("a frame's header", () => {
  const plain = { fin: true, rsv1: false, opcode: OPCODE.text };
  const mask = bytes('37fa213d');

  // RFC 6455 §5.7, and RFC 7692 §7.2.3.1 for the compressed one.
  const VECTORS = [
    ['8105', { ...plain, length: 5 }],
    ['818537fa213d', { ...plain, length: 5, mask }],
    ['0103', { ...plain, fin: false, length: 3 }],
    ['8002', { ...plain, opcode: OPCODE.continuation, length: 2 }],
    ['8905', { ...plain, opcode: OPCODE.ping, length: 5 }],
    ['8a8537fa213d', { ...plain, opcode: OPCODE.pong, length: 5, mask }],
    ['827e0100', { ...plain, opcode: OPCODE.binary, length: 256 }],
    ['827f0000000000010000', { ...plain, opcode: OPCODE.binary, length: 65536 }],
    ['c107', { ...plain, rsv1: true, length: 7 }],
  ];

  test("is the RFC's, both ways", () => {
    for (const [text, header] of VECTORS) {
      assert.equal(hex(encodeFrameHeader(header)), text);
      assert.deepEqual(decodeFrameHeader(bytes(text)), { header, size: text.length / 2 });
    }
  });

  test('has the shortest length that does', () => {
    const sizes = [[0, 2], [125, 2], [126, 4], [65535, 4], [65536, 10], [2 ** 40, 10]];
    for (const [length, size] of sizes) {
      for (const more of [{}, { mask }]) {
        const header = { ...plain, length, ...more };
        const encoded = encodeFrameHeader(header);
        assert.equal(encoded.length, size + (more.mask ? 4 : 0));
        assert.deepEqual(decodeFrameHeader(encoded), { header, size: encoded.length });
        for (let end = 0; end < encoded.length; ++end) {
          assert.equal(decodeFrameHeader(encoded.subarray(0, end)), undefined);
        }
      }
    }
  });
});

describe('an event stream', () => {
  /** What a parser finds in the pieces. */
  const read = (...pieces) => {
    const found = [];
    const parser = new EventStreamParser({
      onEvent: (event) => found.push(event),
      onRetry: (ms) => found.push(ms),
    });
    for (const piece of pieces) parser.feed(piece);
    return found;
  };

  const TEXT =
    'retry: 2000\n\n:\n\nid: k.1\ndata: [1]\n\n: two lines\r\nid:k.2\r\ndata: gr\u00fc\u00df\r\ndata:dich\r\n\r\n' +
    'event: x\rdata\r\rid: k.3\nnonsense\n\ndata: [4]\n\ndata: unfinished';
  const EVENTS = [
    2000,
    { id: 'k.1', data: '[1]', size: 19 },
    { id: 'k.2', data: 'gr\u00fc\u00df\ndich', size: 48 },
    { id: 'k.2', data: '', size: 15 },
    { id: 'k.3', data: '[4]', size: 11 },
  ];

  test('is read whole', () => assert.deepEqual(read(TEXT), EVENTS));

  test('is read the same however it is cut', () => {
    for (let i = 1; i < TEXT.length; ++i) {
      assert.deepEqual(read(TEXT.slice(0, i), TEXT.slice(i)), EVENTS, `cut at ${i}`);
    }
    assert.deepEqual(read(...TEXT), EVENTS);
  });
});

test("a back-off's bound doubles from 100 ms to 10 s, and begins anew", () => {
  const backoff = new Backoff(() => 1);
  const bounds = Array.from({ length: 9 }, () => backoff.next());
  assert.deepEqual(bounds, [100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000]);
  backoff.reset();
  assert.equal(backoff.next(), 100);
  assert.equal(new Backoff(() => 0.5).next(), 50);
});

test('a cursor is written and read as a query has it', () => {
  for (const [text, cursor] of [['17', { epoch: '', seq: 17 }], ['k3f9.17', { epoch: 'k3f9', seq: 17 }]]) {
    assert.equal(afterOf(cursor), text);
    assert.deepEqual(parseCursor(text), cursor);
  }
  for (const text of ['', 'k3f9.', '.17', '-1', '1.5.2', '17x', '99999999999999999']) {
    assert.equal(parseCursor(text), undefined, text);
  }
});

test('a batch is taken only where all of it is one', () => {
  const message = { seq: 17, from: 'ann', text: 'hi', at: 1 };
  const gap = { reason: 'expired', after: 0, oldest: 17, last: 17, epoch: 'k' };
  const items = [{ gap }, message, { ...message, seq: 18, id: 'a' }];
  assert.deepEqual(readBatch(JSON.stringify(items)), { is: 'batch', items });
  assert.equal(countMessages(JSON.stringify(items)), 2);
  const problem = JSON.stringify({ problem: { status: 400, detail: 'text: too long' } });
  assert.deepEqual(readBatch(problem), { is: 'problem', detail: 'text: too long' });
  const wrong = [
    '', '{', 'null', '17', '"x"', '{}', '[1]', '[null]', '[[]]',
    JSON.stringify([{ ...message, seq: 0 }]),
    JSON.stringify([{ ...message, text: 1 }]),
    JSON.stringify([message, { ...message, at: '1' }]),
    JSON.stringify([{ gap: { ...gap, reason: 'lost' } }]),
    JSON.stringify([{ gap: { ...gap, last: -1 } }]),
  ];
  for (const text of wrong) {
    assert.deepEqual(readBatch(text), { is: 'nonsense' }, text);
    assert.equal(countMessages(text), 0);
  }
});

test("an answer's Retry-After counts in seconds, and up to an hour", () => {
  const answer = (text) => ({ status: 503, header: (name) => (name === 'Retry-After' ? text : '') });
  assert.deepEqual(
    ['2', '0', '7200', '', 'Wed, 21 Oct 2026 07:28:00 GMT', '-1'].map((text) => retryAfterMs(answer(text))),
    [2000, 0, 3_600_000, 0, 0, 0],
  );
  assert.ok([0, 408, 429, 503, 504].every((status) => saysLater({ status })));
  assert.ok(![200, 400, 401, 403, 404, 413].some((status) => saysLater({ status })));
});

test('an id is there without crypto.randomUUID, and without crypto', () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  const get = globalThis.crypto ? (array) => real.get.call(globalThis).getRandomValues(array) : undefined;
  try {
    for (const crypto of [get && { getRandomValues: get }, undefined]) {
      Object.defineProperty(globalThis, 'crypto', { value: crypto, configurable: true });
      const ids = new Set(Array.from({ length: 100 }, randomId));
      assert.equal(ids.size, 100);
      for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/);
    }
  } finally {
    if (real) Object.defineProperty(globalThis, 'crypto', real);
    else delete globalThis.crypto;
  }
  assert.match(randomId(), /^[0-9a-f-]{32,36}$/);
});

test('how long a head was is taken from the browser where it tells', () => {
  const real = globalThis.PerformanceObserver;
  let records = [];
  globalThis.PerformanceObserver = class {
    static supportedEntryTypes = ['resource'];
    observe() {}
    disconnect() {}
    takeRecords() {
      return records.splice(0);
    }
  };
  try {
    const timings = new ResourceTimings();
    const take = (transferSize, encodedBodySize) => {
      records = [{ name: 'http://a/1', transferSize, encodedBodySize }];
      return timings.take('http://a/1');
    };
    assert.deepEqual(take(187, 53), { head: 134, body: 53 });
    assert.deepEqual(take(353, 53), { body: 53 }); // the standard's 300 stand for any head
    assert.equal(take(0, 0), undefined); // of another origin, which does not let it be seen
    assert.equal(timings.take('http://a/1'), undefined); // it was taken
    assert.equal(timings.take('http://a/2'), undefined);
  } finally {
    globalThis.PerformanceObserver = real;
  }
});

test('the byte model writes whole heads', () => {
  const model = new ByteModel('http://127.0.0.1:8080');
  const target = '/rooms/r/messages';
  const headers = { 'Content-Type': 'application/json' };
  const post = model.requestHead({ method: 'POST', target, headers, body: '{"text":"gr\u00fc\u00df"}' });
  assert.match(post, /^POST \/rooms\/r\/messages HTTP\/1\.1\r\nHost: 127\.0\.0\.1:8080\r\n/);
  assert.match(post, /\r\nContent-Length: 17\r\n/);
  assert.match(post, /\r\nContent-Type: application\/json\r\n/);
  assert.ok(post.endsWith('\r\n\r\n') && !post.slice(0, -4).includes('\r\n\r\n'));
  const upgrade = model.upgradeHead('/rooms/r/socket?after=0', ['pushbench', 'bearer.x']);
  assert.match(upgrade, /\r\nSec-WebSocket-Key: .{24}\r\n/);
  assert.match(upgrade, /\r\nSec-WebSocket-Protocol: pushbench, bearer\.x\r\n/);
  const answer = model.upgradeAnswerHead({ extensions: '', protocol: 'pushbench' });
  assert.match(answer, /\r\nSec-WebSocket-Accept: .{28}\r\n/);
  assert.match(answer, /\r\nSec-WebSocket-Protocol: pushbench\r\n/);
});
