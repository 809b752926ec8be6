// One user's second on the wire: a sequence diagram for each transport, side by side where there is
// room, with the same scale of time and of bytes. Each arrow is a request, response, event or frame;
// the bar on it is its bytes, head and body told apart.

import { GRID, GROUND, INK, SOFT, hatching, legend, styleOf, svg } from './theme.js';
import { Tip } from './wire_text.js';
import { scaleOf } from './wire_scale.js';
import { labelOf, lastingOf, lastingText, sentenceOf, sizeOf, timeOf, totalsOf } from './wire_words.js';

const ROW = 28; // from arrow to arrow
const HEIGHT = 400; // of all the time, and more where arrows stand close
const GAP = 28; // between columns
const GUTTER = 42; // of times
const LANE = 8; // of what lasts, along the server's line
const HEADING = 66;
const CHARACTER = 6.1; // of 11 px system fonts, about
const HEADS = 'var(--layer-heads)';
const BODIES = 'var(--layer-payload)';
const WAITS = 'var(--line)';

const columnsFor = (width) => (width >= 960 ? 4 : width >= 560 ? 2 : 1);

/** As much of a text as fits. */
function fit(text, width) {
  const most = Math.max(Math.floor(width / CHARACTER), 3);
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

const text = (x, y, words, attributes = {}) => svg('text', { x, y, fill: INK, ...attributes }, words);

/** One transport's diagram in a column. */
class Diagram {
  constructor(view, rows, edges, { width, bodies, longest }) {
    Object.assign(this, { view, rows, edges, width, bodies });
    Object.assign(this, lastingOf(view));
    this.lanes = [...new Set(this.lasting.map(({ connection }) => connection))];
    // Connections that follow one another share a lane: no more than three are told apart.
    this.laneOf = (connection) => this.lanes.indexOf(connection) % 3;
    this.user = GUTTER + 6;
    this.server = width - 8 - LANE * Math.max(Math.min(this.lanes.length, 3) - 1, 0);
    this.room = this.server - this.user;
    this.perByte = (this.room * 0.8) / longest;
  }

  draw(arrowOf) {
    return [this.grid(), this.heading(), this.lifelines(), ...this.lasting.map((one) => this.bar(one)),
      ...this.view.events.map((event, i) => arrowOf(event, this.arrow(event, i)))];
  }

  heading() {
    const { transport, user, events } = this.view;
    return svg('g', {},
      text(0, 14, transport, { fill: styleOf(transport).color, 'font-weight': 700, 'font-size': 14 }),
      text(0, 31, events.length === 0 ? 'nothing passed' : totalsOf(this.view), { fill: SOFT, 'font-size': 11 }),
      text(0, HEADING - 12, 'ms', { fill: SOFT, 'font-size': 10 }),
      text(this.user, HEADING - 12, user, { 'text-anchor': 'middle', 'font-weight': 600 }),
      text(this.width, HEADING - 12, 'server', { 'text-anchor': 'end', 'font-weight': 600 }));
  }

  /** The same moments in all diagrams. */
  grid() {
    return svg('path', {
      d: this.edges.map(({ y }) => `M${this.user} ${y}H${this.server}`).join(''),
      stroke: GRID, 'stroke-width': 1, fill: 'none',
    });
  }

  lifelines() {
    const way = `${HEADING - 4}V${this.edges.at(-1).y + 6}`;
    return svg('path', {
      d: `M${this.user} ${way}M${this.server} ${way}`,
      stroke: SOFT, 'stroke-width': 1, fill: 'none', opacity: 0.7,
    });
  }

  /** What lasts, along the server's line; in words where no arrow is in the way. */
  bar(one) {
    const from = this.rows[one.from] ?? this.edges[0].y;
    const to = this.rows[one.to] ?? this.edges.at(-1).y;
    const x = this.server + this.laneOf(one.connection) * LANE;
    const group = svg('g', {},
      svg('rect', {
        x: x - 3, y: from, width: 6, height: Math.max(to - from, 1), fill: one.kind === 'open' ? GROUND : WAITS,
        stroke: SOFT, 'stroke-width': 1, 'stroke-dasharray': one.kind === 'open' ? '3 3' : 'none',
      }));
    const free = this.freePlace(from, to);
    if (free !== undefined) {
      group.append(text(this.server - 9, free, fit(lastingText(one), this.room - 20),
        { 'text-anchor': 'end', 'font-size': 10.5, 'font-style': 'italic', fill: SOFT }));
    }
    return group;
  }

  /** In the first stretch without an arrow, where no other words are. */
  freePlace(from, to) {
    this.taken ??= [];
    const edges = [from, ...this.rows.filter((y) => y > from && y < to), to];
    for (let i = 0; i + 1 < edges.length; ++i) {
      // An arrow's own words stand above it.
      const next = this.rows.includes(edges[i + 1]) ? edges[i + 1] - 16 : edges[i + 1];
      if (next - edges[i] < 26) continue;
      const y = edges[i] + Math.min((next - edges[i]) / 2, 30) + 4;
      if (this.taken.some((other) => Math.abs(other - y) < 14)) continue;
      this.taken.push(y);
      return y;
    }
    return undefined;
  }

  arrow(event, i) {
    const y = this.rows[i];
    const [start, end, way] = event.up ? [this.user, this.server, 1] : [this.server, this.user, -1];
    const head = event.head_bytes > 0 ? Math.max(event.head_bytes * this.perByte, 2) : 0;
    const body = event.body_bytes > 0 ? Math.max(event.body_bytes * this.perByte, 2) : 0;
    const bar = (from, length, fill, stroke) => svg('rect', {
      x: way > 0 ? from : from - length, y: y - 4, width: length, height: 8, fill, stroke, 'stroke-width': 0.8,
    });
    const size = sizeOf(event);
    const room = this.room - 18 - (size.length + 1) * CHARACTER;
    return svg('g', this.empty.has(i) ? { opacity: 0.5 } : {},
      svg('rect', { x: 0, y: y - 19, width: this.width, height: ROW - 2, rx: 3, class: 'wire-row' }),
      svg('path', { d: `M${start} ${y}H${end - 4 * way}`, stroke: INK, 'stroke-width': 1.2 }),
      svg('path', { d: `M${end} ${y}l${-7 * way} -4v8z`, fill: INK }),
      bar(start + 3 * way, head, HEADS, HEADS),
      bar(start + (3 + head) * way, body, this.bodies, BODIES),
      text(GUTTER - 6, y + 4, timeOf(event), { 'text-anchor': 'end', 'font-size': 10, fill: SOFT }),
      text(this.user + 7, y - 7.5, fit(labelOf(event), room), { 'font-size': 11 }),
      text(this.server - 9, y - 7.5, size, { 'text-anchor': 'end', 'font-size': 11, fill: SOFT }));
  }
}

/** Arrows can be pointed at, and walked through with the arrow keys: one tab stop for all of them. */
function makeWalkable(arrows, tip) {
  const focus = (i) => arrows[Math.min(Math.max(i, 0), arrows.length - 1)].element.focus();
  arrows.forEach(({ event, element }, i) => {
    element.setAttribute('tabindex', i === 0 ? 0 : -1);
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', sentenceOf(event));
    element.classList.add('wire-arrow');
    const show = () => tip.show(event, element);
    const hide = () => tip.hide();
    element.addEventListener('mouseenter', show);
    element.addEventListener('mouseleave', hide);
    element.addEventListener('focus', show);
    element.addEventListener('blur', hide);
    element.addEventListener('click', show);
    element.addEventListener('keydown', (pressed) => {
      const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: arrows.length - 1 }[pressed.key];
      if (to === undefined) return;
      pressed.preventDefault();
      focus(to);
    });
  });
}

