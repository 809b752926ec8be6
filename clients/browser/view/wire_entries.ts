// The last of what passed on one connection, an exchange's two halves together.

import type { WireEvent } from '../connection.js';
import { hexOf, opcodeName } from './frame_fields.js';
import type { WireWords } from './words.js';

type Of<Is extends WireEvent['is']> = Extract<WireEvent, { is: Is }>;
export type Request = Of<'request'>;
export type Answer = Of<'answer'>;
export type StreamEvent = Of<'event'>;
export type Frame = Of<'frame'>;

/** A request with its answer as soon as there is one, an event, or a frame. */
export interface Entry {
  at: number; // performance.now() of the last of it
  request?: Request;
  answer?: Answer;
  event?: StreamEvent;
  frame?: Frame;
}

/** Keeps the newest, as many as it is told to. */
export class Entries {
  readonly #most: number;
  readonly #waiting = new Map<number, Entry>(); // by the number of their exchange
  #all: Entry[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** The newest last. */
  get all(): readonly Entry[] {
    return this.#all;
  }

  /** Takes an event in; gives the entry that it is, or that it completes. */
  add(event: WireEvent): Entry {
    const entry = this.#entryOf(event);
    entry.at = event.at;
    this.#all = [...this.#all.filter((one) => one !== entry), entry].slice(-this.#most);
    return entry;
  }

  #entryOf(event: WireEvent): Entry {
    const { at } = event;
    if (event.is === 'event') return { at, event };
    if (event.is === 'frame') return { at, frame: event };
    if (event.is === 'request') {
      const entry: Entry = { at, request: event };
      this.#waiting.set(event.exchange, entry);
      if (this.#waiting.size > this.#most) this.#waiting.delete([...this.#waiting.keys()][0] ?? 0);
      return entry;
    }
    const entry: Entry = this.#waiting.get(event.exchange) ?? { at };
    this.#waiting.delete(event.exchange);
    entry.answer = event;
    return entry;
  }
}

const idOf = (head: string): string => /^id: ?([^\r\n]*)/m.exec(head)?.[1] ?? '';
const frameOpcode = ({ header }: Frame): string => opcodeName((header[0] ?? 0) & 0x0f);

/** "GET …/poll?after=k3f9.4": a room's path is left out. */
export function requestLabel({ head }: Request): string {
  const [, method = '?', target = '?'] = /^(\S+) (\S+)/.exec(head) ?? [];
  return `${method} ${target.replace(/^\/rooms\/[^/?]+/, '…')}`;
}

/** "204 No Content"; the words of its own where none came. */
export function answerLabel({ head, status }: Answer, words: WireWords): string {
  if (status === 0) return words.noAnswer;
  return /^HTTP\/\S+ (\d+ ?[^\r\n]*)/.exec(head)?.[1]?.trim() ?? String(status);
}

/** What an event or a frame is called, in a heading. */
export const eventTitle = ({ head }: StreamEvent, words: WireWords): string =>
  words.event(idOf(head));
export const frameTitle = (frame: Frame, words: WireWords): string =>
  words.frame(frameOpcode(frame), frame.direction);

/** An entry in a line: what it is, and the bytes of head and body that passed each way. */
export function labelOf(entry: Entry, words: WireWords): { what: string; size: string } {
  const { request, answer, event, frame } = entry;
  const sized = ({ head, body }: { head: number; body: number }): string => words.sizes(head, body);
  if (frame) {
    const arrow = frame.direction === 'up' ? '↑' : '↓';
    return {
      what: `${arrow} ${frameOpcode(frame)} ${hexOf(frame.header)}`,
      size: sized(frame.size),
    };
  }
  if (event) return { what: `↓ ${words.event(idOf(event.head))}`, size: sized(event.down) };
  const parts = [request && requestLabel(request), answer ? answerLabel(answer, words) : '…'];
  return {
    what: `↑↓ ${parts.filter((part) => part).join(' → ')}`,
    size: answer ? `${sized(answer.up)} ↑ ${sized(answer.down)} ↓` : '',
  };
}
