// The tables that the measuring scripts write into pages.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { head, median, row, writeMeasured } from '../../scripts/lib/tables.js';

function inFile(text, use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tables-test-'));
  const file = path.join(folder, 'page.md');
  fs.writeFileSync(file, text);
  try {
    use(file);
    return fs.readFileSync(file, 'utf8');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test('the median is the middle one, or between the two in the middle', () => {
  assert.equal(median([10, 9, 1]), 9);
  assert.equal(median([10, 1, 2, 9]), 5.5);
  assert.equal(median([]), NaN);
});

test('rows are Markdown, and figures stand on the right', () => {
  assert.equal(row(['a', 1]), '| a | 1 |\n');
  assert.equal(head(['what', 'how much']), '| what | how much |\n| --- | ---: |\n');
});

test('what was measured takes the place of what was measured before', () => {
  const page = 'before\n<!-- measured -->\nold\n<!-- end of measured -->\nafter\n';
  const written = inFile(page, (file) => writeMeasured(file, 'new\n'));
  assert.equal(written, page.replace('old', 'new'));
});

test('a page without both lines is left as it is', () => {
  const page = 'before\n<!-- measured -->\nold\n';
  const kept = inFile(page, (file) => {
    assert.throws(() => writeMeasured(file, 'new\n'), /lacks the lines/);
  });
  assert.equal(kept, page);
});
