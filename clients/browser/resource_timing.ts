// What the browser says of how long an answer was (Resource Timing).

/** Sizes in bytes; missing where the browser does not tell. */
export interface TimedSizes {
  readonly head?: number;
  readonly body?: number; // as it came, compressed or not
}

// What transferSize says beyond the body is this, whatever the head was: so the standard has it by
// now, lest a page learn of headers that it may not see. Older browsers say how long the head was.
const STANDARD_HEAD = 300;
const MANY = 100;

/** Keeps the newest entry of each address until it is asked for. */
export class ResourceTimings {
  readonly #observer: PerformanceObserver | undefined;
  readonly #entries = new Map<string, PerformanceResourceTiming>();

  constructor() {
    // By an observer, since the page's own list of entries is full after 250 of them.
    if (!globalThis.PerformanceObserver?.supportedEntryTypes?.includes('resource')) return;
    this.#observer = new PerformanceObserver((list) => this.#keep(list.getEntries()));
    this.#observer.observe({ type: 'resource' });
  }

  /** The answer that has just come from there. The browser may be late, or not tell at all. */
  take(address: string): TimedSizes | undefined {
    this.#keep(this.#observer?.takeRecords() ?? []);
    const entry = this.#entries.get(address);
    this.#entries.delete(address);
    if (this.#entries.size > MANY) this.#entries.clear(); // nobody takes the page's other requests
    if (entry === undefined || entry.transferSize === 0) return undefined; // or from a cache
    const head = entry.transferSize - entry.encodedBodySize;
    return head === STANDARD_HEAD || head <= 0
      ? { body: entry.encodedBodySize }
      : { head, body: entry.encodedBodySize };
  }

  stop(): void {
    this.#observer?.disconnect();
    this.#entries.clear();
  }

  #keep(entries: readonly PerformanceEntry[]): void {
    for (const entry of entries) this.#entries.set(entry.name, entry as PerformanceResourceTiming);
  }
}
