// `pushbench report` and `show`: a run that was kept, in each of its forms again.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Place, lines, pushbench, readJson } from './results.mjs';

const SCENARIO = `purpose = "a | test, of \\"reports\\""
[users]
count = 6
join = "50ms"
[traffic]
kind = "poisson"
rate = "200/s"
duration = "1s"
[transport.polling]
interval = "100ms"
[run]
repeat = 2
warmup = "50ms"
threads = 1
`;
const FORMATS = { html: 'report.html', md: 'report.md', csv: 'figures.csv' };

let place;
let scenario;
let folder;
let printed;

/** A real run; a busy machine makes it invalid, and that is not its fault. */
function run(...args) {
  const out = place.fresh();
  const { code, stdout, stderr } = pushbench(['run', scenario, '--no-floor', '--allow-invalid', '--out', out, ...args]);
  assert.equal(code, 0, stderr);
  return { out, stdout };
}

before(() => {
  place = new Place('report');
  scenario = place.path('small.toml');
  fs.writeFileSync(scenario, SCENARIO);
  ({ out: folder, stdout: printed } = run());
});
after(() => place.remove());

const read = (...parts) => fs.readFileSync(path.join(...parts), 'utf8');

function good(args) {
  const { code, stdout, stderr } = pushbench(args);
  assert.equal(code, 0, stderr);
  assert.equal(stderr, '');
  return stdout;
}

function refused(args, pattern) {
  const { code, stdout, stderr } = pushbench(args);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  assert.equal(lines(stderr).length, 1, stderr);
  assert.match(stderr, pattern);
}

test('show prints what run printed, byte for byte', () => {
  assert.match(printed, /^polling /m);
  assert.equal(good(['show', folder]), printed);
  assert.equal(good(['show', path.join(folder, 'result.json')]), printed);
  assert.equal(good(['show', folder, '--json']), read(folder, 'result.json'));
});

test('report draws the same files that the run has left', () => {
  const before = Object.values(FORMATS).map((name) => read(folder, name));
  const copy = place.fresh();
  fs.mkdirSync(copy);
  for (const name of ['result.json', 'latency.hlog']) fs.copyFileSync(path.join(folder, name), path.join(copy, name));
  const told = lines(good(['report', copy]));
  assert.deepEqual(told, Object.values(FORMATS).map((name) => path.join(copy, name)));
  assert.deepEqual(Object.values(FORMATS).map((name) => read(copy, name)), before);
});

test('report draws into another folder, which is not another run\'s', () => {
  const out = place.fresh();
  for (const time of ['new', 'again']) {
    const told = lines(good(['report', folder, '--out', out]));
    assert.deepEqual(told, Object.values(FORMATS).map((name) => path.join(out, name)), time);
  }
  for (const name of Object.values(FORMATS)) assert.equal(read(out, name), read(folder, name), name);
  assert.equal(lines(good(['report', folder, '--out', `${folder}/`])).length, 3);
  const other = place.fresh();
  fs.mkdirSync(other);
  fs.writeFileSync(path.join(other, 'result.json'), '{}');
  refused(['report', folder, '--out', other], /holds a result already \(result\.json\); name another folder with --out/);
  refused(['report', folder, '--out', out, '--format', 'md'], /does not go together with/);
});

test('a form is printed, and nothing is written', () => {
  const names = fs.readdirSync(folder).sort();
  for (const [format, file] of Object.entries(FORMATS)) {
    assert.equal(good(['report', folder, '--format', format]), read(folder, file), format);
  }
  assert.deepEqual(fs.readdirSync(folder).sort(), names);
});

test('a page gives its result back', () => {
  const page = path.join(folder, 'report.html');
  const out = place.fresh();
  good(['report', '--extract', page, '--out', out]);
  for (const name of ['result.json', 'latency.hlog']) assert.equal(read(out, name), read(folder, name), name);
  refused(['report', '--extract', page, '--out', out], /holds .*already/);
  refused(['report', '--extract', path.join(folder, 'report.md'), '--out', place.fresh()], /report\.md/);
  refused(['report', '--extract', folder, '--out', place.fresh()], /is a folder/);
  refused(['report', '--extract', place.path('nowhere')], /nowhere: cannot be read \(No such file or directory\); give/);
});

