// Who is in the room, by transport, as far as the server can tell.

import type { TransportName } from '../connection.js';
import { byId } from '../shared/dom.js';
import type { Format } from '../shared/format.js';
import type { ChatTexts, SharedTexts } from '../shared/texts.js';
import { TRANSPORTS } from '../shared/transports.js';
import { roomTarget } from '../targets.js';
import { make } from '../view/dom.js';

const PAUSE_MS = 4000;
/** One that has just connected may not wait for messages yet. */
const FIRST_PAUSE_MS = 300;

type Waiting = Partial<Readonly<Record<TransportName, number>>>;

/** Asks the server every few seconds while it is told to, and while somebody looks. */
export class People {
  readonly #texts: ChatTexts;
  readonly #shared: SharedTexts;
  readonly #format: Format;
  readonly #list = byId('people');
  readonly #unknown = byId('people-unknown');
  #room = '';
  #mine: TransportName | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(texts: ChatTexts, shared: SharedTexts, format: Format) {
    this.#texts = texts;
    this.#shared = shared;
    this.#format = format;
    document.addEventListener('visibilitychange', () => {
      if (this.#mine && !document.hidden) this.#ask();
    });
  }

  /** From now on, for a room that one is in over `mine`. */
  start(room: string, mine: TransportName): void {
    this.#room = room;
    this.#mine = mine;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), FIRST_PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#mine = undefined;
    this.#list.replaceChildren();
    this.#unknown.hidden = false;
  }

  #ask(): void {
    clearTimeout(this.#timer);
    const room = this.#room;
    void waitingIn(room).then((waiting) => {
      if (!this.#mine || room !== this.#room) return;
      if (waiting) this.#show(waiting, this.#mine);
      clearTimeout(this.#timer);
      if (!document.hidden) this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
    });
  }

  #show(waiting: Waiting, mine: TransportName): void {
    this.#unknown.hidden = true;
    this.#list.replaceChildren(
      ...TRANSPORTS.flatMap((transport) => {
        const name = this.#shared.transports[transport];
        const term = make('dt', { 'data-transport': transport }, name);
        if (transport === mine) term.append(` (${this.#texts.you})`);
        const known = this.#format.count(waiting[transport] ?? 0);
        const count = transport === 'polling' ? this.#texts.notTold : known;
        return [term, make('dd', {}, count)];
      }),
    );
  }
}

/** undefined: the server cannot be reached, which the connection will notice by itself. */
async function waitingIn(room: string): Promise<Waiting | undefined> {
  try {
    const answer = await fetch(roomTarget(room), { cache: 'no-store' });
    if (!answer.ok) return undefined;
    return ((await answer.json()) as { subscribers: Waiting }).subscribers;
  } catch {
    return undefined;
  }
}
