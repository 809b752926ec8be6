// Asks for the token of a server that lets nobody in without one.

import type { WireEvent } from '../connection.js';
import { byId } from './dom.js';
import { sayFault } from './faults.js';
import type { Session } from './session.js';
import type { SharedTexts } from './texts.js';

const UNAUTHORIZED = 401;

/** Whether the server lets nobody in who has no better token. */
export const isUnauthorized = (event: WireEvent): boolean =>
  event.is === 'answer' && event.status === UNAUTHORIZED;

export class TokenField {
  readonly #texts: SharedTexts;
  readonly #session: Session;
  readonly #input = byId<HTMLInputElement>('token');

  constructor(texts: SharedTexts, session: Session) {
    this.#texts = texts;
    this.#session = session;
  }

  /** The server has refused the session's token, or wants one where there is none. */
  ask(): void {
    byId('token-field').hidden = false;
    const isWrong = this.#session.token !== '';
    sayFault(this.#input, isWrong ? this.#texts.badToken : '');
    this.#input.focus();
  }

  /** Keeps what was put in for the session; false where that is nothing, or no other than before. */
  take(): boolean {
    const token = this.#input.value.trim();
    if (token === '' || token === this.#session.token) return false;
    this.#session.token = token;
    sayFault(this.#input, '');
    return true;
  }
}
