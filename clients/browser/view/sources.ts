import type { MeterTexts } from '../shared/texts.js';
import type { Tally } from './tally.js';

/** Says of one or more connections who said how long things were. */
export function showSources(
  line: HTMLElement,
  all: readonly Tally['sources'][],
  texts: MeterTexts,
): void {
  const sum = (source: keyof Tally['sources']): number =>
    all.reduce((count, sources) => count + sources[source], 0);
  const words = [
    ['resource-timing', texts.byTiming],
    ['byte-model', texts.byModel],
    ['frames', texts.byFrames],
  ] as const;
  const said = words.filter(([source]) => sum(source) > 0).map(([source, say]) => say(sum(source)));
  line.textContent = said.length > 0 ? `${texts.source}: ${said.join('; ')}.` : '';
}
