// What the wire view makes of events, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  frameHeader, labelOf, lastingOf, lastingText, sentenceOf, sizeOf, totalsOf,
} from '../../report/web/wire_words.js';
import { scaleOf } from '../../report/web/wire_scale.js';

const event = (at_us, up, kind, head, body = '', more = {}) => ({
  at_us, up, connection: 1, kind, head, body,
  head_bytes: kind === 'frame' ? (head.length + 1) / 3 : head.length, body_bytes: body.length, ...more,
});
const GET = 'GET /rooms/room-1/poll?after=k3.17 HTTP/1.1\r\nHost: localhost\r\n\r\n';
const EMPTY = 'HTTP/1.1 204 No Content\r\nDate: now\r\n\r\n';
const STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';

test('a frame\'s header is read bit by bit', () => {
  assert.deepEqual(frameHeader('81 7e 00 90'), { opcode: 'text', final: true, compressed: false, mask: null });
  assert.deepEqual(frameHeader('c1 9a 11 22 33 44'),
    { opcode: 'text', final: true, compressed: true, mask: '11 22 33 44' });
  assert.deepEqual(frameHeader('00 05'), { opcode: 'continuation', final: false, compressed: false, mask: null });
  assert.equal(frameHeader('8a 00').opcode, 'pong');
  assert.equal(frameHeader('83 00').opcode, 'reserved');
});

test('labels are short, and say what matters', () => {
  const label = (kind, head, body) => labelOf(event(0, true, kind, head, body));
  assert.equal(label('request', GET), 'GET …/poll?after=k3.17');
  assert.equal(label('request', 'POST /rooms/a.b/messages HTTP/1.1\r\n…'), 'POST …/messages');
  assert.equal(label('response', EMPTY), '204 No Content');
  assert.equal(label('response', 'HTTP/1.1 200\r\n\r\n'), '200');
  assert.equal(label('frame', '81 05', 'hello'), 'text frame 81 05');
  assert.equal(label('event', '1d\r\nid: k3.18\ndata: \n\n\r\n', '[{}]'), 'event k3.18');
  assert.equal(label('event', 'data: \n\n', '[{}]'), 'event');
  assert.equal(label('event', '3\r\n:\n\n\r\n'), 'comment');
  assert.equal(label('event', 'd\r\nretry: 2000\n\n\r\n'), 'retry: 2000');
  assert.equal(label('event', '0\r\n\r\n'), 'end of the stream');
});

test('sizes and sentences tell head and body apart', () => {
  const frame = event(52_430, true, 'frame', '81 9a 11 22 33 44', 'x'.repeat(26));
  assert.equal(sizeOf(frame), '6 + 26 B');
  assert.equal(sentenceOf(frame),
    '52.4 ms, user to server: text frame, masked; 6 bytes of head, 26 bytes of body; connection 1');
  assert.match(sentenceOf(event(0, false, 'response', EMPTY)), /^0\.0 ms, server to user: response 204 No Content; /);
  assert.equal(totalsOf({ events: [frame, event(1, false, 'frame', '81 01', 'a')] }),
    '2 in all: 32 B up, 3 B down');
});

test('an exchange lasts from request to answer, and is empty with a 204', () => {
  const { lasting, empty } = lastingOf({
    events: [
      event(1000, false, 'response', 'HTTP/1.1 200 OK\r\n\r\n', '[]'),
      event(2000, true, 'request', GET),
      event(2500, true, 'request', 'POST /rooms/r/messages HTTP/1.1\r\n\r\n', '{}', { connection: 2 }),
      event(9000, false, 'response', EMPTY),
      event(9100, true, 'request', GET),
    ],
  });
  assert.deepEqual([...empty].sort(), [1, 3]);
  assert.deepEqual(lasting.map(({ connection, from, to, us }) => [connection, from, to, us]), [
    [1, undefined, 0, undefined],
    [1, 1, 3, 7000],
    [2, 2, undefined, undefined],
    [1, 4, undefined, undefined],
  ]);
  assert.deepEqual(lasting.map(lastingText), ['asked before', 'waits 7.0 ms', 'still waits', 'still waits']);
});

test('streams and sockets stay open, also those from before', () => {
  const open = (events) => lastingOf({ events }).lasting.filter(({ kind }) => kind === 'open');
  const opened = open([event(10, true, 'request', GET), event(20, false, 'response', STREAM)]);
  assert.deepEqual(opened.map(({ from, to, socket }) => [from, to, socket]), [[1, undefined, false]]);
  const before = open([event(500, false, 'frame', '81 01', 'a'), event(600, true, 'frame', '81 01', 'a')]);
  assert.deepEqual(before.map(({ from, socket }) => [from, socket]), [[undefined, true]]);
  assert.equal(lastingText(before[0]), 'the socket stays open');
});

test('one scale holds for all: rows keep apart, in order, and slices have one place', () => {
  const at = (...times) => ({ length_s: 1, events: times.map((us) => event(us, true, 'frame', '81 00')) });
  const burst = Array.from({ length: 30 }, (_, i) => 300_000 + i * 1000);
  const views = [at(0, 10, 20, 500_000), at(15, ...burst, 900_000, 999_999), at()];
  const { rows, edges } = scaleOf(views, { row: 30, height: 400, top: 50 });
  assert.equal(edges.length, 21);
  assert.ok(edges.at(-1).y <= 50 + 17 * 30 + 400 + 30 * 30);
  views.forEach(({ events }, view) => {
    rows[view].forEach((y, i) => {
      assert.ok(i === 0 || y - rows[view][i - 1] >= 30 - 1e-6, `view ${view}, row ${i}`);
      const slice = Math.floor(events[i].at_us / 50_000);
      assert.ok(y > edges[slice].y && y < edges[slice + 1].y, `view ${view}, row ${i}`);
    });
  });
});
