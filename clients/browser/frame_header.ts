// The header of a WebSocket frame (RFC 6455 §5.2). A browser does not show it, but it follows from
// the frame's kind and length alone, save for the mask.

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameHeader {
  readonly fin: boolean;
  readonly rsv1: boolean; // the message is compressed (RFC 7692 §6)
  readonly opcode: number;
  readonly length: number; // of the payload, in bytes
  readonly mask?: Uint8Array; // four bytes; a client's frames have one, a server's none
}

const FIN = 0x80;
const RSV1 = 0x40;
const MASKED = 0x80;
// In seven bits if it fits; these values say that 16 or 64 bits follow with it instead.
const MOST_IN_7_BITS = 125;
const IN_16_BITS = 126;
const IN_64_BITS = 127;
const MOST_IN_16_BITS = 0xffff;

/** 2 to 14 bytes. Always the shortest form, as the RFC asks. */
export function encodeFrameHeader({ fin, rsv1, opcode, length, mask }: FrameHeader): Uint8Array {
  const lengthBytes = length <= MOST_IN_7_BITS ? 0 : length <= MOST_IN_16_BITS ? 2 : 8;
  const bytes = new Uint8Array(2 + lengthBytes + (mask ? 4 : 0));
  const view = new DataView(bytes.buffer);
  bytes[0] = (fin ? FIN : 0) | (rsv1 ? RSV1 : 0) | opcode;
  const short = lengthBytes === 0 ? length : lengthBytes === 2 ? IN_16_BITS : IN_64_BITS;
  bytes[1] = (mask ? MASKED : 0) | short;
  if (lengthBytes === 2) view.setUint16(2, length);
  if (lengthBytes === 8) view.setBigUint64(2, BigInt(length));
  if (mask) bytes.set(mask, 2 + lengthBytes);
  return bytes;
}

/** What stands at the start of `bytes`, and how long it is; undefined while there is too little. */
export function decodeFrameHeader(
  bytes: Uint8Array,
): { readonly header: FrameHeader; readonly size: number } | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & ~MASKED;
  const lengthBytes = short === IN_16_BITS ? 2 : short === IN_64_BITS ? 8 : 0;
  const masked = (second & MASKED) !== 0;
  const size = 2 + lengthBytes + (masked ? 4 : 0);
  if (bytes.length < size) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = lengthBytes === 8 ? Number(view.getBigUint64(2)) : short;
  const header = {
    fin: (first & FIN) !== 0,
    rsv1: (first & RSV1) !== 0,
    opcode: first & 0x0f,
    length: lengthBytes === 2 ? view.getUint16(2) : long,
  };
  return { header: masked ? { ...header, mask: bytes.slice(size - 4, size) } : header, size };
}
