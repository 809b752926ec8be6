// Checks scripts/import-irc on small made-up logs, and the shipped trace.
// Run with: node --test tests/scripts/import_irc_test.mjs

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const SCRIPT = path.join(ROOT, 'scripts/import-irc');
const SHIPPED = path.join(ROOT, 'scenarios/traces/ubuntu-irc-2006-06-01.csv');
const REAL_LOG = path.join(ROOT, '../shared/traces/ubuntu-irc-2006-06-01.txt');
const COLUMNS = 'time_ms,event,speaker,bytes';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'import-irc-'));
after(() => fs.rmSync(temp, { recursive: true }));

let logs = 0;
function writeLog(content) {
  const file = path.join(temp, `log-${++logs}.txt`);
  fs.writeFileSync(file, Array.isArray(content) ? `${content.join('\n')}\n` : content);
  return file;
}

const run = (...args) => spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' });

function parseTrace(text) {
  const lines = text.split('\n');
  assert.equal(lines.pop(), '', 'the trace ends with a line break');
  const at = lines.indexOf(COLUMNS);
  const header = lines.slice(0, at);
  assert.ok(header.length > 0 && header.every((line) => line.startsWith('# ')));
  const events = lines.slice(at + 1).map((line) => {
    assert.match(line, /^\d+,(join|leave|say),\d+,\d+$/);
    const [time, event, speaker, bytes] = line.split(',');
    return { time: +time, event, speaker: +speaker, bytes: +bytes };
  });
  return { header: header.join('\n'), events };
}

function trace(log, ...args) {
  const result = run(log, ...args);
  assert.equal(result.stderr, '');
  assert.equal(result.status, 0);
  return parseTrace(result.stdout);
}

const times = ({ events }) => events.map((e) => e.time);
const minutes = ({ events }) => events.map((e) => Math.floor(e.time / 60000));
const withoutTime = ({ events }) => events.map((e) => `${e.event} ${e.speaker} ${e.bytes}`);

function assertAscending(list) {
  for (let i = 1; i < list.length; i++) assert.ok(list[i] >= list[i - 1], `event ${i}`);
}

const SMALL = [
  '[10:00] <ann> one',
  '=== bob  has joined #room',
  '=== mode/#room  by Boss',
  '[10:00] <bob> three',
  '[10:01] <ann> a',
  '=== ann claps',
  '=== bob  has left #room ["bye"]',
  '=== ..[topic/#room:Boss] : new topic',
  '=== cat [n=cat@host.example]  has joined #room',
  '=== cat  has quit ["gone"]',
  '=== ann was kicked off #room by Boss (Boss)',
  '[10:03] <dan> four',
];

