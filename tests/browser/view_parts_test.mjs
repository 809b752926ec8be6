// What the timeline, the wire pane and the race work out before anything is drawn.
// Run with: node --test tests/browser/view_parts_test.mjs

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moduleOf } from './library.mjs';

const NONE = { head: 0, body: 0 };
const request = (exchange, at, purpose, head = 'GET / HTTP/1.1\r\n\r\n', body = '') => ({
  is: 'request',
  at,
  exchange,
  purpose,
  head,
  body,
});
const answer = (exchange, at, purpose, messages, more = {}) => ({
  is: 'answer',
  at,
  exchange,
  purpose,
  status: messages > 0 ? 200 : 204,
  head: 'HTTP/1.1 204 No Content\r\n\r\n',
  body: '',
  messages,
  up: { head: 70, body: 0 },
  down: { head: 90, body: 10 * messages },
  source: 'byte-model',
  ...more,
});
const event = (exchange, at, messages = 1) => ({
  is: 'event',
  at,
  exchange,
  head: 'id: k3f9.7\ndata: ',
  body: '[{}]',
  messages,
  down: { head: 24, body: 4 },
  source: 'byte-model',
});
const frame = (exchange, at, direction, messages = 1) => ({
  is: 'frame',
  at,
  exchange,
  direction,
  header: Uint8Array.of(0x81, 0x04),
  body: '[{}]',
  messages,
  size: { head: 2, body: 4 },
});

test('the tally counts exchanges, empty polls, pushes and bytes by what they were', async () => {
  const { Tally } = await moduleOf('view/tally.ts');
  const tally = new Tally();
  const all = [
    request(1, 0, 'poll'),
    answer(1, 1, 'poll', 0),
    answer(2, 2, 'poll', 3),
    answer(3, 3, 'long-poll', 0),
    answer(4, 4, 'publish', 0, { status: 201, source: 'resource-timing' }),
    answer(5, 5, 'poll', 0, { status: 0, up: { head: 70, body: 0 }, down: NONE }),
    answer(6, 6, 'events', 0, { status: 200 }),
    event(6, 7, 2),
    answer(7, 8, 'socket', 0, { status: 101 }),
    frame(7, 9, 'down'),
    frame(7, 10, 'up', 0),
    answer(8, 11, 'check', 0, { status: 200 }),
    answer(9, 12, 'poll', 0, { status: 503 }),
    answer(10, 13, 'long-poll', 0, { status: 401 }),
  ];
  for (const one of all) tally.add(one);
  const { exchanges, polls, empty, publishes, checks, unanswered, pushes, messages } = tally;
  assert.deepEqual(
    { exchanges, polls, empty, publishes, checks, unanswered, pushes, messages },
    {
      exchanges: 8,
      polls: 5,
      empty: 2,
      publishes: 1,
      checks: 1,
      unanswered: 1,
      pushes: 3,
      messages: 6,
    },
  );
  assert.deepEqual(tally.up, { head: 10 * 70 + 2, body: 4 });
  assert.deepEqual(tally.down, { head: 9 * 90 + 24 + 2, body: 30 + 4 + 4 });
  assert.deepEqual(tally.sources, { 'byte-model': 9, 'resource-timing': 1, frames: 2 });
});

const bytes = (hex) => Uint8Array.from(hex.split(' '), (digits) => parseInt(digits, 16));
const FORMS = [
  // RFC 6455, section 5.7, and the ends of each form of the length
  ['81 05', 5n],
  ['81 85 37 fa 21 3d', 5n],
  ['01 03', 3n],
  ['89 00', 0n],
  ['8a 85 37 fa 21 3d', 5n],
  ['81 7d', 125n],
  ['81 7e 00 7e', 126n],
  ['82 7e 01 00', 256n],
  ['81 fe ff ff 00 00 00 00', 65535n],
  ['82 7f 00 00 00 00 00 01 00 00', 65536n],
  ['c1 ff 7f ff ff ff ff ff ff ff 01 02 03 04', 2n ** 63n - 1n],
];

