// What the race page does about what is not as it was: no connection yet, a token, a delay that others change.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/race_conditions_test.mjs

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test as plainTest } from 'node:test';
import { GUARD_MS, Server, inFolder } from '../conformance/serve.mjs';
import { Proxy, launch } from './browser.mjs';
import { LOST, RacePage } from './race_page.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);
const SECRET = 'a-secret-of-some-length';

let browser;
before(async () => (browser = await launch()), { timeout: 10 * GUARD_MS });
after(() => browser?.close());

/** With a server whose delay can be set; `args`: more of its command line. */
async function withServer(args, body) {
  const server = await Server.start(...args);
  await body(server);
  await server.stop();
}

const setDelay = (server, delay) =>
  server.fetch('/link', { method: 'PUT', body: JSON.stringify({ delay }) });
const delayOf = async (server) => (await (await server.fetch('/link')).json()).delay;
const shows = (race, delay) =>
  race.page.waitForFunction(
    (words) => document.getElementById('delay-value').textContent === words,
    delay,
  );
/** How often the event streams' column has connected. */
const streams = (asked) => asked.filter((one) => one.includes('/events?')).length;

test('before there is a connection nothing is published, and what was written stays', async () => {
  await withServer([], async (server) => {
    let release;
    const held = new Promise((resolve) => (release = resolve));
    const hold = (page) =>
      page.route('**/rooms/early', async (route) => {
        await held;
        await route.continue();
      });
    const race = await RacePage.open(browser, server, { room: 'early' }, {}, hold);
    const { page } = race;
    await page.locator('.column[data-state=connecting]').nth(3).waitFor();
    assert.equal(await page.locator('.column-state').first().textContent(), 'connecting…');
    assert.equal(await page.locator('#send').isDisabled(), true);
    assert.equal(await page.locator('#generate').isDisabled(), true);
    await race.publish('too soon');
    assert.equal(await page.locator('#text').inputValue(), 'too soon');
    release();
    await race.isConnected();
    assert.equal(await page.locator('#generate').isDisabled(), false);
    await page.locator('#text').press('Enter');
    assert.deepEqual((await race.arrived('too soon')).sort(), ['1', '2', '3', '4']);
    assert.equal(await page.locator('#text').inputValue(), '');
    await race.close();
  });
});

test('a server that wants a token is given one on this page, too', async () => {
  await inFolder(async (folder) => {
    const file = path.join(folder, 'token');
    fs.writeFileSync(file, `${SECRET}\n`);
    await withServer(['--token-file', file, '--link', 'delay=0s'], async (server) => {
      const race = await RacePage.open(browser, server, { room: 'closed' });
      const { page } = race;
      await page.locator('#token').waitFor();
      const fault = page.locator('#token-fault');
      assert.equal(await fault.textContent(), '');
      assert.equal(await page.locator('#send').isDisabled(), true);
      const states = page.locator('.column[data-state=failed] .column-state');
      await states.filter({ hasText: /^not connected$/ }).nth(3).waitFor();
      await page.locator('#token').fill('another-secret');
      await page.locator('#token').press('Enter');
      await fault.filter({ hasText: 'The server does not accept this token' }).waitFor();
      assert.equal(await page.locator('#token').getAttribute('aria-invalid'), 'true');
      await page.locator('#token').fill(SECRET);
      await page.locator('#token').press('Enter');
      await race.isConnected();
      assert.equal(await page.locator('#token').isVisible(), false);
      await race.publish('let in');
      assert.deepEqual((await race.arrived('let in')).sort(), ['1', '2', '3', '4']);
      await race.slide('delay', 'ArrowRight');
      while ((await delayOf(server)) !== '10ms') assert.ok(race.asked.includes('PUT /link'));
      await page.reload();
      await race.isConnected();
      assert.doesNotMatch(page.url(), /secret/);
      await race.close(/status of 401|WebSocket/);
    });
  });
});

test('a delay that another tab has set is shown, and taken up, when this one is seen again', async () => {
  await withServer(['--link', 'delay=0s'], async (server) => {
    const race = await RacePage.open(browser, server, { room: 'others' });
    await race.isConnected();
    await shows(race, '0 ms');
    const before = streams(race.asked);
    await setDelay(server, '50ms');
    await race.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await shows(race, '50 ms');
    await race.asks((asked) => streams(asked) > before);
    await race.isConnected();
    await race.close(LOST);
  });
});

test('a restarted server’s delay is shown when the page is back', async () => {
  const server = await Server.start('--link', 'delay=20ms');
  const proxy = await Proxy.open(server);
  const race = await RacePage.open(browser, proxy, { room: 'again' });
  await race.isConnected();
  await shows(race, '20 ms');
  server.signal('SIGKILL');
  await server.ended();
  await race.page.locator('.column[data-state=retrying]').nth(3).waitFor();
  const next = await Server.start('--link', 'delay=30ms');
  proxy.server = next;
  await shows(race, '30 ms');
  await race.isConnected();
  assert.ok(!race.asked.includes('PUT /link'));
  await race.close(LOST);
  proxy.close();
  await next.stop();
});

test('of two changes the second may fail: the first has been made, and all connect anew', async () => {
  await withServer(['--link', 'delay=0s'], async (server) => {
    const race = await RacePage.open(browser, server, { room: 'half' });
    await race.isConnected();
    let release;
    const held = new Promise((resolve) => (release = resolve));
    let puts = 0;
    await race.page.route('**/link', async (route) => {
      if (route.request().method() !== 'PUT') return route.continue();
      if (++puts > 1) return route.fulfill({ status: 503, json: { detail: 'not now' } });
      await held;
      return route.continue();
    });
    const before = streams(race.asked);
    for (const delay of ['10 ms', '25 ms']) {
      await race.slide('delay', 'ArrowRight');
      await shows(race, delay);
    }
    release();
    await race.page.locator('#delay-why', { hasText: /: not now$/ }).waitFor();
    await shows(race, '10 ms');
    assert.equal(await delayOf(server), '10ms');
    await race.asks((asked) => streams(asked) > before);
    await race.close(/WebSocket|status of 503/);
  });
});
