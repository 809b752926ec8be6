// What the connection is doing: with a count-down for those who look, without for those who listen.

import type { State } from '../connection.js';
import { CountDown } from '../shared/count_down.js';
import { byId } from '../shared/dom.js';
import type { Format } from '../shared/format.js';
import type { Speaker } from '../shared/speaker.js';
import type { ChatTexts, SharedTexts } from '../shared/texts.js';
import type { Choice } from './settings.js';

type Retrying = Extract<State, { is: 'retrying' }>;
type Told = Extract<State, { is: 'connecting' | 'connected' | 'failed' }>;

export class StateLine {
  readonly #texts: ChatTexts;
  readonly #shared: SharedTexts;
  readonly #format: Format;
  readonly #line = byId('state');
  readonly #shown = byId('state-shown');
  readonly #speaker: Speaker;
  #saidLost = false; // since it was connected, or failed
  readonly #reason = byId('state-reason');
  readonly #countDown = new CountDown();

  constructor(texts: ChatTexts, shared: SharedTexts, format: Format, speaker: Speaker) {
    this.#speaker = speaker;
    this.#texts = texts;
    this.#shared = shared;
    this.#format = format;
  }

  /** `choice` is what was asked for: where it left the transport open, that is said. */
  show(state: Told | Retrying, choice: Choice): void {
    this.#countDown.stop();
    this.#line.dataset['state'] = state.is;
    if ('reason' in state) this.#showReason(state.reason);
    else this.hideReason();
    if (state.is === 'retrying') return this.#showRetrying(state);
    const words = this.#words(state, choice);
    this.#shown.textContent = words;
    if (state.is === 'connecting') return;
    this.#saidLost = false;
    const why = state.is === 'failed' ? `: ${this.#shared.reason(state.reason) ?? state.reason}` : '';
    this.#speaker.say(words + why);
  }

  /** What the page has no words for is in English. */
  #showReason(said: string): void {
    const words = this.#shared.reason(said);
    this.#reason.textContent = words ?? said;
    this.#reason.lang = words === undefined ? 'en' : '';
  }

  /** What is to be done about it is said elsewhere. */
  hideReason(): void {
    this.#reason.textContent = '';
  }

  #words(state: Told, choice: Choice): string {
    switch (state.is) {
      case 'connecting':
        return this.#texts.connecting;
      case 'connected': {
        const transport = this.#shared.transports[state.transport];
        return choice === 'auto' ? this.#texts.chosen(transport) : this.#texts.connected(transport);
      }
      case 'failed':
        return this.#texts.failed;
    }
  }

  #showRetrying({ inMs }: Retrying): void {
    this.#countDown.start(inMs, (seconds) => {
      this.#shown.textContent = this.#texts.retrying(this.#format.count(seconds));
    });
    // While it is tried again and again, that is said once.
    if (!this.#saidLost) this.#speaker.say(this.#texts.retryingSoon);
    this.#saidLost = true;
  }
}
