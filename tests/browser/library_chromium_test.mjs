// The browser library in a real browser: all transports, and what its byte model says of Chromium.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/library_chromium_test.mjs

import assert from 'node:assert/strict';
import { after, before, test as plainTest } from 'node:test';
import { GUARD_MS, Server } from '../conformance/serve.mjs';
import { Proxy, inPage, launch } from './browser.mjs';
import { scriptOf } from './library.mjs';
import { TRANSPORTS, opens } from './page.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);
const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);

let script;
let server;
let browser;
before(async () => {
  script = await scriptOf('connect.ts', 'pushbench');
  server = await Server.start();
  browser = await launch();
}, { timeout: 10 * GUARD_MS });
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** `body` with a page from there that has the library, an empty one if nothing else is said, and what
 *  its console says. */
async function withPage(url, body, path = '/healthz') {
  const page = await browser.newPage({ bypassCSP: true }); // for the library
  const console = [];
  page.on('console', (message) => {
    if (!message.location().url.endsWith('/favicon.ico')) console.push(message.text());
  });
  page.on('pageerror', (error) => console.push(`${error}`));
  await page.goto(url + path);
  await page.addScriptTag({ content: script });
  await page.evaluate(() => {
    window.join = (options, environment) => {
      const heard = { messages: [], gaps: [], states: [], wire: [] };
      const listener = {
        onMessages: (messages) => heard.messages.push(...messages),
        onGap: (gap) => heard.gaps.push(gap),
        onState: (state) => heard.states.push(state),
        onWire: (event) => heard.wire.push(event),
      };
      return Object.assign(heard, { connection: pushbench.connect(options, listener, environment) });
    };
  });
  try {
    await body(page, console);
  } finally {
    await page.close();
  }
}

const until = (page, condition, argument) =>
  page.waitForFunction(condition, argument, { timeout: 2 * GUARD_MS });

let rooms = 0;

for (const transport of [...TRANSPORTS, 'auto']) {
  test(`over ${transport} a page chats, and goes on where it was cut`, async () => {
    const room = `c${++rooms}`;
    const proxy = await opens(Proxy.open(server));
    await server.publish(room, { from: 'bob', text: 'gr\u00fc\u00df dich' });
    await withPage(proxy.url, async (page, console) => {
      const own = await inPage(
        page,
        ([transport, room]) => {
          window.page = join({ transport, room, intervalMs: 50 });
          return window.page.connection.publish('ann', 'hi');
        },
        [transport, room],
      );
      assert.equal(own, 2);
      await until(page, () => window.page.messages.length === 2);
      assert.deepEqual(console, []);
      const { epoch } = await server.room(room);
      for (let cuts = 1; cuts <= 2; ++cuts) {
        proxy.cut();
        for (let i = 0; i < 3; ++i) await server.publish(room, { from: 'bob', text: `${i}` });
        await until(page, (count) => window.page.messages.length >= count, 2 + 3 * cuts);
      }
      const { seqs, gaps, last, cursor } = await inPage(page, () => ({
        seqs: window.page.messages.map(({ seq }) => seq),
        gaps: window.page.gaps,
        last: window.page.states.at(-1),
        cursor: window.page.connection.cursor,
      }));
      assert.deepEqual([seqs, gaps], [upTo(8), []]);
      const name = transport === 'auto' ? 'websocket' : transport;
      assert.deepEqual(last, { is: 'connected', transport: name });
      assert.deepEqual(cursor, { epoch, seq: 8 });
    });
    proxy.close();
  });
}

test('a page that leaves at any moment leaves nothing behind, in its console neither', async () => {
  await withPage(server.url, async (page, console) => {
    await inPage(
      page,
      async (transports) => {
        for (const transport of transports) {
          for (const ms of [0, 1, 2, 4, 8, 16, 32]) {
            const { connection } = join({ transport, room: 'left' });
            connection.publish('ann', 'hi');
            await new Promise((resolve) => setTimeout(resolve, ms));
            connection.leave();
          }
        }
      },
      TRANSPORTS,
    );
    for (const transport of TRANSPORTS) await server.hasSubscribers('left', transport, 0);
    assert.deepEqual(console, []);
  });
});

for (const transport of ['long-polling', 'sse', 'websocket']) {
  test(`pages of one browser wait side by side: ${transport}`, async () => {
    const room = `c${++rooms}`;
    await withPage(server.url, async (page) => {
      await inPage(
        page,
        (options) => void (window.pages = [join(options), join(options)]),
        { transport, room },
      );
      await server.hasSubscribers(room, transport, 2);
      await server.publish(room, { from: 'bob', text: 'hi' });
      await until(page, () => window.pages.every(({ messages }) => messages.length === 1));
    });
  });
}

