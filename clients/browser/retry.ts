import { Backoff } from './backoff.js';

/** Calls back for another attempt after a pause. */
export class Retry {
  readonly #backoff: Backoff;
  readonly #again: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #earliest = 0; // by performance.now(): what the server has asked for

  constructor(random: () => number, again: () => void) {
    this.#backoff = new Backoff(random);
    this.#again = again;
  }

  get pending(): boolean {
    return this.#timer !== undefined;
  }

  /** Waits `atLeastMs` and a pause on top of it. How long in all, in ms. */
  later(atLeastMs = 0): number {
    const pause = atLeastMs + this.#backoff.next();
    this.#earliest = performance.now() + atLeastMs;
    this.#start(pause);
    return pause;
  }

  /** Leaves out the pause, if one is under way, but not what the server has asked for. */
  hurry(): void {
    if (this.pending) this.#start(Math.max(0, this.#earliest - performance.now()));
  }

  /** The next pause is a short one. */
  succeeded(): void {
    this.#backoff.reset();
  }

  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(ms: number): void {
    this.cancel();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#again();
    }, ms);
  }
}
