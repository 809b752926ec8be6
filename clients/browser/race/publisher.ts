// Publishes over a connection of the page's own, so that none of the columns pays for it.

import { connect } from '../connect.js';
import type { Connection, Cursor } from '../connection.js';
import type { Session } from '../shared/session.js';
import type { Arrivals } from './arrivals.js';

const FROM = 'race';

export interface PublisherListener {
  onConnected(): void; // for the first time, or again
  onRefused(reason: string): void; // a message
}

export class RacePublisher {
  readonly #session: Session;
  readonly #arrivals: Arrivals;
  readonly #listener: PublisherListener;
  readonly #pending = new Set<Promise<number>>();
  #connection: Connection | undefined;

  constructor(session: Session, arrivals: Arrivals, listener: PublisherListener) {
    this.#session = session;
    this.#arrivals = arrivals;
    this.#listener = listener;
  }

  /** Connects, anew where it is connected; then it goes on where it was. */
  join(room: string, after: Cursor): void {
    const { token } = this.#session;
    const old = this.#connection;
    const options = {
      transport: 'websocket',
      room,
      after: old?.cursor ?? after,
      ...(token && { token }),
    } as const;
    this.#connection = connect(options, {
      onMessages() {},
      onGap() {},
      onState: ({ is }) => is === 'connected' && this.#listener.onConnected(),
    });
    // What the old one has been given it still sends.
    if (old) void Promise.allSettled(this.#pending).then(() => old.leave());
  }

  /** Once it has joined. `due`: performance.now() from which its latency counts. */
  publish(text: string, due: number): void {
    const id = this.#session.newId();
    this.#arrivals.published(id, due);
    const stored = this.#connection?.publish(FROM, text, id);
    if (!stored) return;
    this.#pending.add(stored);
    stored
      .catch((error: unknown) =>
        this.#listener.onRefused(error instanceof Error ? error.message : String(error)),
      )
      .finally(() => this.#pending.delete(stored));
  }
}
