// Every word that the pages say, in one type: a section for what they share, and one for each page.
// en.ts and ru.ts have the words; a page's HTML names them by their path (data-text="chat.send").

import type { TransportName } from '../connection.js';
import type { RaceTexts } from '../race/texts.js';
import { en } from './en.js';
import { ru } from './ru.js';

export type Language = 'en' | 'ru';

/** A sentence with a number in it, in the form that the number wants. */
export type Counted = (count: number) => string;

export interface SharedTexts {
  readonly toMain: string;
  readonly pages: string; // what the links to the pages are called together
  readonly chatPage: string;
  readonly racePage: string;
  readonly language: string;
  readonly theme: string;
  readonly themes: { readonly auto: string; readonly light: string; readonly dark: string };
  readonly transports: Readonly<Record<TransportName | 'auto', string>>;
  readonly token: string;
  readonly tokenWhy: string;
  readonly badToken: string; // the server refuses it
  readonly join: string;
  /** What the library or the server said in English; undefined: this language has no words for it. */
  readonly reason: (said: string) => string | undefined;
}

export interface ChatTexts {
  readonly title: string;
  readonly lead: string;
  readonly settings: string;
  readonly name: string;
  readonly guest: string; // the beginning of a name for who gave none
  readonly room: string;
  readonly transport: string;
  readonly interval: string;
  readonly hold: string;
  readonly badName: string;
  readonly badRoom: string;
  readonly badNumber: (least: string, most: string) => string;

  readonly connecting: string;
  readonly connected: (transport: string) => string;
  readonly chosen: (transport: string) => string; // connected, by 'auto'
  readonly retrying: (seconds: string) => string;
  readonly retryingSoon: string; // for those who listen: without the seconds
  readonly failed: string;

  readonly messages: string; // the log's name
  readonly nothingYet: string;
  readonly cutOff: string; // that older messages are not shown
  readonly gap: Counted; // of that many messages
  readonly expired: string; // why there is a gap
  readonly restarted: string;
  readonly holds: Counted; // what the server has now
  readonly newMessages: Counted; // below what is in view; a button
  readonly came: Counted; // many at once, for those who listen
  readonly sending: string;
  readonly sent: string; // the server has it, this page not yet
  readonly notSent: (text: string) => string;
  readonly message: string;
  readonly send: string;

  readonly people: string;
  readonly notTold: string; // how many poll
  readonly you: string;
  readonly peopleWhy: string;
  readonly peopleUnknown: string;

  readonly meter: MeterTexts;
  readonly timeline: string;
  readonly wire: string;
}

export interface MeterTexts {
  readonly heading: string;
  readonly lead: string;
  readonly reset: string;
  readonly since: (time: string) => string;
  readonly exchanges: string;
  readonly empty: string;
  readonly publishes: string;
  readonly checks: string; // of the room; no exchanges of the transport's
  readonly unanswered: string;
  readonly pushes: string; // events of an event stream, frames of a WebSocket
  readonly delivered: string;
  readonly latency: string;
  readonly latencyWhy: string;
  readonly last: string;
  readonly median: string;
  readonly most: string;
  readonly bytes: string;
  readonly up: string;
  readonly down: string;
  readonly heads: string;
  readonly bodies: string;
  readonly all: string;
  readonly each: string; // for each message delivered
  readonly source: string;
  readonly byTiming: Counted; // so many exchanges and events
  readonly byModel: Counted;
  readonly byFrames: Counted;
}

export interface Texts {
  readonly language: Language;
  readonly shared: SharedTexts;
  readonly chat: ChatTexts;
  readonly race: RaceTexts;
}

const ALL: Readonly<Record<Language, Texts>> = { en, ru };

/** A page's language: what its address asks for (?lang=ru), else the first of the browser's. */
export function languageFor(search: string, preferred: readonly string[]): Language {
  const wanted = [new URLSearchParams(search).get('lang') ?? '', ...preferred];
  const known = wanted
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((tag) => Object.hasOwn(ALL, tag));
  return (known as Language | undefined) ?? 'en';
}

export const textsIn = (language: Language): Texts => ALL[language];

/** The words at a path such as 'chat.send'. */
export function textAt(texts: Texts, path: string): string {
  let at: unknown = texts;
  for (const key of path.split('.')) at = (at as Record<string, unknown> | undefined)?.[key];
  if (typeof at !== 'string') throw new Error(`${path}: there are no such words`);
  return at;
}

/** Puts the words into a page: data-text is an element's content, data-label its aria-label. */
export function fillTexts(page: Document, texts: Texts): void {
  page.documentElement.lang = texts.language;
  for (const element of page.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = textAt(texts, element.dataset['text'] ?? '');
  }
  for (const element of page.querySelectorAll<HTMLElement>('[data-label]')) {
    element.setAttribute('aria-label', textAt(texts, element.dataset['label'] ?? ''));
  }
}
