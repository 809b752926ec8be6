// What a tab keeps over a reload: how far it is in each room, what it shows of it, and what it has
// yet to send.

import type { Cursor, Gap, Message } from '../connection.js';

/** What a room's log shows, in order. */
export type Item = { readonly message: Message } | { readonly gap: Gap };

/** A message of one's own that the server may not have yet; sent again, it has the same id. */
export interface Draft {
  readonly from: string;
  readonly text: string;
  readonly id: string;
}

/** One room as the tab has it. `items` end where `cursor` says: the two are kept together. */
export interface Kept {
  readonly cursor?: Cursor;
  readonly items: readonly Item[];
  readonly drafts: readonly Draft[];
}

const ROOM = 'pushbench.room.';
const TAB = 'pushbench.tab';
const TOKEN = 'pushbench.token';
const TEXT = 'pushbench.text';
const NOTHING: Kept = { items: [], drafts: [] };

const TAG_LENGTH = 6;
const ID_LENGTH = 10;
const hex = (bytes: number): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/** The tab's storage. What the browser does not keep, or has no place for, lasts until a reload. */
export class Session {
  /** Begins the id of every message that this tab has sent. */
  readonly tag: string;
  readonly #inMemory = new Map<string, string>();
  readonly #storage: Storage | undefined;

  constructor() {
    try {
      this.#storage = sessionStorage;
    } catch {
      this.#storage = undefined; // forbidden by the browser's settings
    }
    this.tag = this.#read(TAB) || hex(TAG_LENGTH / 2);
    this.#write(TAB, this.tag);
  }

  /** An id for a message, which no other one has. */
  newId(): string {
    return `${this.tag}-${hex(ID_LENGTH / 2)}`;
  }

  isMine(message: Message): boolean {
    return message.id?.startsWith(`${this.tag}-`) ?? false;
  }

  /** Empty: none. */
  get token(): string {
    return this.#read(TOKEN);
  }
  set token(token: string) {
    this.#write(TOKEN, token);
  }

  /** What was being written. */
  get text(): string {
    return this.#read(TEXT);
  }
  set text(text: string) {
    this.#write(TEXT, text);
  }

  room(name: string): Kept {
    return JSON.parse(this.#read(ROOM + name) || 'null') ?? NOTHING;
  }

  keep(name: string, kept: Kept): void {
    const value = JSON.stringify(kept);
    if (this.#write(ROOM + name, value)) return;
    this.#forgetOthers(name);
    this.#write(ROOM + name, value);
  }

  /** Makes place: a room that is not kept begins anew after a reload. */
  #forgetOthers(name: string): void {
    const keys = Object.keys(this.#storage ?? {});
    for (const key of keys.filter((key) => key.startsWith(ROOM) && key !== ROOM + name)) {
      this.#storage?.removeItem(key);
    }
  }

  #read(key: string): string {
    return this.#inMemory.get(key) ?? this.#storage?.getItem(key) ?? '';
  }

  /** False: after a reload this will not be there, but what was kept before it. */
  #write(key: string, value: string): boolean {
    this.#inMemory.set(key, value);
    try {
      this.#storage?.setItem(key, value);
      return true;
    } catch {
      return false; // it is full
    }
  }
}
