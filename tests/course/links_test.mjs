// Every relative link of every Markdown file leads to a file of this repository, and to a heading in it.
// Run with: node --test tests/course/links_test.mjs

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { anchors, markdownFiles, ROOT, targets } from './markdown.mjs';

const read = (file) => fs.readFileSync(file, 'utf8');

/** What is wrong with a link from `page` (a path from `root`) to `target`; empty if nothing is. */
function fault(root, page, target) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return '';
  const [place, anchor] = target.split('#');
  const folder = path.join(root, path.dirname(page));
  const file = place === '' ? path.join(root, page) : path.resolve(folder, decodeURI(place));
  if (path.relative(root, file).startsWith('..')) return 'leads out of the repository';
  if (!fs.existsSync(file)) return 'there is no such file';
  if (anchor === undefined) return '';
  if (!file.endsWith('.md')) return 'only Markdown has anchors';
  return anchors(read(file)).has(decodeURIComponent(anchor)) ? '' : 'there is no such heading';
}

function faults(root) {
  const found = [];
  for (const page of markdownFiles(root)) {
    for (const target of targets(read(path.join(root, page)))) {
      const what = fault(root, page, target);
      if (what !== '') found.push(`${page}: ${target}: ${what}`);
    }
  }
  return found;
}

test('every link of this repository resolves', () => {
  const links = markdownFiles(ROOT).flatMap((page) => targets(read(path.join(ROOT, page))));
  assert.ok(links.length > 100, `only ${links.length} links were found`);
  assert.deepEqual(faults(ROOT), []);
});

const MADE = {
  'README.md': '# Top\n\n[there](docs/a.md#the-code-2) [out](../x.md) [gone](docs/b.md) `[no](link.md)`\n',
  'docs/a.md':
    '# A page\n## The `code`, 2\n## Ещё раз\n## Ещё раз\n[up](../README.md#top) [none](../README.md#bottom)\n' +
    '[ru](#ещё-раз-1) [web](https://example.com/#x) ![p](p.svg#x)\n' +
    '```\n[in](code.md)\n# no heading\n```\n[h](#no-heading)\n',
  'docs/p.svg': '<svg/>',
};

test('what does not resolve is named with its page', (t) => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'course-links-'));
  t.after(() => fs.rmSync(root, { recursive: true }));
  fs.mkdirSync(path.join(root, 'docs'));
  for (const [name, text] of Object.entries(MADE)) fs.writeFileSync(path.join(root, name), text);
  assert.deepEqual(faults(root).sort(), [
    'README.md: ../x.md: leads out of the repository',
    'README.md: docs/b.md: there is no such file',
    'docs/a.md: #no-heading: there is no such heading',
    'docs/a.md: ../README.md#bottom: there is no such heading',
    'docs/a.md: p.svg#x: only Markdown has anchors',
  ].sort());
});
