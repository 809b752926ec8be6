// The browser library in Node, each of its transports against a real server.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/library_test.mjs

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test as plainTest } from 'node:test';
import { GUARD_MS, Server, inFolder } from '../conformance/serve.mjs';
import { BrokenProxy } from './broken_proxy.mjs';
import { Page, TRANSPORTS, opens } from './page.mjs';
import { Proxy } from './proxy.mjs';

const test = (name, body) => plainTest(name, { timeout: 3 * GUARD_MS }, body);
const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);

let server;
before(async () => (server = await Server.start()));
after(() => server?.stop());

let rooms = 0;
const freshRoom = () => `r${++rooms}`;

async function publish(where, room, count) {
  for (let i = 0; i < count; ++i) await where.publish(room, { from: 'bob', text: `${i}` });
}

for (const transport of TRANSPORTS) {
  describe(`over ${transport}`, () => {
    test('a page has each message once and in order, its own too', async () => {
      const room = freshRoom();
      await publish(server, room, 2);
      const page = Page.join(transport, server, { room });
      assert.equal((await page.is('connected')).transport, transport);
      const texts = ['one', 'two', 'gr\u00fc\u00df\n"dich"'];
      const own = await Promise.all(texts.map((text) => page.publish(text)));
      await publish(server, room, 2);
      await page.has(7);
      assert.deepEqual(page.heard, upTo(7));
      assert.deepEqual(own, [3, 4, 5]);
      assert.deepEqual(page.texts.slice(2, 5), texts);
      const { epoch } = await server.room(room);
      assert.deepEqual(page.connection.cursor, { epoch, seq: 7 });
      assert.deepEqual(page.states.map(({ is }) => is), ['connecting', 'connected']);
      page.leave();
    });

    test('a draft with the same id is stored once', async () => {
      const page = Page.join(transport, server, { room: freshRoom(), limits: { arrival: 200 } });
      await page.is('connected');
      assert.equal(await page.publish('once', 'a1'), 1);
      assert.equal(await page.publish('once', 'a1'), 1);
      assert.equal(await page.publish('twice', 'a2'), 2);
      await page.has(2);
      assert.deepEqual(page.texts, ['once', 'twice']);
      page.leave();
    });

    test('a page begins after its cursor', async () => {
      const room = freshRoom();
      await publish(server, room, 5);
      const { epoch } = await server.room(room);
      for (const cursor of [{ epoch, seq: 3 }, { epoch: '', seq: 3 }]) {
        const page = Page.join(transport, server, { room, after: cursor });
        await page.has(2);
        assert.deepEqual(page.heard, [4, 5]);
        assert.deepEqual(page.connection.cursor, { epoch, seq: 5 });
        page.leave();
      }
    });

    test('a page that was cut goes on where it was', async () => {
      const room = freshRoom();
      const proxy = await opens(Proxy.open(server));
      const page = Page.join(transport, proxy, { room });
      await publish(server, room, 3);
      await page.has(3);
      for (let cuts = 1; cuts <= 3; ++cuts) {
        if (transport !== 'polling') await server.hasSubscribers(room, transport, 1);
        const from = page.states.length;
        proxy.cut();
        await publish(server, room, 2);
        const own = page.publish(`cut ${cuts}`);
        await publish(server, room, 2);
        await page.has(3 + 5 * cuts);
        assert.ok((await own) > 3);
        if (transport !== 'polling') await page.is('retrying', from); // no poll may be under way
        assert.deepEqual(page.heard, upTo(3 + 5 * cuts));
      }
      page.leave();
      proxy.close();
    });

    test('a server that was killed and started anew is a gap', async () => {
      const room = freshRoom();
      const first = await opens(Server.start());
      const proxy = await opens(Proxy.open(first));
      const page = Page.join(transport, proxy, { room });
      await publish(first, room, 3);
      await page.has(3);
      first.signal('SIGKILL');
      await first.ended();
      await page.is('retrying');
      const draft = page.publish('while it was away');
      const next = await opens(Server.start());
      await publish(next, room, 2);
      const { epoch } = await next.room(room);
      proxy.server = next;
      assert.equal(await draft, 3);
      await page.has(6);
      assert.deepEqual(page.heard, [1, 2, 3, 'restarted', 1, 2, 3]);
      assert.deepEqual([page.gaps[0].after, page.gaps[0].epoch], [3, epoch]);
      assert.deepEqual(page.connection.cursor, { epoch, seq: 3 });
      const lost = page.states.findIndex(({ is }) => is === 'retrying');
      assert.equal((await page.is('connected', lost)).transport, transport);
      page.leave();
      proxy.close();
      await next.stop();
    });

    test('messages that are no longer kept are a gap', async () => {
      const small = await opens(Server.start('--retain', '3'));
      await publish(small, 'r', 10);
      const page = Page.join(transport, small);
      await page.has(3);
      assert.deepEqual(page.heard, ['expired', 8, 9, 10]);
      const { epoch } = await small.room('r');
      assert.deepEqual(page.gaps, [{ reason: 'expired', after: 0, oldest: 8, last: 10, epoch }]);
      assert.equal(await page.publish('more'), 11);
      await page.has(4);
      page.leave();
      await small.stop();
    });

    test('after leave() there is silence, and the server knows', async () => {
      const room = freshRoom();
      const page = Page.join(transport, server, { room });
      const other = Page.join(transport, server, { room });
      await page.is('connected');
      await other.is('connected');
      await page.publish('one');
      await page.has(1);
      await other.has(1);
      page.leave();
      const before = [page.heard.length, page.states.length, page.wire.length];
      assert.deepEqual(page.state, { is: 'left' });
      page.leave();
      await publish(server, room, 3);
      await other.has(4);
      assert.deepEqual([page.heard.length, page.states.length, page.wire.length], before);
      await assert.rejects(page.publish('too late'), /at its end/);
      other.leave();
      if (transport !== 'polling') await server.hasSubscribers(room, transport, 0);
    });

    test('what is under way when it leaves is told to its end', async () => {
      const room = freshRoom();
      const held = Page.join(transport, server, { room });
      await held.is('connected');
      if (transport === 'long-polling') await server.hasSubscribers(room, transport, 1);
      held.leave();
      const purposes = ['poll', 'long-poll', 'events', 'socket'];
      const leave = (page) => purposes.includes(page.wire.at(-1).purpose) && page.leave();
      const opening = Page.join(transport, server, { room, on: { onWire: leave } });
      await opening.is('left');
      for (const { wire, states } of [held, opening]) {
        const requests = wire.filter(({ is }) => is === 'request');
        const answers = wire.filter(({ is }) => is === 'answer');
        const numbers = (events) => events.map(({ exchange }) => exchange).sort();
        assert.deepEqual(numbers(answers), numbers(requests));
        for (const { exchange, up } of answers) {
          const { head } = requests.find((request) => request.exchange === exchange);
          assert.equal(up.head, Buffer.byteLength(head));
        }
        assert.equal(states.at(-1).is, 'left');
      }
      assert.equal(opening.wire.at(-1).status, 0);
      if (transport === 'long-polling') assert.equal(held.wire.at(-1).status, 0);
    });

    test('a listener may leave from within, and then hears nothing', async () => {
      const room = freshRoom();
      await publish(server, room, 3);
      for (const call of ['onState', 'onMessages', 'onWire']) {
        const page = Page.join(transport, server, { room, on: { [call]: (each) => each.leave() } });
        await page.is('left');
        const heard = page.wire.length + page.heard.length;
        await page.publish('x').catch(() => {});
        await publish(server, room, 1);
        const other = Page.join(transport, server, { room });
        await other.has(4);
        other.leave();
        assert.equal(page.wire.length + page.heard.length, heard, call);
      }
    });

    test('a page that leaves at once has heard nothing else', async () => {
      const page = Page.join(transport, server, { room: freshRoom() });
      page.leave();
      await server.room('r');
      assert.deepEqual(page.states, [{ is: 'left' }]);
      assert.deepEqual(page.wire, []);
    });

    test('what the server refuses for good is a failure, and says why', async () => {
      const page = Page.join(transport, server, { room: 'no room' });
      const { reason } = await page.is('failed');
      assert.match(reason, /a name is 1 to 64 of/);
      await assert.rejects(page.publish('x'), /at its end/);
      page.leave();
    });

    test('a token lets a page in, and a wrong one does not', async () => {
      await inFolder(async (folder) => {
        const file = path.join(folder, 'token');
        writeFileSync(file, 'secret-of-sixteen\n');
        const closed = await opens(Server.start('--token-file', file));
        const page = Page.join(transport, closed, { token: 'secret-of-sixteen' });
        await page.is('connected');
        assert.equal(await page.publish('hi'), 1);
        await page.has(1);
        page.leave();
        const wrong = Page.join(transport, closed, { token: 'another-of-sixteen' });
        assert.match((await wrong.is('failed')).reason, /token/);
        assert.deepEqual(wrong.messages, []);
        await closed.stop();
      });
    });

    test('a refused draft is told to its publisher alone', async () => {
      const strict = await opens(Server.start('--max-text', '10B'));
      const page = Page.join(transport, strict);
      await page.is('connected');
      const drafts = ['short', 'this one is too long', 'fine'].map((text) => page.publish(text));
      const [first, second, third] = await Promise.allSettled(drafts);
      assert.deepEqual([first.status, second.status, third.status], ['fulfilled', 'rejected', 'fulfilled']);
      assert.match(second.reason.message, /text/);
      await page.has(2);
      assert.deepEqual(page.texts.sort(), ['fine', 'short']);
      page.leave();
      await strict.stop();
    });

    test('an overloaded server is asked again, no earlier than it says', async () => {
      const room = freshRoom();
      await publish(server, room, 2);
      const proxy = await opens(BrokenProxy.open(server, { busy: 1, retryAfter: 1 }));
      const page = Page.join(transport, proxy, { room });
      const { inMs } = await page.is('retrying');
      assert.ok(inMs >= 1000, `${inMs} ms`);
      await page.has(2);
      assert.deepEqual(page.heard, [1, 2]);
      page.leave();
      proxy.close();
    });

    test('what it tells of the wire adds up', async () => {
      const room = freshRoom();
      const page = Page.join(transport, server, { room });
      await page.is('connected');
      const text = 'gr\u00fc\u00df'.repeat(50);
      await page.publish(text);
      await page.has(1);
      await page.until(() => page.wire.some((event) => event.messages === 1), 'its message on the wire');
      const answers = page.wire.filter(({ is }) => is === 'answer');
      for (const { exchange, purpose, at, up, head, down } of answers) {
        const request = page.wire.find((event) => event.is === 'request' && event.exchange === exchange);
        assert.equal(request.purpose, purpose);
        assert.ok(at >= request.at);
        assert.equal(up.head, Buffer.byteLength(request.head));
        assert.equal(up.body, Buffer.byteLength(request.body));
        assert.equal(down.head, Buffer.byteLength(head));
      }
      const carried = page.wire.filter(({ messages }) => messages > 0);
      assert.equal(carried.length, 1);
      const [{ is, body, down, size, header, head }] = carried;
      assert.deepEqual(JSON.parse(body), page.messages);
      const bodyBytes = Buffer.byteLength(body);
      if (is === 'frame') assert.deepEqual(size, { head: header.length, body: bodyBytes });
      else if (is === 'answer') assert.equal(down.body, bodyBytes);
      else assert.deepEqual(down, { head: head.length + 2 + 7, body: bodyBytes }); // a chunk's 7
      page.leave();
    });
  });
}