test('a page that is online again, or seen again, does not wait', async () => {
  const gone = await opens(Server.start());
  await gone.stop();
  const proxy = await opens(Proxy.open(server));
  await withPage(proxy.url, async (page) => {
    proxy.server = gone;
    proxy.cut(); // the page's own connection would lead to the other server still
    await inPage(page, () => {
      // Left alone, these would try again in a day.
      const environment = { random: () => 1e6 };
      window.pages = ['sse', 'websocket'].map((transport) => join({ transport, room: 'back' }, environment));
    });
    const waiting = () => window.pages.every(({ states }) => states.at(-1).is === 'retrying');
    const connected = () => window.pages.every(({ states }) => states.at(-1).is === 'connected');
    await until(page, waiting);
    proxy.server = server;
    await inPage(page, () => window.dispatchEvent(new Event('online')));
    await until(page, connected);
    proxy.cut();
    await until(page, waiting);
    await inPage(page, () => document.dispatchEvent(new Event('visibilitychange')));
    await until(page, connected);
    const checks = () =>
      window.pages[1].wire.filter(({ is, purpose }) => is === 'answer' && purpose === 'check').length;
    const before = await page.evaluate(checks);
    await inPage(page, () => document.dispatchEvent(new Event('visibilitychange')));
    await until(page, `(${checks})() > ${before}`);
  });
  proxy.close();
});

const HEAD = /(GET|POST|HTTP\/1\.1) [^\r\n]*\r\n([^\r\n]+\r\n)+\r\n/g;

/** Whole heads among the bytes of all connections. */
const headsOf = (connections) =>
  [...connections.values()].flatMap((bytes) => [...bytes.matchAll(HEAD)].map(([head]) => head));

const namesOf = (head) =>
  head.split('\r\n').slice(1, -2).map((line) => line.slice(0, line.indexOf(':')).toLowerCase()).sort();

/** What the page's byte model says of its requests and answers, and what was on the wire. */
async function compareHeads(url, options, setUp = () => {}, path = undefined) {
  const proxy = await opens(Proxy.open(options.behind));
  const [up, down] = [new Map(), new Map()];
  const gather = (all) => (connection, bytes) =>
    all.set(connection, (all.get(connection) ?? '') + bytes.toString('latin1'));
  proxy.onSent = gather(up);
  proxy.onReceived = gather(down);
  let wire;
  await withPage(url ?? proxy.url, async (page) => {
    await page.evaluate(setUp);
    wire = await inPage(
      page,
      async ([transports, server, token]) => {
        const wire = [];
        for (const transport of transports) {
          const page = join({ transport, room: transport, server, token });
          while (page.messages.length < 1) {
            if (page.wire.length === 0) page.connection.publish('ann', 'gr\u00fc\u00df');
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          while (!page.states.some(({ is }) => is === 'connected')) {
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          page.connection.leave();
          wire.push(...page.wire);
        }
        return wire;
      },
      [TRANSPORTS, url && proxy.url, options.token],
    );
  }, path);
  proxy.close();
  return { wire, sent: headsOf(up), received: headsOf(down) };
}

/** Every request's head is as long as the model has it, and has the same names. */
function assertAlike({ wire, sent }) {
  const requests = wire.filter(({ is }) => is === 'request');
  const purposes = new Set(requests.map(({ purpose }) => purpose));
  assert.deepEqual([...purposes].sort(), ['check', 'events', 'long-poll', 'poll', 'publish', 'socket']);
  for (const { head } of requests) {
    const firstLine = head.slice(0, head.indexOf('\r\n') + 2);
    const real = sent.find((candidate) => candidate.startsWith(firstLine));
    assert.ok(real, `Chromium did not send ${head}`);
    assert.deepEqual(namesOf(head), namesOf(real));
    assert.equal(head.length, real.length, `${head}\nbut Chromium sent\n${real}`);
  }
}

test("the byte model has Chromium's requests and the server's answers to the byte", async () => {
  const setUp = () => (document.cookie = 'session=abc');
  const compared = await compareHeads(undefined, { behind: server }, setUp);
  assertAlike(compared);
  const lengths = new Set(compared.received.map((head) => head.length));
  const answers = compared.wire.filter(({ is, status }) => is === 'answer' && status > 0);
  assert.ok(answers.length >= 8);
  for (const { down, head } of answers) assert.ok(lengths.has(down.head), `${down.head} for ${head}`);
});

for (const path of ['/', '/race']) {
  test(`and the requests of a page with the policies of its own: ${path}`, async () => {
    assertAlike(await compareHeads(undefined, { behind: server }, undefined, path));
  });
}

test('and those that a page of another origin sends', async () => {
  const page = await opens(Server.start());
  const open = await opens(Server.start('--allow-origin', page.url));
  assertAlike(await compareHeads(page.url, { behind: open }));
  await open.stop();
  await page.stop();
});
