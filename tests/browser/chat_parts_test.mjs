// The chat page's parts that need no browser: its address, its words, its figures.
// Run with: node --test tests/browser/chat_parts_test.mjs

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { moduleOf } from './library.mjs';

test('an address gives settings, and settings give an address', async () => {
  const { settingsFrom, searchFor } = await moduleOf('page/settings.ts');
  const usual = { name: 'guest', room: 'lobby', transport: 'auto', intervalMs: 1000, holdS: 25 };
  assert.deepEqual(settingsFrom('', 'guest'), usual);
  const all = '?lang=ru&room=a.b&transport=polling&name=%C3%A4nn&interval=250';
  const settings = { ...usual, name: 'änn', room: 'a.b', transport: 'polling', intervalMs: 250 };
  assert.deepEqual(settingsFrom(all, 'guest'), settings);
  assert.equal(searchFor(settings, '?lang=ru&hold=7'), all);
  const held = searchFor({ ...settings, transport: 'long-polling', holdS: 3 }, all);
  assert.equal(held, '?lang=ru&room=a.b&transport=long-polling&name=%C3%A4nn&hold=3');
});

test('what an address gets wrong is as usual', async () => {
  const { settingsFrom } = await moduleOf('page/settings.ts');
  const usual = settingsFrom('', 'guest');
  for (const wrong of [
    ...['room=no+room', `room=${'a'.repeat(65)}`, 'room=', 'transport=pigeon', 'name=+', 'name='],
    ...[
      'interval=49',
      'interval=60001',
      'interval=fast',
      'interval=',
      'hold=0',
      'hold=61',
      'hold=NaN',
    ],
  ]) {
    assert.deepEqual(settingsFrom(`?${wrong}`, 'guest'), usual, wrong);
  }
});

test('the language is asked for, or the first of the browser’s that the page has', async () => {
  const { languageFor } = await moduleOf('shared/texts.ts');
  assert.equal(languageFor('?lang=ru', ['en-GB']), 'ru');
  assert.equal(languageFor('?lang=de', ['de', 'ru-RU', 'en']), 'ru');
  assert.equal(languageFor('', ['en-GB', 'ru']), 'en');
  assert.equal(languageFor('', ['de']), 'en');
  assert.equal(languageFor('?lang=toString', []), 'en');
});

/** The paths of all words, 'chat.send'. */
const paths = (words, path = '') =>
  typeof words === 'object'
    ? Object.entries(words).flatMap(([key, value]) =>
        paths(value, path === '' ? key : `${path}.${key}`),
      )
    : [`${path}: ${typeof words}`];

test('both languages have the same words, and none is empty', async () => {
  const { textsIn, textAt } = await moduleOf('shared/texts.ts');
  const [en, ru] = [textsIn('en'), textsIn('ru')];
  assert.deepEqual(paths(ru), paths(en));
  for (const texts of [en, ru]) {
    for (const path of paths(texts).filter((each) => each.endsWith(': string'))) {
      assert.notEqual(textAt(texts, path.replace(': string', '')).trim(), '', path);
    }
  }
  assert.throws(() => textAt(en, 'chat.none'), /chat\.none: there are no such words/);
});

test('a gap says what is missing', async () => {
  const { gapWords } = await moduleOf('page/message_log.ts');
  const { textsIn } = await moduleOf('shared/texts.ts');
  const expired = { reason: 'expired', after: 17, oldest: 22, last: 40, epoch: 'k3f9' };
  const restarted = { reason: 'restarted', after: 17, oldest: 1, last: 2, epoch: 'k3f9' };
  const en = textsIn('en').chat;
  const ru = textsIn('ru').chat;
  assert.equal(gapWords(expired, en), 'gap of 4 messages: the server no longer keeps them.');
  assert.equal(
    gapWords({ ...expired, oldest: 19 }, en),
    'gap of 1 message: the server no longer keeps them.',
  );
  assert.match(gapWords(restarted, en), /; it has 2 messages now\.$/);
  assert.match(gapWords({ ...restarted, last: 0 }, en), /; it has 0 messages now\.$/);
  assert.match(gapWords({ ...expired, oldest: 1018 }, ru), /^пропущено 1\s000 сообщений: /u);
  assert.match(gapWords(restarted, ru), /; сейчас у него 2 сообщения\.$/);
});

test('the latencies have their last, median and longest', async () => {
  const { Latencies } = await moduleOf('page/latencies.ts');
  const latencies = new Latencies();
  const all = () => [latencies.last, latencies.median, latencies.most];
  assert.deepEqual(all(), [undefined, undefined, undefined]);
  latencies.add(30);
  assert.deepEqual(all(), [30, 30, 30]);
  latencies.add(10);
  assert.deepEqual(all(), [10, 20, 30]);
  latencies.add(20);
  assert.deepEqual(all(), [20, 20, 30]);
  for (let i = 0; i < 1000; ++i) latencies.add(1);
  assert.deepEqual(all(), [1, 1, 30]); // the longest is kept, though it is long ago
});

test('words are spoken also where they are the same, and none is lost that follows soon', async (t) => {
  const { Speaker } = await moduleOf('shared/speaker.ts');
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const heard = [];
  const speaker = new Speaker({ set textContent(words) { heard.push(words); } });
  for (let i = 0; i < 2; ++i) {
    speaker.say('5 messages came');
    t.mock.timers.tick(100);
  }
  assert.deepEqual(heard, ['', '5 messages came', '', '5 messages came']);
  speaker.say('connected');
  t.mock.timers.tick(50);
  speaker.say('5 messages came');
  t.mock.timers.tick(50);
  assert.equal(heard.at(-1), 'connected; 5 messages came');
});

test('what the library gives as a reason has words in Russian', async () => {
  const { reasonInRussian } = await moduleOf('shared/reasons_ru.ts');
  const folder = new URL('../../clients/browser/', import.meta.url);
  const said = [];
  for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.ts'))) {
    const source = fs.readFileSync(new URL(name, folder), 'utf8');
    const given = /(?:fail|lost|suspect|failed)\(\s*(['`])(.+?)\1|(?:reason|why) = (['`])(.+?)\3/g;
    for (const [, , passed, , kept] of source.matchAll(given)) said.push(passed ?? kept);
  }
  assert.ok(said.length >= 12, said.join(', '));
  for (const reason of said) {
    const words = reasonInRussian(reason.replace(/\$\{[^}]*\}/g, '1006'));
    assert.match(String(words), /^[а-яW]/i, reason);
  }
  assert.equal(reasonInRussian('the answer was 503'), 'сервер ответил 503');
  assert.equal(reasonInRussian('a proxy says something else'), undefined);
});
