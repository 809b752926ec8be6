const TICK_MS = 200;

/** Counts the seconds down to what is due. */
export class CountDown {
  #ticking: ReturnType<typeof setInterval> | undefined;

  /** `show` hears how many whole seconds are left of `inMs`, now and until stop(). */
  start(inMs: number, show: (seconds: number) => void): void {
    this.stop();
    const due = performance.now() + inMs;
    const tick = (): void => show(Math.max(0, Math.ceil((due - performance.now()) / 1000)));
    tick();
    this.#ticking = setInterval(tick, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#ticking);
  }
}
