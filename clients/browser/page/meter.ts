// The meter: adds up what happens, and shows it a few times a second at most.

import type { Size, WireEvent } from '../connection.js';
import { byId } from '../shared/dom.js';
import type { Format } from '../shared/format.js';
import { total } from '../shared/size.js';
import type { MeterTexts } from '../shared/texts.js';
import { showSources } from '../view/sources.js';
import { Tally } from '../view/tally.js';
import { Latencies } from './latencies.js';

const PAUSE_MS = 100;
const NONE = '–';

/** Each figure's cell by its data-figure, as number and as text. */
type Figures = Readonly<Record<string, readonly [number | undefined, string]>>;

export class Meter {
  readonly #texts: MeterTexts;
  readonly #format: Format;
  #tally = new Tally();
  #latencies = new Latencies();
  readonly #cells = document.querySelectorAll<HTMLElement>('[data-figure]');
  #due: ReturnType<typeof setTimeout> | undefined;

  constructor(texts: MeterTexts, format: Format) {
    this.#texts = texts;
    this.#format = format;
    byId('reset').addEventListener('click', () => this.#reset());
    this.#reset();
  }

  add(event: WireEvent): void {
    this.#tally.add(event);
    this.#changed();
  }

  /** Of a message of one's own, in ms. */
  addLatency(ms: number): void {
    this.#latencies.add(ms);
    this.#changed();
  }

  #changed(): void {
    this.#due ??= setTimeout(() => this.#show(), PAUSE_MS);
  }

  #reset(): void {
    this.#tally = new Tally();
    this.#latencies = new Latencies();
    byId('since').textContent = this.#texts.since(this.#format.time(Date.now()));
    this.#show();
  }

  #show(): void {
    this.#due = undefined;
    const figures = { ...this.#counts(), ...this.#bytes(), ...this.#times() };
    for (const cell of this.#cells) {
      const [value, words] = figures[cell.dataset['figure'] ?? ''] ?? [undefined, NONE];
      cell.textContent = words;
      cell.dataset['value'] = value === undefined ? '' : String(value);
    }
    showSources(byId('sources'), [this.#tally.sources], this.#texts);
  }

  #count(value: number): [number, string] {
    return [value, this.#format.count(value)];
  }

  #counts(): Figures {
    const { exchanges, polls, empty, publishes, checks, unanswered, pushes, messages } =
      this.#tally;
    const share = polls > 0 ? ` (${this.#format.percent(empty / polls)})` : '';
    return {
      exchanges: this.#count(exchanges),
      empty: [empty, this.#format.count(empty) + share],
      publishes: this.#count(publishes),
      checks: this.#count(checks),
      unanswered: this.#count(unanswered),
      pushes: this.#count(pushes),
      delivered: this.#count(messages),
    };
  }

  #bytes(): Figures {
    const { up, down, messages } = this.#tally;
    const each = (size: Size): [number | undefined, string] => {
      if (messages === 0) return [undefined, NONE];
      return [total(size) / messages, this.#format.number(total(size) / messages)];
    };
    return {
      headsUp: this.#count(up.head),
      headsDown: this.#count(down.head),
      bodiesUp: this.#count(up.body),
      bodiesDown: this.#count(down.body),
      allUp: this.#count(total(up)),
      allDown: this.#count(total(down)),
      eachUp: each(up),
      eachDown: each(down),
    };
  }

  #times(): Figures {
    const { last, median, most } = this.#latencies;
    const time = (ms: number | undefined): [number | undefined, string] => [
      ms,
      ms === undefined ? NONE : this.#format.milliseconds(ms),
    ];
    return { lastLatency: time(last), medianLatency: time(median), mostLatency: time(most) };
  }
}
