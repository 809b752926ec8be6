// The header of a WebSocket frame, field by field (RFC 6455, section 5.2).

import { OPCODE } from '../frame_header.js';

export type FieldName =
  | 'FIN'
  | 'RSV1'
  | 'RSV2'
  | 'RSV3'
  | 'opcode'
  | 'MASK'
  | 'length-7'
  | 'length-16'
  | 'length-64'
  | 'masking-key';

/** Some bits of a header, which stand one after another. */
export interface Field {
  readonly name: FieldName;
  readonly from: number; // its first bit, counted from the header's first
  readonly bits: string; // '0' and '1', the most significant first
}

const LENGTH_16 = 126; // what the seven bits say where the length follows in 16
const LENGTH_64 = 127;

const OPCODES = new Map<number, string>(
  Object.entries(OPCODE).map(([name, opcode]) => [opcode, name]),
);

const bitsOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');

export const valueOf = ({ bits }: Field): bigint => BigInt(`0b${bits || '0'}`);

/** As digits that one can compare with a dump: 'a1 7e 01 2c'. */
export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** 'reserved' where RFC 6455 gives it no meaning. */
export const opcodeName = (opcode: number): string => OPCODES.get(opcode) ?? 'reserved';

/** All fields that the header has, in order. Of one that is cut, as far as it goes. */
export function fieldsOf(header: Uint8Array): Field[] {
  const all = bitsOf(header);
  const fields: Field[] = [];
  let from = 0;
  const take = (name: FieldName, count: number): number => {
    const bits = all.slice(from, from + count);
    if (bits !== '') fields.push({ name, from, bits });
    from += count;
    return parseInt(bits || '0', 2);
  };
  for (const name of ['FIN', 'RSV1', 'RSV2', 'RSV3'] as const) take(name, 1);
  take('opcode', 4);
  const masked = take('MASK', 1) === 1;
  const length = take('length-7', 7);
  if (length === LENGTH_16) take('length-16', 16);
  if (length === LENGTH_64) take('length-64', 64);
  if (masked) take('masking-key', 32);
  return fields;
}

/** Bytes of payload that the header announces. */
export function payloadLength(fields: readonly Field[]): bigint {
  const named = (...names: FieldName[]) => fields.find(({ name }) => names.includes(name));
  const field = named('length-16', 'length-64') ?? named('length-7');
  return field ? valueOf(field) : 0n;
}

/** A field, or the part of it that stands in one row of a figure. */
export interface Piece {
  readonly field: Field;
  readonly at: number; // its first column
  readonly bits: string;
  readonly first: boolean; // of its field
}

/** The rows of a figure that is `width` bits wide. */
export function rowsOf(fields: readonly Field[], width: number): Piece[][] {
  const rows: Piece[][] = [];
  for (const field of fields) {
    for (let done = 0; done < field.bits.length;) {
      const at = (field.from + done) % width;
      const bits = field.bits.slice(done, done + width - at);
      const row = Math.floor((field.from + done) / width);
      (rows[row] ??= []).push({ field, at, bits, first: done === 0 });
      done += bits.length;
    }
  }
  return rows;
}
