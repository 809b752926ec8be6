// Debian's Chromium for a test, and what stands between it and the server.
// CHROMIUM names another browser than /usr/bin/chromium.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import { chromium } from 'playwright-core';
import { GUARD_MS, within } from '../conformance/serve.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launch() {
  assert.ok(
    fs.existsSync(CHROMIUM),
    `there is no browser at ${CHROMIUM}: install Debian's chromium, or set CHROMIUM to one`,
  );
  return chromium.launch({
    executablePath: CHROMIUM,
    args: QUIET,
    timeout: 6 * GUARD_MS, // the first start on a busy machine
  });
}

/** An empty page of `server`'s, whatever its certificate: one without a policy, for a test's own script. */
export async function pageOf(browser, server) {
  const page = await browser.newPage({ ignoreHTTPSErrors: true });
  const response = await page.goto(`${server.url}/healthz`);
  assert.equal(response.status(), 200);
  return page;
}

/** Runs `body` in the page; it fails where the page never comes to an end with it. */
export const inPage = (page, body, argument) =>
  within(page.evaluate(body, argument), 'the page', 2 * GUARD_MS);

/** A TCP proxy, for what a browser meets between it and the server: a link that breaks, and another
 *  server behind the same address. `onSent` and `onReceived` hear what each connection brings from the
 *  browser, and to it. */
export class Proxy {
  static async open(server) {
    const proxy = new Proxy();
    proxy.server = server;
    proxy.sockets = new Set();
    proxy.listener = net.createServer((client) => proxy.#connect(client));
    proxy.listener.listen(0, '127.0.0.1');
    await once(proxy.listener, 'listening');
    const scheme = server.secure ? 'https' : 'http';
    proxy.url = `${scheme}://127.0.0.1:${proxy.listener.address().port}`;
    return proxy;
  }

  #connect(client) {
    const upstream = net.connect(this.server.port, '127.0.0.1');
    client.on('data', (bytes) => this.onSent?.(client, bytes));
    upstream.on('data', (bytes) => this.onReceived?.(client, bytes));
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      this.sockets.add(from);
      from.on('error', () => {}); // the end follows
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }

  /** Every connection through it breaks. */
  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  close() {
    this.cut();
    this.listener.close();
  }
}
