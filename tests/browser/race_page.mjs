// The race page as its tests use it: opened, published to and read.

import assert from 'node:assert/strict';
import { GUARD_MS } from '../conformance/serve.mjs';

export const TRANSPORTS = ['polling', 'long-polling', 'sse', 'websocket'];

// Chromium's own words for a server that is away, or was until just now: a socket that did not open is asked after
// without an upgrade (426).
export const LOST = /net::ERR_|WebSocket connection to|responded with a status of 426/;

/** An open race page. */
export class RacePage {
  /** `options`: of its context. `prepare`: what is done to the empty page before. */
  static async open(browser, server, query, options = {}, prepare = () => {}) {
    const race = new RacePage();
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      ...options,
    });
    race.page = await context.newPage();
    await prepare(race.page);
    race.page.setDefaultTimeout(2 * GUARD_MS);
    race.complaints = [];
    race.asked = [];
    race.page.on(
      'console',
      (message) => message.type() === 'error' && race.complaints.push(message.text()),
    );
    race.page.on('pageerror', (error) => race.complaints.push(String(error)));
    race.page.on('request', (request) =>
      race.asked.push(
        `${request.method()} ${new URL(request.url()).pathname}` + new URL(request.url()).search,
      ),
    );
    await race.page.goto(`${server.url}/race?${new URLSearchParams({ lang: 'en', ...query })}`);
    return race;
  }

  async isConnected() {
    for (const transport of TRANSPORTS) {
      await this.page
        .locator(`.column[data-transport=${transport}][data-state=connected]`)
        .waitFor();
    }
  }

  async publish(text) {
    await this.page.locator('#text').fill(text);
    await this.page.locator('#text').press('Enter');
  }

  /** Until a message has come in all four columns; the places that it came in. */
  async arrived(text) {
    await this.page.waitForFunction((wanted) => {
      const rows = [...document.querySelectorAll('.arrival:not(.is-waiting)')];
      return (
        rows.filter((row) => row.querySelector('.arrival-text').textContent === wanted).length === 4
      );
    }, text);
    return this.page
      .locator('.arrival', { hasText: text })
      .evaluateAll((rows) => rows.map(({ dataset }) => dataset.place));
  }

  /** Until what is asked of the page's requests holds. */
  async asks(fits) {
    for (const giveUp = performance.now() + 2 * GUARD_MS; !fits(this.asked);) {
      assert.ok(performance.now() < giveUp, this.asked.slice(-20).join('\n'));
      await this.page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
    }
  }

  slide(id, key) {
    return this.page.locator(`#${id}`).press(key);
  }

  async close(expected) {
    await this.page.context().close();
    assert.deepEqual(
      this.complaints.filter((complaint) => !expected?.test(complaint)),
      [],
    );
  }
}
