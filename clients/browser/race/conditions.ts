// What can be set: a message to publish, how many are published by themselves, and how the columns
// connect.

import { byId } from '../shared/dom.js';
import type { Format } from '../shared/format.js';
import { takeMessages } from '../shared/message_line.js';
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
  readonly #token: string;
  readonly #listener: ConditionsListener;
  readonly #interval: Slider;
  readonly #hold: Slider;
  readonly #delay: Slider;
  readonly #generator: Generator;
  #generated = 0;
  #delayMs = 0; // as the server has it
  #wantedMs = 0; // as the slider has it
  #setting = false;

  constructor(texts: RaceTexts, format: Format, token: string, listener: ConditionsListener) {
    this.#texts = texts;
    this.#token = token;
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

  /** Offers the delay where the server has a link, else says why not. */
  async askForLink(): Promise<void> {
    const delay = await linkDelay().catch(() => undefined);
    this.#delay.disabled = delay === undefined;
    byId('delay-why').textContent = delay === undefined ? this.#texts.noLink : this.#texts.linkWhy;
    if (delay !== undefined) this.#delay.value = this.#delayMs = delay;
  }

  /** One change at a time: where the slider goes on meanwhile, its last place is what counts. */
  async #setDelay(delayMs: number): Promise<void> {
    this.#wantedMs = delayMs;
    if (this.#setting) return;
    this.#setting = true;
    const why = byId('delay-why');
    try {
      while (this.#wantedMs !== this.#delayMs) {
        const wanted = this.#wantedMs;
        await setLinkDelay(wanted, this.#token);
        this.#delayMs = wanted;
      }
      why.textContent = this.#texts.linkWhy;
      this.#listener.onLinkChanged();
    } catch (error) {
      this.#delay.value = this.#delayMs;
      why.textContent = this.#texts.linkRefused(
        error instanceof Error ? error.message : String(error),
      );
    }
    this.#setting = false;
  }

  #offerGenerator(rate: Slider): void {
    const box = byId<HTMLInputElement>('generate');
    const run = (): void => {
      if (box.checked && !document.hidden) this.#generator.start();
      else this.#generator.stop();
    };
    rate.value = USUAL.rate;
    this.#generator.rate = rate.value;
    rate.on('moved', (perSecond) => (this.#generator.rate = perSecond));
    box.checked = false; // a reload may bring it back as it was
    box.addEventListener('change', run);
    document.addEventListener('visibilitychange', run);
  }
}
