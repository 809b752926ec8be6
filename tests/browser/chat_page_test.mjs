// The chat page in a real browser: its transports talk with each other, it resumes, and its meter
// counts right.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/chat_page_test.mjs

import assert from 'node:assert/strict';
import { after, before, describe, test as plainTest } from 'node:test';
import { GUARD_MS, Server } from '../conformance/serve.mjs';
import { Proxy, launch } from './browser.mjs';
import { ChatPage, LOST, TRANSPORTS } from './chat_page.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);

let browser;
let context;
before(
  async () => {
    browser = await launch();
    context = await browser.newContext();
  },
  { timeout: 10 * GUARD_MS },
);
after(() => browser?.close());

const texts = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => `text ${from + i}`);
const publish = async (server, room, from, to) => {
  for (const text of texts(from, to)) await server.publish(room, { from: 'eve', text });
};

describe('on one server', () => {
  let server;
  before(async () => (server = await Server.start()));
  after(() => server?.stop());

  for (const one of TRANSPORTS) {
    for (const other of TRANSPORTS) {
      test(`${one} and ${other} chat with each other`, async () => {
        const room = `${one}.${other}`;
        const ann = await ChatPage.open(context, server, { room, transport: one, name: 'ann' });
        const bob = await ChatPage.open(context, server, { room, transport: other, name: 'bob' });
        await ann.say('hello bob');
        assert.deepEqual(await bob.shows(1), ['hello bob']);
        await bob.say('hello ann');
        assert.deepEqual(await ann.shows(2), ['hello bob', 'hello ann']);
        assert.deepEqual(await bob.shows(2), ['hello bob', 'hello ann']);
        const names = await ann.page.locator('.said-by').allTextContents();
        assert.deepEqual(names, ['ann:', 'bob:']);
        assert.equal(await ann.page.locator('.is-mine').count(), 1);
        await ann.close();
        await bob.close();
      });
    }
  }

  for (const transport of TRANSPORTS) {
    test(`${transport}: a reload resumes where the page was`, async () => {
      const room = `reload.${transport}`;
      await publish(server, room, 1, 3);
      const chat = await ChatPage.open(context, server, { room, transport });
      assert.deepEqual(await chat.shows(3), texts(1, 3));
      await chat.page.reload({ waitUntil: 'commit' });
      await publish(server, room, 4, 5);
      assert.deepEqual(await chat.shows(5), texts(1, 5));
      await chat.page.waitForFunction(
        () => document.querySelector('[data-figure=delivered]').dataset.value === '2',
      );
      await publish(server, room, 6, 6);
      assert.deepEqual(await chat.shows(6), texts(1, 6));
      await chat.close();
    });
  }

  test('what was not sent before a reload is sent after it, once', async () => {
    const chat = await ChatPage.open(context, server, { room: 'drafts', transport: 'sse' });
    await chat.is('connected');
    await chat.page.route('**/messages', (route) => route.abort());
    await chat.say('still here');
    await chat.page.locator('#outbox li').waitFor();
    await chat.page.reload();
    await chat.page.unroute('**/messages');
    assert.deepEqual(await chat.shows(1), ['still here']);
    await chat.say('and on');
    assert.deepEqual(await chat.shows(2), ['still here', 'and on']);
    assert.equal((await server.room('drafts')).last, 2);
    await chat.close(LOST);
  });

  test('room and transport change without a reload, and each room is as it was left', async () => {
    await publish(server, 'first', 1, 2);
    await publish(server, 'second', 3, 3);
    const chat = await ChatPage.open(context, server, {
      room: 'first',
      transport: 'websocket',
      name: 'ann',
    });
    assert.deepEqual(await chat.shows(2), texts(1, 2));
    await chat.choose('transport', 'long-polling');
    await server.hasSubscribers('first', 'long-polling', 1);
    await server.hasSubscribers('first', 'websocket', 0);
    await chat.choose('room', 'second');
    await chat.page.locator('.said', { hasText: 'text 3' }).waitFor();
    assert.deepEqual(await chat.texts(), texts(3, 3));
    await chat.choose('room', 'first');
    await publish(server, 'first', 4, 4);
    assert.deepEqual(await chat.shows(3), ['text 1', 'text 2', 'text 4']);
    assert.deepEqual(chat.search, {
      lang: 'en',
      room: 'first',
      transport: 'long-polling',
      name: 'ann',
      hold: '25',
    });
    await chat.close();
  });

  test('it says who is in the room, and what polling leaves unknown', async () => {
    const query = { room: 'people', name: 'ann' };
    const chat = await ChatPage.open(context, server, { ...query, transport: 'sse' });
    const other = await ChatPage.open(context, server, { ...query, transport: 'polling' });
    await server.hasSubscribers('people', 'sse', 1);
    const told = () =>
      [...document.querySelectorAll('#people > *')].map(({ textContent }) => textContent);
    await other.page.waitForFunction(
      () => document.querySelectorAll('#people > dd')[2]?.textContent === '1',
    );
    assert.deepEqual(await other.page.evaluate(told), [
      ...['polling (you)', 'unknown', 'long polling', '0'],
      ...['server-sent events (SSE)', '1', 'WebSocket', '0'],
    ]);
    await chat.close();
    await other.close();
  });

  test('no name, room or text becomes markup', async () => {
    const markup = '<img src=x onerror="document.title=1"><b>&amp;</b>';
    const chat = await ChatPage.open(context, server, {
      room: `<b>`,
      transport: 'websocket',
      name: markup,
    });
    await chat.is('connected');
    assert.equal(chat.search.room, 'lobby'); // such a room cannot be
    await chat.say(markup);
    assert.deepEqual(await chat.shows(1), [markup]);
    assert.equal(await chat.page.locator('.said-by').textContent(), `${markup}:`);
    assert.equal(await chat.page.evaluate(() => document.querySelectorAll('img, b').length), 0);
    await chat.close();
  });

  test('faults are said beside their fields, and what the server refuses below the log', async () => {
    const chat = await ChatPage.open(context, server, { room: 'faults', transport: 'polling' });
    await chat.is('connected');
    await chat.choose('room', 'no room');
    assert.match(await chat.page.locator('#room-fault').textContent(), /^1 to 64 letters/);
    assert.equal(await chat.page.locator('#room').getAttribute('aria-invalid'), 'true');
    await chat.choose('room', 'faults');
    assert.equal(await chat.page.locator('#room-fault').textContent(), '');
    await chat.choose('interval', '7');
    assert.match(await chat.page.locator('#interval-fault').textContent(), /from 50 to 60,000/);
    await chat.choose('interval', '200');
    assert.equal(chat.search.interval, '200');
    await chat.choose('interval', '7');
    await chat.choose('transport', 'websocket'); // the fault goes with its field
    await chat.is('connected');
    assert.equal(chat.search.transport, 'websocket');
    await chat.choose('transport', 'polling');
    assert.equal(chat.search.interval, '200');
    assert.equal(await chat.page.locator('#interval-fault').textContent(), '');
    await chat.say('x'.repeat(5000));
    assert.match(await chat.page.locator('#outbox .is-refused').textContent(), /^Not sent: .*4096/);
    await chat.say('short');
    assert.deepEqual(await chat.shows(1), ['short']);
    assert.equal(await chat.page.locator('#outbox li').count(), 0);
    await chat.close(/status of 400/);
  });
});

