// What each transport costs the server: a bar a transport, with the range over the repetitions.

import * as Plot from '@observablehq/plot';
import { inUnit, tick } from './format.js';
import { GRID, INK, marginFor, nameOf, plot, roundNumbers, styleOf, ticksThatFit } from './theme.js';

const BAR = 26;
const GAP = 12;
const BOTTOM = 34;
const RIGHT = 76;

/** What an axis counts in, so that its numbers are round in their unit. */
const stepOf = (unit, most) => (unit !== 'size' ? 1 : most >= 1024 * 1024 ? 1024 * 1024 : most >= 1024 ? 1024 : 1);

export function costs(data, { width, unit }) {
  const bars = data.filter(({ median }) => median !== null);
  const most = Math.max(...bars.map(({ high }) => high)) || 1;
  const step = stepOf(unit, most);
  const left = marginFor(bars.map(({ transport }) => transport), 94);
  const ticks = roundNumbers([0, most / step], ticksThatFit(tick(unit, most), width - left - RIGHT)).map((n) => n * step);
  return plot({
    width, height: bars.length * (BAR + GAP) + GAP + BOTTOM, marginLeft: left, marginRight: RIGHT, marginTop: 0, marginBottom: BOTTOM,
    x: { domain: [0, most], label: null },
    y: { domain: bars.map(({ transport }) => transport), label: null, paddingInner: GAP / (BAR + GAP), paddingOuter: 0.3 },
    color: { type: 'identity' },
    opacity: { type: 'identity' },
    marks: [
      Plot.gridX(ticks, { stroke: GRID, strokeOpacity: 1 }),
      Plot.axisX(ticks, { text: (value) => tick(unit, value), tickSize: 0, label: null }),
      Plot.axisY({ tickSize: 0, tickFormat: nameOf, label: null, fontWeight: 600 }),
      Plot.barX(bars, { x1: 0, x2: 'median', y: 'transport', fill: ({ transport }) => styleOf(transport).color, fillOpacity: ({ transport }) => styleOf(transport).strength }),
      Plot.ruleY(bars, { x1: 'low', x2: 'high', y: 'transport', stroke: INK, strokeWidth: 1.5, marker: 'tick' }),
      Plot.text(bars, {
        x: 'high', y: 'transport', text: ({ median }) => inUnit(unit, median), textAnchor: 'start', dx: 8, fill: INK, fontWeight: 600,
      }),
      Plot.ruleX([0], { stroke: INK, strokeOpacity: 0.6 }),
    ],
  });
}
