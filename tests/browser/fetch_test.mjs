// A real browser as the server's user: its own fetch, and its own WebSocket.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/fetch_test.mjs

import assert from 'node:assert/strict';
import { after, before, test as plainTest } from 'node:test';
import { GUARD_MS, Server } from '../conformance/serve.mjs';
import { inPage as runInPage, launch, pageOf } from './browser.mjs';

const test = (name, body) => plainTest(name, { timeout: 3 * GUARD_MS }, body);

let server;
let browser;
let page;

before(async () => {
  server = await Server.start('--echo');
  browser = await launch();
  page = await pageOf(browser, server);
}, { timeout: 10 * GUARD_MS });

after(async () => {
  await browser?.close();
  await server?.stop();
});

const inPage = (body, argument) => runInPage(page, body, argument);

test('the page publishes, and polls what it published', async () => {
  const result = await inPage(async () => {
    const publish = async (draft) => {
      const response = await fetch('/rooms/b1/messages', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(draft),
      });
      return [response.status, await response.json()];
    };
    const poll = async (after) => {
      const response = await fetch(`/rooms/b1/poll?after=${after}`);
      return [response.status, response.status === 200 ? await response.json() : null];
    };
    return {
      first: await publish({ from: 'ann', text: 'gr\u00fc\u00df dich', id: 'a1' }),
      again: await publish({ from: 'ann', text: 'gr\u00fc\u00df dich', id: 'a1' }),
      all: await poll(0),
      none: await poll(1),
    };
  });
  assert.deepEqual(result.first, [201, { seq: 1 }]);
  assert.deepEqual(result.again, [200, { seq: 1 }]);
  assert.equal(result.all[0], 200);
  const [{ at, ...message }] = result.all[1];
  assert.deepEqual(message, { seq: 1, from: 'ann', text: 'gr\u00fc\u00df dich', id: 'a1' });
  assert.equal(typeof at, 'number');
  assert.deepEqual(result.none, [204, null]);
});

test('the page waits in a long poll', async () => {
  const held = inPage(async () => {
    const response = await fetch('/rooms/b2/long-poll?after=0&wait=60');
    return [response.status, await response.json()];
  });
  await server.hasSubscribers('b2', 'long-polling', 1);
  await server.publish('b2', { from: 'ann', text: 'news' });
  const [status, batch] = await held;
  assert.equal(status, 200);
  assert.deepEqual(batch.map((message) => message.text), ['news']);
  const nothing = await inPage(async () => {
    const response = await fetch('/rooms/b2/long-poll?after=1&wait=0.1');
    return [response.status, await response.text()];
  });
  assert.deepEqual(nothing, [204, '']);
});

test('a long poll that the page aborts is forgotten', async () => {
  const name = await inPage(async () => {
    window.abort = new AbortController();
    window.held = fetch('/rooms/b3/long-poll?wait=60', { signal: window.abort.signal }).then(
      () => 'answered',
      (error) => error.name,
    );
    return 'asked';
  });
  assert.equal(name, 'asked');
  await server.hasSubscribers('b3', 'long-polling', 1);
  assert.equal(await inPage(() => (window.abort.abort(), window.held)), 'AbortError');
  await server.hasSubscribers('b3', 'long-polling', 0);
});

test("the page's WebSocket subscribes, publishes and closes", async () => {
  await server.publish('b4', { from: 'ann', text: 'before' });
  const result = await inPage(
    () =>
      new Promise((resolve, reject) => {
        const frames = [];
        const socket = new WebSocket(`ws://${location.host}/rooms/b4/socket?after=0`);
        socket.onerror = () => reject(new Error('the WebSocket failed'));
        socket.onopen = () => socket.send('{"from":"bob","text":"hi","id":"b1"}');
        socket.onmessage = ({ data }) => {
          frames.push(data);
          if (data.includes('"id":"b1"')) socket.close(1000, 'done');
        };
        socket.onclose = ({ code, wasClean }) => resolve({ frames, code, wasClean });
      }),
  );
  assert.equal(result.code, 1000);
  assert.equal(result.wasClean, true);
  const messages = result.frames.flatMap((frame) => JSON.parse(frame));
  assert.deepEqual(messages.map(({ seq, text }) => [seq, text]), [[1, 'before'], [2, 'hi']]);
  const poll = await (await server.fetch('/rooms/b4/poll?after=0')).json();
  assert.deepEqual(poll, messages);
  await server.hasSubscribers('b4', 'websocket', 0);
});

test('the page gets from its WebSocket what others publish', async () => {
  const text = inPage(
    () =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(`ws://${location.host}/rooms/b5/socket`);
        socket.onclose = () => reject(new Error('the WebSocket closed'));
        socket.onmessage = ({ data }) => resolve(JSON.parse(data)[0].text);
      }),
  );
  await server.hasSubscribers('b5', 'websocket', 1);
  await server.publish('b5', { from: 'ann', text: 'to the page' });
  assert.equal(await text, 'to the page');
});

test('/echo keeps the type', async () => {
  const echoed = await inPage(
    () =>
      new Promise((resolve, reject) => {
        const received = [];
        const socket = new WebSocket(`ws://${location.host}/echo`);
        socket.binaryType = 'arraybuffer';
        socket.onerror = () => reject(new Error('the WebSocket failed'));
        socket.onopen = () => {
          socket.send('text');
          socket.send(new Uint8Array([0, 255]));
        };
        socket.onmessage = ({ data }) => {
          received.push(typeof data === 'string' ? data : Array.from(new Uint8Array(data)));
          if (received.length === 2) resolve(received);
        };
      }),
  );
  assert.deepEqual(echoed, ['text', [0, 255]]);
});

test('the page reads what it did wrong', async () => {
  const result = await inPage(async () => {
    const response = await fetch('/rooms/b6/messages', { method: 'POST', body: '{}' });
    return [response.status, response.headers.get('Content-Type'), await response.json()];
  });
  assert.equal(result[0], 400);
  assert.equal(result[1], 'application/problem+json');
  assert.match(result[2].detail, /^from: is missing/);
});
