// One run measures our own server and those that others wrote: each column is there, and every message came once.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/peers/targets_test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertWhole, measure, targetFlags } from './columns.mjs';
import { peersOfFile } from './peers.mjs';

const peers = peersOfFile(['nchan', 'socketio', 'ws']);

test('one run measures ours and theirs, by every transport that each has', { timeout: 90_000 }, async () => {
  const run = await measure(...Object.values(peers).flatMap(targetFlags));
  assertWhole(run, [
    'polling', 'long-polling', 'sse', 'websocket',
    'nchan/long-polling', 'nchan/sse', 'nchan/websocket',
    'socketio/long-polling', 'socketio/websocket',
    'ws/websocket',
  ]);
  const targets = run.result.transports.flatMap(({ target }) => target ?? []);
  for (const { name, dialect, url } of targets) assert.deepEqual([dialect, url], [name, peers[name].url]);
  const flat = run.stdout.replaceAll(/\n +/g, ' ');
  assert.match(flat, /- every message once, in order: polling, long-polling, sse and websocket\n/);
  assert.match(flat, /- every message once, each publisher's in order: nchan\/long-polling, .* and ws\/websocket\n/);
});
