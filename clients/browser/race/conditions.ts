// What can be set: a message to publish, how many are published by themselves, and how the columns
// connect.

import { byId } from '../shared/dom.js';
import type { Format } from '../shared/format.js';
import { takeMessages } from '../shared/message_line.js';
import type { Session } from '../shared/session.js';
import type { Tuning } from './column.js';
import { Generator } from './generator.js';
import { linkDelay, setLinkDelay } from './link.js';
import { Slider } from './slider.js';
import type { RaceTexts } from './texts.js';

const INTERVALS_MS = [100, 200, 500, 1000, 2000, 3000, 5000, 10_000];
const HOLDS_S = [1, 2, 5, 10, 25, 60];
const RATES = [0.2, 0.5, 1, 2, 5, 10, 20]; // a second
const DELAYS_MS = [0, 10, 25, 50, 100, 150, 200, 300, 500, 1000];
const USUAL = { intervalMs: 1000, holdS: 25, rate: 1 };

export interface ConditionsListener {
  onPublish(text: string, due: number): void;
  onTuned(tuning: Partial<Tuning>): void;
  onLinkChanged(): void; // for connections that are made from now on
}

export class Conditions {
  readonly #texts: RaceTexts;
  readonly #session: Session;
  readonly #listener: ConditionsListener;
  readonly #interval: Slider;
  readonly #hold: Slider;
  readonly #delay: Slider;
  readonly #generator: Generator;
  readonly #box = byId<HTMLInputElement>('generate');
  #generated = 0;
  #canPublish = false;
  #delayMs: number | undefined; // as the server has it, as far as is known
  #wantedMs = 0; // as the slider has it
  #setting = false;
  #changes = 0; // that were begun

  constructor(texts: RaceTexts, format: Format, session: Session, listener: ConditionsListener) {
    this.#texts = texts;
    this.#session = session;
    this.#listener = listener;
    const ms = (value: number): string =>
      value < 1000
        ? texts.milliseconds(format.count(value))
        : texts.seconds(format.number(value / 1000));
    this.#interval = new Slider('interval', INTERVALS_MS, ms);
    this.#interval.value = USUAL.intervalMs;
    this.#interval.on('moved', (intervalMs) => listener.onTuned({ intervalMs }));
    this.#hold = new Slider('hold', HOLDS_S, (value) => texts.seconds(format.count(value)));
    this.#hold.value = USUAL.holdS;
    this.#hold.on('moved', (holdS) => listener.onTuned({ holdS }));
    this.#delay = new Slider('delay', DELAYS_MS, ms);
    this.#delay.value = 0;
    this.#delay.on('settled', (delayMs) => void this.#setDelay(delayMs));
    this.#generator = new Generator((due) => {
      listener.onPublish(texts.generated(++this.#generated), due);
    });
    this.#offerGenerator(
      new Slider('rate', RATES, (value) => texts.perSecond(format.number(value))),
    );
    takeMessages((text, clicked) => listener.onPublish(text, clicked));
  }

  get tuning(): Tuning {
    return { intervalMs: this.#interval.value, holdS: this.#hold.value };
  }

  /** Whether there is anything to publish by; at first there is not. */
  set canPublish(can: boolean) {
    if (can === this.#canPublish) return;
    this.#canPublish = can;
    byId<HTMLButtonElement>('send').disabled = !can; // Enter sends nothing then, either
    this.#box.disabled = !can;
    this.#runGenerator();
  }

  /**
   * Offers the delay where the server has a link, else says why not. Another tab may have changed
   * it, and a restarted server has its own: so it is asked for again and again.
   */
  async askForLink(): Promise<void> {
    if (this.#setting) return;
    const changes = this.#changes;
    let delay: number | undefined;
    try {
      delay = await linkDelay();
    } catch {
      return; // the columns say that there is no server
    }
    if (changes !== this.#changes) return; // it may be older than the change
    const before = this.#delayMs;
    this.#delayMs = delay;
    this.#delay.disabled = delay === undefined;
    byId('delay-why').textContent = delay === undefined ? this.#texts.noLink : this.#texts.linkWhy;
    if (delay === undefined || delay === before) return;
    this.#delay.value = delay;
    if (before !== undefined) this.#listener.onLinkChanged();
  }

  /** One change at a time: where the slider goes on meanwhile, its last place is what counts. */
  async #setDelay(delayMs: number): Promise<void> {
    this.#wantedMs = delayMs;
    if (this.#setting) return;
    this.#setting = true;
    ++this.#changes;
    let words = this.#texts.linkWhy;
    let changed = false;
    try {
      do {
        const wanted = this.#wantedMs;
        await setLinkDelay(wanted, this.#session.token);
        this.#delayMs = wanted;
        changed = true;
      } while (this.#wantedMs !== this.#delayMs);
    } catch (error) {
      this.#delay.value = this.#delayMs ?? 0;
      words = this.#texts.linkRefused(error instanceof Error ? error.message : String(error));
    }
    this.#setting = false;
    byId('delay-why').textContent = words;
    if (changed) this.#listener.onLinkChanged();
  }

  #runGenerator(): void {
    const runs = this.#canPublish && this.#box.checked && !document.hidden;
    if (runs) this.#generator.start();
    else this.#generator.stop();
  }

  #offerGenerator(rate: Slider): void {
    rate.value = USUAL.rate;
    this.#generator.rate = rate.value;
    rate.on('moved', (perSecond) => (this.#generator.rate = perSecond));
    this.#box.checked = false; // a reload may bring it back as it was
    this.#box.addEventListener('change', () => this.#runGenerator());
    document.addEventListener('visibilitychange', () => {
      this.#runGenerator();
      if (!document.hidden) void this.askForLink();
    });
  }
}
