// How scripts/peers and start.mjs keep track of servers, and what they say when something is wrong.
// Run with: node --test tests/peers/control_test.mjs
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { endPeer, startPeer } from '../../servers/peers/start.mjs';
import { waitFor } from '../cli/program.mjs';
import { withPeer } from './peers.mjs';

const GUARD = { timeout: 60_000 };
const CONTROL = fileURLToPath(new URL('../../servers/peers/control.mjs', import.meta.url));
const START = fileURLToPath(new URL('../../servers/peers/start.mjs', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'pushbench-peers-'));
const state = path.join(work, 'state');
after(async () => {
  await peers('down'); // what a test that failed has left
  rmSync(work, { recursive: true });
});

/** Runs a program to its end. */
const node = (script, args, settings = {}) =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { ...GUARD, ...settings }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : error.code, stdout, stderr }),
    );
  });

const peers = (...args) => node(CONTROL, [...args, '--state', state]);

/** What /proc knows of a process, or null: it has ended, even if nobody has asked how. */
function statusOf(pid) {
  if (!existsSync(`/proc/${pid}`)) return null;
  const status = Object.fromEntries(readFileSync(`/proc/${pid}/status`, 'utf8').split('\n').map((l) => l.split(':\t')));
  return status.State.startsWith('Z') ? null : status;
}

test('up, once or twice, and down again, with nothing left', GUARD, async () => {
  const first = await peers('up', 'ws', 'nchan', '--port', '0');
  assert.equal(first.stderr, '');
  const shown = [...first.stdout.matchAll(/^(ws|nchan) +(http:\S+) {2}process (\d+)$/gm)];
  assert.deepEqual(shown.map(([, name]) => name), ['ws', 'nchan']);
  const names = Object.fromEntries(shown.map(([, name, url, pid]) => [name, { url, pid }]));
  const { PPid: master } = statusOf(names.nchan.pid);
  assert.match(readFileSync(`/proc/${master}/cmdline`, 'utf8'), /^nginx: master process/);
  assert.equal((await fetch(`${names.nchan.url}/elsewhere`)).status, 404);

  assert.deepEqual(await peers('up', 'ws', 'nchan', '--port', '0'), first);
  const flag = (name) => `--target ${name}=${names[name].url} --target-pid ${name}=${names[name].pid}`;
  assert.equal((await peers('flags')).stdout, `${flag('nchan')} ${flag('ws')}\n`);

  assert.deepEqual(await peers('down', 'ws'), { status: 0, stdout: '', stderr: '' });
  assert.equal(statusOf(names.ws.pid), null);
  assert.equal((await peers('flags')).stdout, `${flag('nchan')}\n`);
  assert.equal((await peers('down')).status, 0);
  for (const pid of [master, names.nchan.pid]) assert.equal(statusOf(pid), null);
  assert.equal(existsSync(state), false);
  const { status, stderr } = await peers('status');
  assert.deepEqual([status, stderr], [1, 'error: none of them runs; start some with scripts/peers up\n']);
});

test('a port that is taken is one line', GUARD, () =>
  withPeer('ws', async (url) => {
    const { port } = new URL(url);
    for (const name of ['socketio', 'nchan', 'front-haproxy']) {
      const { status, stdout, stderr } = await peers('up', name, '--port', port);
      assert.deepEqual([status, stdout], [1, '']);
      assert.equal(stderr, `error: ${name}: port ${port} is taken; end what listens there, or give another --port\n`);
      assert.equal(existsSync(state), false);
    }
  }),
);

test('a server has the last core, where pushbench run has its own', GUARD, async () => {
  const cores = (pid) => /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1];
  const { stdout, stderr } = await peers('up', 'ws', '--port', '0');
  assert.equal(stderr, '');
  const [, pid] = stdout.match(/ process (\d+)$/m);
  assert.equal(cores(pid), cores('self').split(/[-,]/).at(-1));
  assert.equal((await peers('down')).status, 0);
});

test('on any free port one that ends at once is tried again', GUARD, async () => {
  const folder = path.join(work, 'again');
  mkdirSync(folder);
  const log = openSync(path.join(folder, 'log'), 'w');
  let tries = 0;
  const edit = (text) => ((tries += 1) === 1 ? 'nonsense' : text);
  const peer = await startPeer('front-haproxy', { port: 0, folder, log, edit });
  await endPeer(peer);
  assert.equal(tries, 2);
  const broken = startPeer('front-haproxy', { port: new URL(peer.url).port, folder, log, edit: () => 'nonsense' });
  await assert.rejects(broken, /front-haproxy ended before it listened \(exit code 1\)/);
});

