// Bytes per delivered message, stacked by layer from the payload outwards.

import { bytes as text } from './format.js';
import { stackedBars } from './stacked_bars.js';
import { INK } from './theme.js';

const DARK = '#1b1f24';
const LAYERS = {
  payload: { name: 'payload', fill: 'var(--layer-payload)', label: '#ffffff' },
  JSON: { name: 'JSON around it', fill: 'var(--layer-json)', label: DARK },
  heads: { name: 'HTTP heads', fill: 'var(--layer-heads)', label: DARK },
  frames: { name: 'frames', fill: 'var(--layer-frames)', label: DARK },
  TLS: { name: 'TLS', fill: 'var(--layer-tls)', label: DARK },
  'TCP/IP': { name: 'TCP/IP', fill: 'var(--layer-tcp)', label: INK },
};

export function bytes(data, { width }) {
  const rows = data.map(({ transport, parts }) => ({
    transport,
    total: parts.reduce((sum, { value }) => sum + value, 0),
    parts: parts.map((part) => ({ ...LAYERS[part.name], value: part.value, halo: 'none' })),
  }));
  return stackedBars(rows, {
    width,
    unit: 'bytes',
    text,
    legendEntries: data[0].parts.map(({ name }) => LAYERS[name]),
  });
}
