// Debian's Chromium for a test.
// CHROMIUM names another browser than /usr/bin/chromium.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { chromium } from 'playwright-core';
import { GUARD_MS, within } from '../conformance/serve.mjs';

export { Proxy } from './proxy.mjs';

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
