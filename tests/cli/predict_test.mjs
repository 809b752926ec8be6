// `pushbench predict` as a user types it: what it foretells, and what it says of bad input.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const binary = process.env.PUSHBENCH;
let folder;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-predict-'));
});
after(() => fs.rmSync(folder, { recursive: true }));

const run = (...args) => spawnSync(binary, args, { cwd: root, encoding: 'utf8' });
const predict = (...args) => run('predict', ...args);

function predicted(...args) {
  const { status, stdout, stderr } = predict(...args, '--json');
  assert.equal(status, 0, stderr);
  const json = JSON.parse(stdout);
  return { ...json, of: Object.fromEntries(json.transports.map((t) => [t.name, t])) };
}

const near = (a, b, share) => assert.ok(Math.abs(a - b) <= share * Math.abs(b), `${a} is not ${b}`);
const POISSON = ['--set', 'traffic.kind=poisson', '--set', 'traffic.rate=2/s', '--set', 'users.count=50'];

test('polling and long polling follow their formulas', () => {
  const { of } = predicted('chat', ...POISSON, '--set', 'transport.polling.interval=500ms', '--set', 'link.delay=0ms');
  near(of.polling.exchanges.empty_share, Math.exp(-1), 1e-6);
  near(of.polling.exchanges.per_message, 1, 1e-6);
  near(of.polling.delivery_latency_us.mean, 250e3, 1e-6);
  near(of.polling.delivery_latency_us.p99, 495e3, 1e-6);
  assert.equal(of.websocket.delivery_latency_us.mean, 0);
  assert.deepEqual(of.sse.exchanges, {});
});

test('a thousand million users take no longer than ten', () => {
  const started = Date.now();
  const { of, users } = predicted('chat', ...POISSON, '--users', '1000000000', '--transport', 'websocket,polling');
  assert.equal(users, 1e9);
  assert.equal(of.websocket.connections, 1e9);
  near(of.websocket.delivered_per_s, 2e9, 1e-9);
  assert.ok(of.polling.requests_per_s > 1e9);
  assert.ok(Date.now() - started < 10000);
});

test('headers of a browser cost polling more, and WebSocket hardly anything', () => {
  const small = predicted('chat', ...POISSON).of;
  const large = predicted('chat', ...POISSON, '--set', 'http.headers=browser', '--set', 'http.cookie=500B').of;
  const up = (t) => t.bytes_per_message.application.up;
  assert.ok(up(large.polling) > 5 * up(small.polling));
  near(up(large.websocket), up(small.websocket), 1e-9);
});

test('the table fits 80 columns and says what it takes for granted', () => {
  const { status, stdout } = predict('chat', '--users', '1000000');
  assert.equal(status, 0);
  for (const line of stdout.split('\n')) assert.ok([...line].length <= 80, line);
  assert.match(stdout, /^polling .*\n(.*\n)*websocket /m);
  assert.match(stdout, /From arithmetic alone/);
  assert.match(stdout, /no time for the server/);
});

test('columns of the largest numbers stay apart', () => {
  const { stdout } = predict('chat', ...POISSON, '--set', 'traffic.per=user', '--users', '1000000000');
  const row = stdout.split('\n').find((line) => line.startsWith('websocket'));
  assert.match(row, /\d [PEZ]b/);
  assert.doesNotMatch(row, /b\d/);
});

