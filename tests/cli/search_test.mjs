// The commands that run a scenario more than once, as a user types them: run --sweep and --dry-run,
// capacity and crossover.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import { binary, lines, start as startProgram } from './program.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
let folder;
let small;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-search-'));
  small = path.join(folder, 'small.toml');
  fs.writeFileSync(
    small,
    `purpose = "a test"
[users]
count = 8
join = "20ms"
[traffic]
kind = "poisson"
rate = "40/s"
duration = "500ms"
[transport.polling]
interval = "50ms"
[run]
repeat = 1
warmup = "20ms"
`,
  );
});
after(() => fs.rmSync(folder, { recursive: true }));

let results = 0;
const out = () => path.join(folder, `result-${++results}`);
const read = (...parts) => fs.readFileSync(path.join(...parts), 'utf8');

const start = (args) => startProgram(binary, args, { cwd: root });

/** Presses Ctrl-C, once, when stderr has said `text`. */
function interruptAt(child, text) {
  let sent = false;
  child.on('said', (stderr) => {
    if (sent || !stderr.includes(text)) return;
    sent = true;
    child.kill('SIGINT');
  });
}

const run = (...args) => start(args).done;
const fits = (text) =>
  lines(text).every((line) => [...line].length <= 80);

test('a sweep leaves a folder with a result for each value, a table and a curve', async () => {
  const dir = out();
  const { code, stdout, stderr } = await run(
    'run', small, '--sweep', 'transport.polling.interval=20ms,200ms', '--transport',
    'polling,websocket', '--out', dir,
  );
  assert.ok(code === 0 || code === 4, stderr); // a busy machine makes a run invalid
  assert.match(stdout, /^20ms +polling/m);
  assert.match(stdout, /^200ms +polling/m);
  assert.ok(fits(stdout), stdout);
  const sweep = JSON.parse(read(dir, 'sweep.json'));
  assert.equal(sweep.key, 'transport.polling.interval');
  assert.equal(sweep.valid, code === 0);
  assert.deepEqual(sweep.values, ['20ms', '200ms']);
  const p50 = sweep.steps.map((step) => step.transports[0].figures['delivery_latency.p50'].median);
  assert.ok(p50[1] > 2 * p50[0], `${p50}`);
  for (const step of sweep.steps) {
    const result = JSON.parse(read(dir, step.result));
    assert.equal(result.transports[0].options.interval, step.value);
    assert.ok(result.context.set.includes(`transport.polling.interval=${step.value}`));
  }
  assert.equal(stdout.match(/^Floor: /gm)?.length, 1);
  assert.ok(JSON.parse(read(dir, '20ms', 'result.json')).floor.delivered > 0);
  assert.equal(JSON.parse(read(dir, '200ms', 'result.json')).floor, null); // one for all values
  const csv = lines(read(dir, 'sweep.csv'));
  assert.equal(csv[0], 'value,transport,repetition,valid,metric,unit,figure');
  assert.ok(csv.some((line) => line.startsWith('200ms,polling,1,')));
  assert.match(read(dir, 'curve.svg'), /^<svg [^]*<title>polling, 200ms: [^]*<\/svg>\n$/);
  assert.match(read(dir, 'report.html'), /data-chart="curve"[^]*"pushbench-sweep\/1"[^]*<\/html>\n$/);
});

test('an interrupted sweep keeps what it measured', async () => {
  const dir = out();
  const { child, done } = start([
    'run', small, '--sweep', 'users.count=4,5', '--transport', 'sse', '--json', '--set',
    'traffic.duration=3s', '--out', dir,
  ]);
  interruptAt(child, 'users.count=5');
  const { code, stdout } = await done;
  assert.equal(code, 130);
  const sweep = JSON.parse(stdout);
  assert.equal(sweep.outcome, 'interrupted');
  assert.equal(sweep.steps[0].transports[0].repetitions, 1);
  assert.equal(JSON.parse(read(dir, '4', 'result.json')).outcome, 'complete');
  assert.equal(read(dir, 'sweep.json'), stdout);
});