test('a draft whose answer was lost is sent again, and stored once', async () => {
  const room = freshRoom();
  const proxy = await opens(BrokenProxy.open(server, { lost: 2 }));
  const page = Page.join('polling', proxy, { room });
  const seqs = await Promise.all([page.publish('one'), page.publish('two')]);
  assert.deepEqual(seqs, [1, 2]);
  await page.has(2);
  assert.deepEqual(page.texts, ['one', 'two']);
  await page.until(() => page.answers('publish').length === 4, 'four attempts');
  assert.deepEqual(page.answers('publish').map(({ status }) => status), [0, 0, 200, 201]);
  page.leave();
  proxy.close();
});

test('intervals and holds can be changed on the way', async () => {
  const room = freshRoom();
  const page = Page.join('polling', server, { room, intervalMs: 3_600_000 });
  await page.is('connected');
  await publish(server, room, 1);
  page.connection.tune({ intervalMs: 20 });
  await page.has(1);
  page.leave();
  const held = Page.join('long-polling', server, { room, holdS: 0.05 });
  await held.until(() => held.answers('long-poll').length >= 4, 'four answers');
  held.connection.tune({ holdS: 7 });
  await held.until(() => held.wire.some((event) => event.head?.includes('&wait=7 ')), 'a longer hold');
  held.leave();
});

