// What the sources of the pages owe each other: every word is said somewhere, and no page takes from another.
// Run with: node --test tests/browser/sources_test.mjs

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { moduleOf } from './library.mjs';

const ROOT = fileURLToPath(new URL('../../clients/browser/', import.meta.url));
const FOLDERS = ['page', 'race', 'shared', 'view'];
const WORDS = /^(texts|words|en|ru|words_en|words_ru)\.ts$/; // these say what words there are

const filesOf = (folder) => readdirSync(path.join(ROOT, folder)).map((name) => ({ folder, name }));
const textOf = ({ folder, name }) => readFileSync(path.join(ROOT, folder, name), 'utf8');

const sources = FOLDERS.flatMap(filesOf).filter(({ name }) => !WORDS.test(name));
const scripts = sources.filter(({ name }) => name.endsWith('.ts')).map(textOf).join('\n');
const markup = sources.filter(({ name }) => name.endsWith('.html')).map(textOf).join('\n');

/** The paths of all words, as lists of keys. */
const paths = (words, keys = []) =>
  typeof words === 'object' && !Array.isArray(words)
    ? Object.entries(words).flatMap(([key, value]) => paths(value, [...keys, key]))
    : [keys];

/** Whether a word is named in the markup, or taken in a script from what holds words. */
function isSaid(keys) {
  const key = keys.at(-1);
  const holder = `(?:texts|words|shared|chat|race|meter|timeline|wire)`;
  return (
    new RegExp(`data-(?:text|label)="${keys.join('\\.')}"`).test(markup) ||
    new RegExp(`\\b${holder}\\.${key}\\b`).test(scripts) ||
    new RegExp(`\\{[^{}]*\\b${key}\\b[^{}]*\\} = [\\w.#]*${holder}\\b`).test(scripts) ||
    new RegExp(`[[,]\\s*'${key}'\\s*[,\\]]`).test(scripts) || // one of a list of keys
    // One of those that a key chooses from: transports, themes.
    (keys.length > 2 && new RegExp(`\\.${keys.at(-2)}\\[`).test(scripts))
  );
}

test('each word is said somewhere', async () => {
  const { textsIn } = await moduleOf('shared/texts.ts');
  const { viewWords } = await moduleOf('view/words.ts');
  const { shared, chat, race } = textsIn('en');
  const { timeline, wire } = viewWords.en;
  const all = paths({ shared, chat, race, timeline, wire });
  assert.ok(all.length > 100);
  const unsaid = all.filter((keys) => !isSaid(keys)).map((keys) => keys.join('.'));
  assert.deepEqual(unsaid, []);
  for (const keys of [['chat', 'left'], ['race', 'timelines']]) assert.equal(isSaid(keys), false);
});

test('no page imports from another, and what both share from neither', () => {
  const allowed = {
    page: /^\.\.\/(?:shared|view)\/|^\.\.\/\w+\.\w+$|^\.\//,
    race: /^\.\.\/(?:shared|view)\/|^\.\.\/\w+\.\w+$|^\.\//,
    view: /^\.\.\/shared\/|^\.\.\/\w+\.\w+$|^\.\//,
    shared: /^\.\.\/\w+\.\w+$|^\.\/|^\.\.\/race\/(?:en|ru|texts)\.js$/, // its words are among all
  };
  let imports = 0;
  for (const source of FOLDERS.flatMap(filesOf)) {
    for (const [, from] of textOf(source).matchAll(/(?:from|@import) '([^']+)'/g)) {
      assert.match(from, allowed[source.folder], `${source.folder}/${source.name}`);
      ++imports;
    }
  }
  assert.ok(imports > 100);
});
