// The browser library's "auto" behind proxies that break one transport after the other.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/library_auto_test.mjs

import assert from 'node:assert/strict';
import { after, before, test as plainTest } from 'node:test';
import { GUARD_MS, Server, within } from '../conformance/serve.mjs';
import { BrokenProxy } from './broken_proxy.mjs';
import { Page, opens } from './page.mjs';
import { Proxy } from './proxy.mjs';

const test = (name, body) => plainTest(name, { timeout: 3 * GUARD_MS }, body);

let server;
before(async () => (server = await Server.start()));
after(() => server?.stop());

let rooms = 0;

/** What the page was connected by, one after the other. */
const used = (page) =>
  page.states.flatMap(({ transport }) => transport ?? []).filter((name, i, all) => name !== all[i - 1]);

/**
 * A page that chats through a proxy with such rules: which transports it ends up with, whether all came
 * through, and for which reasons it fell back.
 */
async function chat(rules, { limits = {}, environment } = {}) {
  const room = `a${++rooms}`;
  const proxy = await opens(BrokenProxy.open(server, rules));
  await server.publish(room, { from: 'bob', text: 'before' });
  const quick = { opening: 3000, ...limits };
  const page = Page.join('auto', proxy, { room, limits: quick, holdS: 1, environment });
  assert.equal(await page.publish('own'), 2);
  return { room, proxy, page };
}

/** It settles on that transport, with all messages once and in order. */
async function settlesOn(transport, { room, proxy, page }) {
  await page.until(() => used(page).at(-1) === transport, transport);
  await server.publish(room, { from: 'bob', text: 'after' });
  await page.has(3);
  assert.equal(await page.publish('late'), 4);
  await page.has(4);
  assert.deepEqual(page.heard, [1, 2, 3, 4]);
  assert.deepEqual(page.texts, ['before', 'own', 'after', 'late']);
  assert.equal(page.state.transport, transport);
  page.leave();
  proxy.close();
  return page.states.flatMap((state) => (state.is === 'retrying' && state.inMs === 0 ? [state.reason] : []));
}

test('where nothing is broken it is the WebSocket', async () => {
  const all = await chat({});
  assert.deepEqual(await settlesOn('websocket', all), []);
  assert.deepEqual(used(all.page), ['websocket']);
});

for (const socket of ['strip', 'refuse', 'hang']) {
  test(`a proxy that does this to an upgrade leads to the event stream: ${socket}`, async () => {
    const all = await chat({ socket });
    const [reason, ...more] = await settlesOn('sse', all);
    assert.match(reason, /no WebSocket comes through/);
    assert.deepEqual([more, used(all.page)], [[], ['sse']]);
  });
}

test('so does one whose WebSockets end as soon as they are open', async () => {
  const all = await chat({ socket: 'cut' });
  const [reason] = await settlesOn('sse', all);
  assert.match(reason, /open but bring nothing/);
});

test('and one whose WebSockets bring nothing', async () => {
  const all = await chat({ socket: 'hold' }, { limits: { quiet: 100, arrival: 500 } });
  const [reason] = await settlesOn('sse', all);
  assert.match(reason, /what the room holds does not come/);
});

test('and a place without any WebSocket', async () => {
  const [reason] = await settlesOn('sse', await chat({}, { environment: { WebSocket: undefined } }));
  assert.match(reason, /there is no WebSocket here/);
});

for (const [events, why] of [
  ['gather', /something between holds it back/],
  ['gather-body', /something between holds it back/],
  ['page', /the answer was 200/],
  ['end', /ended before it began/],
]) {
  test(`a proxy that does this to an event stream leads to long polling: ${events}`, async () => {
    const all = await chat({ socket: 'strip', events });
    const reasons = await settlesOn('long-polling', all);
    assert.equal(reasons.length, 2);
    assert.match(reasons[1], why);
    assert.deepEqual(used(all.page), ['long-polling']);
  });
}

test('so does one whose event streams fall silent after their first bytes, twice', async () => {
  const limits = { silence: 300 };
  const all = await chat({ socket: 'strip', events: 'hold' }, { limits });
  const [, reason, ...more] = await settlesOn('long-polling', all);
  assert.match(reason, /not even a comment/);
  assert.deepEqual([more, used(all.page)], [[], ['sse', 'long-polling']]);
  const silent = all.page.states.filter((state) => /not even a comment/.test(state.reason));
  assert.equal(silent.length, 2); // the first time it was tried again
});

test('a page in doubt does not say connected, and asks at once when the network is back', async (t) => {
  globalThis.window = new EventTarget(); // where a browser says that the network is back
  t.after(() => delete globalThis.window);
  const proxy = await opens(BrokenProxy.open(server, { socket: 'strip', events: 'hold' }));
  const page = Page.join('auto', proxy, { room: 'doubt', limits: { silence: 300 } });
  await page.is('connected');
  const hung = new Promise((resolve) => (proxy.onHung = resolve));
  proxy.rules.checks = 1;
  await within(hung, 'the check');
  assert.deepEqual(page.states.slice(-2).map(({ is }) => is), ['connected', 'connecting']);
  globalThis.window.dispatchEvent(new Event('online'));
  await page.until(() => page.state.transport === 'long-polling', 'long polling');
  page.leave();
  proxy.close();
});

for (const held of ['timeout', 'cut']) {
  test(`a proxy that does this to a held request leads to polling: ${held}`, async () => {
    const reasons = await settlesOn('polling', await chat({ socket: 'strip', events: 'gather', held }));
    assert.equal(reasons.length, 3);
    assert.match(reasons[2], /requests that wait are cut off/);
  });
}

test('a server that is away breaks no transport', async () => {
  const gone = await opens(Server.start());
  await gone.stop();
  const proxy = await opens(Proxy.open(gone));
  const page = Page.join('auto', proxy, { room: 'away' });
  await page.until(() => page.states.filter(({ is }) => is === 'retrying').length >= 4, 'attempts');
  proxy.server = server;
  assert.equal((await page.is('connected')).transport, 'websocket');
  for (let cuts = 0; cuts < 4; ++cuts) {
    const from = page.states.length;
    proxy.cut();
    assert.equal((await page.is('connected', from)).transport, 'websocket');
    await page.publish(`${cuts}`);
  }
  await page.has(4);
  assert.deepEqual(page.heard, [1, 2, 3, 4]);
  page.leave();
  proxy.close();
});