/** Quotes as RFC 4180 has them. */
function csv(text) {
  const field = /("(?:[^"]|"")*"|[^",\n]*)(,|\n)/gy;
  const rows = [[]];
  let at = 0;
  for (let match; at < text.length && (match = field.exec(text)) !== null; at = field.lastIndex) {
    rows.at(-1).push(match[1].startsWith('"') ? match[1].slice(1, -1).replaceAll('""', '"') : match[1]);
    if (match[2] === '\n') rows.push([]);
  }
  assert.equal(at, text.length, 'not CSV from here on: ' + text.slice(at, at + 40));
  rows.pop();
  return rows;
}

test('figures.csv has the figures of result.json', () => {
  const result = readJson(folder, 'result.json');
  const [titles, ...rows] = csv(read(folder, 'figures.csv'));
  assert.deepEqual(titles, ['scenario', 'seed', 'transport', 'repetition', 'valid', 'metric', 'unit', 'value']);
  const figures = new Map(rows.map((row) => [[row[2], row[3], row[5]].join(), Number(row[7])]));
  assert.equal(figures.size, rows.length);
  for (const { name, repetitions } of result.transports) {
    repetitions.forEach((r, i) => {
      const figure = (metric) => figures.get([name, i + 1, metric].join());
      assert.equal(figure('messages.delivered'), r.messages.delivered);
      assert.equal(figure('delivery_latency.p50'), r.delivery_latency_us.p50);
      assert.equal(figure('bytes.network.down'), r.bytes.network.down);
      assert.equal(figure('server.cpu_us'), r.server.cpu_us);
      assert.equal(figure('exchanges.empty'), r.exchanges.empty);
      assert.equal(figure('join_us.max'), r.join_us.max);
    });
  }
});

test('report.md has a table with a column for each transport', () => {
  const rows = lines(read(folder, 'report.md')).filter((line) => line.startsWith('| '));
  assert.equal(rows[0], '|  | polling | long-polling | sse | websocket |');
  assert.ok(rows.some((row) => row.startsWith('| latency p50 | ')));
  assert.match(read(folder, 'report.md'), /a &#124; test, of "reports"/);
});

test("Google Benchmark's compare.py compares two of our files", (t) => {
  const tool = '/usr/share/benchmark/compare.py';
  if (!fs.existsSync(tool)) return t.skip("Debian's libbenchmark-tools is not installed");
  const files = ['a', 'b'].map((name) => place.path(`${name}.json`));
  const other = run('--format', 'gbench');
  fs.writeFileSync(files[0], good(['report', folder, '--format', 'gbench']));
  fs.writeFileSync(files[1], other.stdout);
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', [tool, '--no-color', 'benchmarks', ...files], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  for (const name of ['latency_p50', 'latency_p99', 'server_cpu', 'latency_p50_median', 'latency_p50_pvalue']) {
    assert.match(stdout, new RegExp(`^small/websocket/${name} +[-+0-9.]+`, 'm'));
  }
});

test('Prometheus metrics of the run', () => {
  const text = good(['report', folder, '--format', 'prometheus']);
  const result = readJson(folder, 'result.json');
  const delivered = result.transports
    .find((t) => t.name === 'sse')
    .repetitions.reduce((sum, r) => sum + r.messages.delivered, 0);
  assert.ok(
    lines(text).includes(
      `pushbench_messages_total{scenario="small",transport="sse",state="delivered"} ${delivered}`,
    ),
  );
  const tool = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (tool.error === undefined) assert.equal(tool.status, 0, tool.stdout + tool.stderr);
});

test('what is no run is told from one that is', () => {
  const sweep = place.fresh();
  const { code, stderr } = pushbench([
    'run', scenario, '--transport', 'sse', '--repeat', '1', '--no-floor', '--allow-invalid', '--out', sweep,
    '--sweep', 'users.count=3,4',
  ]);
  assert.equal(code, 0, stderr);
  for (const command of ['show', 'report']) {
    refused([command, sweep], /holds a sweep; its table is sweep\.csv.*; its runs can be read, as .*\/3/);
    refused([command, place.path('nowhere')], /nowhere/);
    refused([command, scenario], /small\.toml/);
  }
  assert.match(good(['show', path.join(sweep, '3')]), /3 users/);
  refused(['report', folder, '--format', 'markdown'], /--format.*md/);
  refused(['report'], /name a run's folder, or a page with --extract/);
});