test("an event's id tells the epoch where the answer's head does not", async () => {
  const room = freshRoom();
  await publish(server, room, 1);
  const proxy = await opens(BrokenProxy.open(server, { hides: 'room-epoch' }));
  const page = Page.join('sse', proxy, { room });
  await page.has(1);
  const { epoch } = await server.room(room);
  assert.deepEqual(page.connection.cursor, { epoch, seq: 1 });
  page.leave();
  proxy.close();
});

test('an event stream without even a comment is taken for dead, one with comments is not', async () => {
  const room = freshRoom();
  await publish(server, room, 1);
  const page = Page.join('sse', server, { room, limits: { silence: 300 } });
  assert.match((await page.is('retrying')).reason, /not even a comment/);
  await page.is('connected', page.states.length);
  await publish(server, room, 1);
  await page.has(2);
  assert.deepEqual(page.heard, [1, 2]);
  page.leave();
  const chatty = await opens(Server.start('--keep-alive', '100ms'));
  const other = Page.join('sse', chatty, { limits: { silence: 2000 } });
  await other.is('connected');
  await chatty.fetch('/rooms/x/long-poll?wait=3'); // for longer than it would put up with
  assert.deepEqual(other.states.map(({ is }) => is), ['connecting', 'connected']);
  other.leave();
  await chatty.stop();
});

