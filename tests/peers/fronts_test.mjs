// nginx and HAProxy in front of our own server: what comes through, and what nginx as it comes holds back; and a
// scenario through each.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/peers/fronts_test.mjs
import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Page } from '../browser/page.mjs';
import { Server, within } from '../conformance/serve.mjs';
import { assertWhole, measure, targetFlags } from './columns.mjs';
import { openEvents, openSocket, peersOfFile } from './peers.mjs';

const GUARD = { timeout: 60_000 };

const FRONTS = ['front-nginx', 'front-haproxy', 'front-nginx-plain'];

let server;
const fronts = peersOfFile(FRONTS, async () => {
  server = await Server.start();
  return { upstream: `127.0.0.1:${server.port}` };
});
after(() => server.stop());

let rooms = 0;

/** Runs `body(front, server, room)` with the URLs of both, and a room that no other test has. */
const behind = (name, body) => body(fronts[name].url, server.url, `den-${(rooms += 1)}`);

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
    behind(name, async (front, server, room) => {
      const events = await openEvents(`${front}/rooms/${room}/events`);
      const socket = await openSocket(`${front}/rooms/${room}/socket`);
      for (const [i, text] of ['one', 'two', 'three'].entries()) {
        const polled = longPoll(front, room, i);
        await within(untilWaiting(server, room, 'long-polling'), 'a long poll that waits');
        // In turn beside the proxy, through it, and on the WebSocket.
        if (i < 2) await publish([server, front][i], room, text);
        else socket.socket.send(JSON.stringify({ from: 'bob', text }));
        assert.deepEqual(await within(polled, 'a long poll'), [text]);
        assert.deepEqual(await nextOf(events, 'an event'), [text]);
        assert.deepEqual(await nextOf(socket, 'a frame'), [text]);
      }
      const poll = await fetch(`${front}/rooms/${room}/poll?after=0`);
      assert.deepEqual(textsOf(await poll.text()), ['one', 'two', 'three']);
      for (const { close } of [events, socket]) close();
    }),
  );

  test(`${name} lets the pages that the server has handed out talk to it`, GUARD, () =>
    behind(name, async (front, _, room) => {
      const ask = async (origin) =>
        (await fetch(`${front}/rooms/${room}/poll`, { headers: { Origin: origin } })).status;
      assert.equal(await ask(front), 204);
      assert.equal(await ask('http://elsewhere.example'), 403);
    }),
  );
}

test('nginx with nothing but proxy_pass holds events back until 4 KiB are there', GUARD, () =>
  behind('front-nginx-plain', async (front, server, room) => {
    const direct = await openEvents(`${server}/rooms/${room}/events`);
    const opening = openEvents(`${front}/rooms/${room}/events`); // its head is held back as well
    await within(untilWaiting(server, room, 'sse', 2), 'the event stream behind the proxy');
    let published = 0;
    let first = null;
    const held = opening.then((stream) => {
      first = published;
      return stream;
    });
    for (; first === null && published < 50; ++published) {
      await publish(server, room, 'x'.repeat(500));
      await nextOf(direct, 'an event');
      // An answer through the proxy is behind all that it would have handed on by then.
      await (await fetch(`${front}/rooms/${room}/poll?after=${published}`)).text();
    }
    // Five of them are less than the buffer's 4,096 bytes, with all that stands around each.
    assert.ok(first > 5 && first < 50, `the first came after ${first}`);
    const stream = await held;
    assert.equal((await nextOf(stream, 'an event')).length, 1);
    for (const { close } of [direct, stream]) close();
  }),
);

test('nginx with nothing but proxy_pass refuses WebSockets and pages, and lets polls through', GUARD, () =>
  behind('front-nginx-plain', async (front, _, room) => {
    await assert.rejects(openSocket(`${front}/rooms/${room}/socket`), /Unexpected server response: 426/);
    const page = await fetch(`${front}/rooms/${room}/poll`, { headers: { Origin: front } });
    assert.equal(page.status, 403);
    await publish(front, room, 'one');
    assert.deepEqual(await longPoll(front, room, 0), ['one']);
  }),
);

for (const [name, transport] of [
  ['front-nginx', 'websocket'],
  ['front-haproxy', 'websocket'],
  ['front-nginx-plain', 'long-polling'],
]) {
  test(`the browser library settles on ${transport} behind ${name}`, GUARD, () =>
    behind(name, async (front, server, room) => {
      await publish(server, room, 'one');
      const page = Page.join('auto', { url: front }, { room, limits: { opening: 1000 } });
      await page.until(() => page.state?.transport === transport, transport);
      await publish(server, room, 'two');
      await page.has(2);
      assert.deepEqual(page.texts, ['one', 'two']);
      page.leave();
    }),
  );
}

const RUN = { timeout: 90_000 };
const flags = (names) => ['--only-targets', ...names.flatMap((name) => targetFlags(fronts[name]))];

// Side by side: who waits for an event stream's head does so until the run's patience ends.
describe('pushbench run', { concurrency: true }, () => {
  test('has every message once, by each transport that the proxy lets through', RUN, async () => {
    const all = ['polling', 'long-polling', 'sse', 'websocket'];
    const columnsOf = (name) => all.map((transport) => `${name}/${transport}`);
    const columns = FRONTS.flatMap(columnsOf).filter((column) => !/plain.(sse|websocket)$/.test(column));
    assertWhole(await measure(...flags(FRONTS), '--transport', columns.join()), columns);
  });

  for (const [transport, reason] of [
    ['sse', /could join|no answer/],
    ['websocket', /answered 426/],
  ]) {
    test(`says that nginx with nothing but proxy_pass lets no ${transport} through`, RUN, async () => {
      const run = await measure(...flags(['front-nginx-plain']), '--transport', transport);
      assert.equal(run.code, 1, run.stderr);
      const [line] = run.stderr.match(new RegExp(`^pushbench run: front-nginx-plain/${transport}: .*`, 'm'));
      assert.match(line, reason);
      const [{ messages, invalid }] = run.result.transports[0].repetitions;
      assert.equal(messages.delivered, 0);
      assert.ok(invalid.includes('0 of 6 users joined'), invalid.join('\n'));
    });
  }
});
