// `pushbench compare` as a user types it: results against each other, and two servers that take turns.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { Place, binary, lines, pushbench, readJson, untilEnd } from './results.mjs';

const SCENARIO = `purpose = "a test"
[users]
count = 10
join = "50ms"
[traffic]
kind = "poisson"
rate = "40/s"
duration = "1s"
[run]
repeat = 3
warmup = "50ms"
threads = 1
`;

let place;
let scenario;

before(() => {
  place = new Place('compare');
  scenario = place.path('small.toml');
  fs.writeFileSync(scenario, SCENARIO);
});
after(() => place.remove());

/** A real run; busy machines make it invalid, and that is not its fault. */
function run(...args) {
  const out = place.fresh();
  const { code, stderr } = pushbench([
    'run', scenario, '--transport', 'sse,websocket', '--no-floor', '--allow-invalid', '--out', out, ...args,
  ]);
  assert.equal(code, 0, stderr);
  return out;
}

function script(name, body) {
  const file = place.path(name);
  fs.writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return file;
}

/** A server that is this one, with some flags more. */
const server = (name, flags) => script(name, `exec "${binary}" "$@" ${flags}`);

const interleaved = (a, b, ...args) => [
  'compare', '--interleave', scenario, '--server-a', a, '--server-b', b, '--transport', 'websocket', '--no-floor',
  '--allow-invalid', ...args,
];

const figure = (json, transport, metric) =>
  json.candidates[0].transports.find((t) => t.name === transport).figures.find((f) => f.metric === metric);

function refuses(args, pattern, status = 2) {
  const { code, stdout, stderr } = pushbench(['compare', ...args]);
  assert.equal(code, status, stderr);
  assert.equal(stdout, '');
  assert.equal(lines(stderr).length, 1, stderr);
  assert.match(stderr, pattern);
}

test('two runs of one program are compared; another seed is refused', () => {
  const [a, b] = [run(), run()];
  const bytes = ['--fail-if', '*.payload_bytes > +2%']; // by the schedule, on a busy machine, too
  const text = pushbench(['compare', a, b, '--allow-invalid', ...bytes]);
  assert.equal(text.code, 0, text.stdout + text.stderr);
  assert.ok(lines(text.stdout).filter((line) => !line.includes(place.folder)).every((line) => [...line].length <= 80), text.stdout);
  assert.match(text.stdout, /^websocket +A +B +change +least to most$/m);
  assert.match(text.stdout, /^ {2}payload_bytes .* same$/m);
  assert.match(text.stdout, /^held: \*\.payload_bytes > \+2%: sse\.payload_bytes: /m);

  const markdown = pushbench(['compare', a, b, '--allow-invalid', '--format', 'md', ...bytes]);
  assert.equal(markdown.code, 0);
  assert.match(markdown.stdout, /^### pushbench compare: small, seed 1$/m);

  const json = JSON.parse(pushbench(['compare', a, b, '--allow-invalid', '--json', ...bytes]).stdout);
  assert.equal(json.regressed, false);
  const measured = readJson(a, 'result.json').transports[1].repetitions;
  assert.deepEqual(
    figure(json, 'websocket', 'application_bytes').baseline.repetitions,
    measured.map((r) => (r.bytes.application.up + r.bytes.application.down) / r.messages.delivered),
  );

  refuses([a, run('--seed', '2')], /new-\d+\)?: does not compare with A \(.*\): seed is 1 there and 2 here/);
});

test('a condition that fails ends with 3, unless nothing is to fail', () => {
  const [a, b] = [place.sample(1), place.sample(2)];
  const absurd = ['--allow-invalid', '--fail-if', 'polling.application_bytes > 1B'];
  const { code, stdout } = pushbench(['compare', a, b, ...absurd]);
  assert.equal(code, 3, stdout);
  assert.match(stdout, /^FAILED: polling\.application_bytes > 1B: /m);
  assert.equal(pushbench(['compare', a, b, ...absurd, '--no-fail']).code, 0);
});

test('what is wrong is one clear line each', () => {
  const a = place.sample(1);
  const cut = place.sample(3);
  const file = path.join(cut, 'result.json');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').slice(0, 500));
  refuses([a, cut], /result\.json: .*cut off/);
  refuses([a, place.path('nowhere')], /nowhere/);
  const turns = place.path('turns');
  fs.mkdirSync(path.join(turns, 'a'), { recursive: true });
  for (const name of ['compare.json', 'a/result.json']) fs.writeFileSync(path.join(turns, name), '{}');
  refuses([a, turns], /turns\)?: holds a comparison of two servers; its runs can be read, as .*turns\/a/);
  refuses([a, a], /A and B are the same result; give two/);
  refuses([a, path.join(a, 'result.json')], /A and B are the same result/);
  refuses([a], /give two results/);
  refuses([a, place.sample(2), '--fail-if', 'websokcet.server_cpu > +10%'],
    /--fail-if: "websokcet.*", character 1: .*did you mean websocket\?/);
  refuses([a, place.sample(2), '--threshold', '5'], /--threshold: "5": write a number and %/);
  refuses([a, place.sample(2), '--server-a', binary], /--server-a: is for two servers/);
  refuses(['--interleave', scenario, '--server-a', binary], /--server-b: is missing/);
  refuses(interleaved(binary, binary, '--fail-if', 'sse.server_cpu > +5%').slice(1),
    /--fail-if: "sse\.server_cpu > \+5%": sse is not run here, but websocket; name it with --transport/);
  refuses(['--interleave', scenario, '--server-a', binary, '--server-b', place.path('gone')], /there is no such program/);
});