test('what runs otherwise than it is wanted now is one line, and nothing is started', GUARD, async () => {
  const { stdout } = await peers('up', 'ws', '--port', '0', '--core', '0');
  const [, port] = stdout.match(/^ws +http:\/\/127\.0\.0\.1:(\d+)/);
  const front = await peers('up', 'front-haproxy', '--port', '0', '--upstream', '127.0.0.1:1');
  assert.match(front.stderr, /^note: nothing listens on 127\.0\.0\.1:1 yet/);
  for (const [args, how] of [
    [['socketio', 'ws', '--core', '1'], 'ws runs already, on core 0, not 1'],
    [['ws', '--port', port === '8092' ? '8093' : '8092'], `ws runs already, on port ${port}, not 809`],
    [['front-haproxy', '--core', '0'], 'front-haproxy runs already, without --core 0'],
    [['front-haproxy', '--upstream', '127.0.0.1:2'],
      'front-haproxy runs already, in front of 127.0.0.1:1, not 127.0.0.1:2'],
  ]) {
    const got = await peers('up', ...args);
    assert.deepEqual([got.status, got.stdout], [1, ''], how);
    assert.ok(got.stderr.startsWith(`error: ${how}`), got.stderr);
    assert.match(got.stderr, /; end it first with scripts\/peers down (ws|front-haproxy)\n$/);
    assert.equal(got.stderr.trimEnd().split('\n').length, 1, got.stderr);
  }
  assert.deepEqual((await peers('up', 'ws', '--port', port, '--core', '00')).stdout, stdout);
  assert.doesNotMatch((await peers('flags')).stdout, /socketio/);
  assert.equal((await peers('down')).status, 0);
});

/** Whether any process has been started with these words. */
const runs = (words) =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name)).some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(words);
    } catch {
      return false; // it has ended meanwhile
    }
  });

test('one that never answers is given up and ended', GUARD, async () => {
  // nginx without a worker, and a HAProxy that listens where nobody asks.
  const silent = {
    'front-nginx': (text) => `master_process off;\n${text}`,
    'front-haproxy': (text) => text.replace(/bind .*/, `bind unix@${path.join(work, 'socket')}`),
  };
  for (const [name, edit] of Object.entries(silent)) {
    const settings = { port: 0, folder: path.join(work, name), edit };
    await assert.rejects(startPeer(name, { ...settings, patience: 500 }), {
      message: `${name} does not answer after 0.5 s`,
    });
    assert.equal(runs(settings.folder), false);

    const stop = new AbortController();
    const starting = startPeer(name, { ...settings, signal: stop.signal });
    await waitFor(() => runs(settings.folder));
    stop.abort();
    await assert.rejects(starting, { message: `${name} was stopped before it listened` });
    assert.equal(runs(settings.folder), false);
  }
});

test('one whose program is not there is named', GUARD, async () => {
  const env = { ...process.env, PATH: '/nowhere' };
  const { status, stdout, stderr } = await node(START, ['ws', '--port', '0', '--core', '0'], { env });
  assert.deepEqual([status, stdout], [1, '']);
  assert.equal(stderr, "error: ws: taskset can't be started (ENOENT)\n");
});

/** Each is refused with a line, and nothing else. */
async function assertRefused(script, commands) {
  const refused = async ([args, code, line]) => {
    const { status, stdout, stderr } = await node(script, args);
    assert.deepEqual([status, stdout], [code, ''], `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, line);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  };
  await Promise.all(commands.map(refused));
}

test('what is wrong with the flags of start.mjs is one line', GUARD, () =>
  assertRefused(START, [
    [[], 2, /^error: name one of nchan, socketio/],
    [['ws', 'nchan'], 2, /^error: name one of nchan, socketio/],
    [['wss'], 2, /^error: wss is none of nchan, socketio/],
    [['nchan', '--port', 'abc'], 2, /^error: --port abc: write a number from 0 to 65535/],
    [['nchan', '--prt', '1'], 2, /^error: Unknown option '--prt'/],
    [['nchan', '--port'], 2, /^error: Option '--port <value>' argument missing/],
    [['ws', '--port', '0', '--folder', '/dev/null/x'], 1, /^error: ENOTDIR: not a directory, mkdir '\/dev\/null\/x'/],
  ]));

test('what is wrong on the command line is one line', GUARD, () =>
  assertRefused(CONTROL, [
    [[], 2, /^error: no command; write up, down, status or flags/],
    [['start'], 2, /^error: start is no command; write up, down/],
    [['up', 'wss'], 2, /^error: wss is none of nchan, socketio, ws, gorilla, front-nginx/],
    [['up', '--prt', '1'], 2, /^error: Unknown option '--prt'/],
    [['up', 'ws', '--port', '65536'], 2, /^error: --port 65536: write a number from 0 to 65535/],
    [['up', '--port', '8000'], 2, /^error: --port 8000: that is for one server; name which/],
    [['up', '--core', 'two'], 2, /^error: --core two: write the number of a core/],
    [['up', 'front-nginx', '--upstream', '8080'], 2, /^error: --upstream 8080: write an address such as 127/],
  ]));
