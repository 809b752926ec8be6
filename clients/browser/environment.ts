// What the library takes from where it runs. A test may put something else in its place.

/** How long the library waits until it takes something for lost or for broken, in ms. */
export interface Limits {
  readonly answer: number; // for the answer to a poll, a publish or a check
  readonly overdue: number; // for that to a long poll, past its hold
  // For a WebSocket to open, and for an event stream's first bytes, if there is one to fall back to.
  readonly opening: number;
  readonly silence: number; // for anything on an event stream: three of the server's comments
  readonly quiet: number; // from a WebSocket's last frame until the room is checked
  readonly arrival: number; // for what a check found in the room, and for a draft's echo, to come
}

export const LIMITS: Limits = {
  answer: 30_000,
  overdue: 10_000,
  opening: 5_000,
  silence: 75_000,
  quiet: 25_000,
  arrival: 15_000, // a server gathers batches for up to ten seconds (serve --batch-window)
};

export type WebSocketMaker = new (url: string, protocols?: string[]) => WebSocket;

export interface Environment {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly WebSocket: WebSocketMaker | undefined; // Node has none before 22
  readonly random: () => number; // 0 to 1, for back-off
  readonly limits: Limits;
}

/** A browser's, or Node's. */
export function usualEnvironment(): Environment {
  return {
    fetch: (url, init) => fetch(url, init),
    WebSocket: globalThis.WebSocket,
    random: Math.random,
    limits: LIMITS,
  };
}

/**
 * A draft's id. crypto.randomUUID is there in secure contexts only, which a page from http and
 * another host than localhost is not; crypto itself is missing in Node 18.
 */
export function randomId(): string {
  const { crypto } = globalThis as { crypto?: Partial<Crypto> };
  if (crypto?.randomUUID) return crypto.randomUUID();
  const bytes = new Uint8Array(16);
  if (crypto?.getRandomValues) crypto.getRandomValues(bytes);
  else bytes.forEach((_, i) => (bytes[i] = Math.random() * 256));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
