// The words of the race page.

import type { TransportName } from '../connection.js';
import type { Counted } from '../shared/texts.js';

export interface RaceTexts {
  readonly title: string;
  readonly lead: string;
  readonly room: string;
  readonly settings: string;
  readonly message: string;
  readonly send: string;
  readonly generate: string; // a switch: publish by itself
  readonly generateWhy: string;
  readonly generated: Counted; // the text of a message of that number
  readonly interval: string;
  readonly hold: string;
  readonly rate: string;
  readonly delay: string;
  readonly noLink: string; // why the delay cannot be changed
  readonly linkWhy: string;
  readonly linkRefused: (reason: string) => string;
  readonly milliseconds: (figure: string) => string;
  readonly seconds: (figure: string) => string;
  readonly perSecond: (figure: string) => string;
  readonly notSent: (reason: string) => string;

  readonly columns: string;
  readonly names: Readonly<Record<TransportName, string>>; // short: they head narrow columns
  readonly connected: string; // shorter than the chat's: the column says to what
  readonly retrying: (seconds: string) => string;
  readonly exchanges: string;
  readonly empty: string;
  readonly up: string;
  readonly down: string;
  readonly each: string;
  readonly last: string;
  readonly mean: string;
  readonly figures: (transport: string) => string; // a table's name
  readonly timeline: (transport: string) => string;
  readonly arrivals: (transport: string) => string;
  readonly arrivalsWhy: string;
  readonly place: (place: number) => string; // '1st'
  readonly behind: (figure: string) => string; // '+12 ms', and '+12' beside another time
  readonly waiting: string;
  readonly missed: string;
  readonly nothingYet: string;
  readonly result: (message: string, places: readonly string[]) => string; // for those who listen
  readonly resultAt: (transport: string, time: string) => string;
  readonly reset: string;
  readonly publisherWhy: string;
  readonly wire: string;
  readonly wireOf: string;
}
