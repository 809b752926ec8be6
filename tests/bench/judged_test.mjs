// Which differences scripts/bench takes for worse, and which it does not.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { judged, judgedTimes } from '../../bench/judged.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COMPARE = '/usr/share/benchmark/compare.py';

test('instructions that grew by more than a tenth are worse', () => {
  const grown = judged({ a: 1000, b: 1000 }, { a: 1101, b: 1099 });
  assert.equal(grown.worse, true);
  assert.match(grown.lines[0], /^a +1101 instructions, expected 1000 \(\+10\.1 %\): WORSE$/);
  assert.match(grown.lines[1], /\(\+9\.9 %\)$/);
});

test('instructions that went are said to be better, and a path that is gone or new is told', () => {
  const fewer = judged({ a: 1000 }, { a: 800 });
  assert.equal(fewer.worse, false);
  assert.match(fewer.lines[0], /\(-20\.0 %\): better; keep it with scripts\/bench --instructions --update$/);
  assert.equal(judged({ a: 1, b: 1 }, { a: 1 }).worse, true);
  const more = judged({ a: 1 }, { a: 1, b: 1 });
  assert.equal(more.worse, false);
  assert.match(more.lines[1], /it is new/);
});

/** One benchmark as compare.py dumps it, with these times before and after. */
const entry = (name, before, after, pvalue, more = {}) => ({
  name,
  run_type: 'iteration',
  time_unit: 'ns',
  measurements: before.map((time, i) => ({ cpu_time: time, cpu_time_other: after[i] })),
  utest: { have_optimal_repetitions: true, cpu_pvalue: pvalue, time_pvalue: pvalue },
  ...more,
});

test('times are worse where they are longer, by enough, and not by chance', () => {
  const slow = [115, 116, 114];
  const { lines, worse } = judgedTimes([
    entry('slow', [100, 101, 99], slow, 0.001),
    entry('chance', [100, 101, 99], slow, 0.02),
    entry('small', [100, 101, 99], [109, 109, 109], 0.001),
    entry('quick', slow, [100, 101, 99], 0.001),
  ]);
  assert.equal(worse, true);
  assert.deepEqual(lines, [
    'WORSE: slow: 100.0 -> 115.0 ns (+15.0 %, p 0.0010)',
    'better: quick: 115.0 -> 100.0 ns (-13.0 %, p 0.0010)',
    '4 benchmarks were judged: by 10 % of CPU time, and p < 0.01 by the U test',
  ]);
});

test('aggregates are not judged, and too few repetitions are told', () => {
  const { lines, worse, judged: count } = judgedTimes([
    entry('mean', [100], [200], 0.001, { run_type: 'aggregate' }),
    entry('few', [100], [200], 0.001, { utest: {} }),
  ]);
  assert.equal(worse, false);
  assert.equal(count, 0);
  assert.match(lines[0], /^not judged: 1 benchmarks with fewer than 9 repetitions/);
});

/** A file as Google Benchmark writes it, of one benchmark with ten repetitions about `time`. */
function fileOf(folder, name, time) {
  const benchmarks = Array.from({ length: 10 }, (_, i) => ({
    name: 'wire/mask/64', run_name: 'wire/mask/64', run_type: 'iteration', repetitions: 10, repetition_index: i,
    threads: 1, iterations: 1000, real_time: time + i / 10, cpu_time: time + i / 10, time_unit: 'ns',
  }));
  const file = path.join(folder, name);
  fs.writeFileSync(file, JSON.stringify({ context: { library_build_type: 'release' }, benchmarks }));
  return file;
}

test('what compare.py dumps is judged: 3 for what got worse', (t) => {
  if (!fs.existsSync(COMPARE)) return t.skip("Debian's libbenchmark-tools is not installed");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const dump = path.join(folder, 'dump.json');
  for (const [before, after, status] of [[100, 120, 3], [120, 100, 0]]) {
    const files = [fileOf(folder, 'before.json', before), fileOf(folder, 'after.json', after)];
    const compared = spawnSync('/usr/bin/python3', [COMPARE, '--no-color', '-d', dump, 'benchmarks', ...files]);
    assert.equal(compared.status, 0, String(compared.stderr));
    const verdict = spawnSync('node', [path.join(ROOT, 'bench/verdict.mjs'), dump], { encoding: 'utf8' });
    assert.equal(verdict.status, status, verdict.stdout + verdict.stderr);
    assert.match(verdict.stdout, status === 3 ? /^WORSE: wire\/mask\/64: / : /^better: wire\/mask\/64: /);
  }
});
