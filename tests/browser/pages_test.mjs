// The pages that a server hands to browsers, as Chromium takes them: all in one, under a strict policy.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/pages_test.mjs

import assert from 'node:assert/strict';
import { after, before, describe, test as plainTest } from 'node:test';
import { GUARD_MS, Server } from '../conformance/serve.mjs';
import { Proxy, inPage, launch } from './browser.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);
const PATHS = ['/', '/race'];

let browser;
before(async () => (browser = await launch()), { timeout: 10 * GUARD_MS });
after(() => browser?.close());

/** A page that notes what it asks for and what it complains of. */
async function watched() {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  const seen = { urls: [], complaints: [] };
  page.on('request', (request) => seen.urls.push(request.url()));
  page.on('websocket', (socket) => seen.urls.push(socket.url()));
  page.on('pageerror', (error) => seen.complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.complaints.push(message.text());
  });
  return { page, seen };
}

/** Waits until the page's script has put words to it. */
const hasBegun = (page) =>
  page.waitForFunction(() => document.querySelector('h1')?.textContent, null, { timeout: 2 * GUARD_MS });

for (const [over, tls] of [['http', []], ['TLS', ['--tls-self-signed']]]) {
  describe(`over ${over}`, () => {
    let server;
    before(async () => (server = await Server.start(...tls)));
    after(() => server?.stop());

    for (const path of PATHS) {
      test(`${path} runs, complains of nothing and asks nobody but its server`, async () => {
        const { page, seen } = await watched();
        const response = await page.goto(server.url + path);
        assert.equal(response.status(), 200);
        assert.match(response.headers()['content-type'], /^text\/html/);
        await hasBegun(page);
        const { host } = new URL(server.url);
        assert.ok(seen.urls.length > 0);
        for (const url of seen.urls) assert.ok(url.startsWith('data:') || new URL(url).host === host, url);
        assert.deepEqual(seen.complaints, []);
        await page.close();
      });
    }

    test('the policy lets a page reach its own server in all ways, and no other', async () => {
      const other = await Server.start('--allow-origin', '*', ...tls);
      const { page } = await watched();
      await page.goto(`${server.url}/race`);
      const outcomes = await inPage(page, async (elsewhere) => {
        const blocked = [];
        document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.ran = true;';
        document.body.append(script);
        const socketTo = (url) =>
          new Promise((resolve) => {
            const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/rooms/policy/socket`);
            socket.onopen = () => resolve('open');
            socket.onerror = () => resolve('failed');
          });
        const streamFrom = (url) =>
          new Promise((resolve) => {
            const source = new EventSource(`${url}/rooms/policy/events`);
            source.onopen = () => resolve(source.close() ?? 'open');
            source.onerror = () => resolve(source.close() ?? 'failed');
          });
        const tried = async (url) => [
          await fetch(`${url}/healthz`).then(({ status }) => status, () => 'failed'),
          await streamFrom(url),
          await socketTo(url),
        ];
        const own = await tried(location.origin);
        const foreign = await tried(elsewhere);
        return { own, foreign, ran: window.ran ?? false, blocked: [...new Set(blocked)].sort() };
      }, other.url);
      assert.deepEqual(outcomes, {
        own: [200, 'open', 'open'],
        foreign: ['failed', 'failed', 'failed'],
        ran: false,
        blocked: ['connect-src', 'script-src-elem'],
      });
      await page.close();
      await other.stop();
    });
  });
}

// Not over TLS: Chromium keeps nothing that comes under a certificate it does not know.
test('a page that is the same is not sent again', async () => {
  const server = await Server.start();
  const proxy = await Proxy.open(server);
  const { page } = await watched();
  await page.goto(`${proxy.url}/race`);
  await hasBegun(page);
  const size = (await (await server.fetch('/race')).text()).length;
  await page.goto('about:blank');
  await server.comesToRest();
  const before = await server.metric('pushbench_written_bytes_total');
  await page.goto(`${proxy.url}/race`);
  await hasBegun(page);
  const written = (await server.metric('pushbench_written_bytes_total')) - before;
  assert.ok(written < size, `${written} bytes were written, and the page has ${size}`);
  await page.close();
  proxy.close();
  await server.stop();
});
