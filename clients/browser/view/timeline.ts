// The last seconds of one connection, drawn as they pass: what goes up on the upper line, requests
// and open streams between, what comes down on the lower one.

import type { WireEvent } from '../connection.js';
import { make, svg } from './dom.js';
import { Items, type Item } from './timeline_items.js';
import { LANES, drawn, legend } from './timeline_marks.js';
import type { TimelineWords } from './words.js';

const HEIGHT = 94;
const GUTTER = 14; // of the lanes' arrows
const MARGIN = 8; // behind "now", for what is drawn around its moment
const STEP_MS = 1000; // where the reader asked for less motion
const SUMMARY_MS = 5000; // from one summary to the next: it is read when asked for, not called out
const FAR = 20_000; // pixels from where places are counted; beyond, they begin anew
const TICK_S = 5;

export interface TimelineOptions {
  readonly words: TimelineWords;
  readonly label: string; // whose it is, for those who listen
  readonly color?: string; // of all its shapes; the text's where absent
  readonly seconds?: number; // how far it reaches back; 20
  readonly legend?: boolean; // below it; true
  readonly now?: () => number; // ms, the clock of the events; performance.now
}

export class Timeline {
  readonly #words: TimelineWords;
  readonly #seconds: number;
  readonly #now: () => number;
  readonly #root: HTMLElement;
  readonly #picture: SVGSVGElement;
  readonly #moving = svg('g');
  readonly #summary: HTMLElement;
  readonly #items = new Items();
  readonly #shapes = new Map<Item, SVGElement>();
  readonly #changed = new Set<Item>();
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  readonly #end = new AbortController();
  readonly #resized = new ResizeObserver(() => this.#layOut());
  #width = 0; // of the picture, px
  #origin = 0; // the moment from which places are counted
  #shift = NaN; // what the shapes were last moved by, px
  #told = -Infinity; // when the summary was written
  #frame: number | undefined;
  #step: ReturnType<typeof setTimeout> | undefined;

