import type { TransportName } from '../connection.js';

/** All of them, in the order in which pages name them. */
export const TRANSPORTS: readonly TransportName[] = ['polling', 'long-polling', 'sse', 'websocket'];
