// One transport's column: its connection, and what is counted and drawn of it.

import { connect } from '../connect.js';
import type {
  Connection,
  Cursor,
  Gap,
  Listener,
  Message,
  State,
  TransportName,
  WireEvent,
} from '../connection.js';
import type { Format } from '../shared/format.js';
import { isUnauthorized } from '../shared/token_field.js';
import type { Texts } from '../shared/texts.js';
import { Tally } from '../view/tally.js';
import { Timeline } from '../view/timeline.js';
import { WirePane } from '../view/wire_pane.js';
import { viewWords } from '../view/words.js';
import { arrivalOf, type Arrivals, type Entry } from './arrivals.js';
import { ColumnView } from './column_view.js';
import { MeanLatency } from './mean_latency.js';

const SHOWN = 5; // messages

/** What all columns have in common. */
export interface Shared {
  readonly texts: Texts;
  readonly format: Format;
  readonly arrivals: Arrivals;
  readonly onChange: () => void; // something to draw; soon is soon enough
  readonly onArrival: (entry: Entry) => void;
  readonly onUnauthorized: () => void; // the server wants a token, or another one
}

/** How to connect. */
export interface Tuning {
  readonly intervalMs: number;
  readonly holdS: number;
}

export class Column implements Listener {
  readonly #transport: TransportName;
  readonly #shared: Shared;
  readonly #view: ColumnView;
  readonly #timeline: Timeline;
  readonly #wire: WirePane;
  #tally = new Tally();
  #latency = new MeanLatency();
  #connection: Connection | undefined;
  #wantsToken = false;

  constructor(parent: HTMLElement, wire: HTMLElement, transport: TransportName, shared: Shared) {
    this.#transport = transport;
    const { texts, format } = shared;
    const words = viewWords[texts.language];
    this.#shared = shared;
    this.#view = new ColumnView(parent, transport, texts, format);
    this.#timeline = new Timeline(this.#view.timeline, {
      words: words.timeline,
      label: texts.race.timeline(texts.shared.transports[transport]),
      color: `var(--${transport})`,
      legend: false,
    });
    this.#wire = new WirePane(wire, { words: words.wire });
  }

  /** Connects, anew where it is connected; then it goes on where it was, and not at `after`. */
  join(room: string, after: Cursor, token: string, tuning: Tuning): void {
    const from = this.#connection?.cursor ?? after;
    this.leave();
    const options = {
      transport: this.#transport,
      room,
      after: from,
      ...(token && { token }),
      ...tuning,
    };
    this.#wantsToken = false;
    this.#connection = connect(options, this);
  }

  tune(tuning: Partial<Tuning>): void {
    this.#connection?.tune(tuning);
  }

  leave(): void {
    this.#connection?.leave();
    this.#timeline.ended();
  }

  reset(): void {
    this.#tally = new Tally();
    this.#latency = new MeanLatency();
    this.draw();
  }

  draw(): void {
    this.#view.showEntries(this.#shared.arrivals.newest(SHOWN));
    this.#view.showFigures(this.#tally, this.#latency);
  }

  get sources(): Tally['sources'] {
    return this.#tally.sources;
  }

  onMessages(messages: readonly Message[]): void {
    const now = performance.now();
    for (const message of messages) {
      const entry = this.#shared.arrivals.add(this.#transport, message, now);
      if (!entry) continue;
      const latency = arrivalOf(entry, this.#transport)?.latency;
      if (latency !== undefined) this.#latency.add(latency);
      this.#shared.onArrival(entry);
    }
    this.#shared.onChange();
  }

  onGap(gap: Gap): void {
    this.#shared.arrivals.missed(this.#transport, gap);
    this.#shared.onChange();
  }

  onState(state: State): void {
    this.#view.showState(state);
    if (this.#wantsToken) this.#view.hideReason();
    if (state.is === 'retrying' || state.is === 'failed') this.#timeline.ended();
  }

  onWire(event: WireEvent): void {
    this.#tally.add(event);
    this.#timeline.add(event);
    this.#wire.show(event);
    this.#shared.onChange();
    if (!isUnauthorized(event)) return;
    this.#wantsToken = true;
    this.#view.hideReason();
    this.#shared.onUnauthorized();
  }
}
