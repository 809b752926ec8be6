// What scripts/check-growth makes of what its tools say.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { functionName } from '../../scripts/lib/growth.js';

test("a function's name is whole, without its arguments", () => {
  for (const [symbol, name] of [
    ['pushbench::net::(anonymous namespace)::send(int, std::span<uv_buf_t>)', 'net::send'],
    ['pushbench::net::(anonymous namespace)::send', 'net::send'],
    ['pushbench::net::Stream::flush()', 'net::Stream::flush'],
    ['std::less<void>::operator()(int, int) const', 'std::less<void>::operator()'],
    ['__send', '__send'],
  ]) {
    assert.equal(functionName(symbol), name);
  }
});
