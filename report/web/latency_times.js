// Delivery latency over the measured time: a strip a transport, all on one scale, each with the
// median, the 99th percentile and the slowest delivery of every second.

import * as Plot from '@observablehq/plot';
import { tick } from './format.js';
import { GRID, INK, SOFT, axisFor, isNarrow, keptApart, place, plot, styleOf, ticksFor } from './theme.js';

const STRIP = 118;
const HEAD = 30; // the transport's name, above its strip
const TOP = 2;
const BOTTOM = 44;
const FIGURES = ['p50', 'p99', 'max'];

const shown = (us) => (us === null ? null : Math.max(us, 1));

/** A stretch in which nothing was delivered has no figures, and no line leads over it. */
function pointsOf(line) {
  const points = [];
  for (const [start, length, p50, p99, max] of line.points) {
    const point = { transport: line.transport, to: start + length, x: start + length / 2 };
    const last = points.at(-1)?.to ?? 0;
    if (start > last) points.push({ ...point, to: start, x: (last + start) / 2, p50: null, p99: null, max: null });
    points.push({ ...point, p50: shown(p50), p99: shown(p99), max: shown(max) });
  }
  return points;
}

const has = (figure) => (point) => point[figure] !== null;

function marksOf(points) {
  const { transport } = points[0];
  const { color, symbol } = styleOf(transport);
  const strip = { x: 'x', fy: () => transport };
  return [
    Plot.line(points, { ...strip, y: 'p50', stroke: color, strokeWidth: 2.4 }),
    Plot.line(points, { ...strip, y: 'p99', stroke: color, strokeWidth: 1.6, strokeDasharray: '5 3' }),
    Plot.dot(points.filter(has('max')), { ...strip, y: 'max', stroke: color, fill: 'var(--ground)', symbol, r: 3.2 }),
    // A value between two without one is no line.
    Plot.dot(points.filter(has('p50')), { ...strip, y: 'p50', fill: color, r: 1.6 }),
    Plot.dot(points.filter(has('p99')), { ...strip, y: 'p99', fill: color, r: 1.3 }),
  ];
}

/** The three figures' names at the right end of a strip. */
function names(points, y) {
  const ends = FIGURES.map((figure) => ({ figure, point: points.findLast(has(figure)) })).filter(({ point }) => point);
  const wanted = ends.map(({ figure, point }) => STRIP - place(y, point[figure], STRIP));
  const places = keptApart(wanted, 13, 4, STRIP - 4);
  return ends.map(({ figure, point }, i) =>
    Plot.text([point], {
      x: points.at(-1).to, y: figure, fy: () => point.transport, text: () => figure, textAnchor: 'start', dx: 8,
      dy: places[i] - wanted[i], fill: SOFT,
    }));
}

export function latencyTimes(data, { width }) {
  const lines = data.map(pointsOf).filter((points) => points.length > 0);
  const all = lines.flat();
  const y = axisFor(all.flatMap(({ p50, p99, max }) => [p50, p99, max].filter((us) => us !== null)));
  const end = Math.max(...all.map(({ to }) => to));
  const transports = lines.map(([{ transport }]) => transport);
  const height = TOP + transports.length * (HEAD + STRIP) + BOTTOM;
  return plot({
    width, height, marginLeft: 62, marginRight: 44, marginTop: TOP, marginBottom: BOTTOM,
    fy: { domain: transports, axis: null, padding: 0, label: null },
    x: { domain: [0, end], label: null, nice: false },
    y: { ...y, label: null, range: [TOP + HEAD + STRIP, TOP + HEAD] },
    marks: [
      Plot.gridX({ stroke: GRID, strokeOpacity: 1, insetTop: HEAD }),
      Plot.gridY({ ticks: ticksFor(y, 5) ?? 4, stroke: GRID, strokeOpacity: 1 }),
      Plot.axisY({ ticks: ticksFor(y, 5) ?? 4, text: (us) => tick('us', us), tickSize: 0, label: null }),
      Plot.axisX({ ticks: isNarrow(width) ? 5 : 10, text: (s) => `${s} s`, tickSize: 4, label: 'time since the start of what is measured', labelAnchor: 'center', labelArrow: 'none', labelOffset: BOTTOM - 10 }),
      Plot.text(transports, {
        fy: (name) => name, text: (name) => name, frameAnchor: 'top-left', dy: 8, textAnchor: 'start', lineAnchor: 'top',
        fill: (name) => styleOf(name).color, fontWeight: 600, fontSize: 13,
      }),
      Plot.ruleX([0], { stroke: INK, strokeOpacity: 0.5, insetTop: HEAD }),
      ...lines.flatMap(marksOf),
      ...lines.flatMap((points) => names(points, y)),
    ],
  });
}
