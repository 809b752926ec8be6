// The servers that others wrote: each brings what is said to those in the room.
// Run with: node --test tests/peers/peers_test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peersOfFile, WAYS } from './peers.mjs';

const GUARD = { timeout: 60_000 };
const PEERS = [...new Set(WAYS.map(({ peer }) => peer))];
const peers = peersOfFile(PEERS);
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

for (const peer of PEERS) {
  test(`${peer} brings each message to its room, and to nobody else`, GUARD, async () => {
    const { url } = peers[peer];
    for (const { by, join } of WAYS.filter((way) => way.peer === peer)) await converse(join, url, by);
  });
}

test('what is none of its requests is answered', GUARD, async () => {
  for (const [peer, status] of Object.entries({ nchan: 404, socketio: 404, ws: 426, gorilla: 400 })) {
    assert.equal((await fetch(`${peers[peer].url}/elsewhere/x`)).status, status, peer);
  }
});

test('nchan keeps the latest messages for who comes late, by each of its ways', GUARD, async () => {
  const { url } = peers.nchan;
  for (const { by, join } of WAYS.filter(({ peer }) => peer === 'nchan')) {
    const ann = await join(url, `attic-${by}`);
    for (const text of ['one', 'two']) await ann.say(draft(text));
    const late = await join(url, `attic-${by}`);
    for (const text of ['one', 'two']) assert.equal(await late.inbox.next(), draft(text));
    for (const { close } of [ann, late]) await close();
  }
});
