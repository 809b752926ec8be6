// What the wire view says of an event, and what it makes of all of them: plain functions of data.

const OPCODES = { 0: 'continuation', 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' };

/** What the header of a WebSocket frame says, from its hex digits (RFC 6455, section 5.2). */
export function frameHeader(hex) {
  const bytes = hex.split(' ').map((digits) => parseInt(digits, 16));
  const masked = bytes[1] >= 0x80;
  return {
    opcode: OPCODES[bytes[0] & 0x0f] ?? 'reserved',
    final: bytes[0] >= 0x80,
    compressed: (bytes[0] & 0x40) !== 0,
    mask: masked ? hex.split(' ').slice(-4).join(' ') : null,
  };
}

const requestLine = (head) => /^(\S+) (\S+)/.exec(head) ?? ['', '?', '?'];
const statusLine = (head) => /^HTTP\/\S+ (\d+) ?([^\r\n…]*)/.exec(head) ?? ['', '?', ''];
const statusOf = ({ head }) => Number(statusLine(head)[1]);

/** In a few words; a room's path is left out. */
export function labelOf({ kind, head, body_bytes: size }) {
  if (kind === 'request') {
    const [, method, target] = requestLine(head);
    return `${method} ${target.replace(/^\/rooms\/[^/?]+/, '…')}`;
  }
  if (kind === 'response') return statusLine(head).slice(1).join(' ').trim();
  if (kind === 'frame') return `${frameHeader(head).opcode} ${head}`;
  const id = /^id: ?(.*)$/m.exec(head);
  if (size > 0) return id ? `event ${id[1]}` : 'event';
  return /^retry: ?\d+/m.exec(head)?.[0] ?? (/^:/m.test(head) ? 'comment' : 'end of the stream');
}

const plural = (count, one) => `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;

/** "4 + 144 B": head and body. */
export const sizeOf = ({ head_bytes: head, body_bytes: body }) =>
  `${head.toLocaleString('en-US')} + ${body.toLocaleString('en-US')} B`;

/** Milliseconds from the stretch's start. */
export const timeOf = ({ at_us: us }) => (us / 1000).toFixed(1);

/** A whole sentence for those who do not see the picture. */
export function sentenceOf(event) {
  const { up, kind, head, head_bytes: around, body_bytes: body, connection } = event;
  let what = kind;
  if (kind === 'frame') {
    const { opcode, final, compressed, mask } = frameHeader(head);
    what = [`${opcode} frame`, ...(final ? [] : ['to be continued']), ...(compressed ? ['compressed'] : []),
      ...(mask ? ['masked'] : [])].join(', ');
  } else {
    what = `${kind} ${labelOf(event).replace(/^event ?/, '')}`.trim();
  }
  return `${timeOf(event)} ms, ${up ? 'user to server' : 'server to user'}: ${what}; `
    + `${plural(around, 'byte')} of head, ${plural(body, 'byte')} of body; connection ${connection}`;
}

const opensStream = (event) =>
  event.kind === 'response' && (statusOf(event) === 101 || /^content-type: *text\/event-stream/im.test(event.head));

/** What lasts: from a request to its answer ("wait"), or a stream that stays open ("open"). Of one
 *  that began before the stretch `began` is false, of one that goes on after it `ended` is false.
 *  `empty` are the numbers of the events of exchanges that brought nothing. */
export function lastingOf({ events, length_s: length }) {
  const lasting = [];
  const empty = new Set();
  const pending = new Map(); // by connection: the number of a request
  const open = new Map(); // by connection: since when
  const end = length * 1e6;
  events.forEach((event, i) => {
    const { connection, kind, at_us: at } = event;
    if (kind === 'request') {
      pending.set(connection, i);
    } else if (kind === 'response') {
      const request = pending.get(connection);
      pending.delete(connection);
      const from = request === undefined ? 0 : events[request].at_us;
      lasting.push({ kind: 'wait', connection, from, to: at, began: request !== undefined, ended: true });
      if (statusOf(event) === 204) [request, i].forEach((n) => n !== undefined && empty.add(n));
      if (opensStream(event)) open.set(connection, { from: at, began: true, socket: statusOf(event) === 101 });
    } else if (!open.has(connection)) {
      open.set(connection, { from: 0, began: false, socket: kind === 'frame' });
    }
  });
  for (const [connection, request] of pending) {
    lasting.push({ kind: 'wait', connection, from: events[request].at_us, to: end, began: true, ended: false });
  }
  for (const [connection, { from, began, socket }] of open) {
    lasting.push({ kind: 'open', connection, from, to: end, began, ended: false, socket });
  }
  return { lasting, empty };
}

/** In words, beside its bar. */
export function lastingText({ kind, from, to, began, ended, socket }) {
  if (kind === 'open') return socket ? 'the socket stays open' : 'the stream stays open';
  if (!began) return 'asked before';
  return ended ? `waits ${((to - from) / 1000).toFixed(0)} ms` : 'still waits';
}

/** "14 messages: 1,200 B up, 3,400 B down". */
export function totalsOf({ events, more }) {
  const sum = (up) => events.filter((e) => e.up === up).reduce((n, e) => n + e.head_bytes + e.body_bytes, 0);
  const bytes = (up) => `${sum(up).toLocaleString('en-US')} B ${up ? 'up' : 'down'}`;
  return `${more ? 'the first ' : ''}${events.length}: ${bytes(true)}, ${bytes(false)}`;
}

/** Puts all times of several views on one scale of pixels, in which no two events of a view are
 *  closer than `row`, and `scale` pixels a microsecond at least lie between any two moments.
 *  Gives the place of any moment, and of each view's events. */
export function scaleOf(views, { row, scale, top }) {
  const all = views.flatMap(({ events }, view) => events.map(({ at_us: at }, i) => ({ at, view, i })));
  all.sort((a, b) => a.at - b.at || a.view - b.view || a.i - b.i);
  const rows = views.map(({ events }) => new Array(events.length));
  const last = views.map(() => top - row);
  const knots = [{ at: 0, y: top }];
  for (const { at, view, i } of all) {
    const before = knots.at(-1);
    const y = Math.max(before.y + (at - before.at) * scale, last[view] + row);
    rows[view][i] = last[view] = y;
    knots.push({ at, y });
  }
  const place = (at) => {
    const next = knots.findIndex((knot) => knot.at >= at);
    if (next === -1) return knots.at(-1).y + (at - knots.at(-1).at) * scale;
    const b = knots[next];
    const a = knots[Math.max(next - 1, 0)];
    return b.at === a.at ? b.y : a.y + ((at - a.at) / (b.at - a.at)) * (b.y - a.y);
  };
  return { rows, place };
}