test('a frame header is all of its fields, in every form of the length, masked or not', async () => {
  const { fieldsOf, payloadLength, rowsOf, hexOf } = await moduleOf('view/frame_fields.ts');
  for (const [hex, length] of FORMS) {
    const header = bytes(hex);
    const fields = fieldsOf(header);
    const bits = [...header].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    assert.equal(fields.map((field) => field.bits).join(''), bits, hex);
    assert.equal(payloadLength(fields), length, hex);
    assert.equal(hexOf(header), hex);
    assert.equal(
      fields.some(({ name }) => name === 'masking-key'),
      (header[1] & 0x80) !== 0,
      hex,
    );
    for (const width of [16, 32]) {
      const rows = rowsOf(fields, width);
      assert.equal(rows.length, Math.ceil(bits.length / width));
      assert.equal(
        rows
          .flat()
          .map((piece) => piece.bits)
          .join(''),
        bits,
        hex,
      );
      for (const piece of rows.flat()) assert.ok(piece.at + piece.bits.length <= width, hex);
      assert.equal(rows.flat().filter(({ first }) => first).length, fields.length);
    }
  }
  const names = fieldsOf(bytes('81 fe ff ff 00 00 00 00')).map(({ name }) => name);
  assert.deepEqual(names, [
    'FIN',
    'RSV1',
    'RSV2',
    'RSV3',
    'opcode',
    'MASK',
    'length-7',
    'length-16',
    'masking-key',
  ]);
});

test('of a frame header that is cut there is what there is', async () => {
  const { fieldsOf } = await moduleOf('view/frame_fields.ts');
  assert.deepEqual(fieldsOf(new Uint8Array()), []);
  const names = (hex) => fieldsOf(bytes(hex)).map(({ name, bits }) => `${name} ${bits.length}`);
  assert.deepEqual(names('81 fe 01').slice(-2), ['length-7 7', 'length-16 8']);
});

test('a poll lasts until its answer, and a stream until the next one begins or the connection is lost', async () => {
  const { Items } = await moduleOf('view/timeline_items.ts');
  const items = new Items();
  const shapes = () =>
    items.all.map(({ shape, from, at, to, full, lost }) => [shape, from ?? at, to, full, lost]);
  items.add(request(1, 10, 'poll'));
  assert.deepEqual(shapes(), [['poll', 10, undefined, false, false]]);
  items.add(answer(1, 14, 'poll', 0));
  items.add(request(2, 20, 'long-poll'));
  items.add(answer(2, 30, 'long-poll', 2));
  items.add(request(3, 40, 'events'));
  items.add(answer(3, 41, 'events', 0, { status: 200 }));
  items.add(event(3, 45));
  items.add(request(4, 50, 'events'));
  items.add(answer(4, 51, 'events', 0, { status: 0 }));
  items.add(request(5, 60, 'socket'));
  items.add(answer(5, 61, 'socket', 0, { status: 101 }));
  items.add(frame(5, 62, 'up', 0));
  items.add(frame(5, 63, 'down', 0));
  items.add(request(6, 64, 'publish'));
  items.add(answer(6, 65, 'publish', 0, { status: 503 }));
  items.add(request(7, 66, 'check'));
  items.add(answer(7, 67, 'check', 0, { status: 200 }));
  items.end(70);
  assert.deepEqual(shapes(), [
    ['poll', 10, 14, false, false],
    ['held', 20, 30, true, false],
    ['answer', 30, undefined, true, false],
    ['open', 40, 50, false, false],
    ['event', 45, undefined, true, false],
    ['open', 50, 51, false, true],
    ['open', 60, 70, false, false],
    ['frame', 62, undefined, true, false],
    ['frame', 63, undefined, false, false],
    ['publish', 64, undefined, true, true],
  ]);
  assert.deepEqual(
    items.prune(46).map(({ shape }) => shape),
    ['poll', 'held', 'answer', 'event'],
  );
});

test('a request that is held while the connection is lost has no answer', async () => {
  const { Items } = await moduleOf('view/timeline_items.ts');
  const items = new Items();
  items.add(request(1, 10, 'long-poll'));
  const seen = () => items.shown(0, 20);
  assert.deepEqual([seen().waiting, seen().held], [true, 0]);
  items.end(15);
  assert.deepEqual([seen().waiting, seen().held, items.all[0].lost], [false, 0, true]);
});

test('an upgrade that is asked after before its end is known has no answer', async () => {
  const { Items } = await moduleOf('view/timeline_items.ts');
  const items = new Items();
  items.add(request(1, 10, 'socket'));
  items.add(request(2, 20, 'socket'));
  items.add(answer(1, 30, 'socket', 0, { status: 0 }));
  items.add(answer(2, 31, 'socket', 0, { status: 426 }));
  assert.deepEqual(
    items.all.map(({ from, to, lost }) => [from, to, lost]),
    [
      [10, 20, true],
      [20, 31, true],
    ],
  );
});

test('what a timeline shows has an end, however much happens', async () => {
  const { Items } = await moduleOf('view/timeline_items.ts');
  const items = new Items();
  items.add(request(0, 0, 'events'));
  items.add(answer(0, 1, 'events', 0, { status: 200 }));
  for (let i = 0; i < 5000; ++i) items.add(event(0, 2 + i / 1000));
  items.prune(0);
  assert.equal(items.all.length, 3001);
  assert.equal(items.all[0].shape, 'open'); // one more, since it goes on
  assert.equal(items.all.at(-1).at, 2 + 4.999);
});

