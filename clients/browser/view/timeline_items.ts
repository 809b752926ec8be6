// What a timeline draws of the events on the wire: bars for what lasts, marks for what is there at
// once.

import type { WireEvent } from '../connection.js';
import { insertInto } from './ordered.js';
import type { Shown } from './words.js';

/** A request until its answer, or a stream or socket until it ends. Times are performance.now(). */
export interface Bar {
  readonly shape: 'poll' | 'held' | 'open';
  readonly exchange: number;
  readonly from: number;
  to?: number; // absent: it goes on
  full: boolean; // it brought a message
  lost: boolean; // it ended without an answer
}

export interface Mark {
  readonly shape: 'answer' | 'event' | 'frame' | 'publish';
  readonly up: boolean; // to the server
  readonly at: number;
  readonly full: boolean;
  lost: boolean;
}

export type Item = Bar | Mark;

type Request = Extract<WireEvent, { is: 'request' }>;
type Answer = Extract<WireEvent, { is: 'answer' }>;

const MOST = 3000; // items; a busy room drops the oldest before they have scrolled away

export const isBar = (item: Item): item is Bar => 'from' in item;
const startOf = (item: Item): number => (isBar(item) ? item.from : item.at);

/** The items of one connection, in order of their starts. */
export class Items {
  #all: Item[] = [];
  readonly #unanswered = new Map<number, Item>(); // requests by the number of their exchange

  get all(): readonly Item[] {
    return this.#all;
  }

  /** What has no end yet. */
  going(): Bar[] {
    return this.#all.filter((item): item is Bar => isBar(item) && item.to === undefined);
  }

  /** Takes an event in; gives the items that are new or look different now. */
  add(event: WireEvent): Item[] {
    switch (event.is) {
      case 'request':
        return this.#request(event);
      case 'answer':
        return this.#answer(event);
      case 'event':
        return [this.#mark('event', event.at, event.messages > 0, false)];
      case 'frame': {
        const up = event.direction === 'up';
        return [this.#mark('frame', event.at, up || event.messages > 0, up)];
      }
    }
  }

  /** Whatever goes on has ended at `at`, without an answer. */
  end(at: number): Item[] {
    const going = this.going();
    for (const bar of going) {
      const unanswered = this.#unanswered.delete(bar.exchange);
      Object.assign(bar, { to: at, lost: unanswered });
    }
    return going;
  }

  /** Forgets what had ended by `before`; gives those items. */
  prune(before: number): Item[] {
    const spare = this.#all.length - MOST;
    const isOver = (item: Item, i: number): boolean =>
      isBar(item)
        ? (item.to ?? Infinity) < before || (i < spare && item.to !== undefined)
        : item.at < before || i < spare;
    const gone = this.#all.filter(isOver);
    if (gone.length > 0) this.#all = this.#all.filter((item, i) => !isOver(item, i));
    return gone;
  }

  /** Counts what ended at `since` or later, or still goes on. */
  shown(since: number, seconds: number): Shown {
    const seen = this.#all.filter(
      (item) => (isBar(item) ? (item.to ?? Infinity) : item.at) >= since,
    );
    const count = (fits: (item: Item) => boolean): number => seen.filter(fits).length;
    const answered = (item: Item): boolean => isBar(item) && item.to !== undefined && !item.lost;
    return {
      seconds,
      polls: count((item) => item.shape === 'poll' && answered(item)),
      emptyPolls: count((item) => item.shape === 'poll' && answered(item) && !item.full),
      held: count((item) => item.shape === 'held' && answered(item)),
      emptyHeld: count((item) => item.shape === 'held' && answered(item) && !item.full),
      waiting: seen.some((item) => item.shape === 'held' && item.to === undefined),
      open: seen.some((item) => item.shape === 'open' && item.to === undefined),
      events: count(({ shape }) => shape === 'event'),
      framesUp: count((item) => item.shape === 'frame' && item.up),
      framesDown: count((item) => item.shape === 'frame' && !item.up),
      publishes: count(({ shape }) => shape === 'publish'),
    };
  }

  #request({ purpose, exchange, at }: Request): Item[] {
    if (purpose === 'check') return []; // it belongs to no transport
    if (purpose === 'publish') {
      const mark = this.#mark('publish', at, true, true);
      this.#unanswered.set(exchange, mark);
      return [mark];
    }
    const shape = purpose === 'poll' ? 'poll' : purpose === 'long-poll' ? 'held' : 'open';
    // A connection subscribes once at a time: what its last request left behind has ended.
    const ended = this.end(at);
    const bar: Bar = { shape, exchange, from: at, full: false, lost: false };
    insertInto<Item>(this.#all, bar, startOf);
    this.#unanswered.set(exchange, bar);
    return [...ended, bar];
  }

  #answer({ exchange, at, purpose, status, messages }: Answer): Item[] {
    const failed = status === 0 || status >= 400;
    const item = this.#unanswered.get(exchange);
    this.#unanswered.delete(exchange);
    if (item === undefined) return [];
    if (!isBar(item)) {
      item.lost = failed;
      return failed ? [item] : [];
    }
    item.lost = failed;
    item.full = messages > 0;
    const staysOpen = !failed && (purpose === 'events' || purpose === 'socket');
    if (!staysOpen) item.to = at;
    return messages > 0 ? [item, this.#mark('answer', at, true, false)] : [item];
  }

  #mark(shape: Mark['shape'], at: number, full: boolean, up: boolean): Mark {
    const mark: Mark = { shape, up, at, full, lost: false };
    insertInto<Item>(this.#all, mark, startOf);
    return mark;
  }
}
