// `pushbench study`: each published study run small and short, what it prints, keeps and ends with.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.PUSHBENCH;
let folder;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-study-'));
});
after(() => fs.rmSync(folder, { recursive: true }));

const fits = new Ajv({ allErrors: true }).compile(
  JSON.parse(fs.readFileSync(path.join(root, 'docs/result.schema.json'))),
);

function study(...args) {
  return new Promise((resolve) => {
    const child = spawn(binary, ['study', ...args], { cwd: root });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data) => (stdout += data));
    child.stderr.on('data', (data) => (stderr += data));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** All is well, but for a machine that is busy with something else: that is not the study's fault. */
function assertSound({ code, stderr }) {
  const reasons = stderr.split('\n').filter((line) => line.startsWith('invalid:'));
  assert.deepEqual(reasons.filter((reason) => !/: the harness /.test(reason)), []);
  assert.equal(code, reasons.length === 0 ? 0 : 4, stderr);
}

/** Runs a study small and short; its figures by name, and the results that it left. */
async function quick(name) {
  const out = path.join(folder, name);
  const run = await study(name, '--quick', '--json', '--out', out);
  assertSound(run);
  const json = JSON.parse(run.stdout);
  assert.equal(json.study, name);
  for (const { folder: kept } of json.runs) {
    const result = JSON.parse(fs.readFileSync(path.join(kept, 'result.json')));
    assert.ok(fits(result), JSON.stringify(fits.errors, null, 1));
  }
  const figure = (wanted, of) =>
    json.figures.find((f) => f.figure === wanted && (of === undefined || f.of.startsWith(of)));
  return { json, figure };
}

test('without a name, the studies are listed', async () => {
  const { code, stdout } = await study();
  assert.equal(code, 0);
  for (const name of ['kaazing', 'aquilio', 'streamdata', 'shootout']) {
    assert.match(stdout, new RegExp(`^${name} `, 'm'));
  }
});

test('an unknown study is refused with the nearest name', async () => {
  const { code, stderr } = await study('kazing');
  assert.equal(code, 2);
  assert.match(stderr, /did you mean kaazing\?/);
});

test('a folder that holds a result is not written over', async () => {
  const out = path.join(folder, 'taken');
  fs.mkdirSync(path.join(out, 'polling'), { recursive: true });
  fs.writeFileSync(path.join(out, 'polling', 'result.json'), '{}');
  const { code, stderr } = await study('aquilio', '--quick', '--out', out);
  assert.equal(code, 2);
  assert.match(stderr, /holds a result already/);
});

test('kaazing: 871 and 2 bytes, in what was really sent', async () => {
  const { figure } = await quick('kaazing');
  // A poll that is under way when the run ends has its request counted, and its answer not.
  assert.ok(Math.abs(figure('poll: request and response').measured - 871) < 5);
  assert.equal(figure('WebSocket: frame').measured, 2);
  assert.equal(figure('polling, 100,000 clients*').arithmetic, 696.8);
});

test('aquilio: the published totals to the byte', async () => {
  const { figure } = await quick('aquilio');
  const total = figure('at 586 B each');
  assert.deepEqual([total.published, total.arithmetic, total.measured], [2930, 2930, null]);
  assert.equal(figure('our exchanges at 586 B each').measured, 2930);
  const poll = figure('all', 'One short poll');
  assert.deepEqual([poll.published, poll.arithmetic], [588, 588]);
  assert.equal(figure('request head', 'One long poll').measured, 428);
});

test('streamdata: both shares of empty polls', async () => {
  const { figure } = await quick('streamdata');
  const even = figure('polls that find nothing', 'Changes at even');
  assert.equal(even.published, 0.75);
  // The end of so short a run, when nothing comes any more, has a weight of its own.
  assert.ok(Math.abs(even.measured - 0.75) < 0.08, String(even.measured));
  const random = figure('polls that find nothing', 'Changes at random');
  assert.ok(Math.abs(random.measured - Math.exp(-0.25)) < 0.08, String(random.measured));
});

test('shootout: the last receiver waits longer than the sender', async () => {
  const { json, figure } = await quick('shootout');
  assert.equal(json.runs.length, 4);
  const last = figure('80 receivers', "The last receiver's").measured;
  assert.ok(last >= figure('80 receivers', "The sender's").measured);
  assert.ok(figure("a receiver more, the sender's").published > 10);
});

test('as text, 80 columns wide', async () => {
  const run = await study('aquilio', '--quick', '--out', path.join(folder, 'text'));
  assertSound(run);
  for (const line of run.stdout.split('\n')) {
    assert.ok([...line].length <= 80, line);
  }
  assert.match(run.stdout, /^ +published +arithmetic +measured +difference$/m);
  assert.match(run.stdout, /^What it missed: /m);
});