test('writes the columns and counts what it read', () => {
  const { header, events } = trace(writeLog(SMALL));
  assert.deepEqual(withoutTime({ events }), [
    'say 0 3', 'join 1 0', 'say 1 5', 'say 0 1', 'leave 1 0', 'join 2 0', 'leave 2 0',
    'leave 0 0', 'say 3 4',
  ]);
  assert.match(header, /^# events: 9 \(4 say, 2 join, 3 leave\)$/m);
  assert.match(header, /^# speakers: 4$/m);
  assert.match(header, /^# skipped lines: 3 /m);
  assert.match(header, /^# window: 10:00 to 10:04, 4 minutes \(the whole log\)$/m);
  assert.match(header, /^# seed: 1$/m);
  assert.match(header, /^# source: log-\d+\.txt$/m);
});

test('names the licence only for a log it knows', () => {
  const known = path.join(temp, 'ubuntu-irc-2006-06-01.txt');
  fs.writeFileSync(known, '[10:00] <ann> one\n');
  assert.match(trace(known).header, /CC-BY-4\.0/);
  assert.doesNotMatch(trace(writeLog(SMALL)).header, /CC-BY/);
});

test('counts bytes, not characters', () => {
  const log = writeLog(['[10:00] <a> héé', '[10:00] <a> 日本', '[10:00] <a> 😀!', '[10:00] <ü> x ']);
  assert.deepEqual(trace(log).events.map((e) => e.bytes), [5, 6, 5, 2]);
});

test('counts the bytes of a text that is not UTF-8', () => {
  const text = Buffer.from([0xff, 0xfe, 0x80, 0x41, 0xa0, 0x85]);
  const log = writeLog(Buffer.concat([Buffer.from('[10:00] <a> '), text, Buffer.from('\n')]));
  assert.deepEqual(trace(log).events.map((e) => e.bytes), [6]);
});

test('reads lines that end in CR LF, and a last line without an end', () => {
  const log = writeLog('[10:00] <a> one\r\n=== b  has joined #room\r\n[10:01] <a> four');
  assert.deepEqual(withoutTime(trace(log)), ['say 0 3', 'join 1 0', 'say 0 4']);
});

test('keeps the order within a minute and every event inside its minute', () => {
  const log = [];
  const expected = [];
  for (let i = 0; i < 200; i++) {
    const minute = Math.floor(i / 50) * 3;
    log.push(`[10:0${minute}] <n${i}> ${'x'.repeat(i + 1)}`);
    expected.push(minute);
  }
  const result = trace(writeLog(log));
  assert.deepEqual(result.events.map((e) => e.bytes), log.map((_, i) => i + 1));
  assert.deepEqual(minutes(result), expected);
  assertAscending(times(result));
  assert.ok(new Set(times(result)).size > 190, 'the events are spread over their minutes');
});

test('the same seed gives the same trace, another seed only other times', () => {
  const log = writeLog(SMALL);
  assert.equal(run(log).stdout, run(log, '--seed', '1').stdout);
  const one = trace(log, '--seed', '1');
  const two = trace(log, '--seed', '2');
  assert.notDeepEqual(times(one), times(two));
  assert.deepEqual(withoutTime(one), withoutTime(two));
  assert.deepEqual(minutes(one), minutes(two));
});

test('a window is a slice of the whole', () => {
  const log = ['=== early  has joined #room'];
  for (let i = 0; i < 60; i++) {
    log.push(`[11:${10 + Math.floor(i / 6)}] <n${i % 7}> ${'x'.repeat(i + 1)}`);
  }
  const file = writeLog(log);
  const slice = trace(file).events.filter((e) => e.time >= 3 * 60000 && e.time < 7 * 60000);
  const window = trace(file, '--from', '11:13', '--minutes', '4');
  assert.deepEqual(times(window), slice.map((e) => e.time - 3 * 60000));
  assert.deepEqual(window.events.map((e) => e.bytes), slice.map((e) => e.bytes));
  const numbers = new Map();
  for (const { speaker } of slice) {
    if (!numbers.has(speaker)) numbers.set(speaker, numbers.size);
  }
  const renumbered = slice.map((e) => numbers.get(e.speaker));
  assert.deepEqual(window.events.map((e) => e.speaker), renumbered);
});

test('each end of the window has a default', () => {
  const file = writeLog(['[10:00] <a> 1', '[10:01] <a> 22', '[10:02] <a> 333']);
  const bytes = (...args) => trace(file, ...args).events.map((e) => e.bytes);
  assert.deepEqual(bytes('--from', '10:01'), [2, 3]);
  assert.deepEqual(bytes('--minutes', '2'), [1, 2]);
  assert.deepEqual(bytes('--from', '10:01', '--minutes', '1'), [2]);
});

test('a rename keeps the number, and the old name becomes free', () => {
  const file = writeLog([
    '[10:00] <ann> 1', '[10:00] <bob> 1', '=== ann is now known as ann2', '[10:01] <ann2> 1',
    '[10:01] <ann> 1', '=== ann2 is now known as ann3', '[10:02] <ann3> 1',
  ]);
  assert.deepEqual(trace(file).events.map((e) => e.speaker), [0, 1, 0, 2, 0]);
  const late = trace(file, '--from', '10:01');
  assert.deepEqual(late.events.map((e) => e.speaker), [0, 1, 0]);
});

test('a nickname with a bracket is one speaker in every kind of line', () => {
  const file = writeLog([
    '[10:00] <ann> hi', '=== zed[1]  [n=zed@host.example]  has joined #room', '[10:00] <zed[1] > hi',
    '=== [Z] ed [n=zed@host.example]  has joined #room', '=== zed[1]  has left #room []',
    '[10:00] <[Z]ed> hi',
  ]);
  assert.deepEqual(withoutTime(trace(file)),
    ['say 0 2', 'join 1 0', 'say 1 2', 'join 2 0', 'leave 1 0', 'say 2 2']);
});

test('an action that sounds like a join is no join', () => {
  const file = writeLog(['[10:00] <a> x', '=== a has joined the party', '=== a has quit smoking',
    '=== a says b has joined #room']);
  const { header, events } = trace(file);
  assert.equal(events.length, 1);
  assert.match(header, /^# skipped lines: 3 /m);
});

test('a line without a time belongs to the minute before it', () => {
  const file = writeLog([
    '=== a  has joined #room', '[10:05] <b> x', '=== c  has joined #room', '[10:07] <b> x',
    '=== d  has joined #room',
  ]);
  const result = trace(file);
  assert.deepEqual(minutes(result), [0, 0, 0, 2, 2]);
  assert.match(result.header, /window: 10:05 to 10:08/);
});

test('a smaller minute is the next day', () => {
  const file = writeLog([
    '[23:58] <a> 1', '[23:59] <a> 22', '[00:00] <a> 333', '[00:02] <a> 4444',
  ]);
  const whole = trace(file);
  assert.deepEqual(minutes(whole), [0, 1, 2, 4]);
  assert.match(whole.header, /window: 23:58 to 00:03, 5 minutes/);
  const late = trace(file, '--from', '00:00');
  assert.deepEqual(times(late), times(whole).slice(2).map((time) => time - 2 * 60000));
  const across = trace(file, '--from', '23:59', '--minutes', '2');
  assert.deepEqual(across.events.map((e) => e.bytes), [2, 3]);
});

test('no nickname and no word reaches the output', () => {
  const secret = ['Qann', 'Qbob', 'Qdan', 'Qword', 'Qhost', 'Qbye', 'Qclap', 'Qtopic', 'Qroom'];
  const file = writeLog([
    '[10:00] <Qann> Qword', '=== Qbob [n=Qbob@Qhost]  has joined #Qroom', '=== Qann Qclap',
    '=== ..[topic/#Qroom:Qann] : Qtopic', '=== Qbob is now known as Qdan',
    '=== Qdan  has left #Qroom ["Qbye"]', '=== Qann was kicked off #Qroom by Qdan (Qbye)',
    '[10:01] <Qann> Qword,Qword',
  ]);
  const { stdout, status } = run(file);
  assert.equal(status, 0);
  for (const word of secret) assert.ok(!stdout.includes(word), word);
  assert.ok(!stdout.includes(temp), 'no directory of the log');
});

test('--help prints the usage with an example', () => {
  const { stdout, stderr, status } = run('--help');
  assert.equal(status, 0);
  assert.equal(stderr, '');
  assert.match(stdout, /^usage: scripts\/import-irc LOG/);
  assert.match(stdout, /^example: /m);
});

const good = writeLog(SMALL);
const BAD_INPUT = {
  'no log': [[], /LOG: no log given/],
  'two logs': [[good, good], /a second log/],
  'an unknown flag': [[good, '--speed', '2'], /--speed: unknown flag/],
  'a flag named like an object property': [[good, '--constructor'], /unknown flag/],
  'a flag without a value': [[good, '--from'], /--from: has no value/],
  'an hour that does not exist': [[good, '--from', '24:00'], /--from: "24:00"/],
  'a time of another form': [[good, '--from', '9:5'], /--from: "9:5"/],
  'no minutes': [[good, '--minutes', '0'], /--minutes: "0"/],
  'minutes below zero': [[good, '--minutes', '-3'], /--minutes: "-3"/],
  'minutes that are no number': [[good, '--minutes', 'x\ny'], /--minutes: "x\?y"/],
  'a seed that is no number': [[good, '--seed', '1.5'], /--seed: "1.5"/],
  'a seed that is too large': [[good, '--seed', '4294967296'], /--seed: "4294967296"/],
  'a line of neither form': [
    [writeLog(['[10:00] <a> x', 'hello', '[10:01] <a> x'])], /log-\d+\.txt:2: not a line/,
  ],
  'a time in the log that does not exist': [[writeLog(['[10:60] <a> x'])], /:1: not a line/],
  'an empty line': [[writeLog(['[10:00] <a> x', '', '[10:01] <a> x'])], /:2: not a line/],
  'a window before the log': [
    [good, '--from', '09:00', '--minutes', '10'], /09:00 to 09:10: no event.*10:00 to 10:04/,
  ],
  'a window after the log': [[good, '--from', '11:00'], /no event in this window/],
  'a window in a silent minute': [[good, '--from', '10:02', '--minutes', '1'], /no event/],
  'a log without any time': [[writeLog(['=== a  has joined #room'])], /no line has a time/],
  'an empty log': [[writeLog('')], /no line has a time/],
};

function assertOneLine({ stdout, stderr, status }, code) {
  assert.equal(status, code);
  assert.equal(stdout, '');
  assert.match(stderr, /^import-irc: [^\n]+: [^\n]+; [^\n]+\n$/);
}

for (const [name, [args, message]] of Object.entries(BAD_INPUT)) {
  test(`bad input: ${name}`, () => {
    const result = run(...args);
    assertOneLine(result, 2);
    assert.match(result.stderr, message);
  });
}

test('a file that cannot be read gives exit code 1', () => {
  assertOneLine(run(path.join(temp, 'missing.txt')), 1);
  assertOneLine(run(temp), 1);
});

test('the shipped trace is well-formed', () => {
  const { header, events } = parseTrace(fs.readFileSync(SHIPPED, 'utf8'));
  assertAscending(events.map((e) => e.time));
  assert.equal(events.filter((e) => e.event === 'say').length, 1721);
  assert.ok(events.every((e) => (e.event === 'say') === (e.bytes > 0)));
  let speakers = 0;
  for (const { speaker } of events) {
    assert.ok(speaker <= speakers, 'numbered by first appearance');
    if (speaker === speakers) speakers++;
  }
  assert.match(header, new RegExp(`^# speakers: ${speakers}$`, 'm'));
  assert.match(header, /CC-BY-4\.0/);
  assert.doesNotMatch(header, /(^|\s)\//, 'no absolute path');
});

test('the shipped trace can be made again', { skip: !fs.existsSync(REAL_LOG) }, () => {
  assert.equal(run(REAL_LOG).stdout, fs.readFileSync(SHIPPED, 'utf8'));
});
