// The chat page's looks and words: languages, themes, a phone's width, keyboard and screen reader.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/chat_page_look_test.mjs

import assert from 'node:assert/strict';
import { after, before, test as plainTest } from 'node:test';
import axe from 'axe-core';
import { GUARD_MS, Server } from '../conformance/serve.mjs';
import { launch } from './browser.mjs';
import { ChatPage } from './chat_page.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);

let server;
let browser;
before(
  async () => {
    server = await Server.start('--retain', '5');
    browser = await launch();
  },
  { timeout: 10 * GUARD_MS },
);
after(async () => {
  await browser?.close();
  await server?.stop();
});

const withContext = async (options, body) => {
  const context = await browser.newContext(options);
  await body(context);
  await context.close();
};

/** What axe finds that is serious, as "rule: where". */
async function faults({ page }) {
  await page.evaluate(axe.source); // as an element it would be kept out by the page's policy
  const { violations } = await page.evaluate(() => window.axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}

for (const lang of ['en', 'ru']) {
  for (const colorScheme of ['light', 'dark']) {
    test(`axe finds nothing serious: ${lang}, ${colorScheme}`, async () => {
      await withContext({ colorScheme }, async (context) => {
        for (const transport of ['polling', 'websocket']) {
          const room = `axe.${lang}.${colorScheme}.${transport}`;
          for (let i = 0; i < 9; ++i)
            await server.publish(room, { from: 'eve', text: `text ${i}` });
          const chat = await ChatPage.open(context, server, { room, transport, lang });
          await chat.is('connected');
          await chat.say('hello');
          await chat.shows(6);
          await chat.page.locator('#people dd').first().waitFor();
          assert.deepEqual(await faults(chat), []);
          await chat.choose('room', 'no room'); // a fault beside its field
          await chat.page.locator('#token-field').evaluate((field) => (field.hidden = false));
          assert.deepEqual(await faults(chat), []);
          await chat.close();
        }
      });
    });
  }

  test(`at a phone's width nothing stands out: ${lang}`, async () => {
    await withContext({ viewport: { width: 400, height: 800 } }, async (context) => {
      const chat = await ChatPage.open(context, server, {
        room: `narrow.${lang}`,
        transport: 'websocket',
        lang,
      });
      await chat.is('connected');
      await chat.say('a'.repeat(300));
      await chat.shows(1);
      assert.equal(await chat.page.evaluate(() => document.scrollingElement.scrollWidth), 400);
      await chat.close();
    });
  });
}

test('the address has the language, else the browser; a link changes it and keeps the rest', async () => {
  await withContext({ locale: 'ru-RU' }, async (context) => {
    const chat = await ChatPage.open(context, server, {
      room: 'lang',
      transport: 'sse',
      name: 'ann',
      lang: '',
    });
    const language = () => chat.page.evaluate(() => document.documentElement.lang);
    assert.equal(await language(), 'ru');
    await chat.say('hi');
    await chat.shows(1);
    await chat.page.locator('#text').fill('not yet sent');
    await chat.page.locator('a[data-language=en]').click();
    await chat.page.locator('html[lang=en]').waitFor();
    assert.equal(await chat.page.title(), 'pushbench: chat');
    assert.deepEqual(await chat.shows(1), ['hi']);
    assert.equal(await chat.page.locator('#text').inputValue(), 'not yet sent');
    assert.deepEqual(chat.search, { room: 'lang', transport: 'sse', name: 'ann', lang: 'en' });
    const race = new URL(await chat.page.locator('a[href*="/race"]').evaluate(({ href }) => href));
    assert.deepEqual(Object.fromEntries(race.searchParams), {
      room: 'lang',
      name: 'ann',
      lang: 'en',
    });
    await chat.close();
  });
});

test('numbers have the forms that Russian gives them', async () => {
  await withContext({}, async (context) => {
    for (const [count, words] of [
      [1, '1 сообщение'],
      [3, '3 сообщения'],
      [5, '5 сообщений'],
      [21, '21 сообщение'],
    ]) {
      const room = `forms.${count}`;
      for (let i = 0; i < count + 5; ++i) await server.publish(room, { from: 'eve', text: 'x' });
      const chat = await ChatPage.open(context, server, { room, transport: 'polling', lang: 'ru' });
      const [gap] = await chat.shows(6);
      assert.equal(gap, `пропущено ${words}: сервер их больше не хранит.`);
      await chat.close();
    }
  });
});

test('the theme follows the system until one is chosen, which is kept', async () => {
  await withContext({ colorScheme: 'light' }, async (context) => {
    const chat = await ChatPage.open(context, server, { room: 'theme', transport: 'sse' });
    const ground = () => chat.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await chat.page.emulateMedia({ colorScheme: 'dark' });
    const dark = await ground();
    assert.notEqual(dark, light);
    await chat.choose('theme', 'light');
    assert.equal(await ground(), light);
    await chat.page.reload();
    assert.equal(await ground(), light);
    await chat.choose('theme', 'dark');
    await chat.page.emulateMedia({ colorScheme: 'light' });
    assert.equal(await ground(), dark);
    await chat.choose('theme', 'auto');
    assert.equal(await ground(), light);
    await chat.close();
  });
});

test('the keyboard gets everywhere', async () => {
  await withContext({}, async (context) => {
    const chat = await ChatPage.open(context, server, { room: 'keys', transport: 'polling' });
    await chat.is('connected');
    const focused = () =>
      chat.page.evaluate(() => document.activeElement.id || document.activeElement.className);
    await chat.page.keyboard.press('Tab');
    assert.equal(await focused(), 'skip');
    await chat.page.keyboard.press('Enter');
    assert.equal(await focused(), 'main');
    const seen = [];
    while (!seen.includes('text')) {
      await chat.page.keyboard.press('Tab');
      seen.push(await focused());
      assert.ok(seen.length < 20, seen.join(' '));
    }
    assert.deepEqual(
      seen.filter((id) => id !== ''),
      ['name', 'room', 'transport', 'interval', 'log', 'text'],
    );
    await chat.page.keyboard.type('by hand');
    await chat.page.keyboard.press('Enter');
    assert.deepEqual(await chat.shows(1), ['by hand']);
    assert.equal(await focused(), 'text');
    await chat.close();
  });
});

test('many messages at once are counted to those who listen, a few are read out', async () => {
  await withContext({}, async (context) => {
    const chat = await ChatPage.open(context, server, { room: 'many', transport: 'sse' });
    await chat.is('connected');
    const live = () => chat.page.locator('#log').getAttribute('aria-live');
    await server.publish('many', { from: 'eve', text: 'one' });
    await chat.shows(1);
    assert.equal(await live(), 'polite');
    await chat.close();
    for (let i = 0; i < 8; ++i) await server.publish('many', { from: 'eve', text: 'x' });
    const late = await ChatPage.open(context, server, { room: 'many', transport: 'sse' });
    await late.shows(6);
    assert.equal(await late.page.locator('#log').getAttribute('aria-live'), 'off');
    await late.hears('5 messages came');
    await late.close();
  });
});

test('what is said twice is heard twice', async () => {
  const slow = await Server.start('--batch-window', '1s');
  await withContext({}, async (context) => {
    const chat = await ChatPage.open(context, slow, { room: 'twice', transport: 'sse' });
    await chat.is('connected');
    await chat.page.evaluate(() => {
      const said = document.getElementById('said');
      window.heard = [];
      new MutationObserver(() => heard.push(said.textContent)).observe(said, { childList: true });
    });
    const times = (count) =>
      chat.page.waitForFunction(
        (wanted) => heard.filter((words) => words.includes('5 messages came')).length === wanted,
        count,
      );
    for (const count of [1, 2]) {
      const drafts = [1, 2, 3, 4, 5].map((i) => ({ from: 'eve', text: `${count}.${i}` }));
      await Promise.all(drafts.map((draft) => slow.publish('twice', draft)));
      await times(count);
    }
    await chat.close();
  });
  await slow.stop();
});
