// Each measured figure divided by theory's: 1 is as foretold. A group a figure, a row a transport.

import * as Plot from '@observablehq/plot';
import { GRID, INK, SOFT, plot, styleOf } from './theme.js';

const ROW = 17;
const HEAD = 24; // a group's name
const BOTTOM = 44;
const CHARACTER = 6.8; // of 12 px system fonts, about

const LABELS = {
  'delivery_latency.mean': 'latency, mean',
  'delivery_latency.p50': 'latency, median',
  'delivery_latency.p90': 'latency, 90th percentile',
  'delivery_latency.p99': 'latency, 99th percentile',
  'delivery_latency.max': 'latency, maximum',
  'exchanges.empty_share': 'share of empty exchanges',
  exchanges_per_message: 'exchanges per message',
  application_bytes: 'application bytes per message',
  network_bytes: 'network bytes per message',
};

function differenceText(ratio) {
  const percent = (ratio - 1) * 100;
  if (Math.abs(percent) < 0.05) return '0 %';
  if (percent >= 1000) return `${Number(ratio.toPrecision(3))} times`;
  return `${percent > 0 ? '+' : '\u2212'}${Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`;
}

function rowsOf(data) {
  const rows = [];
  let y = 0;
  let before;
  for (const point of data) {
    if (!(point.theory > 0) || !(point.measured > 0)) continue;
    if (point.metric !== before) {
      y += before === undefined ? HEAD : HEAD + 6;
      before = point.metric;
    }
    const by = (value) => Math.max(value, point.theory / 1e6) / point.theory;
    rows.push({ ...point, y, ratio: by(point.measured), least: by(point.low), most: by(point.high) });
    y += ROW;
  }
  return rows;
}

export function theory(data, { width }) {
  const rows = rowsOf(data);
  const heads = rows.filter((row, i) => i === 0 || rows[i - 1].metric !== row.metric);
  const height = (rows.at(-1)?.y ?? 0) + ROW + BOTTOM;
  const low = Math.min(0.8, ...rows.map(({ least }) => least)) / 1.08;
  const high = Math.max(1.25, ...rows.map(({ most }) => most)) * 1.08;
  const ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.8, 1, 1.25, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
    .filter((tick) => tick >= low && tick <= high)
    .filter((tick) => high / low < 4 || ![0.8, 1.25].includes(tick));
  const longest = Math.max(0, ...rows.map(({ transport }) => transport.length));
  const left = Math.max(94, longest * CHARACTER + 12);
  const perTransport = (marks) => [...new Set(rows.map(({ transport }) => transport))].flatMap((transport) =>
    marks(rows.filter((row) => row.transport === transport), styleOf(transport)));
  return plot({
    width, height, marginLeft: left, marginRight: 66, marginTop: 0, marginBottom: BOTTOM,
    x: { type: 'log', domain: [low, high], label: null },
    y: { type: 'linear', domain: [0, height - BOTTOM], range: [0, height - BOTTOM], label: null, axis: null },
    marks: [
      Plot.ruleX(ticks, { stroke: GRID }),
      Plot.axisX(ticks, { text: (value) => String(value), tickSize: 0, label: 'measured \u00f7 theory', labelAnchor: 'center', labelArrow: 'none', labelOffset: BOTTOM - 10 }),
      Plot.ruleX([1], { stroke: INK, strokeWidth: 1.5 }),
      Plot.text(heads, {
        x: low, y: ({ y }) => y - HEAD + ROW / 2 + 2, text: ({ metric }) => LABELS[metric] ?? metric, textAnchor: 'start',
        dx: -left, fill: INK, fontWeight: 600, stroke: 'var(--ground)', strokeWidth: 4,
      }),
      Plot.text(rows, { x: low, y: ({ y }) => y + ROW / 2, text: 'transport', textAnchor: 'end', dx: -7, fill: SOFT }),
      Plot.text(rows, { x: high, y: ({ y }) => y + ROW / 2, text: ({ ratio }) => differenceText(ratio), textAnchor: 'start', dx: 7, fill: SOFT }),
      ...perTransport((own, { color, symbol }) => [
        Plot.ruleY(own, { y: ({ y }) => y + ROW / 2, x1: ({ ratio }) => Math.min(1, ratio), x2: ({ ratio }) => Math.max(1, ratio), stroke: color, strokeOpacity: 0.35, strokeWidth: 2 }),
        Plot.ruleY(own, { y: ({ y }) => y + ROW / 2, x1: 'least', x2: 'most', stroke: color, strokeWidth: 2 }),
        Plot.dot(own, { x: 'ratio', y: ({ y }) => y + ROW / 2, fill: color, symbol, r: 4.5, stroke: 'var(--ground)', strokeWidth: 0.8 }),
      ]),
    ],
  });
}
