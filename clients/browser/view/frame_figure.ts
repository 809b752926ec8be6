// A WebSocket frame's header as the figure of RFC 6455, section 5.2, has it, and the same as a
// table.

import { make } from './dom.js';
import {
  fieldsOf,
  hexOf,
  payloadLength,
  rowsOf,
  type Field,
  type FieldName,
  type Piece,
} from './frame_fields.js';
import type { WireWords } from './words.js';

// As the RFC writes them, in every language, with the bits that they take.
const NAMES: Readonly<Record<FieldName, string>> = {
  FIN: 'FIN',
  RSV1: 'RSV1',
  RSV2: 'RSV2',
  RSV3: 'RSV3',
  opcode: 'opcode (4)',
  MASK: 'MASK',
  'length-7': 'Payload len (7)',
  'length-16': 'Extended payload length (16)',
  'length-64': 'Extended payload length (64)',
  'masking-key': 'Masking-key (32)',
};

const WIDE = 32; // bits in a row, as in the RFC
const NARROW = 16;
const LEAST_WIDE = 640; // pixels that 32 of them need

export const bitsInRow = (pixels: number): number => (pixels >= LEAST_WIDE ? WIDE : NARROW);

/** Over so many columns of the figure's grid; the first one has the hex bytes. */
function spanning<E extends HTMLElement>(element: E, at: number, bits: number): E {
  element.style.gridColumn = `${at + 2} / span ${bits}`;
  return element;
}

const digits = (bits: string): HTMLElement =>
  make('span', { class: 'frame-bits' }, ...[...bits].map((bit) => make('span', {}, bit)));

function cellOf({ field, at, bits, first }: Piece): HTMLElement {
  const name = NAMES[field.name];
  const words = make('span', { class: 'frame-name' }, first ? name : `… ${name}`);
  const kind = bits.length === 1 ? 'frame-cell frame-bit' : 'frame-cell';
  return spanning(make('div', { class: kind }, digits(bits), words), at, bits.length);
}

function numbers(width: number): HTMLElement[] {
  return Array.from({ length: width }, (_, i) =>
    spanning(make('span', { class: 'frame-number' }, String(i)), i, 1),
  );
}

function figureOf(
  header: Uint8Array,
  fields: readonly Field[],
  width: number,
  words: WireWords,
): HTMLElement {
  const figure = make('div', { class: 'frame-figure', 'aria-hidden': 'true' });
  figure.style.gridTemplateColumns = `max-content repeat(${width}, minmax(0, 1fr))`;
  figure.append(...numbers(width));
  rowsOf(fields, width).forEach((row, i) => {
    const bytes = header.subarray((i * width) / 8, ((i + 1) * width) / 8);
    const hex = make('code', { class: 'frame-hex' }, hexOf(bytes));
    hex.style.gridColumn = '1';
    figure.append(hex, ...row.map(cellOf));
  });
  const used = (header.length * 8) % width;
  const text = `${words.payload}: ${words.bytes(Number(payloadLength(fields)))}`;
  figure.append(
    spanning(
      make('div', { class: 'frame-cell frame-payload wire-body' }, text),
      used,
      width - used,
    ),
  );
  return figure;
}

function tableOf(fields: readonly Field[], words: WireWords): HTMLTableElement {
  const heads = words.columns.map((column) => make('th', { scope: 'col' }, column));
  const rows = fields.map((field) =>
    make(
      'tr',
      {},
      make('th', { scope: 'row' }, NAMES[field.name]),
      make('td', {}, make('code', {}, field.bits.replace(/(.{8})(?=.)/g, '$1 '))),
      make('td', {}, words.meaning(field)),
    ),
  );
  return make(
    'table',
    { class: 'frame-fields' },
    make('caption', {}, words.figure),
    make('thead', {}, make('tr', {}, ...heads)),
    make('tbody', {}, ...rows),
  );
}

/** Both; `width` is the figure's, in bits. */
export function frameFigure(header: Uint8Array, width: number, words: WireWords): HTMLElement[] {
  const fields = fieldsOf(header);
  return [figureOf(header, fields, width, words), tableOf(fields, words)];
}
