import { fieldsOf, problemOf, readBatch } from './batch.js';
import type { BatchItem } from './batch.js';
import { ByteModel } from './byte_model.js';
import type {
  Connection, Cursor, Listener, Message, Options, Purpose, State, WireEvent,
} from './connection.js';
import { afterOf } from './cursor.js';
import { randomId } from './environment.js';
import type { Environment, Limits } from './environment.js';
import { HttpExchange, reasonOf, retryAfterMs, saysLater } from './http_exchange.js';
import type { Answer, ExchangeListener, Http, HttpRequest } from './http_exchange.js';
import { Presence } from './presence.js';
import { Publisher } from './publisher.js';
import { ResourceTimings } from './resource_timing.js';
import { Retry } from './retry.js';
import { roomTarget } from './targets.js';
import type { ClientTransport } from './transport.js';
import { WireLog } from './wire_log.js';

export type TransportMaker = (subscriber: Subscriber) => ClientTransport;

/** What a check has found in the room. */
export interface RoomFacts {
  readonly epoch: string;
  readonly last: number;
}

/**
 * One connect(): keeps the place in the room, hands on what comes, each message once and in order,
 * and replaces what is lost. A transport does the work, and tells of it here.
 */
export class Subscriber implements Connection {
  readonly options: Options;
  readonly wire: WireLog;
  readonly #http: Http;
  readonly #listener: Listener;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #retry: Retry;
  readonly #publisher: Publisher;
  readonly #presence: Presence;
  readonly #timings: ResourceTimings | undefined;
  readonly #fallbacks: TransportMaker[];
  #transport: ClientTransport;
  #suspicion: { readonly reason: string; readonly check: HttpExchange } | undefined;
  #untold: WireEvent[] = []; // until the end of the turn, or leave()
  #cursor: Cursor;
  #tuned: Pick<Options, 'intervalMs' | 'holdS'> = {};
  #connected = false;
  #over = false; // it has failed, or was left
  #silent = false; // it was left

