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

// A target's rooms are named after the moment, since it may have had others.
const TARGETS_ROOM = /\/[0-9a-z]{8}-\d+(?=[/?]|$)/;

/** In a few words; a room's path is left out. */
export function labelOf({ kind, head, body_bytes: size }) {
  if (kind === 'request') {
    const [, method, target] = requestLine(head);
    return `${method} ${target.replace(/^\/rooms\/[^/?]+/, '…').replace(TARGETS_ROOM, '/…')}`;
  }
  if (kind === 'response') return statusLine(head).slice(1).join(' ').trim();
  if (kind === 'frame') return `${frameHeader(head).opcode} frame ${head}`;
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

/** What lasts: from a request to its answer ("wait"), or a stream that stays open ("open"). `from`
 *  and `to` are the numbers of events; none where it began before the stretch, or goes on after it.
 *  `empty` has the numbers of the events of exchanges that brought nothing. */
export function lastingOf({ events }) {
  const lasting = [];
  const empty = new Set();
  const pending = new Map(); // by connection: a request
  const open = new Map(); // by connection
  events.forEach((event, i) => {
    const { connection, kind } = event;
    if (kind === 'request') {
      pending.set(connection, i);
    } else if (kind === 'response') {
      const from = pending.get(connection);
      pending.delete(connection);
      const us = from === undefined ? undefined : event.at_us - events[from].at_us;
      lasting.push({ kind: 'wait', connection, from, to: i, us });
      if (statusOf(event) === 204) [from, i].forEach((n) => n !== undefined && empty.add(n));
      if (opensStream(event)) open.set(connection, { from: i, socket: statusOf(event) === 101 });
    } else if (!open.has(connection)) {
      open.set(connection, { socket: kind === 'frame' });
    }
  });
  for (const [connection, from] of pending) lasting.push({ kind: 'wait', connection, from });
  for (const [connection, opened] of open) lasting.push({ kind: 'open', connection, ...opened });
  return { lasting, empty };
}

/** In words, beside its bar. */
export function lastingText({ kind, from, to, us, socket }) {
  if (kind === 'open') return socket ? 'the socket stays open' : 'the stream stays open';
  if (from === undefined) return 'asked before';
  return to === undefined ? 'still waits' : `waits ${(us / 1000).toFixed(us < 9950 ? 1 : 0)} ms`;
}

/** "14 in all: 1,200 B up, 3,400 B down". */
export function totalsOf({ events }) {
  const sum = (up) => events.filter((e) => e.up === up).reduce((n, e) => n + e.head_bytes + e.body_bytes, 0);
  const bytes = (up) => `${sum(up).toLocaleString('en-US')} B ${up ? 'up' : 'down'}`;
  return `${events.length} in all: ${bytes(true)}, ${bytes(false)}`;
}
