// The chat page as its tests use it: opened, spoken to and read.

import assert from 'node:assert/strict';
import { GUARD_MS } from '../conformance/serve.mjs';

export const TRANSPORTS = ['polling', 'long-polling', 'sse', 'websocket'];

/** What Chromium itself says of a request that found no server, or none that lets it in. */
export const LOST =
  /net::ERR_|responded with a status of (401|426|503)|WebSocket connection to|WebSocket is closed/;

/** An open chat page. `context`: a browser's, whose language and theme it has. */
export class ChatPage {
  /** `query`: of its address; polling is quick if nothing else is said. */
  static async open(context, server, query) {
    const chat = new ChatPage();
    chat.page = await context.newPage();
    chat.page.setDefaultTimeout(2 * GUARD_MS);
    chat.complaints = [];
    chat.page.on(
      'console',
      (message) => message.type() === 'error' && chat.complaints.push(message.text()),
    );
    chat.page.on('pageerror', (error) => chat.complaints.push(String(error)));
    const search = new URLSearchParams({ interval: '100', lang: 'en', ...query });
    await chat.page.goto(`${server.url}/?${search}`);
    return chat;
  }

  /** Until it is in that state: 'connected', 'retrying', … */
  async is(state) {
    await this.page.locator(`#state[data-state=${state}]`).waitFor();
  }

  async say(text) {
    await this.page.locator('#text').fill(text);
    await this.page.locator('#text').press('Enter');
  }

  /** Until that many messages and gaps are shown; their texts. */
  async shows(count) {
    const enough = (wanted) => document.querySelectorAll('#log-items > li').length >= wanted;
    await this.page.waitForFunction(enough, count);
    return this.texts();
  }

  texts() {
    return this.page
      .locator('#log-items > li')
      .evaluateAll((rows) => rows.map((row) => (row.querySelector('.said') ?? row).textContent));
  }

  /** A figure of the meter, as a number. */
  async figure(name) {
    return Number(await this.page.locator(`[data-figure=${name}]`).getAttribute('data-value'));
  }

  async choose(id, value) {
    const field = this.page.locator(`#${id}`);
    if ((await field.evaluate((element) => element.tagName)) === 'SELECT')
      return field.selectOption(value);
    await field.fill(value);
    await field.press('Enter');
  }

  get search() {
    return Object.fromEntries(new URL(this.page.url()).searchParams);
  }

  /** Until those who listen have been told so, among other things. */
  async hears(words) {
    await this.page.locator('#said', { hasText: words }).waitFor({ state: 'attached' });
  }

  /** Closes it; nothing was wrong, but for what matches `expected`. */
  async close(expected) {
    await this.page.close();
    const wrong = this.complaints.filter((complaint) => !expected?.test(complaint));
    assert.deepEqual(wrong, []);
  }
}
