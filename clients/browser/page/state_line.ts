// What the connection is doing, for those who look (with a count-down) and those who listen (without).

import type { State } from '../connection.js';
import type { Format } from '../format.js';
import type { ChatTexts, SharedTexts } from '../texts.js';
import { byId } from './dom.js';
import type { Choice } from './settings.js';

const TICK_MS = 200;

export class StateLine {
  private readonly line = byId('state');
  private readonly shown = byId('state-shown');
  private readonly said = byId('state-said');
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly texts: ChatTexts,
    private readonly shared: SharedTexts,
    private readonly format: Format,
  ) {}

  /** `choice` is what was asked for: where it left the transport open, that is said. */
  show(state: State, choice: Choice): void {
    clearInterval(this.ticking);
    this.line.dataset['state'] = state.is;
    if (state.is === 'retrying') return this.countDown(state);
    const words = this.words(state, choice);
    this.shown.textContent = words;
    // While a lost connection is tried again and again, that is said once.
    if (state.is !== 'connecting') this.say(words);
  }

  /** To those who listen only. What they were told last is not repeated. */
  say(words: string): void {
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  private words(state: Exclude<State, { is: 'retrying' }>, choice: Choice): string {
    switch (state.is) {
      case 'connecting':
        return this.texts.connecting;
      case 'connected': {
        const transport = this.shared.transports[state.transport];
        return choice === 'auto' ? this.texts.chosen(transport) : this.texts.connected(transport);
      }
      case 'failed':
        return `${this.texts.failed}: ${state.reason}`;
      case 'left':
        return this.texts.left;
    }
  }

  private countDown({ inMs, reason }: Extract<State, { is: 'retrying' }>): void {
    const due = performance.now() + inMs;
    const tick = (): void => {
      const seconds = Math.max(0, Math.ceil((due - performance.now()) / 1000));
      this.shown.textContent = `${this.texts.retrying(this.format.count(seconds))} (${reason})`;
    };
    tick();
    this.ticking = setInterval(tick, TICK_MS);
    this.say(this.texts.retryingSoon);
  }
}