/** The diagrams of one line of columns, at their place, and how high they are. */
function drawLine(views, shared, arrowOf) {
  const { edges, rows } = scaleOf(views, { row: ROW, height: HEIGHT, top: HEADING });
  const bottom = edges.at(-1).y + 6;
  const groups = views.map((view, i) =>
    svg('g', { transform: `translate(${i * (shared.width + GAP)} 0)` },
      ...new Diagram(view, rows[i], edges, shared).draw(arrowOf)));
  return { groups, height: bottom + 26 };
}

/** What wireView draws of a result: each transport's view, up to the moment to which all have all. */
export function viewsOf({ transports }, until) {
  return transports.filter(({ wire }) => wire).map(({ name, wire }) => ({
    ...wire, transport: name, length_s: until / 1e6, events: wire.events.filter(({ at_us: at }) => at < until),
  }));
}

/** Of viewsOf(). */
export function wireView(data, { width }) {
  const columns = Math.min(columnsFor(width), data.length);
  const hatched = hatching(BODIES);
  const key = legend([{ name: 'head or frame header', fill: HEADS }, { name: 'body', fill: hatched.fill }], width);
  const longest = Math.max(1, ...data.flatMap(({ events }) => events.map((e) => e.head_bytes + e.body_bytes)));
  const shared = { width: (width - GAP * (columns - 1)) / columns, bodies: hatched.fill, longest };
  const arrows = [];
  const keep = (event, element) => {
    arrows.push({ event, element });
    return element;
  };
  const picture = svg('svg', {
    class: 'picture wire', role: 'group', 'font-family': 'system-ui, sans-serif', 'font-size': 12,
  }, hatched.mark(), key.mark());
  let y = key.height + 10;
  for (let i = 0; i < data.length; i += columns) {
    const { groups, height } = drawLine(data.slice(i, i + columns), shared, keep);
    picture.append(svg('g', { transform: `translate(0 ${y})` }, ...groups));
    y += height;
  }
  picture.setAttribute('viewBox', `0 0 ${width} ${Math.ceil(y)}`);
  picture.setAttribute('width', width);
  picture.setAttribute('height', Math.ceil(y));
  if (arrows.length > 0) makeWalkable(arrows, new Tip());
  return picture;
}
