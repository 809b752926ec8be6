import type { Options } from './connection.js';
import { reasonOf } from './http_exchange.js';
import type { Answer, HttpExchange } from './http_exchange.js';
import type { Subscriber } from './subscriber.js';
import { longPollTarget } from './targets.js';
import type { ClientTransport } from './transport.js';

const USUAL_HOLD_S = 25; // below the 30 s after which some proxies give up
const CUTS = 2; // so many held requests in a row, and something between does not let one be held

/**
 * Asks, waits for the server to have something, and asks again at once. The first request after
 * each pause is not held: its answer says that the server is there, which a page does not see of a
 * request that waits.
 */
export class LongPolling implements ClientTransport {
  readonly name = 'long-polling';
  readonly #subscriber: Subscriber;
  #holdS: number;
  #asked: HttpExchange | undefined; // and not answered yet
  #cuts = 0; // held requests that came to no good end, since one did

  constructor(subscriber: Subscriber) {
    this.#subscriber = subscriber;
    this.#holdS = subscriber.options.holdS ?? USUAL_HOLD_S;
  }

  connect(): void {
    this.#ask(0);
  }

  disconnect(): void {
    this.#asked?.cancel();
    this.#asked = undefined;
  }

  /** From the next request on. */
  tune({ holdS = this.#holdS }: Pick<Options, 'holdS'>): void {
    this.#holdS = holdS;
  }

  #ask(holdS: number): void {
    const { options, after, limits } = this.#subscriber;
    const target = longPollTarget(options.room, after, holdS);
    const limitMs = holdS * 1000 + limits.overdue;
    const listener = { onEnd: (answer: Answer) => this.#onAnswer(answer, holdS > 0) };
    // A browser that may cache the answer lets only one of its pages wait for it at a time.
    const more = { cache: 'no-store' } as const;
    this.#asked = this.#subscriber.get('long-poll', target, limitMs, listener, more);
  }

  #onAnswer(answer: Answer, held: boolean): void {
    this.#asked = undefined;
    if (held && wasCut(answer)) return this.#onCut(answer);
    if (answer.status === 200 || (held && answer.status === 204)) this.#cuts = 0;
    if (this.#subscriber.takeAnswer(answer)) this.#ask(this.#holdS);
  }

  #onCut(answer: Answer): void {
    if (++this.#cuts < CUTS) return this.#subscriber.lost(reasonOf(answer));
    this.#cuts = 0;
    this.#subscriber.suspect('requests that wait are cut off on their way');
  }
}

/** No answer, or that of a gateway which did not wait for one (RFC 9110 §15.6.3, §15.6.5). */
const wasCut = ({ status }: Answer): boolean => status === 0 || status === 502 || status === 504;
