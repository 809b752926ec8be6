// What scripts/compare-servers makes of its figures, and that none can go missing unseen.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { comparisonTable, idleTable, inTurn, missedText } from '../../scripts/lib/comparison.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/compare-servers', import.meta.url));
const SSE = { name: 'sse', goals: { floor: 0.9 } };
const POLL = { name: 'poll', by: 'cost', goals: { nginx: 1.1 } };
const figures = (rate, cost) => ({ rate, cost });

test('every second round has the reverse order', () => {
  const names = ['ours', 'floor', 'ws'];
  assert.deepEqual(inTurn(names, 1), names);
  assert.deepEqual(inTurn(names, 2), ['ws', 'floor', 'ours']);
  assert.deepEqual(inTurn(names, 3), names);
  assert.deepEqual(names, ['ours', 'floor', 'ws'], 'as it was');
});

test('a ratio is the median of the rounds that have both, and in bold where it misses its goal', () => {
  const missed = [];
  const rounds = [
    { ours: figures(80_000, 1), floor: figures(100_000, 1) },
    { ours: figures(99_000, 1), floor: null },
    { ours: figures(88_000, 2), floor: figures(100_000, 1) },
    { ours: figures(95_000, 3), floor: figures(100_000, 1) },
  ];
  const text = comparisonTable([{ cell: SSE, peers: ['floor'], rounds }], missed);
  assert.deepEqual(missed, ['sse, against floor: 0.88, goal ≥ 0.9']);
  assert.ok(text.endsWith(
    '| sse | 91.5 k | 1.50 | floor | 100.0 k | 1.00 | **0.88** | 0.80–0.95 | ≥ 0.9 | 2.00 |\n',
  ));
});

test('of CPU time, less is better', () => {
  const missed = [];
  const judge = (cost) => {
    const rounds = [{ ours: figures(1000, cost), nginx: figures(1000, 1) }];
    return comparisonTable([{ cell: POLL, peers: ['nginx'], rounds }], missed);
  };
  assert.match(judge(1.1), /\| 1\.10 \| 1\.10–1\.10 \| ≤ 1\.1 \|/);
  assert.deepEqual(missed, []);
  assert.match(judge(1.2), /\| \*\*1\.20\*\* \|/);
  assert.equal(missed.length, 1);
});

test('a goal without figures is missed, and its row stays', () => {
  const missed = [];
  const rounds = [{ ours: figures(1000, 1), nginx: null }, { ours: null, nginx: figures(1000, 1) }];
  const text = comparisonTable([{ cell: POLL, peers: ['nginx'], rounds }], missed);
  assert.deepEqual(missed, ['poll, against nginx: –, goal ≤ 1.1']);
  assert.ok(text.endsWith('| poll | 1.0 k | 1.00 | nginx | 1.0 k | 1.00 | **–** | – | ≤ 1.1 | – |\n'));
});

test('memory of an idle connection has a goal, which a missing figure misses', () => {
  const goals = { ours: 512 };
  const missed = [];
  assert.ok(idleTable([['ours', 512], ['ws', 6439.4]], goals, missed).endsWith(
    '| ours | 512 | ≤ 512 |\n| ws | 6439 | – |\n',
  ));
  assert.deepEqual(missed, []);
  assert.match(idleTable([['ours', 513]], goals, missed), /\| ours \| \*\*513\*\* \| ≤ 512 \|/);
  assert.match(idleTable([['ours', null]], goals, missed), /\| ours \| \*\*–\*\* \| ≤ 512 \|/);
  assert.deepEqual(missed, [
    'idle WebSocket, ours: 513 bytes, goal ≤ 512', 'idle WebSocket, ours: – bytes, goal ≤ 512',
  ]);
});

test('missed goals are named below the tables', () => {
  assert.equal(missedText(['a', 'b']), 'Goals missed, in bold above:\n\n- a\n- b\n');
  assert.equal(missedText([]), 'No goal is missed.\n');
});

test('polls that wrk cannot measure fail the comparison', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'comparison-test-'));
  const wrk = path.join(folder, 'wrk');
  fs.writeFileSync(wrk, '#!/bin/sh\necho out of order >&2\nexit 3\n', { mode: 0o755 });
  const args = ['--only', 'poll, one', '--rounds', '1', '--seconds', '0.1', '--peers', 'none'];
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync(SCRIPT, args, { encoding: 'utf8', env });
  fs.rmSync(folder, { recursive: true });
  assert.equal(status, 1);
  for (const name of ['ours', 'nginx']) {
    assert.match(stderr, new RegExp(`^poll, one waiting message, ${name}: wrk ended with 3: out of order$`, 'm'));
  }
  assert.match(stderr, /^missed: poll, one waiting message, against nginx: –, goal ≤ 1\.1$/m);
  assert.match(stdout, /^\| poll, one waiting message \| – \| – \| nginx \| – \|/m);
});
