// A slider that goes from one sensible value to the next, and says in words where it is.

import { byId } from '../shared/dom.js';

export class Slider {
  readonly #input: HTMLInputElement;
  readonly #output: HTMLElement;
  #stops: readonly number[];
  readonly #words: (value: number) => string;

  /** Takes over #id and #id-value of the page. `stops` ascend. */
  constructor(id: string, stops: readonly number[], words: (value: number) => string) {
    this.#input = byId<HTMLInputElement>(id);
    this.#output = byId(`${id}-value`);
    this.#stops = stops;
    this.#words = words;
    this.#input.min = '0';
    this.#input.max = String(stops.length - 1);
    this.#input.step = '1';
    this.#input.addEventListener('input', () => this.#show());
  }

  get value(): number {
    return this.#stops[Number(this.#input.value)] ?? 0;
  }

  /** A value that is no stop becomes one, so that what it says is what there is. */
  set value(value: number) {
    this.#stops = [...new Set([...this.#stops, value])].sort((a, b) => a - b);
    this.#input.max = String(this.#stops.length - 1);
    this.#input.value = String(this.#stops.indexOf(value));
    this.#show();
  }

  set disabled(disabled: boolean) {
    this.#input.disabled = disabled;
  }

  /** While it moves, or once it was let go. */
  on(when: 'moved' | 'settled', heard: (value: number) => void): void {
    this.#input.addEventListener(when === 'moved' ? 'input' : 'change', () => heard(this.value));
  }

  #show(): void {
    const words = this.#words(this.value);
    this.#output.textContent = words;
    this.#input.setAttribute('aria-valuetext', words);
  }
}
