import { parseCursor } from './cursor.js';
import { EventStreamParser } from './event_stream.js';
import type { EventSink, StreamEvent } from './event_stream.js';
import type { Answer, ExchangeListener, HttpExchange } from './http_exchange.js';
import type { Subscriber } from './subscriber.js';
import { eventsTarget } from './targets.js';
import type { ClientTransport } from './transport.js';

const USUAL_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Server-sent events: one request whose answer never ends, and in which each batch is an event.
 *
 * By fetch() and not by the browser's EventSource, which shows a page neither the comments that
 * keep a stream alive, so that it waits for ever on one that is dead, nor an answer's status and
 * Retry-After; nor can it send the token in a header. What it does by itself, coming back after a
 * pause and saying where it was, all transports do here.
 */
export class Sse implements ClientTransport, ExchangeListener, EventSink {
  readonly name = 'sse';
  readonly #subscriber: Subscriber;
  #stream: HttpExchange | undefined;
  #parser = new EventStreamParser(this);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heard = false; // something, on this stream
  #pauseMs = USUAL_PAUSE_MS; // the server may ask for another
  #silences = 0; // streams that fell silent after their first bytes, since one has not

  constructor(subscriber: Subscriber) {
    this.#subscriber = subscriber;
  }

  connect(): void {
    const { options, after, limits } = this.#subscriber;
    this.#parser = new EventStreamParser(this); // an event that was cut in two comes again whole
    this.#heard = false;
    const target = eventsTarget(options.room, after);
    const more = { headers: { Accept: 'text/event-stream' } };
    this.#stream = this.#subscriber.get('events', target, limits.answer, this, more);
    this.#timer = setTimeout(() => this.#onNothingAtFirst(), this.#subscriber.openingMs);
  }

  disconnect(): void {
    clearTimeout(this.#timer);
    this.#stream?.cancel();
    this.#stream = undefined;
  }

  onHead(head: Answer): boolean {
    const type = head.header('Content-Type');
    const isStream = head.status === 200 && type.startsWith('text/event-stream');
    if (isStream) this.#subscriber.learnEpoch(head.header('Room-Epoch'));
    return isStream;
  }

  /** Comments count too: the server sends one where it has nothing else to say. */
  onText(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onSilence(), this.#subscriber.limits.silence);
    if (this.#heard) this.#onMore();
    else this.#subscriber.subscribed();
    this.#heard = true;
    this.#parser.feed(text);
  }

  /** After its first bytes the stream goes on, with nothing but comments perhaps. */
  #onMore(): void {
    this.#silences = 0;
    this.#subscriber.succeeded();
  }

  onEvent({ id, data, size }: StreamEvent): void {
    if (this.#stream === undefined) return; // the event before has ended it
    this.#subscriber.wire.event(this.#stream.number, id, data, size);
    this.#subscriber.learnEpoch(parseCursor(id)?.epoch ?? '');
    this.#subscriber.takeBatch(data);
  }

  onRetry(ms: number): void {
    this.#pauseMs = Math.min(ms, LONGEST_PAUSE_MS);
  }

  onEnd(answer: Answer): void {
    if (answer.status === 0) return this.#subscriber.lost(answer.reason, this.#pauseMs);
    if (answer.reason === '') return this.#subscriber.refused(answer); // a whole one: no stream
    if (!this.#heard) return this.#subscriber.suspect('the event stream ended before it began');
    this.#subscriber.lost(answer.reason, this.#pauseMs);
  }

  /** The server begins each stream with a line, at once: something between gathers it. */
  #onNothingAtFirst(): void {
    this.#subscriber.suspect('the event stream brought nothing: something between holds it back');
  }

  /**
   * Something between may have lost the connection without a word; twice, and it holds back what
   * comes late.
   */
  #onSilence(): void {
    const reason = 'nothing came, not even a comment';
    if (++this.#silences < 2) return this.#subscriber.lost(reason, this.#pauseMs);
    this.#silences = 0;
    this.#subscriber.suspect(reason);
  }
}
