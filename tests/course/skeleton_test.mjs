// The transport that students write: as it is shipped no test passes by itself, and what the lesson has typed
// works with the solution.
// Run by CTest with PUSHBENCH, SKELETON and SOLUTION, the paths of three programs.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { test } from 'node:test';

import { run, within } from '../conformance/serve.mjs';
import { ROOT } from './markdown.mjs';

const { SKELETON, SOLUTION } = process.env;
assert.ok(SKELETON && SOLUTION, 'set SKELETON and SOLUTION to the two programs');
const LESSONS = ['en', 'ru'].map((lang) =>
  fs.readFileSync(path.join(ROOT, 'course', lang, '4-server-sent-events.md'), 'utf8'),
);
const FILLED_IN = 'these tests are for course/skeleton/http_streaming.cc as it is shipped';

/** A line of `program serve 0`, which says where it listens. `t` stops it as a user does, with Ctrl-C. */
async function serve(t, program) {
  const child = spawn(program, ['serve', '0']);
  const exit = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGINT');
    assert.deepEqual(await within(exit, 'the end of serve'), [0, null]);
  });
  const [line] = await within(once(readline.createInterface({ input: child.stdout }), 'line'), 'its first line');
  return line.match(/^listening on (http:\/\/127\.0\.0\.1:\d+)$/)[1];
}

test('as shipped every test fails, and says which step is the first', async () => {
  const { stdout: list } = await run(SKELETON, ['--gtest_list_tests']);
  const names = list.match(/^ {2}Step\d\w+$/gm);
  assert.ok(names.length >= 15, list);
  const { code, stdout } = await run(SKELETON, ['--gtest_fail_fast=0']);
  assert.equal(code, 1, FILLED_IN);
  assert.deepEqual(stdout.match(/^(ok|not yet) +\w+$/gm), names.map((name) => `not yet  ${name.trim()}`), FILLED_IN);
  assert.match(stdout, new RegExp(`^0 of ${names.length} tests pass$`, 'm'));
});

test('a run stops at the first step that is not right', async () => {
  const { code, stdout } = await run(SKELETON, []);
  assert.equal(code, 1, FILLED_IN);
  assert.deepEqual(stdout.match(/^(ok|not yet) .*$/gm), ['not yet  Step1BeginsAResponseWithoutAnEnd']);
  assert.match(stdout, /^step 1: GET \/rooms\/r\/stream .*it got 501 .*"detail":"this transport is not written yet/m);
});

test('the lesson prints what a first run prints', async () => {
  const { stdout } = await run(SKELETON, []);
  const whole = (text) => text.replace(/(?<= it got 501 ).*$/m, '');
  for (const lesson of LESSONS) {
    const [printed] = lesson.match(/^not yet [^]*?tests pass\n/m);
    assert.equal(whole(printed), whole(stdout), FILLED_IN);
  }
});

test('as shipped it says that it is not written, and all else is served', async (t) => {
  const url = await serve(t, SKELETON);
  const answer = await fetch(`${url}/rooms/news/stream?after=0`);
  assert.equal(answer.status, 501, FILLED_IN);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  assert.match((await answer.json()).detail, /course\/skeleton\/http_streaming\.cc/);
  assert.equal((await fetch(`${url}/rooms/news/poll`)).status, 204);
});

test('what the lesson has typed shows the stream of the solution', async (t) => {
  const url = await serve(t, SOLUTION);
  const lines = LESSONS[0].split('\n').filter((line) => /^curl .*http:\/\/127\.0\.0\.1:8082/.test(line));
  assert.ok(lines.length >= 2, 'the lesson has commands for it');
  const script = lines
    .map((line) => line.replace('http://127.0.0.1:8082', url).replace(/^curl /, 'timeout 2 curl -sS --fail '))
    .map((line) => `${line} || [ $? = 124 ]`);
  const { code, stdout, stderr } = await run('bash', ['-euc', script.join('\n')]);
  assert.equal(code, 0, `${script.join('\n')}\n${stderr}`);
  assert.match(stdout, /\[\{"seq":1,"from":"ann","text":"[^"]+","at":\d+\}\]$/m);
});

test('a port that is none is told in a line', async () => {
  const { code, stderr } = await run(SKELETON, ['serve', 'x']);
  assert.equal(code, 2);
  assert.match(stderr, /^skeleton serve: it takes a port, 0 to 65535, or nothing\n$/);
});

test('--help says what a student can type', async () => {
  const { code, stdout } = await run(SKELETON, ['--help']);
  assert.equal(code, 0);
  assert.match(stdout, /^skeleton serve \[PORT\] /m);
  assert.ok(stdout.split('\n').every((line) => line.length <= 100), stdout);
});
