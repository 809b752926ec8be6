// docs/adapters.md shows a whole adapter: as it is.
// Run with: node --test tests/clients/adapters_page_test.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('the worked example is clients/ws.h and clients/ws.cc', () => {
  const blocks = [...read('docs/adapters.md').matchAll(/^```cpp\n(.*?)^```$/gms)].map(([, code]) => code);
  assert.equal(blocks.length, 2);
  const [declaration, definition] = blocks;
  assert.ok(read('clients/ws.h').includes(declaration), 'clients/ws.h is another one now: copy it into docs/adapters.md');
  const body = read('clients/ws.cc').match(/^namespace pushbench::clients \{\n\n(.*?)\n\}  \/\/ namespace/ms)[1];
  assert.equal(definition, body);
});
