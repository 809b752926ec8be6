// Where the wire view puts moments: one scale of time for several diagrams, stretched where many arrows
// stand close. Time is cut into slices that have the same place in all diagrams; within one each
// diagram keeps its own arrows apart.

import { keptApart } from './theme.js';

const SLICES = 20;

/** `views` are the diagrams; rows are `row` pixels high at least, and all of it `height`. Gives the slices'
 *  edges, and the places of each view's events. */
export function scaleOf(views, { row, height: whole, top }) {
  const length = Math.max(...views.map(({ length_s: s }) => s)) * 1e6;
  const slice = length / SLICES;
  const sliceOf = ({ at_us: at }) => Math.min(Math.floor(at / slice), SLICES - 1);
  const members = views.map(({ events }) => {
    const slices = Array.from({ length: SLICES }, () => []);
    events.forEach((event, i) => slices[sliceOf(event)].push(i));
    return slices;
  });
  const edges = [{ at: 0, y: top }];
  for (let i = 0; i < SLICES; ++i) {
    const most = Math.max(...members.map((slices) => slices[i].length));
    const height = Math.max(whole / SLICES, most * row);
    edges.push({ at: slice * (i + 1), y: edges[i].y + height });
  }
  const rows = views.map(({ events }, view) =>
    members[view].flatMap((numbers, i) => {
      const [begin, end] = [edges[i], edges[i + 1]];
      const part = (at) => (at - begin.at) / (end.at - begin.at);
      const wanted = numbers.map((n) => begin.y + part(events[n].at_us) * (end.y - begin.y));
      return keptApart(wanted, row, begin.y + row - 8, end.y - 8);
    }));
  return { edges, rows };
}
