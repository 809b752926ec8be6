// Delivery latency by percentile, on HdrHistogram's axis: each step to the right is half as many deliveries.

import * as Plot from '@observablehq/plot';
import { tick } from './format.js';
import { GRID, INK, axisFor, keptApart, marginFor, nameGap, nameOf, place, plot, styleOf, ticksFor } from './theme.js';

const AXIS = [50, 90, 99, 99.9, 99.99, 99.999, 0, 75, 95]; // the foremost first
const LEFT = 62;
const LABEL = 50; // pixels, of "99.99 %"
const MARKED = [50, 90, 99, 99.9, 99.99];
const HEIGHT = 400;
const TOP = 16;
const BOTTOM = 52;

const oneIn = (percent) => 1 / (1 - percent / 100);

const percentOf = (x) => AXIS.find((percent) => Math.abs(oneIn(percent) / x - 1) < 1e-9);

/** Those of the axis's percentiles that have room for their labels, up to one in `most`. */
function ticksFitting(most, length) {
  const at = (percent) => (Math.log(oneIn(percent)) / Math.log(most)) * length;
  const chosen = [];
  for (const percent of AXIS.filter((one) => oneIn(one) <= most * 1.01)) {
    if (chosen.every((other) => Math.abs(at(other) - at(percent)) >= LABEL)) chosen.push(percent);
  }
  return chosen.sort((a, b) => a - b);
}

/** An axis of microseconds has no place for 0. */
const shown = (us) => Math.max(us, 1);

function pointsOf(line) {
  return line.points.map(([percent, us, least, most]) => ({
    transport: line.transport, percent, x: oneIn(percent), us: shown(us), least: shown(least), most: shown(most),
  }));
}

function marksOf(points) {
  const { color, dash, symbol } = styleOf(points[0].transport);
  return [
    Plot.areaY(points, { x: 'x', y1: 'least', y2: 'most', fill: color, fillOpacity: 0.16, clip: true }),
    Plot.line(points, { x: 'x', y: 'us', stroke: color, strokeWidth: 2.2, strokeDasharray: dash, clip: true }),
    Plot.dot(points.filter(({ percent }) => MARKED.includes(percent)),
      { x: 'x', y: 'us', fill: color, symbol, r: 4.5, stroke: 'var(--ground)', strokeWidth: 0.8 }),
  ];
}

/** Each line's name at its end. */
function names(lines, y) {
  const height = HEIGHT - TOP - BOTTOM;
  const ends = lines.map((points) => points.at(-1));
  const wanted = ends.map((end) => height - place(y, end.us, height));
  const gap = nameGap(ends.map(({ transport }) => transport));
  const places = keptApart(wanted, gap, gap / 2 - 1, height - gap / 2 + 1);
  return ends.map((end, i) =>
    Plot.text([end], {
      x: 'x', y: 'us', text: ({ transport }) => nameOf(transport), textAnchor: 'start', dx: 9, dy: places[i] - wanted[i],
      fill: styleOf(end.transport).color, fontWeight: 600,
    }));
}

export function latencyPercentiles(data, { width }) {
  const lines = data.map(pointsOf).filter((points) => points.length > 0);
  const all = lines.flat();
  // The quickest tenth may leave the picture: it is far below, and nobody waits for it.
  const y = axisFor(all.filter(({ percent }) => percent >= 10).flatMap(({ us, least, most }) => [us, least, most]));
  const most = Math.max(2, ...all.map(({ x }) => x));
  const right = marginFor(lines.map(([{ transport }]) => transport), 92);
  const ticks = ticksFitting(most, width - LEFT - right);
  return plot({
    width, height: HEIGHT, marginLeft: LEFT, marginRight: right, marginTop: TOP, marginBottom: BOTTOM,
    x: { type: 'log', domain: [1, most], ticks: ticks.map(oneIn), label: null },
    y: { ...y, label: null },
    marks: [
      Plot.gridX(ticks.map(oneIn), { stroke: GRID, strokeOpacity: 1 }),
      Plot.gridY({ ticks: ticksFor(y), stroke: GRID, strokeOpacity: 1 }),
      Plot.axisX(ticks.map(oneIn), { text: (x) => `${percentOf(x)} %`, label: 'share of deliveries that took no longer', labelAnchor: 'center', labelArrow: 'none', labelOffset: BOTTOM - 10, tickSize: 4 }),
      Plot.axisY({ ticks: ticksFor(y), text: (us) => tick('us', us), label: null, tickSize: 0 }),
      Plot.ruleY([y.domain[0]], { stroke: INK, strokeOpacity: 0.6 }),
      ...lines.flatMap(marksOf),
      ...names(lines, y),
    ],
  });
}