test('an event stream that goes on after its first bytes makes the next pause a short one', async () => {
  /** The pauses between streams that each bring this. */
  const pauses = async (...pieces) => {
    const stream = () => {
      const rest = pieces.map((text) => new TextEncoder().encode(text));
      const pull = (to) => (rest.length > 0 ? to.enqueue(rest.shift()) : to.close());
      return new Response(new ReadableStream({ pull }), { headers: { 'Content-Type': 'text/event-stream' } });
    };
    const environment = { random: () => 1, fetch: async () => stream() };
    const page = Page.join('sse', server, { environment });
    const retries = () => page.states.flatMap(({ is, inMs }) => (is === 'retrying' ? [inMs] : []));
    await page.until(() => retries().length === 3, 'three pauses');
    page.leave();
    return retries();
  };
  assert.deepEqual(await pauses('retry: 0\n\n', ':\n\n'), [100, 100, 100]);
  assert.deepEqual(await pauses('retry: 0\n\n'), [100, 200, 400]); // a proxy may let no more through
});

test('a server that goes away and comes back is found again, whatever the back-off', async () => {
  const room = freshRoom();
  const first = await opens(Server.start());
  const proxy = await opens(Proxy.open(first));
  const page = Page.join('long-polling', proxy, { room });
  await page.is('connected');
  await first.stop();
  await page.until(() => page.states.filter(({ is }) => is === 'retrying').length >= 4, 'attempts');
  const pauses = page.states.flatMap((state) => (state.is === 'retrying' ? [state.inMs] : []));
  pauses.forEach((pause, i) => assert.ok(pause <= 100 * 2 ** i, `${pauses}`));
  const next = await opens(Server.start());
  proxy.server = next;
  await page.is('connected', page.states.length);
  page.leave();
  proxy.close();
  await next.stop();
});
