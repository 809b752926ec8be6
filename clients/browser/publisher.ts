import { fieldsOf } from './batch.js';
import type { Message } from './connection.js';
import { HttpExchange, reasonOf, retryAfterMs, saysLater } from './http_exchange.js';
import type { Answer, Http } from './http_exchange.js';
import { Retry } from './retry.js';
import { messagesTarget } from './targets.js';

/** A message on its way to the server. */
export interface Draft {
  readonly from: string;
  readonly text: string;
  readonly id: string;
}

interface Kept {
  readonly json: string;
  readonly draft: Draft;
  readonly stored: (seq: number) => void;
  readonly refused: (reason: Error) => void;
}

/** Takes a draft's JSON if it can carry it now: an open WebSocket does. */
export type Carrier = (json: string) => boolean;

/**
 * Sends drafts until the server has them, in order. A WebSocket carries them while one is open, and
 * a draft's echo says that it has arrived. All else goes by POST, one draft after the other: so do
 * the drafts that a socket was given and whose echo did not come, for whatever reason, since the
 * answer to a POST is certain. The server knows a draft by its id, and stores nothing twice.
 */
export class Publisher {
  readonly #http: Http;
  readonly #room: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #carrier: Carrier;
  readonly #retry: Retry;
  #carried: Kept[] = []; // without an echo yet
  #posted: Kept[] = []; // without an answer yet; the first is under way
  #posting: HttpExchange | undefined;
  #echoTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    http: Http,
    room: string,
    headers: Readonly<Record<string, string>>,
    carrier: Carrier,
  ) {
    this.#http = http;
    this.#room = room;
    this.#headers = { ...headers, 'Content-Type': 'application/json' };
    this.#carrier = carrier;
    this.#retry = new Retry(http.environment.random, () => this.#postFirst());
  }

  publish(draft: Draft): Promise<number> {
    const arrival = new Promise<number>((stored, refused) => {
      this.#send({ json: JSON.stringify(draft), draft, stored, refused });
    });
    arrival.catch(() => {}); // nobody has to wait for it
    return arrival;
  }

  /** A message of the room, which may be an echo. */
  onReceived({ from, id, seq }: Message): void {
    const isEchoed = ({ draft }: Kept): boolean => draft.id === id && draft.from === from;
    this.#posted.find(isEchoed)?.stored(seq); // and is sent until the answer says so as well
    const echoed = this.#carried.find(isEchoed);
    if (echoed === undefined) return;
    this.#carried = this.#carried.filter((kept) => kept !== echoed);
    echoed.stored(seq);
    this.#waitForEcho();
  }

  /** What the socket has carried is in doubt. */
  takeBack(): void {
    const idle = this.#posted.length === 0;
    this.#posted.push(...this.#carried.splice(0));
    this.#waitForEcho();
    if (idle) this.#postFirst();
  }

  hurry(): void {
    this.#retry.hurry();
  }

  leave(reason: string): void {
    this.#retry.cancel();
    this.#posting?.cancel();
    clearTimeout(this.#echoTimer);
    const rest = [...this.#posted.splice(0), ...this.#carried.splice(0)];
    for (const { refused } of rest) refused(new Error(reason));
  }

  #send(kept: Kept): void {
    // By a socket it would overtake what is still to be posted.
    if (this.#posted.length === 0 && this.#carrier(kept.json)) {
      this.#carried.push(kept);
      if (this.#carried.length === 1) this.#waitForEcho();
    } else if (this.#posted.push(kept) === 1) {
      this.#postFirst();
    }
  }

  /**
   * The echo of the first draft may be missing though the socket is fine: where the draft was
   * stored long ago, or the server has forgotten it already.
   */
  #waitForEcho(): void {
    clearTimeout(this.#echoTimer);
    if (this.#carried.length === 0) return;
    this.#echoTimer = setTimeout(() => this.takeBack(), this.#http.environment.limits.arrival);
  }

  #postFirst(): void {
    const [first] = this.#posted;
    if (first === undefined) return;
    const target = messagesTarget(this.#room);
    const request = { purpose: 'publish', method: 'POST', target, headers: this.#headers } as const;
    this.#posting = new HttpExchange(
      this.#http,
      { ...request, body: first.json },
      this.#http.environment.limits.answer,
      { onEnd: (answer) => this.#onAnswer(answer, first) },
    );
  }

  #onAnswer(answer: Answer, first: Kept): void {
    if (saysLater(answer)) {
      this.#retry.later(retryAfterMs(answer));
      return;
    }
    this.#retry.succeeded();
    this.#posted.shift();
    // 201: it is stored; 200: it was already, by an attempt whose answer was lost.
    const seq = answer.status === 201 || answer.status === 200 ? fieldsOf(answer.body)?.['seq'] : 0;
    if (typeof seq === 'number' && seq > 0) first.stored(seq);
    else first.refused(new Error(reasonOf(answer)));
    this.#postFirst();
  }
}
