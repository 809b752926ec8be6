// Instructions of the hot paths, counted by callgrind: they do not depend on the clock, nor on what else the
// machine does. node bench/instructions.mjs PROGRAM [--check | --update]; PROGRAM is count_instructions.
// Exits 3 where a path has grown, 77 where what is expected is another compiler's or machine's.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

import { judged } from './judged.mjs';

const EXPECTED = fileURLToPath(new URL('instructions.json', import.meta.url));
const SKIPPED = 77;

// The same code everywhere: libraries that choose by the processor take what every x86-64 of today has.
const ENVIRONMENT = {
  ...process.env,
  SIMDJSON_FORCE_IMPLEMENTATION: 'westmere',
  GLIBC_TUNABLES: 'glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM',
};

function run(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: ENVIRONMENT });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return { stdout, stderr };
}

function collected(program, path, times) {
  const options = ['--tool=callgrind', '--callgrind-out-file=/dev/null'];
  const { stderr } = run('valgrind', [...options, program, path, String(times)]);
  return Number(/Collected *: *(\d+)/.exec(stderr)[1]);
}

/** What making the inputs and the first few times cost falls out of the difference. */
function instructionsPerItem(program, path, items) {
  const few = Math.max(20, Math.round(2000 / items));
  const many = few + Math.max(100, Math.round(20_000 / items));
  const difference = collected(program, path, many) - collected(program, path, few);
  return Math.round((10 * difference) / (many - few) / items) / 10;
}

function measured(program, { compiler, items }) {
  const instructions = {};
  for (const [path, count] of Object.entries(items)) instructions[path] = instructionsPerItem(program, path, count);
  return { compiler, machine: process.arch, instructions };
}

function skip(why) {
  console.log(`not checked: ${why}`);
  process.exit(SKIPPED);
}

/** Why what is expected says nothing of this program; "" if it does. */
function reasonNotToCheck(expected, { compiler }) {
  if (spawnSync('valgrind', ['--version']).error) return 'valgrind is not installed (Debian: valgrind)';
  const here = `${compiler} on ${process.arch}`;
  const there = `${expected.compiler} on ${expected.machine}`;
  return here === there ? '' : `bench/instructions.json is of ${there}, this program of ${here}`;
}

const [program, mode] = process.argv.slice(2);
if (!program || ![undefined, '--check', '--update'].includes(mode)) {
  console.error('node bench/instructions.mjs PROGRAM [--check | --update]');
  process.exit(2);
}
const about = JSON.parse(run(program, []).stdout);
const expected = JSON.parse(fs.readFileSync(EXPECTED, 'utf8'));
const reason = reasonNotToCheck(expected, about);
if (mode === '--check' && reason) skip(reason);
if (mode === undefined && reason) console.log(`note: ${reason}`);
const now = measured(program, about);
if (mode === '--update') fs.writeFileSync(EXPECTED, `${JSON.stringify(now, null, 2)}\n`);
const { lines, worse } = judged(mode === '--update' ? now.instructions : expected.instructions, now.instructions);
console.log(lines.join('\n'));
if (mode === '--check' && worse) process.exit(3);
