import type { Size } from '../connection.js';

/** Head and body together, in bytes. */
export const total = ({ head, body }: Size): number => head + body;
