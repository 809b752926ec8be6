// What the wire pane shows of one entry.

import type { Size } from '../connection.js';
import { make } from './dom.js';
import { frameFigure } from './frame_figure.js';
import {
  eventTitle,
  frameTitle,
  type Answer,
  type Entry,
  type Frame,
  type Request,
  type StreamEvent,
} from './wire_entries.js';
import { answerLines, bodyLines, eventLines, requestLines, type Line } from './wire_lines.js';
import type { WireWords } from './words.js';

type Label = readonly [kind: 'head' | 'body', word: string, bytes: number | undefined];

const MASKED = 0x80; // in a header's second byte
const shownEnd = (end: string): string => end.replace('\r', '\\r').replace('\n', '\\n');
const note = (text: string): HTMLElement => make('p', { class: 'wire-note' }, text);
const heading = (text: string): HTMLElement => make('h3', {}, text);

/** "head, 71 bytes" and "body, 9 bytes", each as its part below looks. */
function labels(words: WireWords, ...all: Label[]): HTMLElement {
  const labelled = all.map(([kind, word, bytes]) =>
    make(
      'li',
      { class: `wire-${kind}` },
      bytes === undefined ? word : `${word}: ${words.bytes(bytes)}`,
    ),
  );
  return make('ul', { class: 'wire-labels' }, ...labelled);
}

function lineOf({ parts, end, modelled, note: beside }: Line): HTMLElement {
  const line = make('span', { class: modelled ? 'wire-line wire-modelled' : 'wire-line' });
  line.append(...parts.map(({ is, text }) => make('span', { class: `wire-${is}` }, text)));
  if (end) line.append(make('span', { class: 'wire-end' }, shownEnd(end)));
  if (beside) line.append(make('span', { class: 'wire-beside' }, beside));
  return line;
}

/** The bytes as text; `left` are those that a cut body leaves out. */
function textOf(lines: readonly Line[], left: number, words: WireWords): HTMLElement {
  const text = make('pre', { class: 'wire-text' }, ...lines.map(lineOf));
  if (left > 0) text.append(make('span', { class: 'wire-more' }, words.more(left)));
  return text;
}

const sizesOf = (size: Size | undefined, head: string, body: string): Label[] => [
  ['head', head, size?.head],
  ['body', body, size?.body],
];

function half(
  title: string,
  size: Size | undefined,
  head: Line[],
  body: string,
  words: WireWords,
): HTMLElement[] {
  const { lines, left } = bodyLines(body);
  return [
    heading(title),
    labels(
      words,
      ...sizesOf(size, words.head, body ? words.body : words.noBody).slice(0, body ? 2 : 1),
    ),
    textOf([...head, ...lines], left, words),
  ];
}

function exchange(
  request: Request | undefined,
  answer: Answer | undefined,
  words: WireWords,
): HTMLElement[] {
  const parts: HTMLElement[] = [];
  if (request)
    parts.push(...half(words.request, answer?.up, requestLines(request), request.body, words));
  if (!answer) return [...parts, heading(words.response), note(words.waits)];
  if (answer.status === 0) return [...parts, heading(words.response), note(words.noAnswer)];
  return [
    ...parts,
    ...half(words.response, answer.down, answerLines(answer), answer.body, words),
    ...(answer.purpose === 'socket' ? [] : [note(words.fetched)]),
    note(words.source[answer.source]),
  ];
}

function streamed(event: StreamEvent, words: WireWords): HTMLElement[] {
  const { lines, left } = eventLines(event, words);
  return [
    heading(eventTitle(event, words)),
    labels(words, ...sizesOf(event.down, words.framing, words.data)),
    textOf(lines, left, words),
  ];
}

function framed(frame: Frame, width: number, words: WireWords): HTMLElement[] {
  const { lines, left } = bodyLines(frame.body);
  const masked = ((frame.header[1] ?? 0) & MASKED) !== 0;
  return [
    heading(frameTitle(frame, words)),
    labels(words, ...sizesOf(frame.size, words.header, words.payload)),
    ...frameFigure(frame.header, width, words),
    note(words.frameModelled),
    ...(frame.body ? [textOf(lines, left, words)] : []),
    ...(masked ? [note(words.masked)] : []),
  ];
}

/** `width` is that of a frame's figure, in bits. */
export function detailOf(entry: Entry, width: number, words: WireWords): HTMLElement[] {
  const { request, answer, event, frame } = entry;
  const parts = frame
    ? framed(frame, width, words)
    : event
      ? streamed(event, words)
      : exchange(request, answer, words);
  // Said once, where there are such lines.
  const marked = parts.some((part) => part.querySelector('.wire-modelled'));
  return marked
    ? [...parts, make('p', { class: 'wire-note wire-modelled-note' }, words.modelled)]
    : parts;
}
