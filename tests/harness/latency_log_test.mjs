// The latency.hlog of a run, read by HdrHistogram's own port to JavaScript.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { HistogramLogReader } from 'hdr-histogram-js';

// Above 10,000 deliveries a repetition, so that result.json has a p99.9 too.
const SCENARIO = `purpose = "a test"
[users]
count = 60
join = "50ms"
[traffic]
kind = "poisson"
rate = "150/s"
duration = "1500ms"
[transport.polling]
interval = "50ms"
[run]
repeat = 2
warmup = "50ms"
`;

let folder;
let result;
let log;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-log-'));
  const scenario = path.join(folder, 'scenario.toml');
  fs.writeFileSync(scenario, SCENARIO);
  const out = path.join(folder, 'result');
  const { status, stderr } = spawnSync(process.env.PUSHBENCH, ['run', scenario, '--out', out], { encoding: 'utf8' });
  assert.ok(status === 0 || status === 4, stderr); // a busy machine makes it invalid, not the log wrong
  result = JSON.parse(fs.readFileSync(path.join(out, 'result.json')));
  log = fs.readFileSync(path.join(out, 'latency.hlog'), 'utf8');
});
after(() => fs.rmSync(folder, { recursive: true }));

/** All lines of the log: tag, start and length in seconds, and the histogram. */
function intervals() {
  const reader = new HistogramLogReader(log);
  const all = [];
  for (let h = reader.nextIntervalHistogram(); h !== null; h = reader.nextIntervalHistogram()) {
    all.push({
      tag: h.tag,
      start_s: h.startTimeStampMsec / 1000 - reader.startTimeSec,
      length_s: (h.endTimeStampMsec - h.startTimeStampMsec) / 1000,
      histogram: h,
    });
  }
  return all;
}

/** Those of a tag that lie in a repetition. */
const linesOf = (tag, { started_s, duration_s }) =>
  intervals().filter((i) => i.tag === tag && i.start_s > started_s - 0.01 && i.start_s < started_s + duration_s + 0.01);

function merged(lines) {
  const [first, ...others] = lines.map((line) => line.histogram);
  for (const other of others) first.add(other);
  return first;
}

function assertSame(histogram, figures) {
  assert.equal(histogram.totalCount, figures.count);
  assert.equal(histogram.getValueAtPercentile(50), figures.p50);
  assert.equal(histogram.getValueAtPercentile(90), figures.p90);
  if (figures.p99 !== null) assert.equal(histogram.getValueAtPercentile(99), figures.p99);
  if (figures.p999 !== null) assert.equal(histogram.getValueAtPercentile(99.9), figures.p999);
  assert.equal(histogram.maxValue, figures.max);
}

const repetitions = () => result.transports.flatMap((t) => t.repetitions.map((r) => ({ name: t.name, ...r })));

test('the seconds of each transport, merged, have the percentiles of result.json', () => {
  assert.equal(repetitions().length, 8);
  for (const repetition of repetitions()) {
    assert.ok(repetition.delivery_latency_us.p999 !== null);
    const lines = linesOf(repetition.name, repetition);
    assert.ok(lines.length >= 2, `${repetition.name} has ${lines.length} seconds`);
    assertSame(merged(lines), repetition.delivery_latency_us);
  }
});

test('the other histograms have one line a repetition', () => {
  for (const repetition of repetitions()) {
    const figures = {
      lateness: repetition.harness.lateness_us,
      sender: repetition.sender_latency_us,
      'last-receiver': repetition.last_receiver_latency_us,
      join: repetition.join_us,
    };
    for (const [name, wanted] of Object.entries(figures)) {
      const lines = linesOf(`${repetition.name}:${name}`, repetition);
      assert.equal(lines.length, 1, `${repetition.name}:${name}`);
      assertSame(lines[0].histogram, wanted);
      assert.ok(Math.abs(lines[0].length_s - repetition.duration_s) < 0.002);
    }
  }
});

test('the floor comes first', () => {
  const [first, second] = intervals();
  assert.deepEqual([first.tag, second.tag], ['floor', 'floor:lateness']);
  assertSame(first.histogram, result.floor.delivery_latency_us);
  assertSame(second.histogram, result.floor.lateness_us);
});

test('repetitions follow each other, in the order in which they ran', () => {
  const times = [0, 1].flatMap((i) => result.transports.map((t) => t.repetitions[i]));
  let end = result.floor.duration_s;
  for (const { started_s, duration_s } of times) {
    assert.ok(started_s > end, `${started_s} s is before ${end} s`);
    assert.ok(duration_s >= 1.5);
    end = started_s + duration_s;
  }
});

test('times count from the start of the run', () => {
  const reader = new HistogramLogReader(log);
  reader.nextIntervalHistogram();
  assert.equal(reader.startTimeSec, Date.parse(result.context.date) / 1000);
  const starts = intervals().map((i) => i.start_s);
  assert.deepEqual(starts, [...starts].sort((a, b) => a - b));
  for (const { tag, start_s, length_s } of intervals()) {
    if (!tag.includes(':') && tag !== 'floor') assert.ok(length_s <= 1, `${tag} at ${start_s}`);
  }
});
