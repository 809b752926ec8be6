// The bytes of heads, bodies and events as lines to show: what ends each line, which of them a
// browser does not show to a page, and what is left out.

import type { Answer, Request, StreamEvent } from './wire_entries.js';
import type { WireWords } from './words.js';

export interface Part {
  readonly is: 'head' | 'body';
  readonly text: string;
}

export interface Line {
  readonly parts: readonly Part[];
  readonly end: string; // '\r\n', '\n', or '' behind the last one
  readonly modelled: boolean; // by the byte model
  readonly note?: string;
}

const MOST = 1500; // characters of a body
// What the page itself puts into a request.
const OWN = /^(content-type|authorization|last-event-id):/i;

const encoder = new TextEncoder();
export const byteLength = (text: string): number => encoder.encode(text).length;

/** The start of a long text, whole characters only, and the bytes that it leaves out. */
export function cut(text: string, most = MOST): { shown: string; left: number } {
  if (text.length <= most) return { shown: text, left: 0 };
  const inPair = /[\uD800-\uDBFF]/.test(text.charAt(most - 1));
  const shown = text.slice(0, inPair ? most - 1 : most);
  return { shown, left: byteLength(text.slice(shown.length)) };
}

/** Lines with what ends them. */
const split = (text: string): { text: string; end: string }[] =>
  [...text.matchAll(/([^\r\n]*)(\r\n|\n|\r|$)/g)]
    .map(([, line = '', end = '']) => ({ text: line, end }))
    .filter(({ text: line, end }) => line !== '' || end !== '');

const headLine = (text: string, end: string, modelled: boolean): Line => ({
  parts: text ? [{ is: 'head', text }] : [],
  end,
  modelled,
});

/** Of a request's head a page knows the first line and what it puts in itself. */
export const requestLines = ({ head }: Request): Line[] =>
  split(head).map(({ text, end }, i) =>
    headLine(text, end, text !== '' && i > 0 && !OWN.test(text)),
  );

/** fetch() shows the head of an answer, a WebSocket shows none. */
export const answerLines = ({ head, purpose }: Answer): Line[] =>
  split(head).map(({ text, end }) => headLine(text, end, text !== '' && purpose === 'socket'));

/** A body that may be long: its lines, and the bytes left out. */
export function bodyLines(body: string): { lines: Line[]; left: number } {
  const { shown, left } = cut(body);
  const lines = split(shown).map(({ text, end }): Line => ({
    parts: [{ is: 'body', text }],
    end,
    modelled: false,
  }));
  return { lines, left };
}

/**
 * An event, of which a page knows its id and its data (wire_log.ts): these stand within the lines of
 * the event stream, and all that in a chunk of HTTP, as the server writes each event.
 */
export function eventLines(
  { head, body }: StreamEvent,
  words: WireWords,
): { lines: Line[]; left: number } {
  const { shown, left } = cut(body);
  const known = split(head);
  const chunk = byteLength(head) + byteLength(body) + 2 * '\n'.length;
  const data: Line = {
    parts: [
      { is: 'head', text: known.at(-1)?.text ?? '' },
      { is: 'body', text: shown },
    ],
    end: '\n',
    modelled: false,
  };
  const lines = [
    { ...headLine(chunk.toString(16), '\r\n', true), note: words.chunk(chunk) },
    ...known
      .slice(0, -1)
      .map(({ text, end }) => ({ ...headLine(text, end, false), note: words.id })),
    data,
    { ...headLine('', '\n', false), note: words.blank },
    headLine('', '\r\n', true),
  ];
  return { lines, left };
}
