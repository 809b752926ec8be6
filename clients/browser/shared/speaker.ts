/** A live region is told of by the browser only if it stays as it is for so long, in ms. */
const PAUSE_MS = 100;

/** Speaks to those who listen, by a live region that they do not see: also the same words again. */
export class Speaker {
  readonly #region: Pick<HTMLElement, 'textContent'>;
  #waiting: string[] = [];
  #due: ReturnType<typeof setTimeout> | undefined;

  constructor(region: Pick<HTMLElement, 'textContent'>) {
    this.#region = region;
  }

  say(words: string): void {
    this.#region.textContent = '';
    this.#waiting.push(words);
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#region.textContent = this.#waiting.splice(0).join('; ');
    }, PAUSE_MS);
  }
}
