import type { Connection, Listener, Options, TransportName } from './connection.js';
import { usualEnvironment } from './environment.js';
import type { Environment } from './environment.js';
import { LongPolling } from './long_polling.js';
import { Polling } from './polling.js';
import { Sse } from './sse.js';
import { Subscriber } from './subscriber.js';
import type { TransportMaker } from './subscriber.js';
import { WebSocketTransport } from './websocket.js';

const TRANSPORTS: Readonly<Record<TransportName, TransportMaker>> = {
  websocket: (subscriber) => new WebSocketTransport(subscriber),
  sse: (subscriber) => new Sse(subscriber),
  'long-polling': (subscriber) => new LongPolling(subscriber),
  polling: (subscriber) => new Polling(subscriber),
};

/**
 * Subscribes to a room, and begins once the caller has the connection in hand.
 *
 * With 'auto' a transport that something between breaks is replaced by the next one, for good, and
 * the cursor and the drafts go along. It counts as broken by these signs, and only while the server
 * answers GET /rooms/{room}: without that the network is away or the server is, and the transport
 * tries again.
 *
 * - WebSocket: the upgrade is refused, and the server says 426 to the same request without one (a
 *   proxy took the upgrade out): at once. It does not open: after 5 s. Two in a row break within 5
 *   s of opening and without a frame: as soon as they do. Two in a row do not bring what the room
 *   holds: 40 s each.
 * - Event stream: what comes is none, or it ends before it began: at once. Not a byte of it comes,
 *   though the server begins each with a line (a proxy gathers the answer): after 5 s. Two in a row
 *   fall silent, without an event or one of the server's comments: 75 s each.
 * - Long polling: two held requests in a row are cut, or answered 502 or 504, or not at all: after
 *   twice what the proxy lets them wait, 35 s each at the most.
 *
 * `environment` replaces parts of what is there: see environment.ts.
 */
export function connect(
  options: Options,
  listener: Listener,
  environment: Partial<Environment> = {},
): Connection {
  const { websocket, sse, polling } = TRANSPORTS;
  const { transport } = options;
  const chosen: [TransportMaker, ...TransportMaker[]] =
    transport === 'auto'
      ? [websocket, sse, TRANSPORTS['long-polling'], polling]
      : [TRANSPORTS[transport]];
  return new Subscriber(options, listener, { ...usualEnvironment(), ...environment }, chosen);
}
