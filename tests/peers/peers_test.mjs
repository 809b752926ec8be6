// The servers that others wrote: each brings what is said to those in the room, and scripts/peers keeps track of them.
// Run with: node --test tests/peers/peers_test.mjs
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { WAYS, withPeer } from './peers.mjs';

const GUARD = { timeout: 60_000 }; // building the one in Go on a busy machine takes the longest
const draft = (text) => JSON.stringify({ from: 'ann', text, id: `ann-${text}` });

async function converse(join, url, by) {
  const ann = await join(url, `den-${by}`);
  const bob = await join(url, `den-${by}`);
  const cat = await join(url, `hall-${by}`);
  const says = async (who, text, listeners) => {
    await who.say(draft(text));
    for (const { inbox } of listeners) assert.equal(await inbox.next(), draft(text));
  };
  // What comes first in each inbox shows that nothing of the other room came before.
  await says(ann, 'one', [ann, bob]);
  await says(cat, 'two', [cat]);
  await says(bob, 'three "å" 💬', [ann, bob]);
  for (const { inbox } of [ann, bob, cat]) assert.equal(inbox.waiting, 0);
  for (const { close } of [ann, bob, cat]) await close();
}

for (const peer of new Set(WAYS.map(({ peer }) => peer))) {
  test(`${peer} brings each message to its room, and to nobody else`, GUARD, () =>
    withPeer(peer, async (url) => {
      for (const { by, join } of WAYS.filter((way) => way.peer === peer)) await converse(join, url, by);
    }),
  );
}

test('what is none of its requests is answered', GUARD, async () => {
  for (const [peer, status] of Object.entries({ nchan: 404, socketio: 404, ws: 426, gorilla: 400 })) {
    await withPeer(peer, async (url) => assert.equal((await fetch(`${url}/elsewhere/x`)).status, status, peer));
  }
});

test('nchan keeps the latest messages for who comes late, by each of its ways', GUARD, () =>
  withPeer('nchan', async (url) => {
    for (const { by, join } of WAYS.filter(({ peer }) => peer === 'nchan')) {
      const ann = await join(url, `den-${by}`);
      for (const text of ['one', 'two']) await ann.say(draft(text));
      const late = await join(url, `den-${by}`);
      for (const text of ['one', 'two']) assert.equal(await late.inbox.next(), draft(text));
      for (const { close } of [ann, late]) await close();
    }
  }),
);

const CONTROL = fileURLToPath(new URL('../../servers/peers/control.mjs', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'pushbench-peers-'));
const state = path.join(work, 'state');
after(() => {
  peers('down'); // what a test that failed has left
  rmSync(work, { recursive: true });
});

function peers(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CONTROL, ...args, '--state', state], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** What /proc knows of a process, or null: it has ended, even if nobody has asked how. */
function statusOf(pid) {
  if (!existsSync(`/proc/${pid}`)) return null;
  const status = Object.fromEntries(readFileSync(`/proc/${pid}/status`, 'utf8').split('\n').map((l) => l.split(':\t')));
  return status.State.startsWith('Z') ? null : status;
}

test('up, once or twice, and down again, with nothing left', GUARD, async () => {
  const first = peers('up', 'ws', 'nchan', '--port', '0');
  assert.equal(first.stderr, '');
  const shown = [...first.stdout.matchAll(/^(ws|nchan) +(http:\S+) {2}process (\d+)$/gm)];
  assert.deepEqual(shown.map(([, name]) => name), ['ws', 'nchan']);
  const names = Object.fromEntries(shown.map(([, name, url, pid]) => [name, { url, pid }]));
  const { PPid: master } = statusOf(names.nchan.pid);
  assert.match(readFileSync(`/proc/${master}/cmdline`, 'utf8'), /^nginx: master process/);
  assert.equal((await fetch(`${names.nchan.url}/elsewhere`)).status, 404);

  assert.deepEqual(peers('up', 'ws', 'nchan', '--port', '0'), first);
  const flag = (name) => `--target ${name}=${names[name].url} --target-pid ${name}=${names[name].pid}`;
  assert.equal(peers('flags').stdout, `${flag('nchan')} ${flag('ws')}\n`);

  assert.deepEqual(peers('down', 'ws'), { status: 0, stdout: '', stderr: '' });
  assert.equal(statusOf(names.ws.pid), null);
  assert.equal(peers('flags').stdout, `${flag('nchan')}\n`);
  assert.equal(peers('down').status, 0);
  for (const pid of [master, names.nchan.pid]) assert.equal(statusOf(pid), null);
  assert.equal(existsSync(state), false);
  const { status, stderr } = peers('status');
  assert.deepEqual([status, stderr], [1, 'error: none of them runs; start some with scripts/peers up\n']);
});

test('a port that is taken is one line', GUARD, () =>
  withPeer('ws', async (url) => {
    const { port } = new URL(url);
    for (const name of ['socketio', 'nchan', 'front-haproxy']) {
      const { status, stdout, stderr } = peers('up', name, '--port', port);
      assert.deepEqual([status, stdout], [1, '']);
      assert.equal(stderr, `error: ${name}: port ${port} is taken; end what listens there, or give another --port\n`);
      assert.equal(existsSync(state), false);
    }
  }),
);

test('what is wrong on the command line is one line', () => {
  for (const [args, line] of [
    [[], /^error: no command; write up, down, status or flags/],
    [['start'], /^error: start is no command; write up, down/],
    [['up', 'wss'], /^error: wss is none of nchan, socketio, ws, gorilla, front-nginx/],
    [['up', '--prt', '1'], /^error: Unknown option '--prt'/],
    [['up', 'ws', '--port', '65536'], /^error: --port 65536: write a number from 0 to 65535/],
    [['up', '--port', '8000'], /^error: --port 8000: that is for one server; name which/],
    [['up', '--core', 'two'], /^error: --core two: write the number of a core/],
    [['up', 'front-nginx', '--upstream', '8080'], /^error: --upstream 8080: write an address such as 127/],
  ]) {
    const { status, stdout, stderr } = peers(...args);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, line);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});
