// One HTTP request with its answer, by fetch().

import { problemOf } from './batch.js';
import type { Purpose } from './connection.js';
import type { Environment } from './environment.js';
import type { WireLog } from './wire_log.js';

export interface HttpRequest {
  readonly purpose: Purpose;
  readonly method: 'GET' | 'POST';
  readonly target: string; // path and query
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string; // '' with GET
  readonly cache?: RequestCache; // see fetch(); the usual one if absent
}

export interface Answer {
  readonly status: number; // 0: none came
  readonly reason: string; // why none came, or why it broke off; '' for a whole one
  readonly body: string;
  header(name: string): string; // '' where there is none
}

/** Hears of one exchange. */
export interface ExchangeListener {
  /** The head has come. True: the body is wanted in pieces, as they come. */
  onHead?(head: Answer): boolean;
  onText?(text: string): void;
  onEnd(answer: Answer): void; // the body is '' where it came in pieces
}

/** What the exchanges of one connection have in common. */
export interface Http {
  readonly server: string; // 'http://127.0.0.1:8080'
  readonly environment: Environment;
  readonly wire: WireLog;
}

const NO_HEADERS = { header: () => '' };

export class HttpExchange {
  readonly #http: Http;
  readonly #request: HttpRequest;
  readonly #listener: ExchangeListener;
  readonly #abort = new AbortController();
  readonly #number: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #answered = false; // as far as the wire log knows
  #over = false;

  /** `limitMs`: for the answer; of one that is wanted in pieces, for its head. */
  constructor(http: Http, request: HttpRequest, limitMs: number, listener: ExchangeListener) {
    this.#http = http;
    this.#request = request;
    this.#listener = listener;
    this.#number = http.wire.request(request);
    this.#timer = setTimeout(() => this.#giveUp(), limitMs);
    void this.#run();
  }

  /** The number by which wire events name this exchange. */
  get number(): number {
    return this.#number;
  }

  /** The listener hears nothing any more. */
  cancel(): void {
    if (this.#over) return;
    this.#stop();
    if (!this.#answered) this.#http.wire.unanswered(this.#number, this.#request, true);
  }

  async #run(): Promise<void> {
    const response = await this.#send();
    if (this.#over) return;
    if (typeof response === 'string') return this.#fail(response, false);
    const head = headOf(response);
    if (this.#listener.onHead?.(head)) await this.#readPieces(response, head);
    else if (!this.#over) await this.#readWhole(response, head);
  }

  /** The answer as soon as its head is there, or why none came. */
  async #send(): Promise<Response | string> {
    const { method, target, headers, body, cache = 'default' } = this.#request;
    // No Referer, whatever the page's policy: a script cannot find that out, and the byte model has
    // to know.
    const same = { cache, referrerPolicy: 'no-referrer', signal: this.#abort.signal } as const;
    const init = { method, headers: { ...headers }, ...same };
    const { environment, server } = this.#http;
    try {
      return await environment.fetch(server + target, method === 'POST' ? { ...init, body } : init);
    } catch (error) {
      return `there is no connection to the server (${messageOf(error)})`;
    }
  }

  async #readWhole(response: Response, head: Answer): Promise<void> {
    let bytes: ArrayBuffer;
    try {
      bytes = await response.arrayBuffer();
    } catch (error) {
      if (!this.#over) this.#fail(`the connection broke (${messageOf(error)})`, true);
      return;
    }
    if (this.#over) return;
    this.#stop();
    const answer = { ...head, body: new TextDecoder().decode(bytes) };
    this.#http.wire.answer(this.#number, this.#request, response, answer.body, bytes.byteLength);
    this.#listener.onEnd(answer);
  }

  async #readPieces(response: Response, head: Answer): Promise<void> {
    if (this.#over) return;
    clearTimeout(this.#timer);
    this.#answered = true;
    this.#http.wire.answer(this.#number, this.#request, response, '', 0);
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let reason = 'the server ended the answer';
    for (;;) {
      let bytes: Uint8Array | undefined;
      try {
        bytes = (await reader?.read())?.value;
      } catch (error) {
        reason = `the connection broke (${messageOf(error)})`;
      }
      if (this.#over) return;
      if (bytes === undefined) break;
      this.#listener.onText?.(decoder.decode(bytes, { stream: true }));
      if (this.#over) return;
    }
    this.#stop();
    this.#listener.onEnd({ ...head, reason });
  }

  #giveUp(): void {
    this.#fail('no answer came in time', true);
  }

  #fail(reason: string, sent: boolean): void {
    this.#stop();
    if (!this.#answered) this.#http.wire.unanswered(this.#number, this.#request, sent);
    this.#listener.onEnd({ status: 0, reason, body: '', ...NO_HEADERS });
  }

  #stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#abort.abort();
  }
}

const headOf = (response: Response): Answer => ({
  status: response.status,
  reason: '',
  body: '',
  header: (name) => response.headers.get(name) ?? '',
});

/** Node says why only in the error's cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Why an answer is not what was asked for. */
export const reasonOf = ({ status, reason, body }: Answer): string =>
  reason || problemOf(body) || `the answer was ${status}`;

/** Whether an answer asks to try again later, as an overloaded server or a proxy does. */
export const saysLater = ({ status }: Answer): boolean =>
  [0, 408, 425, 429, 500, 502, 503, 504].includes(status);

/** How long its Retry-After asks to wait, in ms (RFC 9110 §10.2.3, in seconds): at most an hour. */
export function retryAfterMs(answer: Answer): number {
  const text = answer.header('Retry-After');
  return /^\d+$/.test(text) ? Math.min(Number(text), 3600) * 1000 : 0; // a date: no longer pause
}
