// WebSocket peers that mean harm: each gets the answer that RFC 6455 has for it, and none costs the
// server memory.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { Server } from '../conformance/serve.mjs';
import { Raw, frame, frames, growth, header } from './raw.mjs';

const MIB = 1024 * 1024;
const TEXT = 0x81;
const BINARY = 0x82;
const RSV1 = 0x40;
const FLAT = 24; // MiB that one attack may cost: buffers, and a sanitizer's quarantine

const deflated = (bytes) => {
  const whole = deflateRawSync(bytes, { finishFlush: 2 /* Z_SYNC_FLUSH */ });
  return whole.subarray(0, whole.length - 4); // RFC 7692 §7.2.1
};

describe('WebSocket peers that mean harm', () => {
  let server;
  before(async () => {
    server = await Server.start('--echo', '--compression', '--max-message', '1MiB');
  });
  after(() => server.stop());

  const socket = async (headers) => {
    const raw = await Raw.connect(server);
    const head = await raw.upgrade('/echo', headers);
    assert.match(head, /^HTTP\/1\.1 101 /);
    return raw;
  };
  const compressing = () => socket('Sec-WebSocket-Extensions: permessage-deflate\r\n');

  const hits = (limit) => server.metric(`pushbench_limit_hits_total{limit="${limit}"}`);

  for (const [name, piece] of [
    ['empty fragments', ''],
    ['fragments of a byte', 'x'],
  ]) {
    test(`${name} without end are 1008 at the cap`, async () => {
      const raw = await socket();
      const before = await hits('max-fragments');
      const cost = await growth(server, async () => {
        await raw.send(frame(0x01, piece));
        const many = Buffer.concat(Array.from({ length: 1000 }, () => frame(0x00, piece)));
        for (let i = 0; i < 100 && !raw.ended; ++i) await raw.send(many);
        assert.equal(await raw.closeCode(), 1008);
      });
      assert.ok(cost < FLAT, `${cost} MiB`);
      assert.equal(await hits('max-fragments'), before + 1);
      raw.destroy();
    });
  }

  test('large fragments without end are 1009 at the limit', async () => {
    const raw = await socket();
    await raw.send(frame(0x02, Buffer.alloc(MIB - 1)));
    await raw.send(frame(0x00, Buffer.alloc(1)));
    await raw.send(frame(0x00, Buffer.alloc(1)));
    assert.equal(await raw.closeCode(), 1009);
    raw.destroy();
  });

  for (const length of [2n ** 31n, 2n ** 63n - 1n]) {
    test(`a frame of ${length} bytes is 1009 at its header`, async () => {
      const raw = await socket();
      const cost = await growth(server, async () => {
        await raw.send(header(BINARY, length));
        await raw.send('mask');
        assert.equal(await raw.closeCode(), 1009);
      });
      assert.ok(cost < FLAT, `${cost} MiB`);
      raw.destroy();
    });
  }

  test('a length with the highest bit set is 1002', async () => {
    const raw = await socket();
    await raw.send(header(BINARY, 2n ** 63n));
    await raw.send('mask');
    assert.equal(await raw.closeCode(), 1002);
    raw.destroy();
  });

  for (const [name, cut] of [
    ['in one frame', (bytes) => [frame(BINARY | RSV1, bytes)]],
    [
      'in fragments',
      (bytes) => [
        frame(0x02 | RSV1, bytes.subarray(0, 100)),
        frame(0x00, bytes.subarray(100, 500)),
        frame(0x80, bytes.subarray(500)),
      ],
    ],
  ]) {
    test(`a deflate bomb ${name} passes at the limit and is 1009 a byte later`, async () => {
      const fine = await compressing();
      for (const part of cut(deflated(Buffer.alloc(MIB)))) await fine.send(part);
      await fine.until(() => frames(fine.received).length === 1, 'the echo');
      assert.equal(frames(fine.received)[0].opcode, 2);
      fine.destroy();

      const bomb = await compressing();
      for (const part of cut(deflated(Buffer.alloc(MIB + 1)))) await bomb.send(part);
      assert.equal(await bomb.closeCode(), 1009);
      bomb.destroy();
    });

    test(`a bomb of 256 MiB ${name} is 1009 and costs nothing`, async () => {
      const bytes = deflated(Buffer.alloc(256 * MIB));
      const raw = await compressing();
      const cost = await growth(server, async () => {
        for (const part of cut(bytes)) await raw.send(part);
        assert.equal(await raw.closeCode(), 1009);
      });
      assert.ok(cost < FLAT, `${cost} MiB`);
      raw.destroy();
    });
  }

  test('a text of 10 MiB is 1009', async () => {
    const raw = await socket();
    await raw.send(frame(TEXT, Buffer.alloc(10 * MIB, 'x')));
    assert.equal(await raw.closeCode(), 1009);
    raw.destroy();
  });

  for (const [name, bytes] of [
    ['pings', frame(0x89, Buffer.alloc(125, 'p'))],
    ['empty pings', frame(0x89)], // whose answers are 2 bytes each, and cost more to hold
    ['echoes', frame(BINARY, Buffer.alloc(32 * 1024))],
  ]) {
    test(`a flood of ${name} from one who does not read costs nothing`, async () => {
      const raw = await socket();
      raw.socket.pause();
      const flood = Buffer.concat(Array.from({ length: Math.ceil(MIB / bytes.length) }, () => bytes));
      const cost = await growth(server, async () => {
        // 64 MiB, or as much as the server takes: it stops reading when its answers aren't read.
        for (let i = 0; i < 64; ++i) raw.socket.write(flood);
        await server.comesToRest();
      });
      assert.ok(cost < FLAT, `${cost} MiB`);
      raw.destroy();
    });
  }

  test('what was owed before an error comes before the close', async () => {
    const raw = await socket();
    await raw.send(Buffer.concat([frame(TEXT, 'one'), frame(TEXT, 'two'), frame(0x83, 'three')]));
    assert.equal(await raw.closeCode(), 1002);
    const said = frames(raw.received);
    assert.deepEqual(
      said.map(({ opcode, payload }) => (opcode === 8 ? 'close' : payload.toString())),
      ['one', 'two', 'close'],
    );
    await raw.toEnd();
  });
});

test('a close that is never answered ends the connection all the same', async () => {
  const server = await Server.start('--echo', '--close-time', '200ms');
  const raw = await Raw.connect(server);
  await raw.upgrade('/echo');
  await raw.send(frame(0x83)); // a reserved opcode
  assert.equal(await raw.closeCode(), 1002);
  // It neither answers nor closes; the server does not wait for it.
  await server.hasConnections(1); // the one that asks
  raw.destroy();
  await server.stop();
});
