// One's own messages on their way: to the server, and back from the room.

import type { Connection, Message } from '../connection.js';
import { byId } from '../shared/dom.js';
import type { Draft } from '../shared/session.js';
import type { ChatTexts } from '../shared/texts.js';
import { make } from '../view/dom.js';

/** What is back sooner is not shown as being on its way. */
const PATIENCE_MS = 300;

interface Pending {
  readonly draft: Draft;
  readonly clicked?: number; // performance.now(); absent: before the page was loaded anew
  readonly row: HTMLElement;
  sent: boolean; // the server has it
}

/** Sends drafts until the server has them, over whichever connection there is. */
export class Outbox {
  readonly #texts: ChatTexts;
  readonly #changed: () => void;
  readonly #list = byId('outbox');
  #pending = new Map<string, Pending>();
  #connection: Connection | undefined;

  /** `changed` is called when `drafts` is another than before. */
  constructor(texts: ChatTexts, changed: () => void) {
    this.#texts = texts;
    this.#changed = changed;
  }

  /** What the server may not have yet. */
  get drafts(): readonly Draft[] {
    return [...this.#pending.values()].filter(({ sent }) => !sent).map(({ draft }) => draft);
  }

  /** From now on over this connection, with what was not sent in its room before. */
  start(connection: Connection, drafts: readonly Draft[]): void {
    this.#connection = connection;
    const before = this.#pending;
    this.#pending = new Map();
    this.#list.replaceChildren();
    for (const draft of drafts) this.send(draft, before.get(draft.id)?.clicked);
  }

  /** `clicked`: performance.now() when its author sent it. */
  send(draft: Draft, clicked?: number): void {
    for (const refused of this.#list.querySelectorAll('.is-refused')) refused.remove();
    const row = make('li', {}, `${draft.text} `, make('em', {}, this.#texts.sending));
    const pending: Pending = {
      draft,
      row,
      sent: false,
      ...(clicked === undefined ? {} : { clicked }),
    };
    this.#pending.set(draft.id, pending);
    this.#changed();
    setTimeout(() => {
      if (this.#pending.get(draft.id) === pending) this.#list.append(row);
    }, PATIENCE_MS);
    void this.#publish(pending, this.#connection);
  }

  /** The connection has failed, or lacks a token: what it has not sent is for the next one. */
  pause(): void {
    this.#connection = undefined;
  }

  async #publish(pending: Pending, connection: Connection | undefined): Promise<void> {
    if (!connection) return;
    const { from, text, id } = pending.draft;
    try {
      await connection.publish(from, text, id);
      pending.sent = true;
      pending.row.lastElementChild?.replaceWith(make('em', {}, this.#texts.sent));
    } catch (error) {
      // One that was left or has failed does not matter any more: the next one sends the same.
      const matters = connection === this.#connection && this.#pending.get(id) === pending;
      if (matters) this.#refuse(pending, error instanceof Error ? error.message : String(error));
    }
    this.#changed();
  }

  #refuse({ draft, row }: Pending, reason: string): void {
    this.#pending.delete(draft.id);
    row.replaceChildren(this.#texts.notSent(draft.text), ` ${reason}`);
    row.classList.add('is-refused');
    row.setAttribute('role', 'alert');
    this.#list.append(row);
  }

  /** A message is in the room. If it is one of these: how long ago the click was, if known; in ms. */
  seen(message: Message): number | undefined {
    const pending = this.#pending.get(message.id ?? '');
    if (!pending) return undefined;
    this.#pending.delete(pending.draft.id);
    pending.row.remove();
    this.#changed();
    return pending.clicked === undefined ? undefined : performance.now() - pending.clicked;
  }

  /** What the server had may not be in the room any more: nobody waits for it. */
  forgetSent(): void {
    for (const [id, { sent, row }] of this.#pending) {
      if (!sent) continue;
      this.#pending.delete(id);
      row.remove();
    }
  }
}
