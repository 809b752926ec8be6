// What all pictures share: how a transport looks, the frame of a plot, and labels that keep apart.

import * as Plot from '@observablehq/plot';

// Told apart by colour, dash and mark; the colours are the style sheet's, so that they follow the
// page from light to dark and onto paper.
const STYLES = {
  polling: { color: 'var(--polling)', dash: 'none', symbol: 'circle' },
  'long-polling': { color: 'var(--long-polling)', dash: '8 4', symbol: 'square' },
  sse: { color: 'var(--sse)', dash: '2 3', symbol: 'triangle' },
  websocket: { color: 'var(--websocket)', dash: '10 3 2 3', symbol: 'diamond' },
};
const CHARACTER = 6.8; // of 12 px system fonts, about
const OTHER = { color: 'var(--other)', dash: '5 2', symbol: 'star' };

// A target's columns have their transports' colours; dash and mark are the target's, and its areas are
// paler than those of our own server.
const TARGETS = [
  { dash: '6 2', symbol: 'cross' },
  { dash: '1 3', symbol: 'star' },
  { dash: '12 4 2 4 2 4', symbol: 'wye' },
  { dash: '3 6', symbol: 'hexagon' },
];
const PALER = 0.6;
let targets = [];

/** Tells which columns the page has, before anything is drawn: "websocket", "nchan/websocket". */
export function setColumns(names) {
  const of = names.filter((name) => name.includes('/')).map((name) => name.split('/')[0]);
  targets = [...new Set(of)];
}

/** How a column looks: {color, dash, symbol, strength}. */
export function styleOf(column) {
  const [target, transport] = column.includes('/') ? column.split('/') : [undefined, column];
  const style = STYLES[transport] ?? OTHER;
  if (target === undefined) return { ...style, strength: 1 };
  return { ...style, ...TARGETS[Math.max(targets.indexOf(target), 0) % TARGETS.length], strength: PALER };
}

/** A column's name for an axis or a line's end: a target's transport below its name. */
export const nameOf = (column) => column.replace('/', '/\n');

/** How far apart such names must be. */
export const nameGap = (columns) => (columns.some((name) => name.includes('/')) ? 28 : 15);

/** How wide a margin is that such names stand in. */
export const marginFor = (columns, least) =>
  Math.max(least, ...columns.flatMap((name) => nameOf(name).split('\n')).map((line) => line.length * 7.4 + 10));

export const INK = 'var(--ink)';
export const SOFT = 'var(--ink-soft)';
export const GRID = 'var(--grid)';
export const GROUND = 'var(--ground)';

export const isNarrow = (width) => width < 520;

/** A plot with the options that every picture has. */
export function plot(options) {
  return Plot.plot({
    ...options,
    className: 'picture',
    style: { fontFamily: 'system-ui, sans-serif', fontSize: '12px', color: INK, ...options.style },
  });
}

/** A logarithmic axis where values are above 0 and span more than a factor of 20, else one from 0. */
export function axisFor(values) {
  const seen = values.filter((value) => Number.isFinite(value));
  const low = Math.min(...seen);
  const high = Math.max(...seen);
  if (seen.length > 0 && low > 0 && high / low > 20) {
    return { type: 'log', domain: [low / 1.15, high * 1.15] };
  }
  return { type: 'linear', domain: [Math.min(0, low), high > 0 ? high * 1.06 : 1] };
}

/** Round numbers of such an axis: 1, 2 and 5 of each decade, or its powers of ten where those are many. */
export function ticksFor({ type, domain: [low, high] }, most = 9) {
  if (type !== 'log') return undefined;
  const all = (factors) => {
    const ticks = [];
    for (let unit = 10 ** Math.floor(Math.log10(low)); unit <= high; unit *= 10) {
      for (const factor of factors) {
        const value = Number((unit * factor).toPrecision(3));
        if (value >= low && value <= high) ticks.push(value);
      }
    }
    return ticks;
  };
  const fine = all([1, 2, 5]);
  return fine.length <= most ? fine : all([1]);
}

/** Round numbers of a linear axis: `most` steps at most. */
export function roundNumbers([low, high], most = 6) {
  const unit = 10 ** Math.floor(Math.log10((high - low) / most));
  const step = [1, 2, 5, 10].map((factor) => unit * factor).find((size) => (high - low) / size <= most);
  const numbers = [];
  for (let n = Math.ceil(low / step); n * step <= high; ++n) numbers.push(n * step);
  return numbers;
}

/** How many ticks an axis has room for whose longest label is this. */
export const ticksThatFit = (label, length) =>
  Math.max(2, Math.min(8, Math.floor(length / (label.length * CHARACTER + 22))));

/** Where an axis puts a value, in pixels from its first end. */
export function place({ type, domain: [low, high] }, value, length) {
  const part = type === 'log' ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return part * length;
}

/** Moves what stands at `wanted` (ascending or not) so far that no two are closer than `gap`; the
 *  order stays, and all lie between `least` and `most` as far as there is room. */
export function keptApart(wanted, gap, least, most) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const places = [...wanted];
  let free = least;
  for (const i of order) {
    places[i] = Math.max(places[i], free);
    free = places[i] + gap;
  }
  let end = most;
  for (const i of order.reverse()) {
    places[i] = Math.min(places[i], end);
    end = places[i] - gap;
  }
  return places;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An SVG element with attributes and children. */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

const SWATCH = 12;

/** Swatches with names in one or more lines above a plot, as a mark and the height that it takes.
 *  `entries`: {name, fill}. */
export function legend(entries, width) {
  const rows = [[]];
  let x = 0;
  for (const entry of entries) {
    const length = SWATCH + 6 + entry.name.length * CHARACTER + 16;
    if (x + length > width && x > 0) {
      rows.push([]);
      x = 0;
    }
    rows.at(-1).push({ ...entry, x });
    x += length;
  }
  const mark = () => {
    const group = svg('g', { 'aria-hidden': 'true', 'text-anchor': 'start' });
    rows.forEach((row, line) => {
      for (const { name, fill, x: at } of row) {
        const y = 4 + line * 20;
        group.append(
          svg('rect', { x: at, y, width: SWATCH, height: SWATCH, fill, stroke: 'var(--ink-soft)', 'stroke-width': 0.5 }),
          svg('text', { x: at + SWATCH + 6, y: y + SWATCH - 2, fill: INK }, name),
        );
      }
    });
    return group;
  };
  return { mark, height: rows.length * 20 + 6 };
}

let patterns = 0;

/** A hatching in a colour, as a mark that defines it and the fill that uses it. */
export function hatching(color) {
  const id = `hatching-${++patterns}`;
  const mark = () =>
    svg('defs', {},
      svg('pattern', { id, width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
        svg('rect', { width: 6, height: 6, fill: GROUND }),
        svg('rect', { width: 2.5, height: 6, fill: color })));
  return { mark, fill: `url(#${id})` };
}