test('an invalid result is refused, unless it is allowed', () => {
  const a = place.sample(1);
  const broken = place.sample(2, 'flawed');
  refuses([a, broken], /B does not count: .*--allow-invalid/, 4);
  const { stdout } = pushbench(['compare', a, broken, '--allow-invalid']);
  assert.match(stdout, /^INVALID: B: /m);
});

test('two servers that take turns: one that waits longer is found, and one that is the same is not', () => {
  const usual = server('usual', '');
  const slower = server('slower', '--batch-window 50ms');
  const out = place.fresh();
  const found = pushbench([...interleaved(usual, slower), '--repeat', '6', '--out', out]);
  assert.equal(found.code, 3, found.stdout + found.stderr);
  assert.match(found.stdout, /^worse: websocket\.delivery_latency\.p50: /m);
  const json = readJson(out, 'compare.json');
  assert.ok(json.paired);
  const p50 = figure(json, 'websocket', 'delivery_latency.p50');
  assert.equal(p50.verdict, 'worse');
  assert.equal(p50.test, 'wilcoxon_signed_rank');
  assert.equal(p50.p, 2 / 64);
  assert.equal(p50.baseline.repetitions.length, 6);
  assert.equal(figure(json, 'websocket', 'payload_bytes').verdict, 'same');
  for (const side of ['a', 'b']) {
    assert.equal(readJson(out, side, 'result.json').transports[0].repetitions.length, 6);
  }
  // A took the first turn, then B two, then A two: by their starts.
  const starts = ['a', 'b'].flatMap((side) =>
    readJson(out, side, 'result.json').transports[0].repetitions.map((r) => ({ side, at: r.started_s })));
  starts.sort((x, y) => x.at - y.at);
  assert.equal(starts.map((start) => start.side).join(''), 'abbaabbaabba');

  const same = pushbench([...interleaved(usual, binary), '--repeat', '6', '--out', place.fresh()]);
  assert.equal(same.code, 0, same.stdout + same.stderr);
});

test('Ctrl-C keeps the pairs that were measured', async () => {
  const out = place.fresh();
  const child = spawn(binary, [...interleaved(binary, binary), '--repeat', '50', '--out', out], untilEnd);
  let stderr = '';
  child.stdout.resume();
  child.stderr.on('data', (data) => {
    const before = stderr.includes('websocket A 3/50');
    stderr += data;
    if (!before && stderr.includes('websocket A 3/50')) child.kill('SIGINT');
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(code, 130, stderr);
  assert.equal(figure(readJson(out, 'compare.json'), 'websocket', 'application_bytes').baseline.repetitions.length, 2);
  for (const side of ['a', 'b']) assert.equal(readJson(out, side, 'result.json').outcome, 'interrupted');
});

test('each side names the build of its own server, and has the floor of their one harness', () => {
  const older = script('older', `test "$1" = --version && echo 'pushbench 0.0.1 (older)' && exit\nexec "${binary}" "$@"`);
  const out = place.fresh();
  const later = server('later', '--batch-window 1ms');
  const args = [...interleaved(older, later), '--no-fail', '--repeat', '1', '--out', out];
  const { code, stdout, stderr } = pushbench(args.filter((word) => word !== '--no-floor'));
  assert.equal(code, 0, stderr);
  const [, version, commit] = /^pushbench (\S+) \((.*)\)$/m.exec(pushbench(['--version']).stdout);
  const said = stdout.replaceAll(/\s+/g, ' ');
  assert.ok(said.includes(`server 0.0.1 (older), harness ${version} (${commit})`), stdout);
  assert.ok(said.includes(`server ${version} (${commit}), harness ${version} (${commit})`), stdout);
  assert.deepEqual(readJson(out, 'a', 'result.json').context.server, { version: '0.0.1', commit: 'older' });
  assert.deepEqual(readJson(out, 'b', 'result.json').context.server, { version, commit });
  assert.deepEqual(readJson(out, 'compare.json').baseline.server, { version: '0.0.1', commit: 'older' });
  const { floor } = readJson(out, 'a', 'result.json');
  assert.ok(floor.delivered > 0);
  assert.deepEqual(readJson(out, 'b', 'result.json').floor, floor); // of the one harness of both
});

test('what a server leaves behind keeps nobody waiting', () => {
  const pids = place.path('left');
  const untidy = script('untidy', `sleep 1000 2>&- & echo $! >>"${pids}"\nexec "${binary}" "$@"`);
  const { code, stderr } = pushbench([...interleaved(untidy, binary), '--no-fail', '--repeat', '1', '--out', place.fresh()]);
  for (const pid of lines(fs.readFileSync(pids, 'utf8'))) process.kill(Number(pid), 'SIGKILL');
  assert.equal(code, 0, stderr);
});

test('a server that does not serve is named', () => {
  const broken = script('broken', 'exit 7');
  const out = place.fresh();
  const { code, stderr } = pushbench([...interleaved(binary, broken), '--repeat', '2', '--out', out]);
  assert.equal(code, 1, stderr);
  assert.match(stderr, /server B: the server ended with status 7/);
  assert.equal(readJson(out, 'b', 'result.json').outcome, 'broke');
});
