// The picture of the stalls: what it is given is in it, and nonsense is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const draw = (input) => spawnSync(process.env.STALL_CURVES, { input, encoding: 'utf8' });

test('a panel a transport, a line a loop', () => {
  const { status, stdout } = draw(
    'sse,open,50,200\nsse,open,99,250000\nsse,closed,50,200\nsse,closed,99,300\nwebsocket,open,50,190\n',
  );
  assert.equal(status, 0);
  assert.match(stdout, /^<svg/);
  for (const word of ['sse', 'websocket', 'open', 'closed', '99.9', '250 ms']) {
    assert.ok(stdout.includes(word), `${word} is missing:\n${stdout}`);
  }
});

for (const [name, input] of [['nothing', ''], ['a heading', 'percentile,us\n'], ['a short line', 'sse,open,50\n']]) {
  test(`${name} is refused`, () => {
    const { status, stderr } = draw(input);
    assert.equal(status, 2);
    assert.match(stderr, /transport,loop,percentile,us/);
  });
}
