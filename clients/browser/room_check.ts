import type { Answer, HttpExchange } from './http_exchange.js';
import type { RoomFacts, Subscriber } from './subscriber.js';

/**
 * Finds out whether a connection that says nothing has died without a word. A page cannot ping a
 * WebSocket; so it asks, by an exchange of its own, what the room holds, and waits a while for what
 * has not come. Where nothing was missed, the connection may be dead as well, but nothing was lost
 * by it.
 */
export class RoomCheck {
  readonly #subscriber: Subscriber;
  readonly #onDead: (reason: string) => void;
  #asked: HttpExchange | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(subscriber: Subscriber, onDead: (reason: string) => void) {
    this.#subscriber = subscriber;
    this.#onDead = onDead;
  }

  /** The connection has begun, or brought something: it is checked when it has been quiet. */
  heard(): void {
    this.stop();
    this.#timer = setTimeout(() => this.now(), this.#subscriber.limits.quiet);
  }

  now(): void {
    this.stop();
    this.#asked = this.#subscriber.checkRoom((facts, answer) => this.#onFacts(facts, answer));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked?.cancel();
    this.#asked = undefined;
  }

  #onFacts(facts: RoomFacts | undefined, answer: Answer): void {
    this.#asked = undefined;
    if (answer.status === 0) return this.#subscriber.lost(answer.reason);
    if (facts === undefined) return this.heard(); // it is full, perhaps: that says nothing of this
    if (this.#subscriber.hasAllOf(facts)) return this.#onFine();
    this.#timer = setTimeout(() => this.#onWaited(facts), this.#subscriber.limits.arrival);
  }

  #onWaited(facts: RoomFacts): void {
    if (this.#subscriber.hasAllOf(facts)) return this.#onFine();
    this.#onDead('what the room holds does not come');
  }

  #onFine(): void {
    this.#subscriber.succeeded();
    this.heard();
  }
}
