// `pushbench merge` as a user types it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';

import { Place, lines, pushbench, readJson, root } from './results.mjs';

const fits = new Ajv({ allErrors: true }).compile(readJson(root, 'docs/result.schema.json'));
let place;

before(() => (place = new Place('merge')));
after(() => place.remove());

const SCENARIO = `purpose = "a test"
[users]
count = 6
join = "50ms"
[traffic]
kind = "poisson"
rate = "60/s"
duration = "1200ms"
[run]
repeat = 2
warmup = "50ms"
threads = 1
`;

/** A real run; busy machines make it invalid, and that is not its fault. */
function run(...args) {
  const scenario = place.path('small.toml');
  fs.writeFileSync(scenario, SCENARIO);
  const out = place.fresh();
  const { code, stderr } = pushbench([
    'run', scenario, '--transport', 'sse,websocket', '--no-floor', '--allow-invalid', '--out', out, ...args,
  ]);
  assert.equal(code, 0, stderr);
  return out;
}

function result(folder) {
  const read = readJson(folder, 'result.json');
  assert.ok(fits(read), JSON.stringify(fits.errors, null, 1));
  return read;
}

function refuses(args, pattern) {
  const out = place.fresh();
  const { code, stdout, stderr } = pushbench(['merge', ...args, '--out', out]);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  assert.equal(lines(stderr).length, 1, stderr);
  assert.match(stderr, pattern);
  assert.ok(!fs.existsSync(out));
}

test('two runs of one schedule become one result, and what they counted is added', () => {
  const parts = [run(), run()];
  const out = place.fresh();
  const { code, stdout, stderr } = pushbench(['merge', ...parts, '--allow-invalid', '--out', out]);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^websocket /m);
  assert.ok(stderr.endsWith(`\nresult: ${path.join(out, 'result.json')}\nreport: ${path.join(out, 'report.html')}\n`));
  const merged = result(out);
  const originals = parts.map(result);
  assert.deepEqual(merged.parts.map((part) => part.result), parts);
  for (const [t, { name, repetitions }] of merged.transports.entries()) {
    assert.equal(repetitions.length, 2);
    for (const [i, r] of repetitions.entries()) {
      const [a, b] = originals.map((original) => original.transports[t].repetitions[i]);
      assert.equal(r.users, 12, name);
      for (const of of [(x) => x.messages.delivered, (x) => x.delivery_latency_us.count, (x) => x.server.cpu_us,
        (x) => x.exchanges.total, (x) => x.bytes.network.down, (x) => x.harness.lateness_us.count]) {
        assert.equal(of(r), of(a) + of(b), name);
      }
      assert.equal(r.duration_s, Math.max(a.duration_s, b.duration_s));
      assert.equal(r.delivery_latency_us.max, Math.max(a.delivery_latency_us.max, b.delivery_latency_us.max));
    }
  }
  refuses([out, parts[0]], /is merged of 2 results already; name these instead/);
});

test('--repetitions puts them behind each other, whatever their number', () => {
  const parts = [run(), run('--repeat', '1')];
  refuses(parts, /: \/transports\/0\/repetitions: is 1, but 2 in /);
  const out = place.fresh();
  const { code, stderr } = pushbench(['merge', ...parts, '--repetitions', '--allow-invalid', '--out', out]);
  assert.equal(code, 0, stderr);
  const merged = result(out);
  const originals = parts.map(result);
  for (const [t, { repetitions }] of merged.transports.entries()) {
    const all = originals.flatMap((original) => original.transports[t].repetitions);
    assert.equal(repetitions.length, 3);
    const kept = ({ users, delivery_latency_us, server }) => ({ users, delivery_latency_us, server });
    assert.deepEqual(repetitions.map(kept), all.map(kept));
  }
});

test('settings that differ are refused, with both values', () => {
  refuses([run(), run('--set', 'run.drain=9s')], /: \/context\/set\/0: is "run.drain=9s", but nothing in /);
  refuses([run(), run('--set', 'http.cookie=9B')], /: \/context\/cookie_bytes: is 9, but 0 in /);
});

test('a schedule of another seed is refused, with both values', () => {
  const [a, b] = [run(), run('--seed', '2')];
  refuses([a, b], new RegExp(`${b}: /seed: is 2, but 1 in ${a}; only results of the same schedule`));
});

test('an invalid part makes the whole invalid, and says so', () => {
  const args = ['merge', place.sample(1), place.sample(2, 'flawed'), '--json'];
  const { code, stdout, stderr } = pushbench([...args, '--out', place.fresh()]);
  assert.equal(code, 1, stderr); // a part that broke
  assert.match(stderr, /part 2: the server ended by signal 9 during the run/);
  const merged = JSON.parse(stdout);
  assert.equal(merged.valid, false);
  assert.deepEqual(merged.transports[0].repetitions[0].invalid, [
    'part 2: 3 deliveries were lost',
    'part 2: it was "late"',
  ]);
  assert.match(merged.failed_limits[0], /^part 2: /);
});

test('what cannot be merged is one clear line', () => {
  const a = place.sample(1);
  const b = place.sample(2);
  refuses([a, path.join(a, 'result.json')], /result\.json: is the same result as .*; name each once/);
  refuses([a, place.path('nowhere')], /nowhere: cannot be read \(No such file or directory\); give a result\.json/);
  const broken = place.sample(3);
  const log = path.join(broken, 'latency.hlog');
  fs.truncateSync(log, fs.statSync(log).size - 20);
  refuses([a, broken], /latency\.hlog/);
  fs.rmSync(log);
  refuses([a, broken], /latency\.hlog: cannot be read \(No such file or directory\).*only predict --from/);
  const out = place.fresh();
  fs.mkdirSync(out);
  fs.writeFileSync(path.join(out, 'latency.hlog'), 'mine');
  const { code, stderr } = pushbench(['merge', a, b, '--out', out]);
  assert.equal(code, 2);
  assert.match(stderr, /holds a result already \(latency\.hlog\)/);
  assert.equal(fs.readFileSync(path.join(out, 'latency.hlog'), 'utf8'), 'mine');
});

test('one result alone is wrong usage', () => {
  const { code, stdout } = pushbench(['merge', place.sample(1)]);
  assert.equal(code, 2);
  assert.equal(stdout, '');
});
