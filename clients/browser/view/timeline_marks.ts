// How the items of a timeline look: each kind has a shape of its own, and is hollow where it
// brought no message, so that colour says nothing that is not said without it.

import { svg } from './dom.js';
import { isBar, type Bar, type Item, type Mark } from './timeline_items.js';
import type { TimelineWords } from './words.js';

/** The lines that items stand on, in pixels from the top. */
export const LANES = { up: 15, between: 40, down: 65 } as const;

const LEAST = 4; // pixels of a bar, however short it lasted
const GROUND = 'var(--ground)';

const OUTLINES: Readonly<Record<Mark['shape'], string>> = {
  answer: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z',
  event: 'M-5 -4h10L0 5z',
  frame: 'M0 -5.5L5.5 0L0 5.5L-5.5 0z',
  publish: 'M0 6V-5M-4 -1L0 -5.5L4 -1',
};

const cross = (x: number, y: number) =>
  svg('path', {
    d: `M${x - 4} ${y - 4}l8 8m0 -8l-8 8`,
    stroke: 'var(--bad)',
    'stroke-width': 2,
    fill: 'none',
  });

/** A short, upright bar. */
function poll(x: number, width: number, full: boolean, over: boolean): SVGElement {
  return svg('rect', {
    x,
    y: LANES.between - 9,
    width: Math.max(width, LEAST),
    height: 18,
    'stroke-width': 1.4,
    stroke: 'currentColor',
    fill: full ? 'currentColor' : GROUND,
    ...(over ? {} : { 'stroke-dasharray': '2 2' }),
  });
}

/** A long, flat bar: a post where it begins, another one where it was answered. */
function held(x: number, width: number, full: boolean, over: boolean): SVGElement {
  const end = x + Math.max(width, LEAST);
  const fill = over ? (full ? 'currentColor' : GROUND) : 'var(--line)';
  const post = (at: number) => `M${at} ${LANES.between - 9}v18`;
  return svg(
    'g',
    { stroke: 'currentColor', 'stroke-width': 1.4, fill: 'none' },
    svg('path', { d: `M${end} ${LANES.between - 4}H${x}v8H${end}${over ? 'z' : ''}`, fill }),
    svg('path', { d: over ? post(x) + post(end) : post(x), 'stroke-width': 2 }),
  );
}

/** A dashed line for as long as a stream or a socket is open. */
function open(x: number, width: number): SVGElement {
  return svg(
    'g',
    { stroke: 'currentColor', fill: 'none' },
    svg('path', { d: `M${x} ${LANES.between - 9}v18`, 'stroke-width': 2 }),
    svg('path', {
      d: `M${x} ${LANES.between}h${Math.max(width, LEAST)}`,
      'stroke-width': 2,
      'stroke-dasharray': '5 3',
    }),
  );
}

function bar(item: Bar, x: number, width: number): SVGElement {
  const over = item.to !== undefined;
  if (item.shape === 'open') return open(x, width);
  return item.shape === 'poll' ? poll(x, width, item.full, over) : held(x, width, item.full, over);
}

function mark({ shape, full }: Mark, x: number, y: number): SVGElement {
  return svg('path', {
    d: OUTLINES[shape],
    transform: `translate(${x} ${y})`,
    stroke: 'currentColor',
    'stroke-width': 1.6,
    fill: shape === 'publish' ? 'none' : full ? 'currentColor' : GROUND,
  });
}

/** An item as it is at `now`; `xOf` says where a moment is, in pixels. */
export function drawn(item: Item, xOf: (at: number) => number, now: number): SVGElement {
  if (!isBar(item)) {
    const y = item.up ? LANES.up : LANES.down;
    const shape = mark(item, xOf(item.at), y);
    return item.lost ? svg('g', {}, shape, cross(xOf(item.at), y)) : shape;
  }
  const x = xOf(item.from);
  const end = xOf(item.to ?? now);
  const shape = bar(item, x, end - x);
  return item.lost ? svg('g', {}, shape, cross(end, LANES.between)) : shape;
}

/** What the legend shows, in order: a word and its shape. */
function samples(words: TimelineWords): [string, SVGElement][] {
  const y = LANES.between;
  const at = (shape: Mark['shape'], full = true): SVGElement =>
    mark({ shape, full, up: false, at: 0, lost: false }, 12, y);
  const lasting = (shape: Bar['shape'], x: number, width: number, full = true): SVGElement =>
    bar({ shape, full, exchange: 0, from: 0, to: 1, lost: false }, x, width);
  return [
    [words.poll, lasting('poll', 10, LEAST)],
    [words.held, lasting('held', 2, 20)],
    [words.open, lasting('open', 2, 21)],
    [words.answer, at('answer')],
    [words.event, at('event')],
    [words.frame, at('frame')],
    [words.publish, at('publish')],
    [
      words.hollow,
      svg(
        'g',
        {},
        lasting('poll', 3, LEAST, false),
        svg('g', { transform: 'translate(5 0)' }, at('answer', false)),
      ),
    ],
    [words.lost, cross(12, y)],
  ];
}

/** The list of what the shapes mean. */
export function legend(words: TimelineWords): HTMLUListElement {
  const list = document.createElement('ul');
  list.className = 'timeline-legend';
  list.setAttribute('aria-label', words.legend);
  for (const [word, shape] of samples(words)) {
    const item = document.createElement('li');
    const picture = svg(
      'svg',
      { viewBox: `0 ${LANES.between - 11} 24 22`, width: 24, height: 22, 'aria-hidden': 'true' },
      shape,
    );
    item.append(picture, word);
    list.append(item);
  }
  return list;
}
