// What one column shows: state, arrivals, timeline and meter.

import type { State, TransportName } from '../connection.js';
import { CountDown } from '../shared/count_down.js';
import type { Format } from '../shared/format.js';
import { total } from '../shared/size.js';
import type { Texts } from '../shared/texts.js';
import { make } from '../view/dom.js';
import type { Tally } from '../view/tally.js';
import { arrivalOf, type Entry } from './arrivals.js';
import type { MeanLatency } from './mean_latency.js';

// The same as in the report's pictures.
const SIGNS: Readonly<Record<TransportName, string>> = {
  polling: '●',
  'long-polling': '■',
  sse: '▲',
  websocket: '◆',
};
const FIGURES = ['exchanges', 'empty', 'up', 'down', 'each', 'last', 'mean'] as const;
const NONE = '–';

const timeOf = ({ latency, behind }: { latency: number | undefined; behind: number }): number =>
  latency ?? behind;

/** Tenths are of interest below 10 ms only. */
const rounded = (ms: number): number => (ms < 10 ? ms : Math.round(ms));
const shortTime = (ms: number, format: Format): string => format.milliseconds(rounded(ms));

/** A message in the column, waiting or arrived. */
class Row {
  readonly element = make('li', { class: 'arrival is-waiting' });
  readonly #place = make('span', { class: 'arrival-place' });
  readonly #time = make('span', { class: 'arrival-time' });
  readonly #bar = make('span', { class: 'arrival-bar', 'aria-hidden': 'true' });

  constructor(entry: Entry) {
    const text = make('span', { class: 'arrival-text' }, entry.message.text);
    this.element.dataset['seq'] = String(entry.message.seq);
    this.element.append(this.#place, this.#time, text, this.#bar);
  }

  update(entry: Entry, transport: TransportName, { race }: Texts, format: Format): void {
    const arrival = arrivalOf(entry, transport);
    const missed = entry.missed.has(transport);
    this.element.classList.toggle('is-waiting', !arrival);
    this.element.classList.toggle('is-missed', missed);
    this.#place.textContent = arrival ? race.place(arrival.place) : '';
    this.#bar.style.width = arrival ? `${100 * shareOf(entry, timeOf(arrival))}%` : '0';
    if (!arrival) {
      this.#time.textContent = missed ? race.missed : race.waiting;
      return;
    }
    this.element.dataset['place'] = String(arrival.place);
    const { latency, behind, place } = arrival;
    if (latency === undefined) this.#time.textContent = race.behind(shortTime(behind, format));
    else if (place === 1) this.#time.textContent = shortTime(latency, format);
    else {
      const figure = format.number(rounded(behind));
      this.#time.textContent = `${shortTime(latency, format)} (${race.behind(figure)})`;
    }
  }
}

/** Of the slowest so far. */
function shareOf(entry: Entry, time: number): number {
  const times = [...entry.arrivals.keys()]
    .map((transport) => arrivalOf(entry, transport))
    .map((arrival) => (arrival ? timeOf(arrival) : 0));
  const most = Math.max(...times);
  return most > 0 ? time / most : 0;
}

export class ColumnView {
  readonly timeline = make('div');
  readonly #transport: TransportName;
  readonly #texts: Texts;
  readonly #format: Format;
  readonly #root: HTMLElement;
  readonly #state = make('p', { class: 'column-state' });
  readonly #list: HTMLOListElement;
  readonly #nothing: HTMLElement;
  readonly #cells = new Map<string, HTMLElement>();
  readonly #rows = new Map<Entry, Row>();
  readonly #countDown = new CountDown();

