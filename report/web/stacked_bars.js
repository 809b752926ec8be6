// A bar a transport whose parts add up to a whole, each part named in a legend and, where there is
// room, by its figure.

import * as Plot from '@observablehq/plot';
import { tick } from './format.js';
import { GRID, INK, legend, marginFor, nameOf, plot, ticksThatFit } from './theme.js';

const BAR = 34;
const GAP = 14;
const BOTTOM = 34;
const CHARACTER = 6.6;

/** `rows`: {transport, parts: [{name, value, fill, label}], total}. `extra`: marks of definitions. */
export function stackedBars(rows, { width, legendEntries, unit, text, extra = [] }) {
  const left = marginFor(rows.map(({ transport }) => transport), 94);
  const right = 66;
  const most = Math.max(...rows.map(({ total }) => total)) || 1;
  const { mark, height: top } = legend(legendEntries, width);
  const ticks = ticksThatFit(tick(unit, most), width - left - right);
  const pixels = (width - left - right) / most;
  const parts = rows.flatMap(({ transport, parts: all }) => {
    let from = 0;
    return all.map((part) => {
      const x1 = from;
      from += part.value;
      return { ...part, transport, x1, x2: from };
    });
  }).filter(({ value }) => value > 0);
  const roomy = parts.filter(({ value }) => value * pixels > text(value).length * CHARACTER + 8);
  return plot({
    width, height: top + rows.length * (BAR + GAP) + GAP + BOTTOM,
    marginLeft: left, marginRight: right, marginTop: top, marginBottom: BOTTOM,
    x: { domain: [0, most], label: null },
    y: { domain: rows.map(({ transport }) => transport), label: null, paddingInner: GAP / (BAR + GAP), paddingOuter: 0.3 },
    color: { type: 'identity' },
    marks: [
      mark,
      ...extra,
      Plot.gridX({ stroke: GRID, strokeOpacity: 1, ticks }),
      Plot.axisX({ ticks, text: (value) => tick(unit, value), tickSize: 0, label: null }),
      Plot.axisY({ tickSize: 0, tickFormat: nameOf, label: null, fontWeight: 600 }),
      Plot.barX(parts, { x1: 'x1', x2: 'x2', y: 'transport', fill: 'fill', stroke: 'var(--ground)', strokeWidth: 1 }),
      Plot.text(roomy, {
        x: ({ x1, x2 }) => (x1 + x2) / 2, y: 'transport', text: ({ value }) => text(value), fill: 'label',
        stroke: 'halo', strokeWidth: 6, paintOrder: 'stroke',
      }),
      Plot.text(rows, {
        x: 'total', y: 'transport', text: ({ total }) => text(total), textAnchor: 'start', dx: 7, fill: INK, fontWeight: 600,
      }),
      Plot.ruleX([0], { stroke: INK, strokeOpacity: 0.6 }),
    ],
  });
}
