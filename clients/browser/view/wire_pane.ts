// The bytes of the last exchange, event or frame as they passed: head and body told apart by
// colour, weight and label, line ends shown, and a frame's header bit by bit.

import type { WireEvent } from '../connection.js';
import { make } from './dom.js';
import { Entries, labelOf, type Entry } from './wire_entries.js';
import { detailOf } from './wire_detail.js';
import { bitsInRow } from './frame_figure.js';
import type { WireWords } from './words.js';

export interface WirePaneOptions {
  readonly words: WireWords;
  readonly keep?: number; // how many are there to pick from; 10
}

let panes = 0; // each one's radio buttons are a group of their own

/** The reader's own time of day, to the millisecond: "18:24:38.120". */
function timeOf(at: number): string {
  const date = new Date(performance.timeOrigin + at);
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** What the detail was made of. */
interface Detailed {
  readonly entry: Entry;
  readonly answer: Entry['answer'];
  readonly width: number; // of a frame's figure, in bits
}

/** One of the list: a radio button with its words. */
class Row {
  readonly entry: Entry;
  readonly button: HTMLInputElement;
  readonly element: HTMLElement;
  readonly #time = make('span', { class: 'wire-time' });
  readonly #what = make('span', { class: 'wire-what' });
  readonly #size = make('span', { class: 'wire-size' });
  readonly #words: WireWords;

  constructor(entry: Entry, group: string, words: WireWords) {
    this.entry = entry;
    this.#words = words;
    this.button = make('input', { type: 'radio', name: group, class: 'unseen' });
    this.element = make(
      'label',
      { class: 'wire-entry' },
      this.button,
      this.#time,
      this.#what,
      this.#size,
    );
  }

  set picked(picked: boolean) {
    this.button.checked = picked;
    this.element.classList.toggle('is-picked', picked);
  }

  /** Its answer may have come. What is there already stays: it may be selected, or being read. */
  update(): void {
    const { what, size } = labelOf(this.entry, this.#words);
    const texts = [timeOf(this.entry.at), what, size];
    [this.#time, this.#what, this.#size].forEach((part, i) => {
      if (part.textContent !== texts[i]) part.textContent = texts[i] ?? '';
    });
  }
}

export class WirePane {
  readonly #words: WireWords;
  readonly #group = `wire-${++panes}`;
  readonly #entries: Entries;
  readonly #root = make('div', { class: 'wire-pane' });
  readonly #list = make('div', { class: 'wire-rows' });
  readonly #detail = make('div', { class: 'wire-detail' });
  readonly #follow = make('input', { type: 'checkbox' });
  readonly #newer = make('span', { class: 'wire-newer' });
  readonly #resized = new ResizeObserver(() => this.#soon());
  #rows: Row[] = [];
  #picked: Entry | undefined;
  #detailed: Detailed | undefined;
  readonly #seen = new WeakSet<Entry>(); // these have come; their answers are no others
  #missed = 0; // that came since it stopped to follow
  #frame: number | undefined;

  constructor(parent: HTMLElement, options: WirePaneOptions) {
    this.#words = options.words;
    this.#entries = new Entries(options.keep ?? 10);
    this.#follow.checked = true;
    const list = make(
      'fieldset',
      { class: 'wire-list' },
      make('legend', {}, this.#words.entries),
      this.#list,
    );
    const follow = make(
      'p',
      { class: 'wire-follow' },
      make('label', {}, this.#follow, ' ', this.#words.follow),
      ' ',
      this.#newer,
    );
    this.#root.append(make('div', { class: 'wire-side' }, list, follow), this.#detail);
    parent.append(this.#root);
    this.#detail.append(make('p', { class: 'wire-note' }, this.#words.nothing));
    this.#list.addEventListener('change', () => this.#pick());
    // A list that changes under the keyboard's focus would lose it.
    this.#list.addEventListener('focusin', () => this.#setFollowing(false));
    this.#follow.addEventListener('change', () => this.#setFollowing(this.#follow.checked));
    this.#resized.observe(this.#root);
  }

  /** Takes in what passed, and shows it unless the reader looks at something else. */
  show(event: WireEvent): void {
    const entry = this.#entries.add(event);
    if (this.#follow.checked) this.#picked = entry;
    else if (!this.#seen.has(entry)) ++this.#missed;
    this.#seen.add(entry);
    this.#soon();
  }

  /** Takes it off the page. */
  remove(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#resized.disconnect();
    this.#root.remove();
  }

  /**
   * Draws once a frame at most, and not where nobody sees it: becoming seen is a change of size.
   */
  #soon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      if (this.#root.clientWidth > 0) this.#draw();
    });
  }

  #setFollowing(following: boolean): void {
    this.#follow.checked = following;
    if (following) {
      this.#missed = 0;
      this.#picked = this.#entries.all.at(-1);
    }
    this.#soon();
  }

  #pick(): void {
    this.#picked = this.#rows.find(({ button }) => button.checked)?.entry;
    this.#soon();
  }

  #draw(): void {
    if (this.#follow.checked) this.#list.replaceChildren(...this.#newRows());
    for (const row of this.#rows) row.update();
    this.#newer.textContent = this.#missed > 0 ? this.#words.newer(this.#missed) : '';
    const picked = this.#picked;
    if (!picked) return;
    for (const row of this.#rows) row.picked = row.entry === picked;
    this.#showDetail({
      ...{ entry: picked, answer: picked.answer },
      width: bitsInRow(this.#detail.clientWidth),
    });
  }

  /** Not anew where it is the same: a reader would lose the place, and what is selected. */
  #showDetail(detailed: Detailed): void {
    const before = this.#detailed;
    const isSame =
      before?.entry === detailed.entry &&
      before.answer === detailed.answer &&
      before.width === detailed.width;
    if (isSame) return;
    this.#detailed = detailed;
    this.#detail.replaceChildren(...detailOf(detailed.entry, detailed.width, this.#words));
  }

  /** The newest on top. */
  #newRows(): HTMLElement[] {
    const before = new Map(this.#rows.map((row) => [row.entry, row]));
    this.#rows = [...this.#entries.all]
      .reverse()
      .map((entry) => before.get(entry) ?? new Row(entry, this.#group, this.#words));
    return this.#rows.map(({ element }) => element);
  }
}