test('--dry-run prints the plan and runs nothing', async () => {
  const dir = out();
  const { code, stdout, stderr } = await run('run', small, '--dry-run', '--out', dir);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  assert.match(stdout, /users +8\n/);
  assert.match(stdout, /schedule +[0-9a-f]{16} \(seed 1\)/);
  assert.match(stdout, /^ +polling +2\d\.\d ms/m);
  assert.ok(fits(stdout) && lines(stdout).length <= 24);
  assert.ok(!fs.existsSync(dir));
  const sweep = await run('run', small, '--dry-run', '--sweep', 'users.count=4,5');
  assert.match(sweep.stdout, /users\.count=4\n[^]*users\.count=5\n/);
});

test('capacity finds the interval that keeps a latency', async () => {
  const dir = out();
  const { code, stdout, stderr } = await run(
    'capacity', small, '--vary', 'transport.polling.interval', '--from', '20ms', '--to', '2s',
    '--limit', 'delivery_latency.p50<100ms', '--precision', '50%', '--repeat', '1', '--out', dir,
  );
  assert.equal(code, 0, stdout + stderr);
  const capacity = JSON.parse(read(dir, 'capacity.json'));
  assert.deepEqual(capacity.transports.map((t) => t.name), ['polling']); // the key says nothing to the others
  const [polling] = capacity.transports;
  const ms = Number.parseFloat(polling.best); // half of it is the median: 200 ms are the limit
  assert.ok(ms >= 80 && ms <= 250, polling.best);
  assert.match(polling.why[0], /^delivery_latency\.p50 is .* not delivery_latency\.p50<100ms$/);
  assert.match(stdout, /stopped at/);
  assert.match(stdout, /too much/);
  assert.equal(stdout.match(/^Floor: /gm)?.length, 1);
  assert.ok(fits(stdout), stdout);
  assert.match(read(dir, 'capacity.csv'), /^polling,20ms,1,good,,delivery_latency\.p50,us,\d/m);
  assert.match(read(dir, 'curve.svg'), /class="bound"/);
  assert.match(read(dir, 'report.html'), /data-chart="curve"[^]*"pushbench-capacity\/1"[^]*<\/html>\n$/);
});

test('capacity that nothing meets ends with 3', async () => {
  const { code, stdout } = await run(
    'capacity', small, '--vary', 'users', '--from', '2', '--to', '8', '--transport', 'polling',
    '--limit', 'delivery_latency.mean<10us', '--out', out(),
  );
  assert.equal(code, 3);
  assert.match(stdout, /None: users\.count = 2 is too much already/);
});

test('capacity says when there are too few deliveries for its limit', async () => {
  const { code, stdout } = await run(
    'capacity', small, '--vary', 'users', '--from', '2', '--to', '8', '--transport', 'websocket',
    '--limit', 'delivery_latency.p999<1s', '--out', out(),
  );
  assert.ok(code === 4 || /late/.test(stdout), stdout);
  if (code === 4) assert.match(stdout, /cannot be judged:\s+delivery_latency\.p999\s+takes\s+10000/);
});

test('an interrupted capacity keeps what it saw', async () => {
  const dir = out();
  const { child, done } = start([
    'capacity', small, '--vary', 'users', '--from', '2', '--to', '64', '--transport', 'sse',
    '--repeat', '1', '--out', dir,
  ]);
  interruptAt(child, 'users.count=4:');
  const { code, stdout } = await done;
  assert.equal(code, 130);
  assert.match(stdout, /Interrupted/);
  assert.equal(JSON.parse(read(dir, 'capacity.json')).transports[0].interrupted, true);
});

test('crossover: theory names a winner, and a run confirms it', async () => {
  const dir = out();
  const { code, stdout, stderr } = await run(
    'crossover', small, '--between', 'polling,websocket', '--metric', 'delivery_latency.mean',
    '--vary', 'transport.polling.interval', '--from', '100ms', '--to', '1s', '--repeat', '1',
    '--set', 'traffic.duration=1s', '--out', dir,
  );
  assert.ok(code === 0 || code === 4, stdout + stderr);
  assert.match(stdout, /no crossing from 100ms to 1s: websocket wins everywhere/);
  assert.ok(fits(stdout), stdout);
  const crossover = JSON.parse(read(dir, 'crossover.json'));
  assert.deepEqual(crossover.between, ['polling', 'websocket']);
  assert.deepEqual(crossover.theory.crossings, []);
  const [side] = crossover.sides;
  assert.equal(side.winner, 'websocket');
  const [polling] = side.transports;
  assert.ok(Math.abs(polling.measured.median / polling.theory - 1) < 0.3);
  assert.match(read(dir, 'crossover.csv'), /,side,polling,theory,delivery_latency\.mean,us,/);
  assert.match(read(dir, 'curve.svg'), /polling, measured/);
});

