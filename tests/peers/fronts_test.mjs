// nginx and HAProxy in front of our own server: what comes through, and what nginx as it comes holds back.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/peers/fronts_test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Page } from '../browser/page.mjs';
import { Server, within } from '../conformance/serve.mjs';
import { openEvents, openSocket, withPeer } from './peers.mjs';

const GUARD = { timeout: 60_000 };

/** Runs `body(front, server)` with the URLs of both. */
async function behind(name, body) {
  const server = await Server.start();
  try {
    await withPeer(name, (front) => body(front, server.url), { upstream: `127.0.0.1:${server.port}` });
  } finally {
    await server.stop();
  }
}

async function publish(url, room, text) {
  const body = JSON.stringify({ from: 'ann', text });
  const answer = await fetch(`${url}/rooms/${room}/messages`, { method: 'POST', body });
  assert.equal(answer.status, 201);
  await answer.arrayBuffer();
}

const textsOf = (batch) => JSON.parse(batch).map(({ text }) => text);
const nextOf = async ({ inbox }, what) => textsOf(await within(inbox.next(), what));

/** Asks for what comes after `seq`, and is answered once there is something. */
async function longPoll(url, room, seq) {
  const answer = await fetch(`${url}/rooms/${room}/long-poll?after=${seq}&wait=60`);
  assert.equal(answer.status, 200);
  return textsOf(await answer.text());
}

/** The server's own word for how many wait in a room by this transport. */
async function untilWaiting(url, room, transport, count = 1) {
  for (;;) {
    const { subscribers } = await (await fetch(`${url}/rooms/${room}`)).json();
    if (subscribers[transport] === count) return;
  }
}

for (const name of ['front-nginx', 'front-haproxy']) {
  test(`${name} lets every transport through`, GUARD, () =>
    behind(name, async (front, server) => {
      const events = await openEvents(`${front}/rooms/den/events`);
      const socket = await openSocket(`${front}/rooms/den/socket`);
      for (const [i, text] of ['one', 'two', 'three'].entries()) {
        const polled = longPoll(front, 'den', i);
        await within(untilWaiting(server, 'den', 'long-polling'), 'a long poll that waits');
        // In turn beside the proxy, through it, and on the WebSocket.
        if (i < 2) await publish([server, front][i], 'den', text);
        else socket.socket.send(JSON.stringify({ from: 'bob', text }));
        assert.deepEqual(await within(polled, 'a long poll'), [text]);
        assert.deepEqual(await nextOf(events, 'an event'), [text]);
        assert.deepEqual(await nextOf(socket, 'a frame'), [text]);
      }
      const poll = await fetch(`${front}/rooms/den/poll?after=0`);
      assert.deepEqual(textsOf(await poll.text()), ['one', 'two', 'three']);
      for (const { close } of [events, socket]) close();
    }),
  );

  test(`${name} lets the pages that the server has handed out talk to it`, GUARD, () =>
    behind(name, async (front) => {
      const ask = async (origin) =>
        (await fetch(`${front}/rooms/den/poll`, { headers: { Origin: origin } })).status;
      assert.equal(await ask(front), 204);
      assert.equal(await ask('http://elsewhere.example'), 403);
    }),
  );
}

test('nginx with nothing but proxy_pass holds events back until 4 KiB are there', GUARD, () =>
  behind('front-nginx-plain', async (front, server) => {
    const direct = await openEvents(`${server}/rooms/den/events`);
    const opening = openEvents(`${front}/rooms/den/events`); // its head is held back as well
    await within(untilWaiting(server, 'den', 'sse', 2), 'the event stream behind the proxy');
    let published = 0;
    let first = null;
    const held = opening.then((stream) => {
      first = published;
      return stream;
    });
    for (; first === null && published < 50; ++published) {
      await publish(server, 'den', 'x'.repeat(500));
      await nextOf(direct, 'an event');
      // An answer through the proxy is behind all that it would have handed on by then.
      await (await fetch(`${front}/rooms/den/poll?after=${published}`)).text();
    }
    // Five of them are less than the buffer's 4,096 bytes, with all that stands around each.
    assert.ok(first > 5 && first < 50, `the first came after ${first}`);
    const stream = await held;
    assert.equal((await nextOf(stream, 'an event')).length, 1);
    for (const { close } of [direct, stream]) close();
  }),
);

test('nginx with nothing but proxy_pass refuses WebSockets and pages, and lets polls through', GUARD, () =>
  behind('front-nginx-plain', async (front) => {
    await assert.rejects(openSocket(`${front}/rooms/den/socket`), /Unexpected server response: 426/);
    const page = await fetch(`${front}/rooms/den/poll`, { headers: { Origin: front } });
    assert.equal(page.status, 403);
    await publish(front, 'den', 'one');
    assert.deepEqual(await longPoll(front, 'den', 0), ['one']);
  }),
);

for (const [name, transport] of [
  ['front-nginx', 'websocket'],
  ['front-haproxy', 'websocket'],
  ['front-nginx-plain', 'long-polling'],
]) {
  test(`the browser library settles on ${transport} behind ${name}`, GUARD, () =>
    behind(name, async (front, server) => {
      await publish(server, 'den', 'one');
      const page = Page.join('auto', { url: front }, { room: 'den', limits: { opening: 1000 } });
      await page.until(() => page.state?.transport === transport, transport);
      await publish(server, 'den', 'two');
      await page.has(2);
      assert.deepEqual(page.texts, ['one', 'two']);
      page.leave();
    }),
  );
}
