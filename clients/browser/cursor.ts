import type { Cursor } from './connection.js';

/** A cursor as a query takes it: "k3f9.17", or "17" where the epoch is not known. */
export const afterOf = ({ epoch, seq }: Cursor): string =>
  epoch === '' ? `${seq}` : `${epoch}.${seq}`;

/** Reads the same, as an event's id has it. */
export function parseCursor(text: string): Cursor | undefined {
  const [, epoch = '', digits] = /^(?:([A-Za-z0-9]+)\.)?(\d{1,15})$/.exec(text) ?? [];
  return digits === undefined ? undefined : { epoch, seq: Number(digits) };
}
