/** Delivery latencies of one column, in ms: the last one, and the mean of all. */
export class MeanLatency {
  #last: number | undefined;
  #sum = 0;
  #count = 0;

  add(ms: number): void {
    this.#last = ms;
    this.#sum += ms;
    ++this.#count;
  }

  get last(): number | undefined {
    return this.#last;
  }

  get mean(): number | undefined {
    return this.#count > 0 ? this.#sum / this.#count : undefined;
  }
}