  constructor(parent: HTMLElement, options: TimelineOptions) {
    this.#words = options.words;
    this.#seconds = options.seconds ?? 20;
    this.#now = options.now ?? (() => performance.now());
    this.#picture = svg('svg', {
      class: 'timeline-picture',
      height: HEIGHT,
      'aria-hidden': 'true',
    });
    this.#summary = make('p', { class: 'timeline-summary unseen' });
    this.#root = make('div', { class: 'timeline', role: 'group', 'aria-label': options.label });
    if (options.color !== undefined) this.#picture.style.color = options.color;
    this.#root.append(this.#picture, this.#summary);
    if (options.legend !== false) this.#root.append(legend(options.words));
    parent.append(this.#root);
    this.#resized.observe(this.#picture);
    const { signal } = this.#end;
    document.addEventListener('visibilitychange', () => this.#wake(), { signal });
    this.#calm.addEventListener('change', () => this.#wake(), { signal });
    this.#layOut();
  }

  /** Draws an event at its moment, or ends what it is the answer to. */
  add(event: WireEvent): void {
    for (const item of this.#items.add(event)) this.#changed.add(item);
    this.#wake();
  }

  /** The connection is lost or left: nothing is waited for any more. */
  ended(): void {
    for (const item of this.#items.end(this.#now())) this.#changed.add(item);
    this.#wake();
  }

  /** Takes it off the page. */
  remove(): void {
    this.#sleep();
    this.#end.abort();
    this.#resized.disconnect();
    this.#root.remove();
  }

  get #scale(): number {
    return (this.#width - GUTTER - MARGIN) / (this.#seconds * 1000);
  }

  /** Draws now and from now on, unless nobody sees it. */
  #wake(): void {
    this.#sleep();
    if (document.hidden) this.#prune(this.#now());
    else this.#schedule();
  }

  #sleep(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#step);
    this.#frame = this.#step = undefined;
  }

  #schedule(): void {
    const draw = (): void => {
      this.#frame = this.#step = undefined;
      this.#draw();
      // What has scrolled away needs no clock.
      if (this.#items.all.length > 0) this.#schedule();
    };
    // Steps stay apart however much happens between them.
    if (this.#calm.matches) this.#step = setTimeout(draw, STEP_MS - (this.#now() % STEP_MS));
    else this.#frame = requestAnimationFrame(draw);
  }

  #draw(): void {
    const now = this.#now();
    this.#prune(now);
    const shift = this.#width - GUTTER - MARGIN - (now - this.#origin) * this.#scale;
    if (shift < -FAR) return this.#layOut();
    const moved = !(Math.abs(shift - this.#shift) < 0.5);
    if (moved) for (const bar of this.#items.going()) this.#changed.add(bar);
    for (const item of this.#changed) this.#place(item, now);
    this.#changed.clear();
    if (now - this.#told >= SUMMARY_MS || this.#items.all.length === 0) this.#tell(now);
    if (!moved) return;
    this.#shift = shift;
    this.#moving.setAttribute('transform', `translate(${shift.toFixed(1)} 0)`);
  }

  #place(item: Item, now: number): void {
    const shape = drawn(item, (at) => (at - this.#origin) * this.#scale, now);
    const before = this.#shapes.get(item);
    if (before) before.replaceWith(shape);
    else this.#moving.append(shape);
    this.#shapes.set(item, shape);
  }

  #prune(now: number): void {
    for (const item of this.#items.prune(now - this.#seconds * 1000)) {
      this.#shapes.get(item)?.remove();
      this.#shapes.delete(item);
      this.#changed.delete(item);
    }
  }

  #tell(now: number): void {
    this.#told = now;
    this.#summary.textContent = this.#words.summary(
      this.#items.shown(now - this.#seconds * 1000, this.#seconds),
    );
  }

  /** Everything anew, in the width that there is. */
  #layOut(): void {
    this.#width = Math.max(this.#picture.clientWidth, 120);
    this.#origin = this.#now();
    this.#shift = NaN;
    this.#shapes.clear();
    this.#moving.replaceChildren();
    for (const item of this.#items.all) this.#changed.add(item);
    const room = this.#width - GUTTER;
    this.#picture.setAttribute('viewBox', `0 0 ${this.#width} ${HEIGHT}`);
    this.#picture.replaceChildren(
      ...this.#frameOf(room),
      svg('svg', { x: GUTTER, width: room, height: HEIGHT }, this.#moving),
    );
    if (!document.hidden) this.#draw();
    this.#wake();
  }

  /** What stands still: the lanes, and a line for every few seconds. */
  #frameOf(room: number): SVGElement[] {
    const parts: SVGElement[] = [];
    const words = (x: number, y: number, anchor: string, text: string) =>
      svg(
        'text',
        {
          x,
          y,
          'text-anchor': anchor,
          'font-size': 11,
          fill: 'var(--ink-soft)',
          stroke: 'none',
        },
        text,
      );
    const { now, seconds } = this.#words;
    const narrow = room < 260;
    for (let ago = 0; ago <= this.#seconds; ago += TICK_S) {
      const x = this.#width - MARGIN - ago * 1000 * this.#scale;
      parts.push(
        svg('path', { d: `M${x} 2V${HEIGHT - 16}`, stroke: 'var(--grid)', 'stroke-width': 1 }),
      );
      if (narrow && ago % (2 * TICK_S) !== 0) continue;
      const anchor = ago === 0 ? 'end' : ago === this.#seconds ? 'start' : 'middle';
      const at = ago === 0 ? this.#width : x;
      parts.push(
        words(at, HEIGHT - 3, anchor, ago === 0 ? now : `−${seconds(ago)}`),
      );
    }
    for (const [y, arrow] of [
      [LANES.up, '↑'],
      [LANES.down, '↓'],
    ] as const) {
      parts.push(
        svg('path', {
          d: `M${GUTTER} ${y}H${this.#width}`,
          stroke: 'var(--grid)',
          'stroke-width': 1,
        }),
        words(0, y + 4, 'start', arrow),
      );
    }
    return parts;
  }
}