async function refuses(args, pattern) {
  const { code, stdout, stderr } = await run(...args);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  assert.equal(lines(stderr).length, 1, stderr);
  assert.match(stderr, pattern);
}

test('wrong input is one clear line and exit code 2', async () => {
  const sweep = (...more) => ['run', small, ...more];
  await refuses(sweep('--sweep', 'users.count=1,2', '--sweep', 'rooms.count=1,2'), /one key is swept at a time/);
  await refuses(sweep('--sweep', 'users.cuont=1,2'), /did you mean users\.count\?/);
  await refuses(sweep('--sweep', 'transport.polling.interval=1s,5'), /--sweep: .*"5": .*with its unit/);
  await refuses(sweep('--sweep', 'transport.polling.interval=1s,2s', '--transport', 'sse'), /says nothing to sse/);

  const capacity = (...more) => ['capacity', small, '--vary', 'users', ...more];
  await refuses(capacity('--limit', 'delivery_latency.p98<1s'), /--limit: .*did you mean delivery_latency\.p9/);
  await refuses(capacity('--limit', 'delivery_latency.p99'), /--limit: .*one of < <= > >=/);
  await refuses(capacity('--from', '200', '--to', '100'), /--from 200 --to 100: .*upside down/);
  await refuses(capacity('--from', 'few'), /--from few: write a whole number/);
  await refuses(capacity('--transport', 'sockets'), /did you mean websocket\?/);
  await refuses(capacity('--precision', '0.1%'), /--precision 0\.1%: write a share/);
  await refuses(['capacity', small, '--vary', 'traffic.kind'], /--vary traffic\.kind: .*vary a count/);
  for (const seed of ['-1', '18446744073709551616', '1.5']) {
    const { code, stderr } = await run(...capacity('--seed', seed));
    assert.equal(code, 2, seed);
    assert.match(stderr, /--seed \S+: write a whole number from 0 to 18446744073709551615/);
  }
  await refuses(capacity('--out', '/proc'), /\/proc: cannot be written to/);
  await refuses(['capacity', small, '--vary', 'usr'], /did you mean users\?/);
  await refuses(['capacity', small, '--vary', 'xyzzy'], /there is no such key\. See pushbench list --keys$/m);
  await refuses(['capacity', small, '--vary', 'limits.network_bytes'], /--vary limits\.network_bytes: judges a run/);
  await refuses(sweep('--sweep', 'run.warmup=1s,2s'), /--sweep: run\.warmup: says how runs are done/);
  await refuses(['capacity', small, '--vary', 'run.repeat'], /--vary run\.repeat: .*--repeat/);
  await refuses(['capacity', small, '--vary', 'traffic.rate'], /--from: is missing; traffic\.rate has no usual range/);

  const crossover = (between, metric, vary, ...more) => [
    'crossover', small, '--between', between, '--metric', metric, '--vary', vary, ...more,
  ];
  const interval = 'transport.polling.interval';
  await refuses(crossover('polling', 'network_bytes', interval), /--between: name two transports/);
  await refuses(crossover('polling,carrier', 'network_bytes', interval), /--between: there is no such transport/);
  await refuses(crossover('polling,sse', 'network_byte', interval), /--metric: network_byte: there is no such metric; did you mean network_bytes/);
  await refuses(crossover('sse,websocket', 'network_bytes', interval), /--vary: .*says nothing to sse, websocket/);
  await refuses(crossover('polling,sse', 'network_bytes', interval, '--from', '0s'), /--from 0s: .*above 0|"0s"/);
  const dir = out();
  await refuses(crossover('polling,sse', 'server_memory', interval, '--out', dir), /theory says nothing about it .* = 100ms/);
  assert.ok(!fs.existsSync(dir), 'refused before anything is made');
});
