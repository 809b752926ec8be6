// The race page in a real browser: the same messages in four columns, and the conditions that can be set.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/race_page_test.mjs

import assert from 'node:assert/strict';
import { after, before, describe, test as plainTest } from 'node:test';
import axe from 'axe-core';
import { GUARD_MS, Server } from '../conformance/serve.mjs';
import { Proxy, launch } from './browser.mjs';
import { LOST, RacePage, TRANSPORTS } from './race_page.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);

let browser;
before(async () => (browser = await launch()), { timeout: 10 * GUARD_MS });
after(() => browser?.close());

describe('a server without a link', () => {
  let server;
  before(async () => (server = await Server.start()));
  after(() => server?.stop());

  test('what is published arrives in all four columns, in some order', async () => {
    const race = await RacePage.open(browser, server, { room: 'four' });
    await race.isConnected();
    await race.publish('hello');
    assert.deepEqual((await race.arrived('hello')).sort(), ['1', '2', '3', '4']);
    const times = await race.page.locator('.arrival-time').allTextContents();
    assert.equal(
      times.filter((time) => /^[\d.,]+ ms( \(\+[\d.,]+\))?$/.test(time)).length,
      4,
      times.join(),
    );
    await server.publish('four', { from: 'eve', text: 'from elsewhere' });
    assert.deepEqual((await race.arrived('from elsewhere')).sort(), ['1', '2', '3', '4']);
    assert.equal((await server.room('four')).last, 2);
    await race.page.locator('#result', { hasText: 'hello' }).waitFor({ state: 'attached' });
    await race.close();
  });

  test('all columns begin where the room is, and with what comes then', async () => {
    for (const text of ['old', 'older']) await server.publish('begun', { from: 'eve', text });
    const race = await RacePage.open(browser, server, { room: 'begun' });
    await race.isConnected();
    await race.publish('new');
    await race.arrived('new');
    assert.equal(await race.page.locator('.arrival').count(), 4);
    await race.close();
  });

  test('many messages by itself: each column has each of them, in the same places', async () => {
    const race = await RacePage.open(browser, server, { room: 'many' });
    await race.isConnected();
    await race.slide('rate', 'End');
    await race.slide('interval', 'Home');
    await race.page.locator('#generate').check();
    const delivered = (count) =>
      race.page.waitForFunction(
        (wanted) =>
          [...document.querySelectorAll('.column')].every(
            ({ dataset }) => Number(dataset.messages) >= wanted,
          ),
        count,
      );
    await delivered(12);
    await race.page.locator('#generate').uncheck();
    await race.publish('the end');
    await race.arrived('the end');
    const { last } = await server.room('many');
    await delivered(last);
    const columns = await race.page.locator('.column').evaluateAll((all) =>
      all.map((column) => ({
        seqs: [...column.querySelectorAll('.arrival')].map(({ dataset }) => Number(dataset.seq)),
        messages: Number(column.dataset.messages),
        mean: column.querySelector('[data-figure=mean]').textContent,
      })),
    );
    for (const { seqs, messages, mean } of columns) {
      assert.deepEqual(seqs, [last, last - 1, last - 2, last - 3, last - 4]);
      assert.equal(messages, last);
      assert.match(mean, / ms$/);
    }
    await race.close();
  });

  test('interval and hold are taken up', async () => {
    const race = await RacePage.open(browser, server, { room: 'tuned' });
    await race.isConnected();
    await race.slide('interval', 'Home');
    assert.equal(await race.page.locator('#interval').getAttribute('aria-valuetext'), '100 ms');
    await race.asks((asked) => asked.filter((one) => one.includes('/poll?')).length > 5);
    await race.slide('hold', 'Home');
    await race.publish('wakes the one that is held');
    await race.asks((asked) => asked.some((one) => one.endsWith('&wait=1')));
    await race.close();
  });

  test('a delay cannot be added, and the page says why', async () => {
    const race = await RacePage.open(browser, server, { room: 'no-link' });
    await race.isConnected();
    assert.equal(await race.page.locator('#delay').isDisabled(), true);
    assert.match(await race.page.locator('#delay-why').textContent(), /pushbench serve --link/);
    assert.ok(!race.asked.some((one) => one.includes('/link')));
    await race.close();
  });

  test('each column has its meter, its timeline and its wire', async () => {
    const race = await RacePage.open(browser, server, { room: 'parts' });
    await race.isConnected();
    await race.publish('seen');
    await race.arrived('seen');
    assert.equal(await race.page.locator('.column .timeline-picture').count(), 4);
    const exchanges = (transport) =>
      race.page.waitForFunction(
        (name) =>
          Number(
            document.querySelector(`[data-transport=${name}] [data-figure=exchanges]`).textContent,
          ) > 0,
        transport,
      );
    for (const transport of TRANSPORTS) {
      await exchanges(transport);
      await race.page.locator(`#wire-choice [value=${transport}]`).check();
      const pane = race.page.locator('#wires > :not([hidden])');
      await pane.locator('.wire-entry').first().waitFor();
      assert.equal(await pane.count(), 1);
      if (transport === 'websocket') await pane.locator('.frame-figure').waitFor();
    }
    assert.match(await race.page.locator('#sources').textContent(), /byte model|Resource Timing/);
    await race.close();
  });

  for (const lang of ['en', 'ru']) {
    for (const colorScheme of ['light', 'dark']) {
      test(`axe finds nothing serious: ${lang}, ${colorScheme}`, async () => {
        const room = `axe.${lang}.${colorScheme}`;
        const race = await RacePage.open(browser, server, { room, lang }, { colorScheme });
        await race.isConnected();
        await race.publish('hello');
        await race.arrived('hello');
        await race.page.evaluate(axe.source); // as an element it would be kept out by the page's policy
        for (const transport of TRANSPORTS) {
          await race.page.locator(`#wire-choice [value=${transport}]`).check();
          await race.page.locator('#wires > :not([hidden]) .wire-labels').first().waitFor();
          const { violations } = await race.page.evaluate(() => window.axe.run());
          const faults = violations.filter(
            ({ impact }) => impact === 'serious' || impact === 'critical',
          );
          assert.deepEqual(
            faults.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`)),
            [],
          );
        }
        assert.equal(await race.page.evaluate(() => document.documentElement.lang), lang);
        await race.close();
      });
    }

    test(`at a phone's width all four are there, and nothing stands out: ${lang}`, async () => {
      const race = await RacePage.open(
        browser,
        server,
        { room: `narrow.${lang}`, lang },
        { viewport: { width: 400, height: 850 } },
      );
      await race.isConnected();
      await race.publish('a'.repeat(300));
      await race.arrived('a'.repeat(300));
      for (const transport of TRANSPORTS) {
        await race.page.locator(`#wire-choice [value=${transport}]`).check();
        await race.page.locator('#wires > :not([hidden]) .wire-labels').first().waitFor();
        assert.equal(await race.page.evaluate(() => document.scrollingElement.scrollWidth), 400);
      }
      await race.close();
    });
  }
});

describe('a server with a link', () => {
  let server;
  before(async () => (server = await Server.start('--link', 'delay=0s')));
  after(() => server?.stop());

  test('the delay is set, and all columns connect anew and lose nothing', async () => {
    const race = await RacePage.open(browser, server, { room: 'delayed' });
    await race.isConnected();
    await race.publish('before');
    await race.arrived('before');
    assert.equal(await race.page.locator('#delay').isDisabled(), false);
    for (let i = 0; i < 5; ++i) await race.slide('delay', 'ArrowRight');
    assert.equal(await race.page.locator('#delay-value').textContent(), '150 ms');
    const delay = async () => (await (await server.fetch('/link')).json()).delay;
    while ((await delay()) !== '150ms') assert.ok(race.asked.includes('PUT /link'));
    await race.isConnected();
    await race.publish('after');
    assert.deepEqual((await race.arrived('after')).sort(), ['1', '2', '3', '4']);
    const messages = await race.page
      .locator('.column')
      .evaluateAll((all) => all.map(({ dataset }) => dataset.messages));
    assert.deepEqual(messages, ['2', '2', '2', '2']);
    await race.close(LOST);
  });
});

test("a server's delay that is between the slider's steps is shown as it is", async () => {
  const server = await Server.start('--link', 'delay=20ms');
  const race = await RacePage.open(browser, server, { room: 'odd-delay' });
  await race.page.locator('#delay-value', { hasText: /^20 ms$/ }).waitFor();
  assert.ok(!race.asked.includes('PUT /link'));
  await race.slide('delay', 'ArrowRight');
  assert.equal(await race.page.locator('#delay-value').textContent(), '25 ms');
  await race.close(LOST);
  await server.stop();
});

test('a server that was restarted: all columns come back, and begin anew with it', async () => {
  const server = await Server.start();
  const proxy = await Proxy.open(server);
  const race = await RacePage.open(browser, proxy, { room: 'restart' });
  await race.isConnected();
  await race.publish('before');
  await race.arrived('before');
  server.signal('SIGKILL');
  await server.ended();
  for (const transport of TRANSPORTS) {
    await race.page.locator(`[data-transport=${transport}][data-state=retrying]`).waitFor();
  }
  assert.match(
    await race.page.locator('.column-state').first().textContent(),
    /^lost, retrying in \d+ s/,
  );
  const next = await Server.start();
  proxy.server = next;
  await race.isConnected();
  await race.publish('after');
  assert.deepEqual((await race.arrived('after')).sort(), ['1', '2', '3', '4']);
  assert.equal(await race.page.locator('.arrival', { hasText: 'before' }).count(), 0);
  await race.close(LOST);
  proxy.close();
  await next.stop();
});
