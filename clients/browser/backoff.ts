/**
 * How long to wait before the next attempt: at random up to a bound that doubles from one attempt
 * to the next ("full jitter"), so that pages which were cut together do not come back together.
 */
export class Backoff {
  static readonly FIRST_MS = 100;
  static readonly MOST_MS = 10_000;

  readonly #random: () => number; // 0 to 1
  #bound = Backoff.FIRST_MS;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** From 0 ms up to the bound, which grows. */
  next(): number {
    const pause = this.#random() * this.#bound;
    this.#bound = Math.min(2 * this.#bound, Backoff.MOST_MS);
    return pause;
  }

  reset(): void {
    this.#bound = Backoff.FIRST_MS;
  }
}
