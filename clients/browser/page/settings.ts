// Who talks where, and how: what stands in the page's address, so that a link to it can be shared.

import type { TransportName } from '../connection.js';
import { isRoom } from '../shared/rooms.js';
import { TRANSPORTS } from '../shared/transports.js';

export type Choice = TransportName | 'auto';

export interface Settings {
  readonly name: string;
  readonly room: string;
  readonly transport: Choice;
  readonly intervalMs: number; // polling
  readonly holdS: number; // long polling
}

/** The values that a number may have, both ends included. */
export interface Range {
  readonly least: number;
  readonly most: number;
}
export const INTERVAL_MS: Range = { least: 50, most: 60_000 };
export const HOLD_S: Range = { least: 1, most: 60 };

const CHOICES: readonly Choice[] = ['auto', ...TRANSPORTS];

export const isWithin = (value: number, { least, most }: Range): boolean =>
  value >= least && value <= most;

/** What an address says (`?room=lobby`); what it leaves out or gets wrong is as usual. */
export function settingsFrom(search: string, guest: string): Settings {
  const query = new URLSearchParams(search);
  const number = (key: string, range: Range, usual: number): number => {
    const value = Number(query.get(key) ?? usual);
    return isWithin(value, range) ? value : usual;
  };
  const room = query.get('room') ?? '';
  return {
    name: query.get('name')?.trim() || guest,
    room: isRoom(room) ? room : 'lobby',
    transport: CHOICES.find((choice) => choice === query.get('transport')) ?? 'auto',
    intervalMs: number('interval', INTERVAL_MS, 1000),
    holdS: number('hold', HOLD_S, 25),
  };
}

/** The address for some settings. Its other parts stay: the language is one. */
export function searchFor(settings: Settings, search: string): string {
  const query = new URLSearchParams(search);
  query.set('room', settings.room);
  query.set('transport', settings.transport);
  query.set('name', settings.name);
  const only = (key: string, transport: Choice, value: number): void => {
    if (settings.transport === transport) query.set(key, String(value));
    else query.delete(key);
  };
  only('interval', 'polling', settings.intervalMs);
  only('hold', 'long-polling', settings.holdS);
  return `?${query}`;
}