  /** Begins in the next turn, with the first of `transports`; the others are to fall back to. */
  constructor(
    options: Options,
    listener: Listener,
    environment: Environment,
    [first, ...fallbacks]: readonly [TransportMaker, ...TransportMaker[]],
  ) {
    this.options = options;
    this.#listener = listener;
    this.#cursor = options.after ?? { epoch: '', seq: 0 };
    this.#headers = options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` };
    const server = serverOf(options);
    const tellsWire = listener.onWire !== undefined;
    this.#timings = tellsWire ? new ResourceTimings() : undefined;
    this.wire = new WireLog(
      tellsWire ? (event) => this.#tellWire(event) : undefined,
      new ByteModel(server),
      this.#timings,
    );
    this.#http = { server, environment, wire: this.wire };
    this.#retry = new Retry(environment.random, () => this.#connect());
    const carry = (json: string): boolean => this.#transport.carry?.(json) ?? false;
    this.#publisher = new Publisher(this.#http, options.room, this.#headers, carry);
    this.#presence = new Presence(() => this.#onBack());
    this.#fallbacks = fallbacks;
    this.#transport = first(this);
    queueMicrotask(() => this.#connect());
  }

  // What the page asks for.

  get cursor(): Cursor {
    return this.#cursor;
  }

  publish(from: string, text: string, id = randomId()): Promise<number> {
    if (this.#over) return Promise.reject(new Error('the connection is at its end'));
    return this.#publisher.publish({ from, text, id });
  }

  tune(options: Pick<Options, 'intervalMs' | 'holdS'>): void {
    this.#tuned = { ...this.#tuned, ...options };
    this.#transport.tune?.(options);
  }

  leave(): void {
    if (this.#silent) return;
    this.#stop('the connection was left');
    this.#tellAllWire(); // the end of what is cancelled by this, too
    if (this.#silent) return; // from within
    this.#silent = true;
    this.#guard(() => this.#listener.onState({ is: 'left' }));
  }

  // What a transport asks for.

  get server(): string {
    return this.#http.server;
  }

  get environment(): Environment {
    return this.#http.environment;
  }

  get limits(): Limits {
    return this.#http.environment.limits;
  }

  /** How long a transport may take to show that it works: not long where there is another one. */
  get openingMs(): number {
    return this.#fallbacks.length > 0 ? this.limits.opening : this.limits.answer;
  }

  /** The cursor as a query takes it. */
  get after(): string {
    return afterOf(this.#cursor);
  }

  /** `limitMs`: see HttpExchange. */
  get(
    purpose: Purpose,
    target: string,
    limitMs: number,
    listener: ExchangeListener,
    { headers = {}, cache = 'default' }: Partial<Pick<HttpRequest, 'headers' | 'cache'>> = {},
  ): HttpExchange {
    const request = { purpose, method: 'GET', target, body: '', cache } as const;
    const all = { ...request, headers: { ...this.#headers, ...headers } };
    return new HttpExchange(this.#http, all, limitMs, listener);
  }

  /** Asks what the room holds; undefined where the server is not to be reached. */
  checkRoom(onFacts: (facts: RoomFacts | undefined, answer: Answer) => void): HttpExchange {
    return this.get('check', roomTarget(this.options.room), this.limits.answer, {
      onEnd: (answer) => onFacts(answer.status === 200 ? factsOf(answer) : undefined, answer),
    });
  }

  /** Whether everything has come that a check found. */
  hasAllOf({ epoch, last }: RoomFacts): boolean {
    return epoch === this.#cursor.epoch && last <= this.#cursor.seq;
  }

  // What a transport tells of. lost(), refused(), suspect() and failed() drop its connection.

  /** What is published now will be delivered. */
  subscribed(): void {
    if (this.#over || this.#connected) return;
    this.#connected = true;
    this.#tellState({ is: 'connected', transport: this.#transport.name });
  }

  /**
   * An answer to a request for messages; false if it has none and may not be asked for more now.
   */
  takeAnswer(answer: Answer): boolean {
    if (answer.status !== 200 && answer.status !== 204) {
      this.refused(answer);
      return false;
    }
    this.subscribed();
    this.learnEpoch(answer.header('Room-Epoch'));
    if (answer.status === 200) return this.takeBatch(answer.body);
    this.succeeded();
    return !this.#over;
  }

  /** Hands on what a body, an event or a frame holds; false if that ended the connection. */
  takeBatch(json: string): boolean {
    const read = readBatch(json);
    if (this.#over) return false;
    if (read.is === 'batch') return this.#takeItems(read.items);
    if (read.is === 'problem') this.doubtDrafts();
    else this.lost('what came is no batch');
    return read.is === 'problem';
  }

  /**
   * Something between may break this transport: the next one is tried if the server can be reached.
   */
  suspect(reason: string): void {
    if (this.#over) return;
    if (this.#fallbacks.length === 0) return this.lost(reason);
    const wasConnected = this.#connected;
    this.#drop();
    if (wasConnected) this.#tellState({ is: 'connecting' });
    if (!this.#over) this.#checkServer(reason);
  }

  /** The transport connects again after a pause, at least so long. */
  lost(reason: string, atLeastMs = 0): void {
    if (this.#over) return;
    this.#drop();
    const inMs = this.#retry.later(atLeastMs);
    this.#tellState({ is: 'retrying', inMs, reason });
  }

  /** What came instead of the answer that was asked for. */
  refused(answer: Answer): void {
    const reason = reasonOf(answer);
    const pause = retryAfterMs(answer);
    // The server explains what it refuses: an answer that doesn't is of something between.
    const unexplained = answer.status !== 0 && problemOf(answer.body) === '';
    if (unexplained && pause === 0) return this.suspect(reason);
    if (saysLater(answer)) return this.lost(reason, pause);
    this.failed(reason);
  }

  /** For good. */
  failed(reason: string): void {
    if (this.#over) return;
    this.#stop(reason);
    this.#tellState({ is: 'failed', reason });
  }

  /** The next pause is a short one. */
  succeeded(): void {
    this.#retry.succeeded();
  }

  learnEpoch(epoch: string): void {
    if (epoch !== '' && this.#cursor.epoch === '') this.#cursor = { ...this.#cursor, epoch };
  }

  /** A draft was refused, and nobody knows which; or none of them may have arrived. */
  doubtDrafts(): void {
    if (!this.#over) this.#publisher.takeBack();
  }

  #connect(): void {
    if (this.#over) return;
    this.#tellState({ is: 'connecting' });
    if (!this.#over) this.#transport.connect();
  }

  #drop(): void {
    this.#connected = false;
    this.#endCheck();
    this.#transport.disconnect();
    this.#publisher.takeBack();
  }

  /** Anew where that is under way. */
  #checkServer(reason: string): void {
    this.#endCheck();
    const check = this.checkRoom((facts) => {
      this.#endCheck();
      if (facts) this.#fallBack(reason);
      else this.lost(reason);
    });
    this.#suspicion = { reason, check };
  }

  #endCheck(): void {
    this.#suspicion?.check.cancel();
    this.#suspicion = undefined;
  }

  #fallBack(reason: string): void {
    const next = this.#fallbacks.shift();
    if (next === undefined) return;
    this.#transport = next(this);
    this.#transport.tune?.(this.#tuned);
    this.#retry.succeeded();
    this.#tellState({ is: 'retrying', inMs: 0, reason });
    this.#connect();
  }

  #onBack(): void {
    this.#publisher.hurry();
    if (this.#retry.pending) this.#retry.hurry();
    else if (this.#suspicion) this.#checkServer(this.#suspicion.reason);
    else if (this.#connected) this.#transport.onBack?.();
  }

  #takeItems(items: readonly BatchItem[]): boolean {
    let fresh: Message[] = [];
    let seq = this.#cursor.seq;
    for (const item of items) {
      if ('gap' in item) {
        this.#hand(fresh.splice(0));
        if (this.#over) return false;
        seq = Math.max(item.gap.oldest, 1) - 1; // what is retained follows
        this.#cursor = { epoch: item.gap.epoch, seq };
        this.#tell(() => this.#listener.onGap(item.gap));
      } else if (item.seq === seq + 1) {
        fresh.push(item);
        seq = item.seq;
      } else if (item.seq > seq) {
        this.#hand(fresh);
        this.lost(`message ${seq + 1} is missing`); // never by a server that keeps its word
        return false;
      }
    }
    this.#hand(fresh);
    this.succeeded();
    return !this.#over;
  }

  #hand(messages: readonly Message[]): void {
    const last = messages.at(-1);
    if (last === undefined || this.#over) return;
    this.#cursor = { ...this.#cursor, seq: last.seq };
    for (const message of messages) this.#publisher.onReceived(message);
    this.#tell(() => this.#listener.onMessages(messages));
  }

  #stop(reason: string): void {
    this.#over = true;
    this.#retry.cancel();
    this.#endCheck();
    this.#transport.disconnect();
    this.#publisher.leave(reason);
    this.#presence.stop();
    this.#timings?.stop();
  }

  #tellState(state: State): void {
    this.#tell(() => this.#listener.onState(state));
  }

  /** Not at once: a transport is in the middle of something, and the page might leave. */
  #tellWire(event: WireEvent): void {
    this.#untold.push(event);
    queueMicrotask(() => this.#tellAllWire());
  }

  #tellAllWire(): void {
    for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift()) {
      const event = next;
      this.#tell(() => this.#listener.onWire?.(event));
    }
  }

  #tell(call: () => void): void {
    if (!this.#silent) this.#guard(call);
  }

  /** A listener that throws is the page's own mistake, and must not end the connection. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      setTimeout(() => {
        throw error;
      });
    }
  }
}

function factsOf({ body }: Answer): RoomFacts | undefined {
  const { epoch, last } = fieldsOf(body) ?? {};
  return typeof epoch === 'string' && typeof last === 'number' ? { epoch, last } : undefined;
}

/** Where the page came from, unless it says otherwise. */
function serverOf({ server }: Options): string {
  if (server !== undefined) return new URL(server).origin;
  if (globalThis.location === undefined) throw new TypeError('options.server: there is no page');
  return location.origin;
}