  constructor(parent: HTMLElement, transport: TransportName, texts: Texts, format: Format) {
    this.#transport = transport;
    this.#texts = texts;
    this.#format = format;
    const { race, shared } = texts;
    const name = shared.transports[transport];
    const id = `column-${transport}`;
    const sign = make('span', { class: 'column-sign', 'aria-hidden': 'true' }, SIGNS[transport]);
    this.#list = make('ol', { class: 'arrivals', 'aria-label': race.arrivals(name) });
    this.#nothing = make('p', { class: 'note' }, race.nothingYet);
    this.#root = make(
      'section',
      { class: 'column', 'aria-labelledby': id },
      make('h3', { id }, sign, ' ', race.names[transport]),
      this.#state,
      this.#list,
      this.#nothing,
      this.timeline,
      this.#meter(race.figures(name)),
    );
    this.#root.dataset['transport'] = transport;
    this.showState({ is: 'connecting' });
    parent.append(this.#root);
  }

  showState(state: State): void {
    this.#countDown.stop();
    this.#root.dataset['state'] = state.is;
    const { race, chat } = this.#texts;
    switch (state.is) {
      case 'connecting':
        this.#state.textContent = chat.connecting;
        break;
      case 'connected':
        this.#state.textContent = race.connected;
        break;
      case 'failed':
        this.#state.textContent = `${chat.failed}: ${this.#reason(state.reason)}`;
        break;
      case 'left':
        this.#state.textContent = '';
        break;
      case 'retrying':
        this.#countDown.start(state.inMs, (seconds) => {
          const retrying = race.retrying(this.#format.count(seconds));
          this.#state.textContent = `${retrying} (${this.#reason(state.reason)})`;
        });
        break;
    }
  }

  #reason(said: string): string {
    return this.#texts.shared.reason(said) ?? said;
  }

  /** Why it has failed is said elsewhere, with what is to be done about it. */
  hideReason(): void {
    const hasFailed = this.#root.dataset['state'] === 'failed';
    if (hasFailed) this.#state.textContent = this.#texts.chat.failed;
  }

  /** The newest first; each column has the same ones at the same places. */
  showEntries(entries: readonly Entry[]): void {
    for (const [entry, row] of this.#rows) {
      if (entries.includes(entry)) continue;
      row.element.remove();
      this.#rows.delete(entry);
    }
    // What is there already is not moved: it would begin its animation again.
    [...entries].reverse().forEach((entry, i) => {
      let row = this.#rows.get(entry);
      if (!row) {
        row = new Row(entry);
        this.#rows.set(entry, row);
        const below = this.#list.children[this.#list.children.length - i];
        this.#list.insertBefore(row.element, below ?? null);
      }
      row.update(entry, this.#transport, this.#texts, this.#format);
    });
    this.#nothing.hidden = entries.length > 0;
  }

  showFigures(tally: Tally, latency: MeanLatency): void {
    const format = this.#format;
    const { exchanges, polls, empty, up, down, messages } = tally;
    const ms = (figure: number | undefined): string =>
      figure === undefined ? NONE : shortTime(figure, format);
    const words: Record<(typeof FIGURES)[number], string> = {
      exchanges: format.count(exchanges),
      empty: polls > 0 ? `${format.count(empty)} (${format.percent(empty / polls)})` : NONE,
      up: format.count(total(up)),
      down: format.count(total(down)),
      each: messages > 0 ? format.count((total(up) + total(down)) / messages) : NONE,
      last: ms(latency.last),
      mean: ms(latency.mean),
    };
    for (const [name, cell] of this.#cells) cell.textContent = words[name as keyof typeof words];
    this.#root.dataset['messages'] = String(messages);
  }

  #meter(caption: string): HTMLTableElement {
    const body = make('tbody');
    for (const name of FIGURES) {
      const cell = make('td', { 'data-figure': name });
      this.#cells.set(name, cell);
      body.append(
        make(
          'tr',
          name === 'empty' ? { class: 'part' } : {},
          make('th', { scope: 'row' }, this.#texts.race[name]),
          cell,
        ),
      );
    }
    return make('table', { class: 'figures' }, make('caption', { class: 'unseen' }, caption), body);
  }
}
