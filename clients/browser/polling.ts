import type { Options } from './connection.js';
import type { HttpExchange } from './http_exchange.js';
import type { Subscriber } from './subscriber.js';
import { pollTarget } from './targets.js';
import type { ClientTransport } from './transport.js';

const USUAL_INTERVAL_MS = 1000;

/**
 * Asks every interval, by the clock and not from answer to answer: a beat is left out while the
 * answer before is still to come.
 */
export class Polling implements ClientTransport {
  readonly name = 'polling';
  readonly #subscriber: Subscriber;
  #intervalMs: number;
  #beat: ReturnType<typeof setInterval> | undefined;
  #asked: HttpExchange | undefined; // and not answered yet

  constructor(subscriber: Subscriber) {
    this.#subscriber = subscriber;
    this.#intervalMs = subscriber.options.intervalMs ?? USUAL_INTERVAL_MS;
  }

  connect(): void {
    this.#ask();
    this.#beat = setInterval(() => this.#onBeat(), this.#intervalMs);
  }

  disconnect(): void {
    clearInterval(this.#beat);
    this.#beat = undefined;
    this.#asked?.cancel();
    this.#asked = undefined;
  }

  tune({ intervalMs = this.#intervalMs }: Pick<Options, 'intervalMs'>): void {
    this.#intervalMs = intervalMs;
    if (this.#beat === undefined) return;
    clearInterval(this.#beat);
    this.#beat = setInterval(() => this.#onBeat(), intervalMs);
  }

  #onBeat(): void {
    if (this.#asked === undefined) this.#ask();
  }

  #ask(): void {
    const { options, after, limits } = this.#subscriber;
    this.#asked = this.#subscriber.get('poll', pollTarget(options.room, after), limits.answer, {
      onEnd: (answer) => {
        this.#asked = undefined;
        this.#subscriber.takeAnswer(answer);
      },
    });
  }
}