test('--from takes the server\'s costs from a result', () => {
  const out = path.join(folder, 'result');
  const file = path.join(folder, 'small.toml');
  fs.writeFileSync(
    file,
    'purpose = "a test"\n[users]\ncount = 8\njoin = "50ms"\n[traffic]\nkind = "poisson"\nrate = "40/s"\nduration = "1s"\n' +
      '[transport.polling]\ninterval = "50ms"\n[run]\nrepeat = 1\nwarmup = "50ms"\n',
  );
  const { stderr } = run('run', file, '--transport', 'polling,websocket', '--out', out);
  assert.ok(fs.existsSync(path.join(out, 'result.json')), stderr);
  const small = predicted(file, '--from', out).of;
  const large = predicted(file, '--from', path.join(out, 'result.json'), '--users', '800').of;
  assert.ok(small.websocket.server.cores > 0);
  near(large.websocket.server.peak_rss_bytes, 100 * small.websocket.server.peak_rss_bytes, 1e-6);
  assert.ok(large.polling.server.cores > 10 * small.polling.server.cores);
  assert.equal(small.sse.server.peak_rss_bytes, undefined);
  const text = (...args) => predict(file, ...(args.includes('--from') ? [] : ['--from', out]), ...args).stdout.replace(/\s+/g, ' ');
  assert.match(text(), /the result has no run of it/);
  assert.doesNotMatch(text(), /overloaded|no time for the server/);
  assert.notEqual(small.websocket.delivery_latency_us.mean, undefined);
  // Other people's polls cost nothing that a result of WebSockets alone can tell.
  const file_of = path.join(out, 'result.json');
  const both = JSON.parse(fs.readFileSync(file_of, 'utf8'));
  const socket = path.join(folder, 'socket.json');
  fs.writeFileSync(socket, JSON.stringify({ ...both, transports: both.transports.filter((t) => t.name === 'websocket') }));
  assert.match(text('--from', socket), /polling: no cores, since the result has too few HTTP exchanges/);
  assert.equal(predicted(file, '--from', socket).of.polling.server.cores, undefined);
  // A poll costs as much as it did, whether it brings something or not.
  const polls = (interval) => predicted(file, '--from', out, '--set', `transport.polling.interval=${interval}`).of.polling;
  near(
    polls('25ms').server.cores / polls('50ms').server.cores,
    polls('25ms').requests_per_s / polls('50ms').requests_per_s,
    1e-6,
  );
  assert.match(text('--users', '800'), /beyond what was measured/);
  // As if each thing it did had taken 100 µs, however fast this machine is.
  const result = JSON.parse(fs.readFileSync(path.join(out, 'result.json'), 'utf8'));
  for (const { repetitions } of result.transports) {
    for (const r of repetitions) {
      const pushed = r.exchanges.asked > 0 ? r.exchanges.asked : r.messages.delivered;
      r.server.cpu_us = 100 * (r.messages.published + pushed);
    }
  }
  fs.writeFileSync(path.join(out, 'result.json'), JSON.stringify(result));
  const hopeless = predicted(file, '--from', out, '--users', '100000000').of;
  assert.equal(hopeless.websocket.delivery_latency_us.mean, undefined);
  assert.equal(hopeless.websocket.overloaded, 'server');
  assert.match(text('--users', '100000000'), /websocket: no latency, since the server is overloaded/);
  assert.match(text('--users', '100000000'), / (G|T)iB of memory/);
});

test('what it leaves out or cannot know is said, and fits 80 columns', () => {
  const text = (...args) => {
    const { stdout, stderr } = predict(...args);
    assert.notEqual(stdout, '', stderr);
    for (const line of stdout.split('\n')) assert.ok([...line].length <= 80, line);
    return stdout.replace(/\s+/g, ' ');
  };
  const group = ['--set', 'group.mobile.share=0.5', '--set', 'group.mobile.cut_at=2s'];
  assert.match(text('notifications', ...group), /Cuts are left out/);
  assert.doesNotMatch(text('notifications'), /Cuts are left out/);
  assert.match(text('game', '--set', 'link.jitter=5ms'), /A tick counts as one moment/);
  assert.match(text('game', '--transport', 'sse'), /^game: 16 users, 320 messages/);
  assert.doesNotMatch(predict('game', '--transport', 'sse').stdout, /\n\n\n/);
  assert.match(text('chat', '--set', 'link.delay=75ms'), /long-polling: [\d.]+ of its network bytes up/);
});

test('a tick of sixteen users is one answer', () => {
  const { of } = predicted('game');
  near(of['long-polling'].exchanges.per_message, 1 / 16, 1e-6);
  near(of['long-polling'].requests_per_s, 640, 1e-6);
});

test('bad input is one line and exit code 2', () => {
  const bad = path.join(folder, 'bad.json');
  fs.writeFileSync(bad, '{"schema": "pushbench-res');
  const refuses = (args, pattern) => {
    const { status, stdout, stderr } = predict(...args);
    assert.equal(status, 2, stderr);
    assert.equal(stdout, '');
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    assert.match(stderr, pattern);
  };
  refuses(['chat', '--from', bad], /ends after 25 bytes/);
  refuses(['chat', '--from', path.join(folder, 'none')], /cannot be read/);
  refuses(['chta'], /there is no such scenario/);
  refuses(['chat', '--transport', 'websockets'], /did you mean websocket\?/);
  refuses(['chat', '--set', 'http.headers=none'], /none.*counts from the scenario's folder/);
  refuses(['chat-rooms', '--users', '10'], /--users 10: 10 users cannot fill \d+ rooms/);
  refuses(['chat', '--set', 'traffic.duration=10min'], /traffic\.duration: .*the trace, which ends after 13\d/);
});
