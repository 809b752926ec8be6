// The event stream of the WHATWG's HTML standard, section "Server-sent events".

/** What stands between two blank lines. */
export interface StreamEvent {
  readonly id: string; // the last one that the stream gave, in this event or before
  readonly data: string;
  readonly size: number; // bytes of all its lines, with their ends and the blank one
}

export interface EventSink {
  onEvent(event: StreamEvent): void;
  onRetry(ms: number): void; // how long to wait before reconnecting
}

const utf8 = new TextEncoder();

/**
 * Reads an event stream, however it is cut. It is ours and not the browser's EventSource, whose
 * shortcomings sse.ts names.
 */
export class EventStreamParser {
  readonly #sink: EventSink;
  #rest = ''; // of a line that has no end yet
  #id = '';
  #data: string[] = [];
  #size = 0;
  #first = true;

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  /** The sink may not call this from within. */
  feed(text: string): void {
    const all = this.#rest + text;
    // A line ends with LF, CR or both: of a CR at the end one cannot tell yet.
    const end = /\r\n|\n|\r(?!$)/g;
    let from = 0;
    for (let match = end.exec(all); match !== null; match = end.exec(all)) {
      this.#takeLine(all.slice(from, match.index), match[0].length);
      from = end.lastIndex;
    }
    this.#rest = all.slice(from);
  }

  #takeLine(line: string, endBytes: number): void {
    this.#size += utf8.encode(line).length + endBytes;
    const text = this.#first ? line.replace(/^\uFEFF/, '') : line;
    this.#first = false;
    if (text === '') return this.#dispatch();
    const colon = text.indexOf(':');
    if (colon === 0) return; // a comment
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#data.push(value);
    if (name === 'id' && !value.includes('\0')) this.#id = value;
    if (name === 'retry' && /^\d+$/.test(value)) this.#sink.onRetry(Number(value));
  }

  #dispatch(): void {
    const event = { id: this.#id, data: this.#data.join('\n'), size: this.#size };
    const empty = this.#data.length === 0;
    this.#data = [];
    this.#size = 0;
    if (!empty) this.#sink.onEvent(event);
  }
}
