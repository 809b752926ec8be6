// HTTP exchanges of a repetition, split into useful and empty.

import { count } from './format.js';
import { stackedBars } from './stacked_bars.js';
import { INK, hatching, styleOf } from './theme.js';

const OTHER = 'var(--line)';

export function exchanges(data, { width }) {
  const hatchings = data.map(({ transport }) => hatching(styleOf(transport).color));
  const sample = hatching(INK);
  const rows = data.map(({ transport, parts }, i) => {
    const looks = {
      useful: { fill: styleOf(transport).color, label: 'var(--ground)', halo: 'none' },
      empty: { fill: hatchings[i].fill, label: INK, halo: 'var(--ground)' },
      other: { fill: OTHER, label: INK, halo: 'none' },
    };
    return {
      transport,
      total: parts.reduce((sum, { value }) => sum + value, 0),
      parts: parts.map((part) => ({ ...part, ...looks[part.name] })),
    };
  });
  return stackedBars(rows, {
    width,
    unit: '',
    text: count,
    extra: [sample, ...hatchings].map(({ mark }) => mark),
    legendEntries: [
      { name: 'useful: brought messages', fill: INK },
      { name: 'empty: asked in vain', fill: sample.fill },
      { name: 'other: publishing, opening', fill: OTHER },
    ],
  });
}
