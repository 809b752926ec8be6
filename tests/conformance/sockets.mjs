// npm's ws as a client of the server, and what to send through it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import WebSocket from 'ws';
import { within } from './serve.mjs';

/** Keeps the messages it gets until they are asked for. */
export class Socket {
  /** `options` are those of ws; `protocols` among them are the subprotocols to offer. */
  static async open(server, path, options = {}) {
    const socket = Socket.begin(server, path, options);
    await within(once(socket.ws, 'open'), `the upgrade of ${path}`);
    return socket;
  }

  /** Without waiting for the upgrade: for those that do not come about. */
  static begin(server, path, { protocols = [], ...options } = {}) {
    const socket = new Socket();
    socket.ws = new WebSocket(server.url.replace(/^http/, 'ws') + path, protocols, {
      ca: server.certificate,
      ...options,
    });
    socket.ws.on('upgrade', (response) => (socket.head = response.headers));
    socket.messages = [];
    socket.ws.on('message', (data, isBinary) => {
      socket.messages.push(isBinary ? data : data.toString());
      socket.ws.emit('kept');
    });
    socket.closed = once(socket.ws, 'close').then(([code, reason]) => ({
      code,
      reason: String(reason),
    }));
    socket.closed.catch(() => {}); // of a socket that never opens nobody asks how it closed
    return socket;
  }

  /** The extensions that the server agreed to, as its response names them. */
  get extensions() {
    return this.head['sec-websocket-extensions'];
  }

  /** A string where it is text, a Buffer where it is binary. */
  async next() {
    while (this.messages.length === 0) await within(once(this.ws, 'kept'), 'a message');
    return this.messages.shift();
  }

  async nextBatch() {
    return JSON.parse(await this.next());
  }

  /** Messages of the room, from however many batches, until there are `count`. */
  async take(count) {
    const all = [];
    while (all.length < count) all.push(...(await this.nextBatch()));
    return all;
  }

  /** Resolves when the socket is closed, by whom ever. */
  close(...codeAndReason) {
    this.ws.close(...codeAndReason);
    return within(this.closed, 'the close');
  }
}

/** Equal or not; of a difference in a MiB it says no more than where it begins. */
export function assertSame(actual, expected, what) {
  const [a, b] = [Buffer.from(actual), Buffer.from(expected)];
  assert.equal(typeof actual, typeof expected, what);
  if (a.equals(b)) return;
  let at = 0;
  while (at < a.length && a[at] === b[at]) ++at;
  assert.fail(`${what}: ${a.length} bytes for ${b.length}, other ones from byte ${at} on`);
}

/** xorshift32: the same numbers in every run. */
export function numbers(seed) {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

const WORDS = ['gr\u00fc\u00df dich', 'hello', '\ud83d\udc4b', '\u6f22\u5b57', 'ok', '"\\', '\u2028', 'x'];

/** Text of just that many bytes of UTF-8: words that repeat, some of them not ASCII. */
export function text(bytes, seed = 1) {
  const pick = numbers(seed);
  const parts = [];
  for (let left = bytes; left > 0; ) {
    const word = WORDS[pick(WORDS.length)];
    const length = Buffer.byteLength(word);
    parts.push(length <= left ? word : '.'.repeat(left));
    left -= Math.min(left, length);
  }
  return parts.join('');
}

/** Bytes of which the first half does not compress, and the other half does. */
export function bytes(count, seed = 1) {
  const pick = numbers(seed);
  const all = Buffer.alloc(count, 0xa5);
  for (let i = 0; i < count / 2; ++i) all[i] = pick(256);
  return all;
}

/** The lengths around which frames change their form (RFC 6455 §5.2), up to 1 MiB. */
export const SIZES = [1, 125, 126, 1024, 65535, 65536, 262144, 1048576];
