// Where a result is to be kept, and cannot: a line that says so, and never half a file.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Place, binary, lines, pushbench } from './results.mjs';

let place;
let merging; // a quick command that keeps a result
let sizes;

before(() => {
  place = new Place('folder');
  merging = ['merge', place.sample(1), place.sample(2)];
  const out = place.fresh();
  const { code, stderr } = pushbench([...merging, '--out', out]);
  assert.equal(code, 0, stderr);
  sizes = Object.fromEntries(fs.readdirSync(out).map((name) => [name, fs.statSync(path.join(out, name)).size]));
});
after(() => place.remove());

function refused({ code, stdout, stderr }, pattern) {
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  assert.equal(lines(stderr).length, 1, stderr);
  assert.match(stderr, pattern);
  assert.match(stderr, /name another folder with --out$/m);
}

/** The run was printed, one line says what was kept, and just that is in the folder, whole. */
function printedAndKept({ code, stdout, stderr }, kept, why) {
  assert.equal(code, 1, stderr);
  assert.match(stdout, /^polling /m);
  assert.equal(lines(stderr).length, 1, stderr);
  assert.match(stderr, why);
  const names = Object.keys(kept);
  const said = names.length === 0 ? /; nothing was kept, beside what is printed$/m : /; kept: [^;]+$/m;
  assert.match(stderr, said);
  for (const [name, size] of Object.entries(kept)) {
    assert.equal(size, sizes[name], name);
    assert.ok(stderr.includes(name), `${name}: ${stderr}`);
  }
}

const sizesIn = (folder) =>
  Object.fromEntries(fs.readdirSync(folder).map((name) => [name, fs.statSync(path.join(folder, name)).size]));

test('all files of a run are there, and nothing else', () => {
  assert.ok(sizes['result.json'] > 4096 && sizes['latency.hlog'] > 4096);
  assert.deepEqual(Object.keys(sizes).filter((name) => /partial|^\./.test(name)), []);
});

test('a file on the way to the folder', () => {
  const file = place.fresh();
  fs.writeFileSync(file, 'mine');
  refused(pushbench([...merging, '--out', path.join(file, 'below')]), /below: cannot be made: Not a directory/);
  refused(pushbench([...merging, '--out', file]), /cannot be made: Not a directory/);
  assert.equal(fs.readFileSync(file, 'utf8'), 'mine');
});

test('a name that no file system takes', () => {
  refused(pushbench([...merging, '--out', place.path('x'.repeat(300))]), /cannot be made: File name too long/);
});

test('a folder that others own', { skip: process.getuid() !== 0 && 'takes root, to become nobody' }, () => {
  fs.chmodSync(place.folder, 0o755);
  const own = place.path('pushbench');
  fs.copyFileSync(binary, own); // where nobody may read it
  fs.chmodSync(own, 0o755);
  const theirs = place.fresh();
  fs.mkdirSync(theirs, { mode: 0o755 });
  const shell = `shift; exec setpriv --reuid=65534 --clear-groups ${own} "$@"`;
  refused(pushbench([...merging, '--out', theirs], { shell }), /cannot be written to: Permission denied/);
  refused(pushbench([...merging, '--out', path.join(theirs, 'a')], { shell }), /cannot be made: Permission denied/);
  fs.chmodSync(theirs, 0o700);
  refused(pushbench([...merging, '--out', theirs], { shell }), /: Permission denied/);
  assert.deepEqual(fs.readdirSync(theirs), []);
});

test('each file of a run that is there already', () => {
  for (const name of Object.keys(sizes)) {
    const out = place.fresh();
    fs.mkdirSync(out);
    fs.writeFileSync(path.join(out, name), 'mine');
    refused(pushbench([...merging, '--out', out]), new RegExp(`holds a result already \\(${name}\\)`));
    assert.deepEqual(fs.readdirSync(out), [name]);
    assert.equal(fs.readFileSync(path.join(out, name), 'utf8'), 'mine');
  }
});

test('files that become too large', () => {
  const out = place.fresh();
  const limit = Math.floor(Math.min(...Object.values(sizes)) / 512) - 1;
  assert.ok(limit >= 1);
  const none = pushbench([...merging, '--out', out], { shell: `ulimit -f ${limit}; exec "$@" | cat` });
  assert.equal(none.code, 0); // of cat; stdout would be limited too, if it were a file
  assert.match(none.stdout, /^polling /m);
  assert.match(none.stderr, /result\.json: cannot be written: File too large; nothing was kept/);
  assert.deepEqual(fs.readdirSync(out), []);
});

test('a disk that runs full keeps what fits, whole', (t) => {
  const disk = place.fresh();
  fs.mkdirSync(disk);
  const pages = Math.ceil(sizes['result.json'] / 4096) + 1; // and one for a file's beginning
  const shell = `mount -t tmpfs -o size=${pages * 4}k none "$0" || exit 97; "$@"; code=$?; cp -r "$0" "$0-kept"; exit $code`;
  const args = ['-m', 'sh', '-c', shell, disk, binary, ...merging, '--out', path.join(disk, 'out')];
  const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  if (status === 97 || /unshare failed/.test(stderr)) return t.skip('takes the right to mount');
  const kept = sizesIn(path.join(`${disk}-kept`, 'out'));
  assert.ok('result.json' in kept && !('latency.hlog' in kept));
  printedAndKept({ code: status, stdout, stderr }, kept, /latency\.hlog: cannot be written: No space left on device; kept: /);
});

test('results without a name of their own do not meet', () => {
  const cwd = place.fresh();
  fs.mkdirSync(cwd);
  const args = merging;
  for (let i = 0; i < 3; ++i) {
    const { status, stderr } = spawnSync(binary, args, { cwd, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }
  const folders = fs.readdirSync(path.join(cwd, 'results'));
  assert.equal(folders.length, 3);
  for (const name of folders) assert.match(name, /^chat-merged-\d{4}-\d\d-\d\dT\d{6}Z(-\d)?$/);
});
