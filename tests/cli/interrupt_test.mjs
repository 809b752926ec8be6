// Ctrl-C, once and twice, at any time of what takes long.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { binary, scenario, start, temporaryFolder, waitFor } from './program.mjs';

const folder = temporaryFolder();
const long = path.join(folder, 'long.toml');
fs.writeFileSync(long, scenario('60s'));
const short = path.join(folder, 'short.toml');
fs.writeFileSync(short, scenario('300ms'));

let made = 0;
const out = () => path.join(folder, `out-${++made}`);
const read = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8'));

/** Sends the signals when stderr has said `text`. */
function signalAt(child, text, ...signals) {
  let sent = false;
  child.on('said', (stderr) => {
    if (sent || !stderr.includes(text)) return;
    sent = true;
    for (const signal of signals) child.kill(signal);
  });
}

function serverOf(pid) {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? null : Number(children.split(' ')[0]);
}

/** Gone, or only waiting for somebody to ask how it ended. */
function hasEnded(pid) {
  try {
    return / Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''));
  } catch {
    return true;
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`${signal} while the harness measures itself`, async () => {
    const dir = out();
    const { child, done } = start(binary, ['run', long, '--out', dir]);
    await waitFor(() => fs.existsSync(dir)); // it is made just before
    child.kill(signal);
    const { code, stdout, stderr } = await done;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /^pushbench run: interrupted$/m);
    const result = read(dir, 'result.json');
    assert.equal(result.outcome, 'interrupted');
    assert.deepEqual(result.transports.map(({ repetitions }) => repetitions.length), [0, 0, 0, 0]);
    assert.match(stdout, /nothing was measured/);
  });
}

test('in between: what came before is kept', async () => {
  const dir = out();
  const { child, done } = start(binary, ['run', short, '--no-floor', '--transport', 'sse,websocket', '--repeat', '100', '--out', dir]);
  signalAt(child, '[3/', 'SIGINT');
  const { code, stdout, stderr } = await done;
  assert.equal(code, 130, stderr);
  const result = read(dir, 'result.json');
  assert.equal(result.outcome, 'interrupted');
  assert.ok(result.transports[0].repetitions[0].messages.delivered > 0);
  assert.ok(result.transports[0].repetitions.length < 100);
  assert.match(stdout, /^sse /m);
});

test('in the middle: the half of a repetition is there, and marked', async () => {
  const dir = out();
  const { child, done } = start(binary, ['run', long, '--no-floor', '--transport', 'websocket', '--json', '--out', dir]);
  await waitFor(() => fs.readdirSync(`/proc/${serverOf(child.pid)}/fd`).length > 12); // 4 users
  child.kill('SIGINT');
  const { code, stdout } = await done;
  assert.equal(code, 130);
  const result = read(dir, 'result.json');
  assert.deepEqual(JSON.parse(stdout), result);
  assert.equal(result.outcome, 'interrupted');
  assert.deepEqual(result.transports[0].repetitions.map(({ invalid }) => invalid), [['interrupted']]);
});

test('twice: it ends at once, with no server left and nothing half written', async () => {
  const dir = out();
  const { child, done } = start(binary, ['run', long, '--no-floor', '--transport', 'polling', '--out', dir]);
  const server = await waitFor(() => serverOf(child.pid));
  child.kill('SIGINT');
  child.kill('SIGTERM');
  const { code, stdout } = await done;
  assert.equal(code, 130);
  assert.equal(stdout, '');
  assert.deepEqual(fs.readdirSync(dir), []);
  await waitFor(() => hasEnded(server));
});

test('a run that is killed outright leaves no server either', async () => {
  const { child, done } = start(binary, ['run', long, '--no-floor', '--transport', 'sse', '--out', out()]);
  const server = await waitFor(() => serverOf(child.pid));
  child.kill('SIGKILL');
  await done;
  await waitFor(() => hasEnded(server));
});

// The harness on its own takes as long as a run, up to ten seconds, before the first of them.
const SEARCHES = {
  sweep: ['run', long, '--sweep', 'users.count=2,3', '--transport', 'sse', '--no-floor'],
  capacity: ['capacity', long, '--vary', 'users', '--from', '2', '--to', '8', '--transport', 'sse', '--set', 'traffic.duration=2s'],
  crossover: [
    'crossover', long, '--vary', 'transport.polling.interval', '--between', 'polling,websocket', '--metric',
    'network_bytes', '--set', 'traffic.duration=2s',
  ],
};

for (const [name, args] of Object.entries(SEARCHES)) {
  test(`${name}: the first keeps what was measured, the second ends it`, async () => {
    const dir = out();
    const first = start(binary, [...args, '--json', '--out', dir]);
    signalAt(first.child, '[1/', 'SIGINT');
    const { code, stdout, stderr } = await first.done;
    assert.equal(code, 130, stderr);
    assert.deepEqual(read(dir, `${name}.json`), JSON.parse(stdout));
    const second = start(binary, [...args, '--out', out()]);
    signalAt(second.child, '[1/', 'SIGINT', 'SIGTERM');
    assert.deepEqual(await second.done.then((end) => [end.code, end.stdout]), [130, '']);
  });
}

test('study: the runs until then are shown and kept', async () => {
  const dir = out();
  const { child, done } = start(binary, ['study', 'kaazing', '--quick', '--out', dir]);
  signalAt(child, '[1/', 'SIGINT');
  const { code, stdout, stderr } = await done;
  assert.equal(code, 130, stderr);
  assert.match(stderr, /^pushbench study: .*: interrupted$/m);
  assert.notEqual(stdout, '');
  const steps = fs.readdirSync(dir).filter((step) => fs.existsSync(path.join(dir, step, 'result.json')));
  assert.ok(steps.length >= 1);
  assert.equal(fs.existsSync(path.join(dir, 'study.json')), false);
});

test('a server that is asked to end does so with 0, as before', async () => {
  const { child, done } = start(binary, ['serve', '--port', '0']);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill('SIGINT');
  assert.equal((await done).code, 0);
});
