/** Latencies that the median is taken of; older ones go. */
const MOST = 1000;

/** The delivery latencies of one's own messages, in ms: from the click on "Send" to the room's log. */
export class Latencies {
  #recent: number[] = [];
  #longest: number | undefined;

  add(ms: number): void {
    this.#recent = [...this.#recent, ms].slice(-MOST);
    this.#longest = Math.max(this.#longest ?? 0, ms);
  }

  /** undefined where there is none, as for the others. */
  get last(): number | undefined {
    return this.#recent.at(-1);
  }

  get median(): number | undefined {
    const sorted = [...this.#recent].sort((a, b) => a - b);
    const below = sorted[Math.ceil(sorted.length / 2) - 1];
    const above = sorted[Math.floor(sorted.length / 2)];
    return below === undefined || above === undefined ? undefined : (below + above) / 2;
  }

  get most(): number | undefined {
    return this.#longest;
  }
}
