// Tells a page what happens on the wire: the texts, and how long they were.

import { countMessages } from './batch.js';
import type { ByteModel } from './byte_model.js';
import type { Purpose, Size, SizeSource, WireEvent } from './connection.js';
import { OPCODE, encodeFrameHeader } from './frame_header.js';
import type { HttpRequest } from './http_exchange.js';
import type { ResourceTimings } from './resource_timing.js';

const utf8 = new TextEncoder();
const bytesOf = (text: string): number => utf8.encode(text).length;

const NOTHING: Size = { head: 0, body: 0 };
const MODEL: SizeSource = 'byte-model';

export class WireLog {
  readonly #tell: ((event: WireEvent) => void) | undefined;
  readonly #model: ByteModel;
  readonly #timings: ResourceTimings | undefined;
  #exchanges = 0;

  /** `tell` is missing where nobody listens: nothing is worked out then. */
  constructor(
    tell: ((event: WireEvent) => void) | undefined,
    model: ByteModel,
    timings: ResourceTimings | undefined,
  ) {
    this.#tell = tell;
    this.#model = model;
    this.#timings = timings;
  }

  /** The number of the exchange that begins. */
  request(request: HttpRequest): number {
    const { purpose, body } = request;
    return this.#begin(purpose, () => this.#model.requestHead(request), body);
  }

  /** `bytes`: what the body takes. */
  answer(
    exchange: number,
    request: HttpRequest,
    response: Response,
    body: string,
    bytes: number,
  ): void {
    if (!this.#tell) return;
    const { purpose } = request;
    const head = answerHead(response);
    const timed = this.#timings?.take(response.url);
    this.#tell({
      is: 'answer', at: performance.now(), exchange, purpose, status: response.status, head, body,
      messages: carriesBatch(purpose) && response.status === 200 ? countMessages(body) : 0,
      up: this.#sizeOf(request),
      down: { head: timed?.head ?? bytesOf(head), body: timed?.body ?? bytes },
      source: timed?.head === undefined ? MODEL : 'resource-timing',
    });
  }

  /** No answer comes. `sent`: the request has gone out, as far as one can tell. */
  unanswered(exchange: number, request: HttpRequest, sent: boolean): void {
    if (!this.#tell) return;
    const up = sent ? this.#sizeOf(request) : NOTHING;
    this.#answerSocket(exchange, request.purpose, 0, '', up);
  }

  /** The number of the exchange that is to open a WebSocket. */
  upgrade(target: string, protocols: readonly string[]): number {
    return this.#begin('socket', () => this.#model.upgradeHead(target, protocols), '');
  }

  /** It is open. */
  upgraded(
    exchange: number,
    target: string,
    protocols: readonly string[],
    socket: WebSocket,
  ): void {
    if (!this.#tell) return;
    const head = this.#model.upgradeAnswerHead(socket);
    this.#answerSocket(exchange, 'socket', 101, head, this.#upgradeSize(target, protocols));
  }

  /** It led to nothing. `sent`: see unanswered(). */
  notUpgraded(
    exchange: number,
    target: string,
    protocols: readonly string[],
    sent: boolean,
  ): void {
    if (!this.#tell) return;
    const up = sent ? this.#upgradeSize(target, protocols) : NOTHING;
    this.#answerSocket(exchange, 'socket', 0, '', up);
  }

  /**
   * One event of an event stream, which takes `size` bytes with all that stands around its data.
   */
  event(exchange: number, id: string, data: string, size: number): void {
    if (!this.#tell) return;
    const body = bytesOf(data);
    // The server writes an event as a chunk of its own, whose framing fetch() does not show.
    const chunk = size.toString(16).length + 4;
    this.#tell({
      is: 'event', at: performance.now(), exchange, head: `id: ${id}\ndata: `, body: data,
      messages: countMessages(data), down: { head: size - body + chunk, body }, source: MODEL,
    });
  }

  /**
   * One WebSocket frame, a text one if nothing else is said. Pings and pongs go by unseen; where
   * the server compresses, the sizes are those before.
   */
  frame(
    exchange: number,
    direction: 'up' | 'down',
    body: string,
    opcode: number = OPCODE.text,
  ): void {
    if (!this.#tell) return;
    const length = bytesOf(body) + (opcode === OPCODE.close ? 2 : 0); // the code before the reason
    const frame = { fin: true, rsv1: false, opcode, length };
    const mask = direction === 'up' ? { mask: new Uint8Array(4) } : {};
    const header = encodeFrameHeader({ ...frame, ...mask });
    this.#tell({
      is: 'frame', at: performance.now(), exchange, direction, header, body,
      messages: direction === 'down' ? countMessages(body) : 0,
      size: { head: header.length, body: length },
    });
  }

  #begin(purpose: Purpose, head: () => string, body: string): number {
    const exchange = ++this.#exchanges;
    this.#tell?.({ is: 'request', at: performance.now(), exchange, purpose, head: head(), body });
    return exchange;
  }

  #answerSocket(exchange: number, purpose: Purpose, status: number, head: string, up: Size): void {
    this.#tell?.({
      is: 'answer', at: performance.now(), exchange, purpose, status, head, body: '', messages: 0,
      up, down: { head: bytesOf(head), body: 0 }, source: MODEL,
    });
  }

  #upgradeSize(target: string, protocols: readonly string[]): Size {
    return { head: bytesOf(this.#model.upgradeHead(target, protocols)), body: 0 };
  }

  #sizeOf(request: HttpRequest): Size {
    return { head: bytesOf(this.#model.requestHead(request)), body: bytesOf(request.body) };
  }
}

const carriesBatch = (purpose: Purpose): boolean => purpose === 'poll' || purpose === 'long-poll';

/** As fetch() shows it: names in lower case and in order, which does not change how long it is. */
function answerHead(response: Response): string {
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${response.status} ${response.statusText}\r\n${lines.join('')}\r\n`;
}
