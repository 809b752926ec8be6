'use strict';
// The tables that commands measure and write into a page of docs/.

const fs = require('node:fs');

/** NaN where there are none. */
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

const row = (cells) => `| ${cells.join(' | ')} |\n`;

/** The first row and the line below it: all columns but the first are figures. */
const head = (cells) => row(cells) + row(cells.map((_, i) => (i === 0 ? '---' : '---:')));

const BEGIN = '<!-- measured -->\n';
const END = '<!-- end of measured -->\n';

/** Puts what was measured into a page, between the two lines for it. */
function writeMeasured(file, text) {
  const [before, rest] = fs.readFileSync(file, 'utf8').split(BEGIN);
  const [, after] = (rest ?? '').split(END);
  if (after === undefined) throw new Error(`${file} lacks the lines ${BEGIN.trim()} and ${END.trim()}`);
  fs.writeFileSync(file, `${before}${BEGIN}${text}${END}${after}`);
}

module.exports = { head, median, row, writeMeasured };
