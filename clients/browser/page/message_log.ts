// The log of a room: messages and gaps as they come, the newest below.

import type { Gap, Message } from '../connection.js';
import { byId } from '../shared/dom.js';
import type { Format } from '../shared/format.js';
import type { Item } from '../shared/session.js';
import type { ChatTexts } from '../shared/texts.js';
import { make } from '../view/dom.js';

/** So many are shown and kept; older ones go. */
export const MOST_ITEMS = 300;
/** More at once are counted to those who listen, not read out. */
const MOST_SPOKEN = 3;
/** So near to its end, in pixels, the log follows what comes. */
const NEAR_END = 40;

export class MessageLog {
  readonly #texts: ChatTexts;
  readonly #format: Format;
  readonly #isMine: (message: Message) => boolean;
  readonly #say: (words: string) => void;
  readonly #box = byId('log');
  readonly #list = byId('log-items');
  readonly #note = byId('log-note');
  readonly #toEnd = byId<HTMLButtonElement>('log-end');
  #shown: Item[] = [];
  #below = 0; // messages that came while one looks at older ones

  /** `isMine` tells one's own messages; `say` speaks to those who listen. */
  constructor(
    texts: ChatTexts,
    format: Format,
    isMine: (message: Message) => boolean,
    say: (words: string) => void,
  ) {
    this.#texts = texts;
    this.#format = format;
    this.#isMine = isMine;
    this.#say = say;
    this.#box.addEventListener('scroll', () => {
      if (this.#isAtEnd()) this.#seen();
    });
    this.#toEnd.addEventListener('click', () => {
      this.#scrollToEnd();
      this.#box.focus();
    });
  }

  get items(): readonly Item[] {
    return this.#shown;
  }

  /** Begins with these, as after a reload: nobody is told of them. */
  start(items: readonly Item[]): void {
    this.#shown = [];
    this.#list.replaceChildren();
    this.#note.textContent = this.#texts.nothingYet;
    this.#note.hidden = false;
    this.#append(items, false);
    this.#scrollToEnd();
  }

  add(items: readonly Item[]): void {
    const follows = this.#isAtEnd();
    this.#append(items, true);
    if (follows || items.some((item) => 'message' in item && this.#isMine(item.message))) {
      this.#scrollToEnd();
    } else {
      this.#below += items.length;
      this.#toEnd.hidden = false;
      this.#toEnd.textContent = this.#texts.newMessages(this.#below);
    }
  }

  #append(items: readonly Item[], spoken: boolean): void {
    const inFull = spoken && items.length <= MOST_SPOKEN;
    this.#box.setAttribute('aria-live', inFull ? 'polite' : 'off');
    if (spoken && !inFull) this.#say(this.#texts.came(items.length));
    this.#shown.push(...items);
    this.#list.append(...items.slice(-MOST_ITEMS).map((item) => this.#row(item)));
    while (this.#list.children.length > MOST_ITEMS) this.#list.firstElementChild?.remove();
    if (this.#shown.length > MOST_ITEMS) {
      this.#shown = this.#shown.slice(-MOST_ITEMS);
      this.#note.textContent = this.#texts.cutOff;
      this.#note.hidden = false;
    } else if (this.#note.textContent === this.#texts.nothingYet) {
      this.#note.hidden = this.#shown.length > 0;
    }
  }

  #row(item: Item): HTMLElement {
    if ('gap' in item) return make('li', { class: 'gap' }, gapWords(item.gap, this.#texts));
    const { from, text, at, seq } = item.message;
    const when = make('time', { datetime: new Date(at).toISOString() }, this.#format.time(at));
    const row = make('li', { 'data-seq': String(seq) }, when);
    row.append(
      make('span', { class: 'said-by' }, `${from}:`),
      ' ',
      make('span', { class: 'said' }, text),
    );
    row.classList.toggle('is-mine', this.#isMine(item.message));
    return row;
  }

  #isAtEnd(): boolean {
    return this.#box.scrollTop + this.#box.clientHeight >= this.#box.scrollHeight - NEAR_END;
  }

  #scrollToEnd(): void {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#seen();
  }

  #seen(): void {
    this.#below = 0;
    this.#toEnd.hidden = true;
  }
}

/** What a gap means to a reader. */
export function gapWords(gap: Gap, texts: ChatTexts): string {
  const held = gap.last === 0 ? 0 : gap.last - gap.oldest + 1;
  if (gap.reason === 'restarted') return `${texts.restarted}; ${texts.holds(held)}.`;
  return `${texts.gap(gap.oldest - gap.after - 1)}: ${texts.expired}.`;
}
