// The picture of how cost grows: what it is given is in it, and nonsense is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const draw = (input) => spawnSync(process.env.GROWTH_CURVES, { input, encoding: 'utf8' });

test('a panel a figure, a line a transport', () => {
  const { status, stdout } = draw(
    'cpu,sse,100,3.5\ncpu,sse,10000,7.5\ncpu,polling,100,6\nsystem calls,sse,100,1\n',
  );
  assert.equal(status, 0);
  assert.match(stdout, /^<svg/);
  for (const word of ['sse', 'polling', 'CPU time a delivery', 'system calls a delivery']) {
    assert.ok(stdout.includes(word), `${word} is missing:\n${stdout}`);
  }
});

for (const [name, input] of [['nothing', ''], ['a heading', 'panel,x,y,z\n'], ['a short line', 'cpu,sse,50\n']]) {
  test(`${name} is refused`, () => {
    const { status, stderr } = draw(input);
    assert.equal(status, 2);
    assert.match(stderr, /panel,transport,subscribers,figure/);
  });
}
