// A real browser's EventSource and WebSocket: cut links, a server that starts anew, compression.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/push_test.mjs

import assert from 'node:assert/strict';
import { after, before, describe, test as plainTest } from 'node:test';
import { GUARD_MS, Server } from '../conformance/serve.mjs';
import { Proxy, inPage, launch, pageOf } from './browser.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);

let browser;
before(async () => (browser = await launch()), { timeout: 10 * GUARD_MS });
after(() => browser?.close());

const upTo = (count) => Array.from({ length: count }, (_, i) => i + 1);

for (const [over, tls] of [['http', []], ['TLS', ['--tls-self-signed']]]) {
  describe(`a page over ${over}`, () => {
    let server;
    let proxy;
    let page;
    before(async () => {
      server = await Server.start('--echo', '--compression', '--max-message', '4MiB', ...tls);
      proxy = await Proxy.open(server);
    });
    after(async () => {
      proxy?.close();
      await server?.stop();
    });

    /** `body` with a page of the server behind the proxy. */
    const withPage = (body) => async () => {
      page = await pageOf(browser, proxy);
      try {
        await body();
      } finally {
        await page.close();
        proxy.server = server;
      }
    };

    /** What the page has in window.items, once there are that many. */
    const items = async (count) => {
      const enough = (wanted) => window.items.length >= wanted;
      await page.waitForFunction(enough, count, { timeout: 2 * GUARD_MS });
      return page.evaluate(() => window.items);
    };
    const seqs = async (count) => (await items(count)).map(({ seq }) => seq);
    const publish = async (where, room, count) => {
      for (let i = 0; i < count; ++i) await where.publish(room, { from: 'ann', text: `\n\ndata: ${i}` });
    };

    const subscribe = (room) =>
      inPage(
        page,
        (name) =>
          new Promise((resolve) => {
            window.items = [];
            window.opened = 0;
            window.source = new EventSource(`/rooms/${name}/events?after=0`);
            window.source.onmessage = ({ data, lastEventId }) => {
              window.items.push(...JSON.parse(data));
              window.lastEventId = lastEventId;
            };
            window.source.onopen = () => {
              ++window.opened;
              resolve();
            };
          }),
        room,
      );

    test('its EventSource comes back by itself, and has every message once', withPage(async () => {
      await publish(server, 'e1', 3);
      await subscribe('e1');
      await publish(server, 'e1', 2);
      assert.deepEqual(await seqs(5), upTo(5));
      for (let cuts = 1; cuts <= 2; ++cuts) {
        proxy.cut();
        await publish(server, 'e1', 5); // while it is away, most likely
        assert.deepEqual(await seqs(5 + 5 * cuts), upTo(5 + 5 * cuts));
      }
      await publish(server, 'e1', 1);
      assert.deepEqual(await seqs(16), upTo(16));
      const { epoch } = await server.room('e1');
      const [opened, id] = await page.evaluate(() => [window.opened, window.lastEventId]);
      assert.deepEqual([opened, id], [3, `${epoch}.16`]);
      await page.evaluate(() => window.source.close());
      await server.hasSubscribers('e1', 'sse', 0);
    }));

    test('after a restart of the server its EventSource is told of the gap', withPage(async () => {
      await publish(server, 'e2', 3);
      await subscribe('e2');
      assert.deepEqual(await seqs(3), upTo(3));
      const { epoch: old } = await server.room('e2');
      const next = await Server.start(...tls);
      await publish(next, 'e2', 2);
      const { epoch } = await next.room('e2');
      assert.notEqual(epoch, old); // one in a million is alike
      proxy.server = next;
      proxy.cut();
      const [, , , lead, ...rest] = await items(6);
      assert.deepEqual(lead, { gap: { reason: 'restarted', after: 3, oldest: 1, last: 2, epoch } });
      assert.deepEqual(rest.map(({ seq }) => seq), [1, 2]);
      await publish(next, 'e2', 1);
      assert.equal((await items(7))[6].seq, 3);
      await page.evaluate(() => window.source.close());
      await next.stop();
    }));

    test('its WebSocket resumes where it was cut, and hears of a restart', withPage(async () => {
      const join = (room, after) =>
        inPage(
          page,
          ([name, cursor]) =>
            new Promise((resolve, reject) => {
              window.items = [];
              const address = `/rooms/${name}/socket?after=${cursor}`;
              const socket = new WebSocket(location.origin.replace(/^http/, 'ws') + address);
              window.gone = new Promise((done) => (socket.onclose = ({ code }) => done(code)));
              socket.onmessage = ({ data }) => window.items.push(...JSON.parse(data));
              socket.onopen = resolve;
              socket.onerror = () => reject(new Error('the WebSocket failed'));
            }),
          [room, after],
        );
      const { epoch } = await server.room('w1');
      await join('w1', `${epoch}.0`);
      await publish(server, 'w1', 3);
      assert.deepEqual(await seqs(3), upTo(3));
      proxy.cut();
      assert.equal(await inPage(page, () => window.gone), 1006);
      await publish(server, 'w1', 3);
      await join('w1', `${epoch}.3`);
      assert.deepEqual(await seqs(3), [4, 5, 6]);
      const next = await Server.start(...tls);
      await publish(next, 'w1', 1);
      proxy.server = next;
      proxy.cut();
      await join('w1', `${epoch}.6`);
      const [{ gap }, first] = await items(2);
      assert.deepEqual([gap.reason, gap.after, gap.last, first.seq], ['restarted', 6, 1, 1]);
      await next.stop();
      assert.equal(await inPage(page, () => window.gone), 1001); // the server said goodbye
    }));

    test('its WebSocket speaks permessage-deflate, with text and bytes of up to 1 MiB', withPage(async () => {
      const result = await inPage(
        page,
        async () => {
          const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/echo`);
          socket.binaryType = 'arraybuffer';
          const next = () =>
            new Promise((resolve, reject) => {
              socket.onmessage = ({ data }) => resolve(data);
              socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
            });
          await new Promise((resolve) => (socket.onopen = resolve));
          const wrong = [];
          for (const size of [0, 1, 125, 126, 65535, 65536, 1048576]) {
            const text = 'gr\u00fc\u00df dich \ud83d\udc4b '.repeat(size / 16 + 1).slice(0, size & ~1);
            let answer = next();
            socket.send(text);
            if ((await answer) !== text) wrong.push(`text of ${size}`);
            const bytes = Uint8Array.from({ length: size }, (_, i) => (i * i) >> 3);
            answer = next();
            socket.send(bytes);
            const echo = new Uint8Array(await answer);
            if (echo.length !== size || !echo.every((byte, i) => byte === bytes[i])) {
              wrong.push(`bytes of ${size}`);
            }
          }
          const closed = new Promise((resolve) => {
            socket.onclose = ({ code, wasClean }) => resolve([code, wasClean]);
          });
          socket.close(4321, 'done');
          return { extensions: socket.extensions, wrong, closed: await closed };
        },
      );
      assert.match(result.extensions, /^permessage-deflate/);
      assert.deepEqual(result.wrong, []);
      assert.deepEqual(result.closed, [4321, true]);
    }));

    test('it publishes and polls by fetch, on connections that are kept', withPage(async () => {
      const before = await server.metric('pushbench_connections');
      const polled = await inPage(page, async () => {
        for (let i = 1; i <= 20; ++i) {
          const body = JSON.stringify({ from: 'ann', text: 'gr\u00fc\u00df dich', id: `${i}` });
          const answer = await fetch('/rooms/f1/messages', { method: 'POST', body });
          if ((await answer.json()).seq !== i) throw new Error(`${i} got another number`);
        }
        return (await fetch('/rooms/f1/long-poll?after=0')).json();
      });
      assert.deepEqual(polled.map(({ seq }) => seq), upTo(20));
      const more = (await server.metric('pushbench_connections')) - before;
      assert.ok(more <= 6, `${more} more connections for 21 requests`);
    }));
  });
}
