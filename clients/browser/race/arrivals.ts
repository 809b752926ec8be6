// Which message came to which transport when, and in which order. Pure figures; times are
// performance.now().

import type { Gap, Message, TransportName } from '../connection.js';
import { TRANSPORTS } from '../shared/transports.js';
import { insertInto } from '../view/ordered.js';

/** One message on its way to all columns. */
export interface Entry {
  readonly message: Message;
  readonly due: number | undefined; // when this page was to publish it; absent for others' messages
  readonly arrivals: ReadonlyMap<TransportName, number>; // in order of arrival
  readonly missed: ReadonlySet<TransportName>; // these will not get it
}

/** How one message came to one transport, in ms. */
export interface Arrival {
  readonly place: number; // 1 to 4
  readonly latency: number | undefined; // since it was due
  readonly behind: number; // the first one
}

interface Kept extends Entry {
  readonly arrivals: Map<TransportName, number>;
  readonly missed: Set<TransportName>;
}

const MOST_DUE = 1000; // published, and not seen by anybody yet

export class Arrivals {
  readonly #most: number;
  readonly #due = new Map<string, number>(); // by a message's id
  readonly #bySeq = new Map<number, Kept>();
  #entries: Kept[] = []; // the newest last
  #epoch = ''; // of a restarted server

  /** Keeps the newest messages, as many as it is told to. */
  constructor(most: number) {
    this.#most = most;
  }

  /** The newest first. */
  newest(count: number): readonly Entry[] {
    return this.#entries.slice(-count).reverse();
  }

  /** This page publishes a message with that id, which was due at that time. */
  published(id: string, due: number): void {
    this.#due.set(id, due);
    const [oldest] = this.#due.keys();
    if (this.#due.size > MOST_DUE && oldest !== undefined) this.#due.delete(oldest);
  }

  /** The message as it is now; undefined where it is older than all that are kept. */
  add(transport: TransportName, message: Message, at: number): Entry | undefined {
    const entry = this.#entryOf(message);
    if (entry && !entry.arrivals.has(transport)) entry.arrivals.set(transport, at);
    return entry;
  }

  /**
   * What a gap leaves out, that transport will not get. A restarted server begins with seq 1 again.
   */
  missed(transport: TransportName, { after, oldest, reason, epoch }: Gap): void {
    if (reason === 'restarted') {
      if (epoch !== this.#epoch) this.#forget();
      this.#epoch = epoch;
      return;
    }
    for (const { message, arrivals, missed } of this.#entries) {
      const isIn = message.seq > after && message.seq < oldest;
      if (isIn && !arrivals.has(transport)) missed.add(transport);
    }
  }

  #forget(): void {
    this.#entries = [];
    this.#bySeq.clear();
  }

  #entryOf(message: Message): Kept | undefined {
    const known = this.#bySeq.get(message.seq);
    if (known) return known;
    const oldest = this.#entries[0]?.message.seq ?? 0;
    if (this.#entries.length >= this.#most && message.seq < oldest) return undefined;
    const due = message.id === undefined ? undefined : this.#due.get(message.id);
    if (message.id !== undefined) this.#due.delete(message.id);
    const entry: Kept = { message, due, arrivals: new Map(), missed: new Set() };
    insertInto(this.#entries, entry, (one) => one.message.seq);
    this.#bySeq.set(message.seq, entry);
    const spare = this.#entries.length > this.#most ? this.#entries.shift() : undefined;
    if (spare) this.#bySeq.delete(spare.message.seq);
    return entry;
  }
}

/** Undefined where it has not come yet. */
export function arrivalOf({ arrivals, due }: Entry, transport: TransportName): Arrival | undefined {
  const at = arrivals.get(transport);
  if (at === undefined) return undefined;
  const [first = at] = arrivals.values();
  return {
    place: [...arrivals.keys()].indexOf(transport) + 1,
    latency: due === undefined ? undefined : at - due,
    behind: at - first,
  };
}

/** All who can have it have it. */
export const isComplete = ({ arrivals, missed }: Entry): boolean =>
  TRANSPORTS.every((transport) => arrivals.has(transport) || missed.has(transport));