test('an exchange is one entry, which is the newest when its answer comes', async () => {
  const { Entries, labelOf } = await moduleOf('view/wire_entries.ts');
  const { viewWords } = await moduleOf('view/words.ts');
  const entries = new Entries(3);
  const held = entries.add(
    request(1, 0, 'long-poll', 'GET /rooms/a%20b/long-poll?after=k.1 HTTP/1.1\r\n\r\n'),
  );
  assert.deepEqual(labelOf(held, viewWords.en.wire), {
    what: '↑↓ GET …/long-poll?after=k.1 → …',
    size: '',
  });
  for (let i = 1; i < 5; ++i) entries.add(frame(9, i, 'down'));
  assert.ok(!entries.all.includes(held));
  assert.equal(entries.add(answer(1, 6, 'long-poll', 0)), held);
  assert.equal(entries.all.at(-1), held);
  assert.equal(entries.all.length, 3);
  assert.equal(held.at, 6);
  assert.deepEqual(labelOf(held, viewWords.en.wire), {
    what: '↑↓ GET …/long-poll?after=k.1 → 204 No Content',
    size: '70 + 0 B ↑ 90 + 0 B ↓',
  });
  assert.deepEqual(labelOf(entries.all[0], viewWords.en.wire), {
    what: '↓ text 81 04',
    size: '2 + 4 B',
  });
});

const text = (lines) =>
  lines.map(({ parts, end }) => parts.map((part) => part.text).join('') + end).join('');

test('heads are shown to the byte, and lines that a browser keeps to itself are marked', async () => {
  const { requestLines, answerLines } = await moduleOf('view/wire_lines.ts');
  const head =
    'POST /rooms/r/messages HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAccept: */*\r\n\r\n';
  const lines = requestLines({ purpose: 'publish', head });
  assert.equal(text(lines), head);
  assert.deepEqual(
    lines.map(({ modelled }) => modelled),
    [false, true, false, true, false],
  );
  const answered = 'HTTP/1.1 200 OK\r\ndate: x\r\n\r\n';
  assert.equal(text(answerLines({ purpose: 'poll', head: answered })), answered);
  assert.ok(answerLines({ purpose: 'poll', head: answered }).every(({ modelled }) => !modelled));
  const upgraded = answerLines({
    purpose: 'socket',
    head: 'HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n',
  });
  assert.deepEqual(
    upgraded.map(({ modelled }) => modelled),
    [true, true, false],
  );
});

test('an event is shown as it passed: a chunk, its lines, and its data within', async () => {
  const { eventLines, byteLength } = await moduleOf('view/wire_lines.ts');
  const { viewWords } = await moduleOf('view/words.ts');
  const { lines, left } = eventLines(
    { head: 'id: k3f9.7\ndata: ', body: '[{"text":"ж"}]' },
    viewWords.en.wire,
  );
  const inner = 'id: k3f9.7\ndata: [{"text":"ж"}]\n\n';
  assert.equal(text(lines), `${byteLength(inner).toString(16)}\r\n${inner}\r\n`);
  assert.equal(left, 0);
  const bodies = lines.flatMap(({ parts }) => parts).filter(({ is }) => is === 'body');
  assert.deepEqual(
    bodies.map((part) => part.text),
    ['[{"text":"ж"}]'],
  );
});

test('a long text is cut between characters, and the bytes that are left out are counted', async () => {
  const { cut, byteLength } = await moduleOf('view/wire_lines.ts');
  assert.deepEqual(cut('abc', 3), { shown: 'abc', left: 0 });
  assert.deepEqual(cut('abжж', 3), { shown: 'abж', left: 2 });
  assert.deepEqual(cut('ab😀c', 3), { shown: 'ab', left: 5 });
  for (const most of [1, 2, 3, 4, 5, 6]) {
    const { shown, left } = cut('a😀b😀c', most);
    assert.equal(byteLength(shown) + left, 11, String(most));
  }
});

const message = (seq, id) => ({ seq, from: 'ann', text: `text ${seq}`, at: 0, ...(id && { id }) });

test('arrivals have places, and times from when the message was due', async () => {
  const { Arrivals, arrivalOf, isComplete } = await moduleOf('race/arrivals.ts');
  const arrivals = new Arrivals(3);
  arrivals.published('a', 100);
  const entry = arrivals.add('websocket', message(1, 'a'), 110);
  arrivals.add('sse', message(1, 'a'), 112);
  arrivals.add('websocket', message(1, 'a'), 500); // once only
  assert.deepEqual(arrivalOf(entry, 'websocket'), { place: 1, latency: 10, behind: 0 });
  assert.deepEqual(arrivalOf(entry, 'sse'), { place: 2, latency: 12, behind: 2 });
  assert.equal(arrivalOf(entry, 'polling'), undefined);
  arrivals.add('long-polling', message(1, 'a'), 113);
  assert.equal(isComplete(entry), false);
  arrivals.add('polling', message(1, 'a'), 900);
  assert.equal(isComplete(entry), true);
  const other = arrivals.add('polling', message(2), 950);
  assert.deepEqual(arrivalOf(other, 'polling'), { place: 1, latency: undefined, behind: 0 });
});

