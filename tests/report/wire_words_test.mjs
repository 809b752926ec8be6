// What the wire view makes of events, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  frameHeader, labelOf, lastingOf, lastingText, scaleOf, sentenceOf, sizeOf, totalsOf,
} from '../../report/web/wire_words.js';

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
  assert.equal(label('frame', '81 05', 'hello'), 'text 81 05');
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
  assert.equal(totalsOf({ events: [frame, event(1, false, 'frame', '81 01', 'a')], more: true }),
    'the first 2: 32 B up, 3 B down');
});

test('an exchange lasts from request to answer, and is empty with a 204', () => {
  const { lasting, empty } = lastingOf({
    length_s: 1,
    events: [
      event(1000, false, 'response', 'HTTP/1.1 200 OK\r\n\r\n', '[]'),
      event(2000, true, 'request', GET),
      event(2500, true, 'request', 'POST /rooms/r/messages HTTP/1.1\r\n\r\n', '{}', { connection: 2 }),
      event(9000, false, 'response', EMPTY),
      event(9100, true, 'request', GET),
    ],
  });
  assert.deepEqual([...empty].sort(), [1, 3]);
  assert.deepEqual(lasting.map(({ connection, from, to, began, ended }) => [connection, from, to, began, ended]), [
    [1, 0, 1000, false, true],
    [1, 2000, 9000, true, true],
    [2, 2500, 1e6, true, false],
    [1, 9100, 1e6, true, false],
  ]);
  assert.deepEqual(lasting.map(lastingText), ['asked before', 'waits 7 ms', 'still waits', 'still waits']);
});

test('streams and sockets stay open, also those from before', () => {
  const open = (events) => lastingOf({ length_s: 1, events }).lasting.filter(({ kind }) => kind === 'open');
  const opened = open([event(10, true, 'request', GET), event(20, false, 'response', STREAM)]);
  assert.deepEqual(opened.map(({ from, to, began, socket }) => [from, to, began, socket]), [[20, 1e6, true, false]]);
  const before = open([event(500, false, 'frame', '81 01', 'a'), event(600, true, 'frame', '81 01', 'a')]);
  assert.deepEqual(before.map(({ from, began, socket }) => [from, began, socket]), [[0, false, true]]);
  assert.equal(lastingText(before[0]), 'the socket stays open');
});

test('one scale holds for all: rows keep apart, and the same moment has one place', () => {
  const at = (...times) => ({ events: times.map((us) => event(us, true, 'frame', '81 00')) });
  const views = [at(0, 10, 20, 500_000), at(15, 900_000), at()];
  const { rows, place } = scaleOf(views, { row: 30, scale: 400 / 1e6, top: 50 });
  assert.deepEqual(rows[0].slice(0, 3), [50, 80, 110]);
  assert.equal(rows[1][0], rows[0][1] + (5 / 1e6) * 400);
  assert.ok(rows[0][3] - rows[0][2] >= 199);
  assert.equal(place(500_000), rows[0][3]);
  assert.equal(place(0), 50);
  let before = 0;
  for (let us = 0; us <= 1e6; us += 1000) {
    assert.ok(place(us) >= before);
    before = place(us);
  }
  assert.ok(Math.abs(place(1e6) - place(900_000) - 40) < 1e-6);
  assert.deepEqual(rows[2], []);
});
