// What is better or worse than before, and by how much.
import { median } from '../scripts/lib/tables.js';

/** Instructions hardly vary: what has grown so much was changed. */
const MOST_GROWTH = 0.1;

const percent = (share) => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)} %`;

/** Instruction counts against those expected: a line each, and whether one has grown too much, or is gone. */
export function judged(expected, now) {
  const lines = [];
  let worse = false;
  for (const name of new Set([...Object.keys(expected), ...Object.keys(now)])) {
    const [before, after] = [expected[name], now[name]];
    let verdict;
    if (before === undefined) {
      verdict = `${after} instructions; it is new: scripts/bench --instructions --update`;
    } else if (after === undefined) {
      verdict = 'GONE: scripts/bench --instructions --update';
    } else {
      const change = after / before - 1;
      verdict = `${after} instructions, expected ${before} (${percent(change)})`;
      if (change > MOST_GROWTH) verdict += ': WORSE';
      if (change < -MOST_GROWTH) verdict += ': better; keep it with scripts/bench --instructions --update';
    }
    worse ||= /GONE|WORSE/.test(verdict);
    lines.push(`${name.padEnd(12)} ${verdict}`);
  }
  return { lines, worse };
}

/** The benchmarks' times of two programs differ by so much at least before it counts: one program alone was seen 5 %
 * apart, since the two do not run at the same time … */
const LEAST_CHANGE = 0.1;
/** … and are so unlikely to come from one. */
const MOST_CHANCE = 0.01;

/** What compare.py of Google Benchmark dumps: a line for each benchmark that differs, and whether one is worse. */
export function judgedTimes(dump) {
  const all = dump.filter((entry) => entry.run_type === 'iteration');
  const tested = all.filter((entry) => entry.utest.have_optimal_repetitions);
  const lines = [];
  let worse = false;
  for (const { name, measurements, time_unit: unit, utest } of tested) {
    const before = median(measurements.map((m) => m.cpu_time));
    const after = median(measurements.map((m) => m.cpu_time_other));
    const change = after / before - 1;
    if (Math.abs(change) < LEAST_CHANGE || utest.cpu_pvalue >= MOST_CHANCE) continue;
    const times = `${before.toPrecision(4)} -> ${after.toPrecision(4)} ${unit}`;
    lines.push(`${change > 0 ? 'WORSE' : 'better'}: ${name}: ${times} (${percent(change)}, p ${utest.cpu_pvalue.toFixed(4)})`);
    worse ||= change > 0;
  }
  const untested = all.length - tested.length;
  if (untested > 0) lines.push(`not judged: ${untested} benchmarks with fewer than 9 repetitions, or none that vary`);
  lines.push(`${tested.length} benchmarks were judged: by ${100 * LEAST_CHANGE} % of CPU time, and p < ${MOST_CHANCE} by the U test`);
  return { lines, worse, judged: tested.length };
}
