// HTTP peers that mean harm, or are merely slow.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Server } from '../conformance/serve.mjs';
import { Raw, growth } from './raw.mjs';

const MIB = 1024 * 1024;
const FLAT = 24; // MiB that one attack may cost

const get = (path, headers = '') => `GET ${path} HTTP/1.1\r\nHost: test\r\n${headers}\r\n`;

describe('HTTP peers that mean harm', () => {
  let server;
  before(async () => {
    server = await Server.start();
  });
  after(() => server.stop());

  /** The status line of what the server says, having ended the connection. */
  const refusal = async (...parts) => {
    const raw = await Raw.connect(server);
    for (const part of parts) await raw.send(part);
    await raw.until(() => raw.received.includes('}'), 'a problem');
    const [status] = raw.text().split('\r\n');
    assert.match(raw.text(), /Content-Type: application\/problem\+json\r\n/);
    assert.match(raw.text(), /Connection: close\r\n/);
    raw.socket.end();
    assert.equal(raw.received.toString().split('HTTP/1.1 ').length, 2, raw.text()); // one answer
    return Number(status.split(' ')[1]);
  };

  test('10,000 header lines are 431', async () => {
    const cost = await growth(server, async () => {
      const lines = Array.from({ length: 10_000 }, (_, i) => `X-${i}: y\r\n`).join('');
      assert.equal(await refusal(get('/healthz', lines)), 431);
    });
    assert.ok(cost < FLAT, `${cost} MiB`);
  });

  test('one header of 1 MiB is 431', async () => {
    const cost = await growth(server, async () => {
      assert.equal(await refusal(get('/healthz', `X: ${'y'.repeat(MIB)}\r\n`)), 431);
    });
    assert.ok(cost < FLAT, `${cost} MiB`);
  });

  test('a target of 1 MiB is 414', async () => {
    assert.equal(await refusal(get(`/${'y'.repeat(MIB)}`)), 414);
  });

  test('a body of 10 MiB is 413, announced or in chunks', async () => {
    const head = 'POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\n';
    const body = JSON.stringify({ from: 'ann', text: 'x'.repeat(10 * MIB) });
    assert.equal(await refusal(`${head}Content-Length: ${body.length}\r\n\r\n`, body), 413);
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`;
    assert.equal(await refusal(chunked, body), 413);
  });

  const smuggled = get('/rooms/smuggled/poll');
  for (const headers of [
    `Content-Length: 5\r\nTransfer-Encoding: chunked`,
    `Transfer-Encoding: chunked\r\nContent-Length: 5`,
    `Content-Length: 5\r\nContent-Length: 6`,
    `Content-Length: 5, 6`,
    `Content-Length: +5`,
    `Content-Length: 0x5`,
    `Content-Length: 5\r\nTransfer-Encoding: identity`,
    `Transfer-Encoding: xchunked`,
    `Transfer-Encoding: chunked, identity`,
    `Transfer-Encoding: chunked\r\nTransfer-Encoding: identity`,
    `Transfer-Encoding : chunked`,
    `Transfer-Encoding:\x0bchunked`,
    `Content-Length : 5`,
    `Content-Length: 5\r\n Content-Length: 6`,
    `X: y\rTransfer-Encoding: chunked`,
  ]) {
    test(`nothing is smuggled behind ${JSON.stringify(headers)}`, async () => {
      const head = `POST /rooms/r/messages HTTP/1.1\r\nHost: test\r\n${headers}\r\n\r\n`;
      assert.equal(await refusal(Buffer.from(`${head}0\r\n\r\n${smuggled}`, 'latin1')), 400);
      assert.equal((await server.room('smuggled')).last, 0);
    });
  }

  test('an unread body never becomes the next request', async () => {
    const raw = await Raw.connect(server);
    const hidden = get('/healthz');
    // The path takes no POST: the body is read as a body all the same.
    await raw.send(`POST /healthz HTTP/1.1\r\nHost: t\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`);
    await raw.send(get('/rooms/r'));
    await raw.until(() => raw.received.includes('"room":"r"'), 'the second answer');
    const statuses = raw.received.toString().match(/HTTP\/1\.1 \d+/g);
    assert.deepEqual(statuses, ['HTTP/1.1 405', 'HTTP/1.1 200']);
    raw.destroy();
  });

  test('after, malformed, is 400; in the future, a gap', async () => {
    for (const route of ['poll', 'long-poll', 'events', 'socket']) {
      for (const after of ['x', '-1', '1e3', '1.2.3', '18446744073709551616', '%00', '']) {
        const { status } = await server.fetch(`/rooms/r/${route}?after=${after}`);
        assert.equal(status, 400, `${route} ${after}`);
      }
    }
    const { status } = await server.fetch('/rooms/r/events', {
      headers: { 'Last-Event-ID': 'k3f9.x' },
    });
    assert.equal(status, 400);
    const [{ gap }] = await (await server.fetch('/rooms/r/poll?after=99')).json();
    assert.equal(gap.reason, 'restarted');
    assert.equal(gap.after, 99);
  });

  test('what is no draft is 400 and says what is wrong', async () => {
    for (const [body, what] of [
      ['', /not a JSON object/],
      ['{', /not a JSON object/],
      ['null', /not a JSON object/],
      ['{"from":1,"text":"x"}', /from: must be a string/],
      ['{"from":"a","text":["x"]}', /text: must be a string/],
      ['{"from":"a","text":"x","id":{}}', /id: must be a string/],
      [`${'['.repeat(5000)}`, /not a JSON object/],
    ]) {
      const answer = await server.publish('r', body);
      assert.equal(answer.status, 400, body.slice(0, 40));
      assert.match((await answer.json()).detail, what);
    }
    assert.equal((await server.room('r')).last, 0);
  });

  test('pipelining without reading stops the server from reading, too', async () => {
    for (let i = 0; i < 50; ++i) await server.publish('long', { from: 'a', text: 'x'.repeat(4000) });
    const raw = await Raw.connect(server);
    raw.socket.pause();
    const requests = get('/rooms/long/poll').repeat(20_000); // 4 GB of answers
    const cost = await growth(server, async () => {
      raw.socket.write(requests);
      await server.comesToRest();
    });
    assert.ok(cost < FLAT, `${cost} MiB`);
    raw.destroy();
  });
});

describe('subscribers that do not read', () => {
  let server;
  before(async () => {
    server = await Server.start('--max-queue', '1MiB', '--retain', '100');
  });
  after(() => server.stop());

  for (const route of ['poll', 'long-poll', 'events', 'socket']) {
    test(`${route}: memory stays flat`, async () => {
      const slow = [];
      for (let i = 0; i < 5; ++i) {
        const raw = await Raw.connect(server);
        if (route === 'socket') await raw.upgrade(`/rooms/${route}/socket`);
        if (route !== 'socket') await raw.send(get(`/rooms/${route}/${route}`));
        raw.socket.pause();
        slow.push(raw);
      }
      const text = 'x'.repeat(4096);
      const cost = await growth(server, async () => {
        // 5 slow readers are owed 5 x 40 MB, more than all socket buffers take.
        for (let i = 0; i < 200; ++i) {
          await Promise.all(
            Array.from({ length: 50 }, () => server.publish(route, { from: 'a', text })),
          );
        }
      });
      assert.ok(cost < FLAT, `${cost} MiB`);
      for (const raw of slow) raw.destroy();
    });
  }
});

describe('peers that are slow', () => {
  let server;
  before(async () => {
    server = await Server.start('--header-time', '300ms', '--body-time', '300ms');
  });
  after(() => server.stop());

  const trickle = async (start, byte) => {
    const raw = await Raw.connect(server);
    await raw.send(start);
    const timer = setInterval(() => void raw.send(byte), 20);
    try {
      await raw.until(() => raw.received.includes('}'), 'an answer');
    } finally {
      clearInterval(timer);
    }
    raw.destroy();
    return raw.text().split('\r\n')[0];
  };

  test('a head that trickles in is 408', async () => {
    assert.equal(await trickle('GET / HTTP/1.1\r\nHost: t\r\nX: ', 'y'), 'HTTP/1.1 408 Request Timeout');
  });
  test('a body that trickles in is 408', async () => {
    const head = 'POST /rooms/r/messages HTTP/1.1\r\nHost: t\r\nContent-Length: 60000\r\n\r\n';
    assert.equal(await trickle(head, ' '), 'HTTP/1.1 408 Request Timeout');
  });
});
