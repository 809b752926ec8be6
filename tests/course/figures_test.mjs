// Every figure that the course quotes is the binary's own of the recorded results: its metrics, medians, units and
// rounding, but for zeros at the end, which prose does without. The binary is asked by labs whose questions are the
// quoted figures.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/course/figures_test.mjs

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { start, temporaryFolder } from '../cli/program.mjs';
import { ROOT, markdownFiles } from './markdown.mjs';

const LABS = path.join(ROOT, 'course/labs');
const FIGURE = /<!-- figure labs\/(\d+) (.+?) -->(.*?)<!-- end -->/g;
/** These are counts in the results, and none of the binary's metrics. */
const COUNT = /^[\w-]+\.[\w-]+\.messages\.(lost|published)$/;
const folder = temporaryFolder();

/** All that is quoted: page, language, lab, expression and text. */
function quoted() {
  return markdownFiles(path.join(ROOT, 'course'))
    .filter((page) => page !== 'HOW-TO-WRITE.md')
    .flatMap((page) => {
      const language = page.startsWith('ru/') || page.endsWith('.ru.md') ? 'ru' : 'en';
      const text = fs.readFileSync(path.join(ROOT, 'course', page), 'utf8');
      return [...text.matchAll(FIGURE)].map(([, lab, expression, said]) => ({ page, language, lab, expression, said }));
    });
}

const isTheory = (expression) => expression.includes('.theory.');
const measuredOf = (expression) => expression.replaceAll('.theory.', '.');

/** The lab with no questions but these figures. */
function labOf(lab, figures) {
  const text = fs.readFileSync(path.join(LABS, lab, 'lab.toml'), 'utf8');
  const parts = text.split(/\n(?=\[\[?(?:run|predict|check|knob)\]\]?\n)/);
  // A check may be of a prediction that is not asked for here.
  const kept = parts.filter((part) => !/^\[\[predict\]\]|^says = "prediction\./m.test(part));
  const asked = figures.map((figure, i) => `[[predict]]\nid = "q${i}"\nask = { en = "?", ru = "?" }\nfigure = "${figure}"\n`);
  return [...kept, ...asked].join('\n');
}

/** What the binary says of these figures: by figure, measured and theory, as texts. */
async function revealed(lab, language, figures) {
  const labs = path.join(folder, `labs-${lab}-${language}`);
  fs.cpSync(path.join(LABS, lab), path.join(labs, lab), { recursive: true });
  fs.writeFileSync(path.join(labs, lab, 'lab.toml'), labOf(lab, figures));
  const go = async (...args) => {
    const { code, stdout, stderr } = await start(process.env.PUSHBENCH, ['lab', lab, ...args, '--lang', language], {
      cwd: labs, env: { PUSHBENCH_LABS: labs, LC_ALL: 'C' },
    }).done;
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };
  await go('run', '--recorded', '--without-prediction');
  const table = await go('reveal');
  const value = '(–|-?[\\d.,]+(?: ?[^\\s\\d–]+)?)'; // 5.28, 250 ms, 5,00/с
  return new Map(figures.map((figure, i) => {
    const row = table.match(new RegExp(`^\\d+ q${i} +– +${value} +${value}(?: |$)`, 'm'));
    assert.ok(row, `${figure}\n${table}`);
    return [figure, { theory: row[1], measured: row[2] }];
  }));
}

/** "80.0 ms" as prose has it: "80 ms". */
const short = (text) => text.replace(/^(-?\d+)([.,]\d*?)0+(?!\d)/, '$1$2').replace(/^(-?\d+)[.,](?!\d)/, '$1');

test('zeros at the end, and no others, are left out of prose', () => {
  const pairs = [['80.0 ms', '80 ms'], ['1.50 s', '1.5 s'], ['1,00 с', '1 с'], ['100 B', '100 B'], ['0.050', '0.05'], ['10.0 %', '10 %']];
  for (const [text, prose] of pairs) assert.equal(short(text), prose);
});

const all = quoted();

test('the course quotes figures, in both languages and of theory, too', () => {
  for (const language of ['en', 'ru']) assert.ok(all.filter((one) => one.language === language).length > 50, language);
  assert.ok(all.some((one) => isTheory(one.expression)));
  assert.ok(all.some((one) => one.expression.includes(' / ')));
});

for (const lab of new Set(all.map((one) => one.lab))) {
  for (const language of ['en', 'ru']) {
    test(`lab ${lab}, ${language}: what is quoted is what the binary says`, async () => {
      const here = all.filter((one) => one.lab === lab && one.language === language && !COUNT.test(one.expression));
      const says = await revealed(lab, language, [...new Set(here.map((one) => measuredOf(one.expression)))]);
      for (const { page, expression, said } of here) {
        const { theory, measured } = says.get(measuredOf(expression));
        assert.equal(said, short(isTheory(expression) ? theory : measured), `${page}: ${expression}`);
      }
    });
  }
}
