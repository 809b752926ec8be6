// The timeline and the wire pane in a page of a test's own, in a real browser.

import assert from 'node:assert/strict';
import { after, before, test as plainTest } from 'node:test';
import { GUARD_MS } from '../conformance/serve.mjs';
import { launch } from './browser.mjs';
import { scriptOf, styleOf } from './library.mjs';

export const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);

let browser;
let scripts;
let style;
before(
  async () => {
    const files = [
      ['timeline', 'Lines'],
      ['wire_pane', 'Panes'],
      ['words', 'Words'],
    ];
    scripts = await Promise.all(files.map(([file, name]) => scriptOf(`view/${file}.ts`, name)));
    style = `${await styleOf('view/view.css')}\n#place { width: 900px; }`;
    browser = await launch();
  },
  { timeout: 10 * GUARD_MS },
);
after(() => browser?.close());

/** A page with the parts in it, and what it complained of. */
export async function opened(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1300, height: 700 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(2 * GUARD_MS);
  page.complaints = [];
  page.on(
    'console',
    (message) => message.type() === 'error' && page.complaints.push(message.text()),
  );
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  await page.setContent(
    `<!doctype html><title>view</title><style>${style}</style><div id="place"></div>`,
  );
  for (const content of scripts) await page.addScriptTag({ content });
  return page;
}

export async function closed(page) {
  assert.equal(await page.title(), 'view');
  assert.equal(await page.locator('img, #place script').count(), 0);
  assert.deepEqual(page.complaints, []);
  await page.context().close();
}
