'use strict';
// Where CPU time goes, by perf's samples.

const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
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

/** A symbol of perf's without its arguments and what is the same for all of ours. */
function functionName(symbol) {
  const named = symbol.replaceAll('(anonymous namespace)::', '').replace(/^pushbench::/, '');
  return named.replace(/(?<!operator)\(.*$/, '');
}

/** Percents of what `perf report -F overhead,dso,sym` shows: { kernel, own: [[function, share], …] }, most first. */
function functionsOf(report) {
  let kernel = 0;
  const own = {};
  for (const line of report.split('\n')) {
    const [, share, ring, symbol] = /^ *([\d.]+)% .*\[(.)\] (.+?) *$/.exec(line) ?? [];
    if (ring === 'k') kernel += Number(share);
    else if (ring) own[functionName(symbol)] = (own[functionName(symbol)] ?? 0) + Number(share);
  }
  return { kernel, own: Object.entries(own).sort(([, a], [, b]) => b - a) };
}

const RECORD = ['record', '-q', '-e', 'cpu-clock', '-F', '2000'];

/** What perf shows by `args` of the file that `record` makes it write. */
async function shown(record, args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'profile-'));
  const file = path.join(folder, 'perf');
  try {
    await record(file);
    return spawnSync('perf', [...args, '-i', file], { encoding: 'utf8', maxBuffer: 2 ** 30 }).stdout;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const hasPerf = () => !spawnSync('perf', ['--version']).error;

/** Shares of a program's CPU time by place, its children's apart, from its start to its end. */
async function profiled(command, args) {
  const script = await shown((file) => {
    const { status, stderr } = spawnSync('perf', [...RECORD, '-g', '-o', file, '--', command, ...args]);
    if (status !== 0) throw new Error(`perf record ended with ${status}: ${stderr}`);
  }, ['script', '-F', 'pid,ip,sym']);
  const shares = sharesOf(script);
  if (Object.keys(shares).length === 0) throw new Error(`perf saw nothing of ${command}`);
  return shares;
}

/** What processes do while `use` keeps this one busy, as functionsOf() says it. */
async function watched(pids, use) {
  const report = await shown(async (file) => {
    const perf = spawn('perf', [...RECORD, '-o', file, '-p', pids.join()], { stdio: 'ignore' });
    const end = once(perf, 'exit');
    use();
    perf.kill('SIGINT');
    await end;
  }, ['report', '--stdio', '-F', 'overhead,dso,sym', '--percent-limit', '0']);
  const shares = functionsOf(report);
  if (shares.kernel === 0 && shares.own.length === 0) throw new Error('perf saw nothing of the server');
  return shares;
}

module.exports = { functionName, functionsOf, hasPerf, profiled, sharesOf, watched };
