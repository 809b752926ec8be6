/**
 * Calls back when the page is seen again or the network is back: a sleeping page's connections may
 * be gone without a word, and a pause need not be waited out. What `navigator.onLine` says keeps
 * nobody from trying: a server on this machine is there without a network.
 */
export class Presence {
  readonly #onBack: () => void;
  readonly #onSeen = (): void => {
    if (document.visibilityState === 'visible') this.#onBack();
  };

  constructor(onBack: () => void) {
    this.#onBack = onBack;
    globalThis.window?.addEventListener('online', onBack);
    globalThis.document?.addEventListener('visibilitychange', this.#onSeen);
  }

  stop(): void {
    globalThis.window?.removeEventListener('online', this.#onBack);
    globalThis.document?.removeEventListener('visibilitychange', this.#onSeen);
  }
}
