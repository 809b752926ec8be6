// Publishes by itself, at random moments (Poisson), so that no rhythm of its own meets that of the
// polls. The moments are drawn ahead and kept to: what the browser is late with counts as delay.

/** Of the longest stall that is made up for; a tab that slept is not flooded. */
const MOST_LATE_MS = 2000;

export class Generator {
  readonly #publish: (due: number) => void;
  readonly #random: () => number;
  #rate = 1; // a second
  #due = 0; // performance.now() of the next one
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `random`: 0 to 1. */
  constructor(publish: (due: number) => void, random: () => number = Math.random) {
    this.#publish = publish;
    this.#random = random;
  }

  get running(): boolean {
    return this.#timer !== undefined;
  }

  /** How many a second, on average; from now on. */
  set rate(perSecond: number) {
    this.#rate = perSecond;
    if (this.running) this.start();
  }

  start(): void {
    this.stop();
    this.#due = performance.now() + this.#gap();
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #gap(): number {
    return (-Math.log(1 - this.#random()) * 1000) / this.#rate;
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#due - performance.now()));
  }

  #run(): void {
    const now = performance.now();
    if (now - this.#due > MOST_LATE_MS) this.#due = now;
    for (; this.#due <= now; this.#due += this.#gap()) this.#publish(this.#due);
    this.#wait();
  }
}
