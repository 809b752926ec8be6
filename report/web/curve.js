// A figure over the key that a sweep or a capacity search varied: a line a transport, hollow marks
// where a value does not count, and a limit across.

import * as Plot from '@observablehq/plot';
import { inUnit, tick } from './format.js';
import { GRID, INK, SOFT, axisFor, keptApart, marginFor, nameGap, nameOf, place, plot, roundNumbers, styleOf, ticksFor } from './theme.js';

const HEIGHT = 300;
const TOP = 16;
const BOTTOM = 52;
const CHARACTER = 6.8;

/** Those of the given ticks whose labels do not touch. */
function withRoom(ticks, x, width) {
  let free = -Infinity;
  return ticks.filter(({ x: at, text }) => {
    const half = (text.length * CHARACTER) / 2;
    const middle = place(x, at, width);
    if (middle - half < free) return false;
    free = middle + half + 8;
    return true;
  });
}

function marksOf({ transport, points }, unit) {
  const { color, dash, symbol } = styleOf(transport);
  return [
    Plot.line(points, { x: 'x', y: 'y', stroke: color, strokeWidth: 2.2, strokeDasharray: dash }),
    Plot.ruleX(points.filter(({ low, high }) => high > low), { x: 'x', y1: 'low', y2: 'high', stroke: color, strokeWidth: 1.5 }),
    Plot.dot(points, {
      x: 'x', y: 'y', symbol, r: 5, stroke: color, strokeWidth: 1.6, fill: ({ hollow }) => (hollow ? 'var(--ground)' : color),
      title: ({ y }) => `${transport}: ${inUnit(unit, y)}`,
    }),
  ];
}

function names(lines, y) {
  const height = HEIGHT - TOP - BOTTOM;
  const ends = lines.map(({ transport, points }) => ({ transport, ...points.at(-1) }));
  const wanted = ends.map((end) => height - place(y, end.y, height));
  const gap = nameGap(ends.map(({ transport }) => transport));
  const places = keptApart(wanted, gap, gap / 2 - 1, height - gap / 2 + 1);
  return ends.map((end, i) =>
    Plot.text([end], {
      x: 'x', y: 'y', text: ({ transport }) => nameOf(transport), textAnchor: 'start', dx: 10, dy: places[i] - wanted[i],
      fill: styleOf(end.transport).color, fontWeight: 600,
    }));
}

export function curve(data, { width, panel }) {
  const { unit, bound, lines: all } = data.panels[panel];
  const lines = all.filter(({ points }) => points.length > 0);
  const points = lines.flatMap((line) => line.points);
  const bounds = bound === null ? [] : [bound];
  const y = axisFor([...points.flatMap((p) => [p.y, p.low ?? p.y, p.high ?? p.y]), ...bounds]);
  const xs = points.map(({ x }) => x);
  const x = axisFor(xs);
  if (x.type === 'linear') x.domain = [Math.min(0, ...xs), Math.max(...xs)];
  const right = marginFor(lines.map(({ transport }) => transport), 96);
  const inner = width - 62 - right;
  const given = data.ticks.length > 0
    ? [...data.ticks].sort((a, b) => a.x - b.x)
    : (ticksFor(x) ?? roundNumbers(x.domain)).map((value) => ({ x: value, text: tick(data.x_unit, value) }));
  const ticks = withRoom(given, x, inner);
  return plot({
    width, height: HEIGHT, marginLeft: 62, marginRight: right, marginTop: TOP, marginBottom: BOTTOM,
    x: { ...x, label: null },
    y: { ...y, label: null },
    color: { type: 'identity' },
    marks: [
      Plot.gridX(ticks.map((t) => t.x), { stroke: GRID, strokeOpacity: 1 }),
      Plot.gridY({ ticks: ticksFor(y) ?? 6, stroke: GRID, strokeOpacity: 1 }),
      Plot.axisX(ticks.map((t) => t.x), { text: (at) => ticks.find((t) => t.x === at).text, tickSize: 4, label: data.x_label, labelAnchor: 'center', labelArrow: 'none', labelOffset: BOTTOM - 10 }),
      Plot.axisY({ ticks: ticksFor(y) ?? 6, text: (value) => tick(unit, value), tickSize: 0, label: null }),
      Plot.ruleY([y.domain[0]], { stroke: INK, strokeOpacity: 0.6 }),
      Plot.ruleY(bounds, { stroke: INK, strokeWidth: 2, strokeDasharray: '1 4' }),
      Plot.text(bounds, { x: x.domain[1], y: (value) => value, text: () => 'limit', textAnchor: 'start', dx: 6, fill: SOFT }),
      ...lines.flatMap((line) => marksOf(line, unit)),
      ...names(lines, y),
    ],
  });
}
