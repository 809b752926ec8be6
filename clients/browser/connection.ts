// What a page has of a transport: one interface for all of them, and what they tell while they work.

/** As in files, flags and results. */
export type TransportName = 'polling' | 'long-polling' | 'sse' | 'websocket';

/** One entry of a room. */
export interface Message {
  readonly seq: number; // 1, 2, 3, … in its room
  readonly from: string;
  readonly text: string;
  readonly id?: string; // if its publisher gave one
  readonly at: number; // by the server's clock, ms since 1970
}

/** Messages that the server can no longer give, in their place. */
export interface Gap {
  readonly reason: 'expired' | 'restarted';
  readonly after: number; // the seq that was asked for
  readonly oldest: number; // of what the room holds
  readonly last: number;
  readonly epoch: string;
}

/** A place in a room: the last seq that one has, and the epoch of the store that gave it. */
export interface Cursor {
  readonly epoch: string; // '': not known yet
  readonly seq: number; // 0: nothing yet
}

export type State =
  | { readonly is: 'connecting' } // or it finds out whether its transport is broken
  | { readonly is: 'connected'; readonly transport: TransportName }
  | { readonly is: 'retrying'; readonly inMs: number; readonly reason: string }
  | { readonly is: 'failed'; readonly reason: string } // trying again does not help
  | { readonly is: 'left' };

/** Bytes of one direction, HTTP's heads and frame headers told apart from what they carry. */
export interface Size {
  readonly head: number;
  readonly body: number;
}

/** Who says how long a head was: the browser (Resource Timing), or the byte model (byte_model.ts). */
export type SizeSource = 'resource-timing' | 'byte-model';

/**
 * What a request is for. A check asks what the room holds, GET /rooms/{room}: it belongs to no
 * transport, and the server's counts by transport leave it out.
 */
export type Purpose = 'poll' | 'long-poll' | 'events' | 'socket' | 'publish' | 'check';

/**
 * What happens on the wire, as far as a page can see it. `at` is performance.now(); an exchange's two
 * halves have the same number.
 */
export type WireEvent =
  | { readonly is: 'request'; readonly at: number; readonly exchange: number; readonly purpose: Purpose;
      readonly head: string; readonly body: string }
  // The whole answer to a poll, long poll or publish; the head of one that opens a stream or a socket.
  | { readonly is: 'answer'; readonly at: number; readonly exchange: number; readonly purpose: Purpose;
      readonly status: number; // 0: none came
      readonly head: string; readonly body: string;
      readonly messages: number; // 0 for a poll: an empty exchange
      readonly up: Size; readonly down: Size; readonly source: SizeSource }
  // One event of an event stream.
  | { readonly is: 'event'; readonly at: number; readonly exchange: number; readonly head: string;
      readonly body: string; readonly messages: number; readonly down: Size; readonly source: SizeSource }
  // One WebSocket frame; `header` are its bytes (RFC 6455 §5.2), with a mask of zeros where it goes up,
  // since a browser does not show the one it drew.
  | { readonly is: 'frame'; readonly at: number; readonly exchange: number; readonly direction: 'up' | 'down';
      readonly header: Uint8Array; readonly body: string; readonly messages: number; readonly size: Size };

/**
 * Hears what happens to one connection, from the turn after connect() on. leave() tells how the
 * requests end that are under way, then the state 'left', and nothing is called after it.
 */
export interface Listener {
  onMessages(messages: readonly Message[]): void; // in order, each exactly once
  onGap(gap: Gap): void;
  onState(state: State): void;
  onWire?(event: WireEvent): void;
}

export interface Options {
  readonly transport: TransportName | 'auto'; // auto: WebSocket, else SSE, else long polling, else polling
  readonly room: string;
  readonly after?: Cursor; // absent: all that the room retains
  readonly server?: string; // 'http://127.0.0.1:8080'; absent: where the page came from
  readonly token?: string; // of a server with --token-file
  readonly intervalMs?: number; // polling: from one poll to the next; 1,000
  readonly holdS?: number; // long polling: what the server is asked to wait; 25
}

/** One subscriber of a room, which may publish to it as well. It replaces a lost connection by itself. */
export interface Connection {
  readonly cursor: Cursor; // what it has
  /**
   * Sends a draft until the server has it; by `from` and `id` the server knows it again. Its seq.
   * Rejects where the server refuses the draft, and where the connection fails or is left before.
   */
  publish(from: string, text: string, id?: string): Promise<number>;
  /** Polling: from now on. Long polling: from the next request on. */
  tune(options: { intervalMs?: number; holdS?: number }): void;
  leave(): void;
}
