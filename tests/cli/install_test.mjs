// `cmake --install`, and then the installed program, moved to where nobody built it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';

import { binary, lines, pushbench, scenario, start, temporaryFolder } from './program.mjs';

const folder = temporaryFolder();
const prefix = path.join(folder, 'moved here');
const installed = path.join(prefix, 'bin/pushbench');
const elsewhere = path.join(folder, 'elsewhere');

const run = (...args) => start(installed, args, { cwd: elsewhere }).done;

before(async () => {
  fs.mkdirSync(elsewhere);
  const first = path.join(folder, 'first');
  const { code, stderr } = await start('cmake', ['--install', path.dirname(binary), '--prefix', first]).done;
  assert.equal(code, 0, stderr);
  fs.renameSync(first, prefix);
});

test('everything is where it belongs', () => {
  for (const file of [
    'bin/pushbench', 'share/pushbench/scenarios/chat.toml', 'share/pushbench/scenarios/studies/kaazing.toml',
    'share/pushbench/scenarios/headers/browser.txt', 'share/pushbench/scenarios/traces/ubuntu-irc-2006-06-01.csv',
    'share/pushbench/course/labs/2/lab.toml', 'share/pushbench/course/labs/2/recorded/slow/latency.hlog',
    'share/bash-completion/completions/pushbench', 'share/zsh/site-functions/_pushbench',
    'share/fish/vendor_completions.d/pushbench.fish', 'share/man/man1/pushbench.1',
  ]) {
    assert.ok(fs.existsSync(path.join(prefix, file)), file);
  }
});

test('it finds its scenarios, their traces and their headers', async () => {
  const { stdout } = await run('list', '--names');
  assert.equal(stdout, (await pushbench('list', '--names')).stdout);
  const { code, stderr } = await run('validate', ...lines(stdout));
  assert.equal(stderr, '');
  assert.equal(code, 0);
});

test('it finds its labs', async () => {
  const { code, stdout } = await run('lab', '--lang', 'en');
  assert.equal(code, 0);
  assert.equal(stdout, (await pushbench('lab', '--lang', 'en')).stdout);
  const taken = await run('lab', '2', 'run', '--recorded', '--without-prediction');
  assert.equal(taken.code, 0, taken.stderr);
  assert.ok(fs.existsSync(path.join(elsewhere, 'pushbench-lab/2/slow/report.html')));
});

test('it runs, and leaves its results where it was started', async () => {
  fs.writeFileSync(path.join(elsewhere, 'own.toml'), scenario('300ms'));
  const { code, stderr } = await run('run', 'own.toml', '--transport', 'websocket', '--repeat', '1', '--allow-invalid');
  assert.equal(code, 0, stderr);
  const [result] = fs.readdirSync(path.join(elsewhere, 'results'));
  assert.ok(fs.existsSync(path.join(elsewhere, 'results', result, 'result.json')));
});

test('PUSHBENCH_SCENARIOS is another folder of shipped scenarios', async () => {
  const own = path.join(folder, 'own scenarios');
  fs.mkdirSync(own);
  fs.writeFileSync(path.join(own, 'tiny.toml'), scenario('1s'));
  const env = { PUSHBENCH_SCENARIOS: own };
  const { stdout } = await start(installed, ['list', '--names'], { cwd: elsewhere, env }).done;
  assert.equal(stdout, 'tiny\n');
  assert.equal((await start(installed, ['validate', 'tiny'], { cwd: elsewhere, env }).done).code, 0);
});

test('a staged installation has the same, below DESTDIR', async () => {
  const stage = path.join(folder, 'stage');
  const { code, stderr } = await start(
    'cmake', ['--install', path.dirname(binary), '--prefix', '/usr'], { env: { DESTDIR: stage } },
  ).done;
  assert.equal(code, 0, stderr);
  const staged = await start(path.join(stage, 'usr/bin/pushbench'), ['list', '--names'], { cwd: elsewhere }).done;
  assert.equal(staged.stdout, (await pushbench('list', '--names')).stdout);
});
