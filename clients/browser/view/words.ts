// What the timeline and the wire pane say. Both pages hand them the words of their language.

import type { SizeSource } from '../connection.js';
import type { Counted, Language } from '../shared/texts.js';
import type { Field } from './frame_fields.js';
import { en } from './words_en.js';
import { ru } from './words_ru.js';

/** What a timeline shows at the moment, for those who do not see it. */
export interface Shown {
  readonly seconds: number; // that it reaches back
  readonly polls: number;
  readonly emptyPolls: number;
  readonly held: number; // long polls
  readonly emptyHeld: number;
  readonly waiting: boolean; // one of them is still unanswered
  readonly open: boolean; // a stream or a socket is
  readonly events: number;
  readonly framesUp: number;
  readonly framesDown: number;
  readonly publishes: number; // by POST
}

export interface TimelineWords {
  readonly poll: string;
  readonly held: string;
  readonly open: string;
  readonly answer: string;
  readonly event: string;
  readonly frame: string;
  readonly publish: string;
  readonly hollow: string;
  readonly lost: string;
  readonly legend: string; // the legend's name
  readonly now: string;
  readonly seconds: Counted; // '5 s'
  readonly summary: (shown: Shown) => string;
}

export interface WireWords {
  readonly nothing: string; // nothing passed so far
  readonly entries: string; // the list's name
  readonly follow: string; // always show the newest
  readonly newer: Counted; // that came since it stopped to follow
  readonly request: string;
  readonly response: string;
  readonly event: (id: string) => string; // '' where it has none
  readonly frame: (opcode: string, direction: 'up' | 'down') => string;
  readonly head: string;
  readonly body: string;
  readonly framing: string; // what stands around an event's data
  readonly data: string;
  readonly header: string; // a frame's
  readonly payload: string;
  readonly bytes: Counted;
  readonly sizes: (head: number, body: number) => string; // '4 + 144 B'
  readonly more: Counted; // bytes: what a cut body leaves out
  readonly waits: string; // not answered yet
  readonly noAnswer: string;
  readonly noBody: string;
  readonly modelled: string; // what the marked lines are
  readonly fetched: string; // how an answer's head differs from what passed
  readonly source: Readonly<Record<SizeSource, string>>;
  readonly frameModelled: string;
  readonly masked: string; // what became of a masked payload
  readonly figure: string; // its name: the header, bit by bit
  readonly columns: readonly [field: string, bits: string, meaning: string];
  readonly meaning: (field: Field) => string;
  readonly chunk: Counted; // bytes: beside a chunk's length
  readonly id: string; // beside an event's id line
  readonly blank: string; // beside the blank line that ends an event
}

export interface ViewWords {
  readonly language: Language;
  readonly timeline: TimelineWords;
  readonly wire: WireWords;
}

export const viewWords: Readonly<Record<Language, ViewWords>> = { en, ru };
