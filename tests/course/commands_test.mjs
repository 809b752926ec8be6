// What a lesson has typed under "Try it" works, against a server of this build.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/course/commands_test.mjs

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { start } from '../cli/program.mjs';
import { run, Server } from '../conformance/serve.mjs';
import { ROOT } from './markdown.mjs';

const LESSONS = path.join(ROOT, 'course/en');

/** What is built or started, and what talks to the student's own transport (skeleton_test.mjs types that). */
const ELSEWHERE = /^(pushbench|sudo|cmake|build\/release\/skeleton) ?|:8082\//;

/** The commands of a lesson that talk to the server, in order. */
function typed(lesson) {
  const text = fs.readFileSync(path.join(LESSONS, lesson), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map((match) => match[1]);
  return blocks.join('').split('\n').filter((line) => line !== '' && !ELSEWHERE.test(line));
}

/** The same in a script: what goes on until a person stops it is stopped, and a 4xx is a failure. */
function scripted(line, port) {
  const here = line.replace('127.0.0.1:8080', `127.0.0.1:${port}`).replace('/8080', `/${port}`);
  if (!/^(curl|cat) /.test(here)) return here;
  const seconds = here.includes('wait=3') ? 6 : 2;
  return `timeout ${seconds} ${here.replace(/^curl /, 'curl -sS --fail ')} || [ $? = 124 ]`;
}

for (const lesson of fs.readdirSync(LESSONS)) {
  const lines = typed(lesson);
  if (lines.length === 0) continue;
  test(`${lesson}: its ${lines.length} commands work`, async (t) => {
    const server = await Server.start();
    t.after(() => server.stop());
    const script = lines.map((line) => scripted(line, server.port)).join('\n');
    const { code, stdout, stderr } = await run('bash', ['-euc', script]);
    assert.equal(code, 0, `${script}\n${stdout}${stderr}`);
    assert.match(stdout, /\{"seq":1\}/); // a message was published,
    assert.match(stdout, /\{"seq":\d+,"from":"ann"/); // and delivered
  });
}

test("the teacher's guide asks for predictions that there are", async () => {
  const text = fs.readFileSync(path.join(ROOT, 'course/teacher/guide.en.md'), 'utf8');
  const lines = [...text.matchAll(/^pushbench (predict .+)$/gm)].map((match) => match[1].split(' '));
  assert.ok(lines.length >= 8);
  for (const args of lines) {
    const { code, stdout, stderr } = await start(process.env.PUSHBENCH, args, { cwd: ROOT }).done;
    assert.equal(code, 0, `${args.join(' ')}\n${stderr}`);
    assert.match(stdout, /predicted/);
  }
});
