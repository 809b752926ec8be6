// The form that says who talks where, and how.

import { byId } from '../shared/dom.js';
import { sayFault } from '../shared/faults.js';
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
  #last: Settings; // that could be followed

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
    this.#last = settings;
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

  #showFields(): void {
    this.#showField(this.#interval, 'polling', INTERVAL_MS, this.#last.intervalMs);
    this.#showField(this.#hold, 'long-polling', HOLD_S, this.#last.holdS);
  }

  /** Nobody can mend what is hidden: it goes back to what was right. */
  #showField(input: HTMLInputElement, transport: Choice, range: Range, last: number): void {
    const hidden = this.#transport.value !== transport;
    byId(`${input.id}-field`).hidden = hidden;
    if (hidden && !isWithin(input.valueAsNumber, range)) input.value = String(last);
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
    if (!fine.every(Boolean)) return;
    this.#last = settings;
    this.#chosen(settings);
  }

  /** `words` say what would be right. */
  #judge(input: HTMLInputElement, isFine: boolean, words: string): boolean {
    sayFault(input, isFine ? '' : words);
    return isFine;
  }

  #judgeNumber(input: HTMLInputElement, value: number, range: Range): boolean {
    const { least, most } = range;
    const words = this.#texts.badNumber(this.#format.count(least), this.#format.count(most));
    return this.#judge(input, isWithin(value, range), words);
  }
}
