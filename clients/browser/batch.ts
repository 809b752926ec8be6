// What a server sends: batches, and on a WebSocket also problems.

import type { Gap, Message } from './connection.js';

export type BatchItem = Message | { readonly gap: Gap };

export type FromServer =
  | { readonly is: 'batch'; readonly items: readonly BatchItem[] }
  | { readonly is: 'problem'; readonly detail: string }
  | { readonly is: 'nonsense' };

type Fields = Readonly<Record<string, unknown>>;

const NONSENSE: FromServer = { is: 'nonsense' };

/** A body, an event's data or a text frame. */
export function readBatch(json: string): FromServer {
  const value = parse(json);
  if (Array.isArray(value)) {
    return value.every(isItem) ? { is: 'batch', items: value } : NONSENSE;
  }
  if (isObject(value) && isObject(value['problem'])) {
    return { is: 'problem', detail: String(value['problem']['detail'] ?? 'for no stated reason') };
  }
  return NONSENSE;
}

/** How many messages a batch holds; a gap is none. 0 for what is no batch. */
export function countMessages(json: string): number {
  const read = readBatch(json);
  return read.is === 'batch' ? read.items.filter((item) => !('gap' in item)).length : 0;
}

/** What an RFC 9457 problem, as a body, says is wrong; '' if it is none. */
export function problemOf(json: string): string {
  const value = parse(json);
  return isObject(value) && typeof value['detail'] === 'string' ? value['detail'] : '';
}

/** A JSON object's fields; undefined for anything else. */
export function fieldsOf(json: string): Fields | undefined {
  const value = parse(json);
  return isObject(value) ? value : undefined;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isItem = (value: unknown): value is BatchItem =>
  isObject(value) && ('gap' in value ? isGap(value['gap']) : isMessage(value));

const isMessage = ({ seq, from, text, id, at }: Fields): boolean =>
  isSeq(seq) && seq > 0 && typeof from === 'string' && typeof text === 'string' &&
  typeof at === 'number' && (id === undefined || typeof id === 'string');

const isGap = (gap: unknown): boolean =>
  isObject(gap) && (gap['reason'] === 'expired' || gap['reason'] === 'restarted') &&
  isSeq(gap['after']) && isSeq(gap['oldest']) && isSeq(gap['last']) &&
  typeof gap['epoch'] === 'string';

const isSeq = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
