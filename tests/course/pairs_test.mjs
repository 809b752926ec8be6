// English and Russian lessons go side by side: what one shows and has typed, the other does, too.
// Run with: node --test tests/course/pairs_test.mjs

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { ROOT, targets } from './markdown.mjs';

const COURSE = path.join(ROOT, 'course');
const read = (...place) => fs.readFileSync(path.join(COURSE, ...place), 'utf8');
const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

const lessons = fs.readdirSync(path.join(COURSE, 'en')).sort();

/** What must be the same in both languages, by its name. */
function shape(text) {
  const typed = all(text, /^```sh\n([^]*?)^```$/gm);
  const bare = (target) => target.replace(/\.(en|ru)\.(svg|md)/, '.$2').replace(/#.*/, '');
  return {
    headings: all(text, /^(#+) /gm),
    quotes: all(text, /^<!-- (quote .*) -->$/gm),
    figures: all(text, /<!-- (figure .*?) -->/g),
    commands: typed.map((block) => block.replace(/ +#.*$/gm, '')), // comments are in either language
    links: targets(text).map(bare).sort(),
    rows: all(text, /^(\|)/gm).length,
    questions: all(text, /^(\d\.) /gm),
  };
}

test('there are lessons, the same ones in both languages', () => {
  assert.ok(lessons.length >= 4);
  assert.deepEqual(fs.readdirSync(path.join(COURSE, 'ru')).sort(), lessons);
  lessons.forEach((name, i) => assert.match(name, new RegExp(`^${i + 1}-[a-z0-9-]+\\.md$`)));
});

for (const name of lessons) {
  test(`${name} shows the same in both languages`, () => {
    assert.deepEqual(shape(read('ru', name)), shape(read('en', name)));
  });

  test(`${name} has a picture, three questions and all steps of its lab`, () => {
    const text = read('en', name);
    const number = name.split('-')[0];
    assert.match(text, /^!\[.+\]\(\.\.\/pictures\/.+\.en\.svg\)$/m);
    const [explain] = text.split('\n## Explain\n')[1].split('\n## ');
    assert.deepEqual(all(explain, /^(\d\.) /gm), ['1.', '2.', '3.']);
    for (const step of ['predict', 'run', 'reveal', 'check']) {
      assert.match(text, new RegExp(`^pushbench lab ${number} ${step}$`, 'm'));
    }
    assert.match(text, /^<!-- quote .* -->$/m);
  });

  for (const [lang, readme] of [['en', 'README.md'], ['ru', 'README.ru.md']]) {
    test(`${readme} lists ${lang}/${name} by the title and the time that its lab has`, () => {
      const number = Number(name.split('-')[0]);
      const title = read(lang, name).match(/^# \d\. (.+)$/m)[1];
      const row = read(readme).split('\n').find((line) => line.includes(`](${lang}/${name})`));
      assert.ok(row?.startsWith(`| ${number} [${title}](`), row);
      const lab = read('labs', `${number}`, 'lab.toml');
      assert.equal(lab.match(new RegExp(`^title = .*\\b${lang} = "([^"]+)"`, 'm'))[1], title);
      const minutes = lab.match(/^minutes = (\d+)/m)[1];
      assert.ok(row.includes(` ${minutes} `), `${row}: the lab says ${minutes} minutes`);
      assert.match(read(lang, name), new RegExp(`^- \\*\\*(Time|Время)\\.\\*\\* ${minutes} `, 'm'));
    });
  }
}

test('README and its Russian twin show the same', () => {
  const english = shape(read('README.md'));
  const russian = shape(read('README.ru.md'));
  const place = (target) => target.replace(/^(en|ru)\//, '').replace(/^README\.md$/, 'twin');
  assert.deepEqual(russian.links.map(place).sort(), english.links.map(place).sort());
  assert.deepEqual({ ...russian, links: [] }, { ...english, links: [] });
});

test("the teacher's guide shows the same in both languages, and has a part for each lesson", () => {
  const english = shape(read('teacher/guide.en.md'));
  const russian = shape(read('teacher/guide.ru.md'));
  const place = (target) => (/README(\.ru)?\.md$/.test(target) ? 'course' : target);
  assert.deepEqual(russian.links.map(place).sort(), english.links.map(place).sort());
  assert.deepEqual({ ...russian, links: [] }, { ...english, links: [] });
  for (const [lang, name] of ['en', 'ru'].flatMap((lang) => lessons.map((name) => [lang, name]))) {
    const title = read(lang, name).match(/^# (\d\. .+)$/m)[1];
    assert.ok(read(`teacher/guide.${lang}.md`).includes(`\n## ${title}\n`), `${lang}: ${title}`);
  }
});

test('each picture is there in both languages, drawn alike, with a title and a dark scheme', () => {
  const folder = path.join(COURSE, 'pictures');
  const names = new Set(fs.readdirSync(folder).map((file) => file.replace(/\.(en|ru)\.svg$/, '')));
  assert.ok(names.size >= 4);
  for (const name of names) {
    const [english, russian] = ['en', 'ru'].map((lang) => read('pictures', `${name}.${lang}.svg`));
    for (const text of [english, russian]) {
      assert.match(text, /<title>[^<]+<\/title>/, name);
      assert.match(text, /prefers-color-scheme:dark/, name);
    }
    const shapes = (text) => all(text, /<((?:path|rect|circle)[^>]*)>/g);
    assert.deepEqual(shapes(russian), shapes(english), name);
  }
});
