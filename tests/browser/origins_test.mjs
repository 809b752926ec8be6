// Who may talk to the server, by a real browser's rules: pages of other origins, and tokens.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/origins_test.mjs

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, test as plainTest } from 'node:test';
import { GUARD_MS, Server, inFolder } from '../conformance/serve.mjs';
import { inPage, launch, pageOf } from './browser.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);
const TOKEN = 'secret-secret-secret';

let browser;
before(async () => (browser = await launch()), { timeout: 10 * GUARD_MS });
after(() => browser?.close());

/** Tries from within the page all ways to a server, and says how each went. */
function tryAll({ url, token }) {
  const query = token ? `?access_token=${token}` : '';
  const outcomes = {
    fetch: async () => {
      const answer = await fetch(`${url}/rooms/r/messages`, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json', // which makes it a request with a preflight
          ...(token && { Authorization: `Bearer ${token}` }),
        },
        body: '{"from":"ann","text":"hi"}',
      });
      return `${answer.status} ${Object.keys(await answer.json())}`;
    },
    poll: async () => {
      const headers = token ? { Authorization: `Bearer ${token}` } : {};
      const answer = await fetch(`${url}/rooms/r/poll`, { headers });
      const epoch = answer.headers.get('Room-Epoch');
      return `${answer.status} ${epoch === null ? 'without' : 'with'} an epoch`;
    },
    eventSource: () =>
      new Promise((resolve) => {
        const source = new EventSource(`${url}/rooms/r/events${query}`);
        const end = (how) => {
          source.close();
          resolve(how);
        };
        source.onmessage = ({ data }) => end(`seq ${JSON.parse(data)[0].seq}`);
        source.onerror = () => end(source.readyState === EventSource.CLOSED ? 'closed' : 'retries');
      }),
    webSocket: () =>
      new Promise((resolve) => {
        const protocols = token ? ['pushbench', `bearer.${token}`] : [];
        const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/rooms/r/socket`, protocols);
        socket.onmessage = ({ data }) => {
          resolve(`seq ${JSON.parse(data)[0].seq}${token ? ` by ${socket.protocol}` : ''}`);
          socket.close();
        };
        socket.onclose = ({ code }) => resolve(`closed with ${code}`);
      }),
  };
  const tried = Object.entries(outcomes).map(async ([name, attempt]) => [
    name,
    await attempt().catch((error) => error.name),
  ]);
  return Promise.all(tried).then(Object.fromEntries);
}

for (const [over, tls] of [['http', []], ['TLS', ['--tls-self-signed']]]) {
  describe(`pages over ${over}`, () => {
    /** How it goes for a page of `home` that tries to use `server`. */
    const outcomeOf = async (home, server, token) => {
      const page = await pageOf(browser, home);
      try {
        return await inPage(page, tryAll, { url: server.url, token });
      } finally {
        await page.close();
      }
    };

    test('those of a listed origin may do it all', async () => {
      const home = await Server.start(...tls);
      for (const origin of [home.url, '*']) {
        const server = await Server.start('--allow-origin', origin, ...tls);
        await server.publish('r', { from: 'ann', text: 'before' });
        assert.deepEqual(await outcomeOf(home, server), {
          fetch: '201 seq',
          poll: '200 with an epoch',
          eventSource: 'seq 1',
          webSocket: 'seq 1',
        });
        await server.stop();
      }
      await home.stop();
    });

    test('those of a foreign origin may do nothing, and store nothing', async () => {
      const home = await Server.start(...tls);
      const server = await Server.start('--allow-origin', 'https://chat.example', ...tls);
      await server.publish('r', { from: 'ann', text: 'before' });
      assert.deepEqual(await outcomeOf(home, server), {
        fetch: 'TypeError',
        poll: 'TypeError',
        eventSource: 'closed',
        webSocket: 'closed with 1006',
      });
      assert.equal((await server.room('r')).last, 1);
      assert.equal(await server.metric('pushbench_limit_hits_total{limit="allow-origin"}'), 4);
      await server.stop();
      await home.stop();
    });

    test('a token opens each way: as header, in the query, as a subprotocol', () =>
      inFolder(async (folder) => {
        writeFileSync(`${folder}/token`, `${TOKEN}\n`);
        const home = await Server.start(...tls);
        const args = ['--token-file', `${folder}/token`, '--allow-origin', home.url, ...tls];
        const server = await Server.start(...args);
        const headers = { Authorization: `Bearer ${TOKEN}` };
        const body = '{"from":"ann","text":"before"}';
        await server.fetch('/rooms/r/messages', { method: 'POST', headers, body });
        // Its own page and one of another origin, with the token, without it, and with a wrong one.
        for (const from of [server, home]) {
          assert.deepEqual(await outcomeOf(from, server, TOKEN), {
            fetch: '201 seq',
            poll: '200 with an epoch',
            eventSource: 'seq 1',
            webSocket: 'seq 1 by pushbench',
          });
          for (const token of [undefined, `${TOKEN}-`]) {
            const { fetch, poll, ...push } = await outcomeOf(from, server, token);
            assert.match(fetch, /^401 .*detail/);
            assert.match(poll, /^401 /);
            assert.deepEqual(push, { eventSource: 'closed', webSocket: 'closed with 1006' });
          }
        }
        assert.equal((await server.room('r')).last, 3);
        await server.stop();
        await home.stop();
      }));
  });
}
