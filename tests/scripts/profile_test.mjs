// What scripts/lib/profile.js reads from perf.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { functionName, functionsOf, sharesOf } from '../../scripts/lib/profile.js';

const sample = (pid, ...frames) => `${pid}\n${frames.map((frame) => `\t    ${frame}\n`).join('')}\n`;
const SENDS = [
  'ffffffff81e5a1b0 tcp_write_xmit', 'ffffffff81d2c3d4 __x64_sys_sendto', 'ffffffff82000130 do_syscall_64',
  '    7f2b4c11ab0d __send', '    55d0c0ffee00 pushbench::net::send(int)',
];
const COMPUTES = ['    55d0c0ffee10 pushbench::clients::read(int)'];
const INTERRUPTED = ['ffffffff810a0b0c handle_softirqs', 'ffffffff82001234 asm_common_interrupt', ...COMPUTES];

test('samples count for the system call that they were taken in, the kernel or the program', () => {
  const script = [SENDS, SENDS, COMPUTES, INTERRUPTED].map((frames) => sample(11610, ...frames)).join('');
  assert.deepEqual(sharesOf(script), { sendto: 0.5, own: 0.25, kernel: 0.25 });
});

test("a child's samples do not count", () => {
  const script = sample(11610, ...COMPUTES) + sample(11613, ...SENDS) + sample(11610, ...SENDS);
  assert.deepEqual(sharesOf(script), { own: 0.5, sendto: 0.5 });
});

test('without samples there are no shares', () => {
  assert.deepEqual(sharesOf(''), {});
});

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

test('a function counts once, however many of its name there are, and the kernel as one', () => {
  const report = [
    '# Overhead  Shared Object  Symbol',
    '    60.50%  [kernel]     [k] tcp_write_xmit',
    '     3.25%  pushbench    [.] pushbench::net::(anonymous namespace)::send(int)',
    '     4.00%  libc.so.6    [.] __send',
    '    30.00%  [kernel]     [k] do_epoll_wait',
    '     2.25%  pushbench    [.] pushbench::net::send(char const*)',
  ].join('\n');
  assert.deepEqual(functionsOf(report), { kernel: 90.5, own: [['net::send', 5.5], ['__send', 4]] });
});
