// The meter: what happened on the wire, added up. Pure figures; meter_view.ts shows them.

import type { Purpose, Size, SizeSource, WireEvent } from '../connection.js';

/** Latencies that the median is taken of; older ones go. */
const MOST_LATENCIES = 1000;

export interface Latencies {
  readonly last?: number; // ms, as the others
  readonly median?: number;
  readonly most?: number;
}

type Answer = Extract<WireEvent, { is: 'answer' }>;

const NO_BYTES: Size = { head: 0, body: 0 };
const sum = (a: Size, b: Size): Size => ({ head: a.head + b.head, body: a.body + b.body });
const isPoll = (purpose: Purpose): boolean => purpose === 'poll' || purpose === 'long-poll';

export class Meter {
  exchanges = 0; // HTTP requests with their answers
  polls = 0; // of them, those that ask for messages and end
  empty = 0; // polls that brought none
  publishes = 0; // by POST
  unanswered = 0; // requests that no answer came to
  pushes = 0; // events of an event stream, and frames up and down
  delivered = 0; // messages
  up: Size = NO_BYTES;
  down: Size = NO_BYTES;
  /** Exchanges and events by who said how long they were, and frames, which need nobody to. */
  readonly sources: Record<SizeSource | 'frames', number> = {
    'resource-timing': 0,
    'byte-model': 0,
    frames: 0,
  };
  #recent: number[] = [];
  #longest?: number;

  add(event: WireEvent): void {
    if (event.is === 'answer') this.#addAnswer(event);
    if (event.is === 'event') {
      ++this.pushes;
      ++this.sources[event.source];
      this.down = sum(this.down, event.down);
    }
    if (event.is === 'frame') {
      ++this.pushes;
      ++this.sources.frames;
      this[event.direction] = sum(this[event.direction], event.size);
    }
  }

  #addAnswer(answer: Answer): void {
    if (answer.purpose === 'check') return; // what the room holds: it belongs to no transport
    this.up = sum(this.up, answer.up);
    this.down = sum(this.down, answer.down);
    if (answer.status === 0) {
      ++this.unanswered;
      return;
    }
    ++this.exchanges;
    ++this.sources[answer.source];
    if (answer.purpose === 'publish') ++this.publishes;
    if (!isPoll(answer.purpose)) return;
    ++this.polls;
    if (answer.messages === 0) ++this.empty;
  }

  /** From the click on "Send" until the message was seen in the room. */
  addLatency(ms: number): void {
    this.#recent = [...this.#recent, ms].slice(-MOST_LATENCIES);
    this.#longest = Math.max(this.#longest ?? 0, ms);
  }

  get latencies(): Latencies {
    const last = this.#recent.at(-1);
    if (last === undefined || this.#longest === undefined) return {};
    const sorted = [...this.#recent].sort((a, b) => a - b);
    const middle = sorted.length / 2;
    const [below = last, above = last] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
    return { last, median: (below + above) / 2, most: this.#longest };
  }
}
