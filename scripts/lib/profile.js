'use strict';
// Where a program's CPU time goes, by system call: perf's samples, each with the calls that led to it.

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const IN_KERNEL = /^\s*ffff[0-9a-f]{12} /;
const SYSTEM_CALL = /^\s*ffff[0-9a-f]{12} __[a-z0-9]+_sys_(\w+)$/m;

/** What one sample was taken in: a system call's name, "kernel" for what is none's, or "own". */
function placeOf(frames) {
  return SYSTEM_CALL.exec(frames)?.[1] ?? (IN_KERNEL.test(frames) ? 'kernel' : 'own');
}

/**
 * Shares by place of what `perf script -F pid,ip,sym` shows: the samples of the process that comes
 * first, which has started the others.
 */
function sharesOf(script) {
  const samples = script.split(/\n\n+/).flatMap((text) => {
    const [, pid, frames] = /^ *(\d+) *\n([^]*)$/.exec(text) ?? [];
    return pid === undefined ? [] : [{ pid, place: placeOf(frames) }];
  });
  const own = samples.filter(({ pid }) => pid === samples[0].pid);
  const shares = {};
  for (const { place } of own) shares[place] = (shares[place] ?? 0) + 1 / own.length;
  return shares;
}

/** Shares of a program's CPU time by place, its children's apart, from its start to its end. */
function profiled(command, args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'profile-'));
  const file = path.join(folder, 'perf');
  try {
    const how = ['record', '-q', '-e', 'cpu-clock', '-F', '2000', '-g', '-o', file, '--'];
    const { status, stderr } = spawnSync('perf', [...how, command, ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`perf record ended with ${status}: ${stderr}`);
    const shown = ['script', '-i', file, '-F', 'pid,ip,sym'];
    const shares = sharesOf(spawnSync('perf', shown, { encoding: 'utf8', maxBuffer: 2 ** 30 }).stdout);
    if (Object.keys(shares).length === 0) throw new Error(`perf saw nothing of ${command}`);
    return shares;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

module.exports = { profiled, sharesOf };