for (const transport of TRANSPORTS) {
  test(`${transport}: the meter counts what the server counts`, async () => {
    const server = await Server.start();
    const chat = await ChatPage.open(context, server, { room: 'meter', transport });
    await chat.is('connected');
    for (let i = 1; i <= 3; ++i) {
      await chat.say(`text ${i}`);
      await chat.shows(i);
    }
    await publish(server, 'meter', 4, 5); // by POST, but not the page's
    assert.deepEqual(await chat.shows(5), texts(1, 5));
    if (transport === 'polling') await chat.choose('interval', '60000'); // both stand still
    const labels = (name, label) => server.metric(`pushbench_${name}_total{transport="${label}"}`);
    const counted = async () => ({
      subscribing: await labels('exchanges', transport),
      publishing: (await labels('exchanges', 'publish')) - 2,
      empty: await labels('empty_exchanges', transport),
      delivered: await labels('deliveries', transport),
    });
    const shown = async () => {
      const publishing = await chat.figure('publishes');
      return {
        subscribing: (await chat.figure('exchanges')) - publishing,
        publishing,
        empty: await chat.figure('empty'),
        delivered: await chat.figure('delivered'),
      };
    };
    const giveUp = performance.now() + GUARD_MS;
    const isSame = async () => JSON.stringify(await shown()) === JSON.stringify(await counted());
    while (!(await isSame()) && performance.now() < giveUp);
    const figures = await shown();
    assert.deepEqual(figures, await counted());
    assert.equal(figures.delivered, 5);
    assert.equal(figures.publishing, transport === 'websocket' ? 0 : 3);
    assert.ok((await chat.figure('headsUp')) > 100);
    assert.ok((await chat.figure('bodiesDown')) > 5 * '{"seq":1,"from":"","text":"text 1"}'.length);
    assert.ok((await chat.figure('mostLatency')) >= (await chat.figure('medianLatency')));
    await chat.page.locator('#reset').click();
    assert.equal(await chat.figure('delivered'), 0);
    await chat.close();
    await server.stop();
  });

  test(`${transport}: a server's death and its return are told of, and the chat goes on`, async () => {
    const server = await Server.start();
    const proxy = await Proxy.open(server);
    const chat = await ChatPage.open(context, proxy, { room: 'restart', transport });
    await publish(server, 'restart', 1, 2);
    assert.deepEqual(await chat.shows(2), texts(1, 2));
    server.signal('SIGKILL');
    await server.ended();
    await chat.is('retrying');
    const words = /^connection lost, retrying in \d+ s/;
    await chat.page.waitForFunction(
      (source) => new RegExp(source).test(document.getElementById('state-shown').textContent),
      words.source,
    );
    await chat.hears('connection lost, retrying');
    await chat.say('from before'); // it goes to the next one
    const next = await Server.start();
    await publish(next, 'restart', 3, 3);
    proxy.server = next;
    await chat.is('connected');
    const all = await chat.shows(5);
    assert.deepEqual(all.slice(0, 2), texts(1, 2));
    assert.match(all[2], /^The server was restarted: .*; it has [12] messages? now\.$/);
    assert.deepEqual(all.slice(3).sort(), ['from before', 'text 3']);
    await chat.close(LOST);
    proxy.close();
    await next.stop();
  });
}

test('a gap says how many messages are missing', async () => {
  const server = await Server.start('--retain', '3');
  const dead = await Server.start();
  await dead.stop();
  const proxy = await Proxy.open(server);
  const chat = await ChatPage.open(context, proxy, { room: 'gap', transport: 'websocket' });
  await publish(server, 'gap', 1, 2);
  await chat.shows(2);
  proxy.server = dead;
  proxy.cut();
  await publish(server, 'gap', 3, 9);
  proxy.server = server;
  const gap = 'gap of 4 messages: the server no longer keeps them.';
  assert.deepEqual(await chat.shows(6), [...texts(1, 2), gap, ...texts(7, 9)]);
  await chat.page.reload();
  await publish(server, 'gap', 10, 10);
  assert.deepEqual(await chat.shows(7), [...texts(1, 2), gap, ...texts(7, 10)]);
  await chat.close(LOST);
  proxy.close();
  await server.stop();
});
