// A server that stands still for a while in regular turns: an open loop must show it at the percentiles
// where arithmetic puts it, and a closed loop hides it there.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

const { STALL_TOOL, PUSHBENCH } = process.env;
const STALL_MS = 100;
const EVERY_MS = 1000;
const INTERVAL_MS = 20; // of polling

/** The latency in ms by percentile. */
async function latencies(transport, ...flags) {
  const { stdout } = await promisify(execFile)(STALL_TOOL, [
    '--server', PUSHBENCH, '--transport', transport, '--seconds', '5', '--stall', `${STALL_MS}`,
    '--every', `${EVERY_MS}`, '--users', '4', '--rate', '200', '--interval', `${INTERVAL_MS}`, ...flags,
  ]);
  const rows = stdout.trim().split('\n').slice(1).map((line) => line.split(',').map(Number));
  return Object.fromEntries(rows.map(([percentile, us]) => [percentile, us / 1000]));
}

/**
 * Of the messages, STALL / EVERY are due in a stall, and those wait for what is left of it. So a share
 * of (STALL - l) / EVERY waits for longer than l.
 */
const expected = (percentile) => STALL_MS - ((100 - percentile) / 100) * EVERY_MS;

for (const transport of ['polling', 'long-polling', 'sse', 'websocket']) {
  test(`${transport}: the stalls are in the open loop's latencies, and not in the closed one's`, async () => {
    const open = await latencies(transport);
    const closed = await latencies(transport, '--closed');
    for (const percentile of [95, 97, 99]) {
      const wait = expected(percentile);
      assert.ok(open[percentile] > wait - 25, `open p${percentile}: ${open[percentile]} ms, by arithmetic ${wait}`);
      assert.ok(open[percentile] < wait + 150, `open p${percentile}: ${open[percentile]} ms, by arithmetic ${wait}`);
    }
    assert.ok(open[99] > open[95]);
    // A publisher waits once in each stall, for one of its 50 messages a second; the others go out later.
    assert.ok(closed[95] < open[95] / 2 + (transport === 'polling' ? INTERVAL_MS : 0),
      `closed p95: ${closed[95]} ms, open: ${open[95]} ms`);
    assert.ok(closed[100] > STALL_MS / 3, `closed maximum: ${closed[100]} ms`); // it did stand still
  });
}
