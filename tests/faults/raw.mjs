// A peer that says just what a test tells it to, byte by byte, and no protocol library corrects.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { within } from '../conformance/serve.mjs';

export class Raw {
  static async connect(server) {
    const raw = new Raw();
    raw.socket = net.connect({ port: server.port, host: '127.0.0.1', noDelay: true });
    raw.received = Buffer.alloc(0);
    raw.ended = false;
    raw.socket.on('data', (bytes) => (raw.received = Buffer.concat([raw.received, bytes])));
    raw.socket.on('error', () => (raw.ended = true)); // a reset is an end, too
    raw.socket.on('close', () => (raw.ended = true));
    raw.socket.on('end', () => (raw.ended = true));
    await within(once(raw.socket, 'connect'), 'a connection');
    return raw;
  }

  /** Resolves when the bytes are on their way, or never will be. */
  send(bytes) {
    if (this.ended) return Promise.resolve();
    return new Promise((resolve) => this.socket.write(bytes, () => resolve()));
  }

  async until(done, what) {
    const wake = () =>
      new Promise((resolve) => {
        for (const event of ['data', 'end', 'close', 'error']) this.socket.once(event, resolve);
      });
    const wait = async () => {
      while (!done()) {
        if (this.ended) throw new Error(`${what}: the connection ended after "${this.text()}"`);
        await wake();
      }
    };
    await within(wait(), what);
  }

  text() {
    return this.received.subarray(0, 400).toString('latin1');
  }

  /** All that comes until the server ends the connection. */
  async toEnd() {
    if (!this.ended) await within(once(this.socket, 'close'), 'the end of the connection');
    return this.received;
  }

  /** Upgrades, and resolves with the response's head; what follows it stays in `received`. */
  async upgrade(path, headers = '') {
    await this.send(
      `GET ${path} HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n${headers}\r\n`,
    );
    await this.until(() => this.received.includes('\r\n\r\n'), 'the upgrade');
    const end = this.received.indexOf('\r\n\r\n') + 4;
    const head = this.received.subarray(0, end).toString('latin1');
    this.received = this.received.subarray(end);
    return head;
  }

  /** The code of the close frame that ends what the server said. */
  async closeCode() {
    await this.until(() => closeCodeIn(this.received) !== undefined, 'a close frame');
    return closeCodeIn(this.received);
  }

  destroy() {
    this.socket.destroy();
  }
}

/** Takes whole frames from the front of what a server sent. */
export function frames(bytes) {
  const found = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    let length = bytes[at + 1] & 0x7f;
    let head = 2;
    if (length === 126) {
      length = bytes.readUInt16BE(at + 2);
      head = 4;
    } else if (length === 127) {
      length = Number(bytes.readBigUInt64BE(at + 2));
      head = 10;
    }
    if (at + head + length > bytes.length) break;
    found.push({
      opcode: bytes[at] & 0x0f,
      compressed: (bytes[at] & 0x40) !== 0,
      payload: bytes.subarray(at + head, at + head + length),
    });
    at += head + length;
  }
  return found;
}

function closeCodeIn(bytes) {
  const close = frames(bytes).find(({ opcode }) => opcode === 8);
  return close && (close.payload.length >= 2 ? close.payload.readUInt16BE(0) : 1005);
}

/** A client's frame: masked, with any first byte that the test wants. */
export function frame(firstByte, payload = Buffer.alloc(0)) {
  const body = Buffer.from(payload);
  const mask = Buffer.from([0x12, 0x34, 0x56, 0x78]);
  for (let i = 0; i < body.length; ++i) body[i] ^= mask[i % 4];
  return Buffer.concat([header(firstByte, body.length), mask, body]);
}

/** Its header alone, with whatever length: a number, or a BigInt to have it in 64 bits. */
export function header(firstByte, length) {
  if (typeof length === 'bigint' || length > 0xffff) {
    const bytes = Buffer.alloc(10);
    bytes[0] = firstByte;
    bytes[1] = 0xff;
    bytes.writeBigUInt64BE(BigInt(length), 2);
    return bytes;
  }
  if (length > 125) return Buffer.from([firstByte, 0xfe, length >> 8, length & 0xff]);
  return Buffer.from([firstByte, 0x80 | length]);
}

const memory = (server, key) => {
  const status = readFileSync(`/proc/${server.process.pid}/status`, 'utf8');
  return Number(status.match(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm'))[1]) * 1024;
};

/** What the server holds at most while `attack` runs, beyond what it held before: in MiB. */
export async function growth(server, attack) {
  const before = memory(server, 'VmRSS');
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, memory(server, 'VmRSS'))), 5);
  try {
    await attack();
  } finally {
    clearInterval(timer);
  }
  return (Math.max(most, memory(server, 'VmRSS')) - before) / 1024 / 1024;
}
