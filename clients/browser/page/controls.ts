// The form that says who talks where, and how.

import { byId } from '../shared/dom.js';
import type { Format } from '../shared/format.js';
import { isRoom } from '../shared/rooms.js';
import type { ChatTexts } from '../shared/texts.js';
import { HOLD_S, INTERVAL_MS, isWithin } from './settings.js';
import type { Choice, Range, Settings } from './settings.js';

export class Controls {
  readonly #texts: ChatTexts;
  readonly #format: Format;
  readonly #chosen: (settings: Settings) => void;
  readonly #form = byId<HTMLFormElement>('settings');
  readonly #name = byId<HTMLInputElement>('name');
  readonly #room = byId<HTMLInputElement>('room');
  readonly #transport = byId<HTMLSelectElement>('transport');
  readonly #interval = byId<HTMLInputElement>('interval');
  readonly #hold = byId<HTMLInputElement>('hold');
  readonly #tokenInput = byId<HTMLInputElement>('token');

  /** `chosen` hears of every choice that can be followed, and may hear the same again. */
  constructor(
    texts: ChatTexts,
    format: Format,
    settings: Settings,
    chosen: (settings: Settings) => void,
  ) {
    this.#texts = texts;
    this.#format = format;
    this.#chosen = chosen;
    this.#name.value = settings.name;
    this.#room.value = settings.room;
    this.#transport.value = settings.transport;
    this.#interval.value = String(settings.intervalMs);
    this.#hold.value = String(settings.holdS);
    this.#form.addEventListener('change', () => this.#read());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#read();
    });
    this.#showFields();
  }

  get token(): string {
    return this.#tokenInput.value.trim();
  }

  /** The server wants one. */
  askForToken(): void {
    byId('token-field').hidden = false;
    this.#tokenInput.focus();
  }

  #showFields(): void {
    byId('interval-field').hidden = this.#transport.value !== 'polling';
    byId('hold-field').hidden = this.#transport.value !== 'long-polling';
  }

  #read(): void {
    this.#showFields();
    const settings: Settings = {
      name: this.#name.value.trim(),
      room: this.#room.value.trim(),
      transport: this.#transport.value as Choice,
      intervalMs: this.#interval.valueAsNumber,
      holdS: this.#hold.valueAsNumber,
    };
    const fine = [
      this.#judge(this.#name, settings.name !== '', this.#texts.badName),
      this.#judge(this.#room, isRoom(settings.room), this.#texts.badRoom),
      this.#judgeNumber(this.#interval, settings.intervalMs, INTERVAL_MS),
      this.#judgeNumber(this.#hold, settings.holdS, HOLD_S),
    ];
    if (fine.every(Boolean)) this.#chosen(settings);
  }

  /** Says beside a field what would be right. */
  #judge(input: HTMLInputElement, isFine: boolean, words: string): boolean {
    input.setAttribute('aria-invalid', String(!isFine));
    byId(`${input.id}-fault`).textContent = isFine ? '' : words;
    return isFine;
  }

  #judgeNumber(input: HTMLInputElement, value: number, range: Range): boolean {
    const { least, most } = range;
    const words = this.#texts.badNumber(this.#format.count(least), this.#format.count(most));
    return this.#judge(input, isWithin(value, range), words);
  }
}
