// The room that the columns race in.

import type { Cursor } from '../connection.js';
import { isRoom } from '../shared/rooms.js';
import { roomTarget } from '../targets.js';

const PATIENCE_MS = 10_000;

/** Of an address ("?room=lobby"); one of its own where that names none. */
export function roomFrom(search: string): string {
  const room = new URLSearchParams(search).get('room') ?? '';
  return isRoom(room) ? room : 'race';
}

/**
 * Where the room is now, so that all columns begin at the same message. The room's start where
 * nobody tells in time.
 */
export async function endOf(room: string): Promise<Cursor> {
  try {
    const answer = await fetch(roomTarget(room), { signal: AbortSignal.timeout(PATIENCE_MS) });
    const { epoch, last } = (await answer.json()) as { epoch?: unknown; last?: unknown };
    if (typeof epoch === 'string' && typeof last === 'number') return { epoch, seq: last };
  } catch {
    // The columns say themselves that there is no server.
  }
  return { epoch: '', seq: 0 };
}
