import type { Options, TransportName } from './connection.js';

/** One of the four, as a Subscriber drives it: connect() and disconnect() take turns. */
export interface ClientTransport {
  readonly name: TransportName;
  /** Subscribes to what comes after the subscriber's cursor. */
  connect(): void;
  /** Drops the subscription's connection, if there is one. Nobody hears of it. */
  disconnect(): void;
  /** Sends a draft, if its connection can: false says that it is to be posted. */
  carry?(json: string): boolean;
  /** The page is seen again, or the network is back. */
  onBack?(): void;
  tune?(options: Pick<Options, 'intervalMs' | 'holdS'>): void;
}
