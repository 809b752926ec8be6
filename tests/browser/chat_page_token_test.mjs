// The chat page before a server that lets in only those who have its token.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/chat_page_token_test.mjs

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test as plainTest } from 'node:test';
import { GUARD_MS, Server, inFolder } from '../conformance/serve.mjs';
import { launch } from './browser.mjs';
import { ChatPage, LOST, TRANSPORTS } from './chat_page.mjs';

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);

let browser;
let context;
before(
  async () => {
    browser = await launch();
    context = await browser.newContext();
  },
  { timeout: 10 * GUARD_MS },
);
after(() => browser?.close());

for (const transport of ['auto', ...TRANSPORTS]) {
  test(`${transport}: a server that wants a token is given one`, async () => {
    await inFolder(async (folder) => {
      const file = path.join(folder, 'token');
      fs.writeFileSync(file, 'a-secret-of-some-length\n');
      const server = await Server.start('--token-file', file);
      const chat = await ChatPage.open(context, server, { room: 'closed', transport });
      await chat.page.locator('#token').waitFor();
      await chat.is('failed');
      const fault = chat.page.locator('#token-fault');
      assert.equal(await fault.textContent(), '');
      await chat.say('knock, knock');
      for (const wrong of ['another-secret', 'yet-another-one']) {
        await chat.choose('token', wrong);
        await fault.filter({ hasText: 'The server does not accept this token' }).waitFor();
        await chat.is('failed');
        assert.equal(await chat.page.locator('#token').getAttribute('aria-invalid'), 'true');
      }
      assert.equal(await chat.page.locator('.is-refused').count(), 0);
      await chat.choose('token', 'a-secret-of-some-length');
      await chat.is('connected');
      assert.deepEqual(await chat.shows(1), ['knock, knock']);
      assert.equal(await fault.textContent(), '');
      assert.equal(await chat.page.locator('#token').getAttribute('aria-invalid'), 'false');
      await chat.page.reload();
      await chat.is('connected');
      assert.doesNotMatch(chat.page.url(), /secret/);
      await chat.close(LOST);
      await server.stop();
    });
  });
}