test('the newest messages are kept in order, whatever order they come in', async () => {
  const { Arrivals } = await moduleOf('race/arrivals.ts');
  const arrivals = new Arrivals(3);
  for (const seq of [2, 5, 3, 4, 1]) arrivals.add('sse', message(seq), seq);
  assert.deepEqual(
    arrivals.newest(2).map((entry) => entry.message.seq),
    [5, 4],
  );
  assert.deepEqual(
    arrivals.newest(9).map((entry) => entry.message.seq),
    [5, 4, 3],
  );
  assert.equal(arrivals.add('polling', message(1), 9), undefined);
});

test('a gap says what a transport missed, and a restarted server begins anew', async () => {
  const { Arrivals, isComplete } = await moduleOf('race/arrivals.ts');
  const arrivals = new Arrivals(9);
  for (const seq of [1, 2, 3]) {
    for (const transport of ['long-polling', 'sse', 'websocket'])
      arrivals.add(transport, message(seq), seq);
  }
  arrivals.missed('polling', { reason: 'expired', after: 1, oldest: 3, last: 3, epoch: 'k3f9' });
  assert.deepEqual(arrivals.newest(9).map(isComplete), [false, true, false]);
  const restarted = { reason: 'restarted', after: 3, oldest: 1, last: 1, epoch: 'x7g2' };
  arrivals.missed('sse', restarted);
  assert.equal(arrivals.newest(9).length, 0);
  arrivals.add('sse', message(1), 20);
  arrivals.missed('websocket', restarted); // the same restart
  assert.equal(arrivals.newest(9).length, 1);
});

test('the generator publishes at the moments that it drew, also those that it is late for', async (t) => {
  const { Generator } = await moduleOf('race/generator.ts');
  let now = 0;
  let timer;
  t.mock.method(performance, 'now', () => now);
  t.mock.method(globalThis, 'setTimeout', (run, ms) => (timer = { run, at: now + ms }));
  t.mock.method(globalThis, 'clearTimeout', () => (timer = undefined));
  const due = [];
  const half = 1 - Math.exp(-1); // an even gap, of just the mean
  const generator = new Generator(
    (at) => due.push(Math.round(at)),
    () => half,
  );
  generator.rate = 10;
  generator.start();
  const passes = (ms) => {
    now += ms;
    if (timer && now >= timer.at) timer.run();
  };
  passes(99);
  assert.deepEqual(due, []);
  passes(251); // late for two of them
  assert.deepEqual(due, [100, 200, 300]);
  passes(50);
  assert.equal(due.length, 4);
  generator.stop();
  passes(1000);
  assert.equal(due.length, 4);
  assert.equal(generator.running, false);
});

test('a delay is read in all units that the server writes', async () => {
  const { delayIn } = await moduleOf('race/link.ts');
  const read = (delay) => delayIn({ delay });
  assert.deepEqual(['0s', '150ms', '1.5s', '500us'].map(read), [0, 150, 1500, 0.5]);
  assert.deepEqual(
    [read('soon'), read('12'), read(12), delayIn(null), delayIn({})],
    Array(5).fill(undefined),
  );
});

test('the words of both languages count as their language does', async () => {
  const { viewWords } = await moduleOf('view/words.ts');
  const shown = {
    seconds: 20,
    polls: 21,
    emptyPolls: 2,
    held: 0,
    emptyHeld: 0,
    waiting: true,
    open: false,
    events: 0,
    framesUp: 1,
    framesDown: 3,
    publishes: 0,
  };
  assert.equal(
    viewWords.en.timeline.summary(shown),
    'The last 20 seconds: 21 polls, 2 of them empty; one is held now; 3 frames down; 1 frame up.',
  );
  assert.equal(
    viewWords.ru.timeline.summary(shown),
    'За последние 20 секунд: 21 опрос, из них пустых: 2; один запрос сейчас ждёт ответа; ' +
      '3 кадра от сервера; 1 кадр к серверу.',
  );
  for (const { wire } of Object.values(viewWords)) {
    assert.match(wire.more(1501), /1\D?501/u);
    assert.notEqual(wire.frame('text', 'up'), wire.frame('text', 'down'));
  }
});
