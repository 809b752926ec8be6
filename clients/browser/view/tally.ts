// What one connection did so far, added up: what the meters show.

import type { Purpose, Size, SizeSource, WireEvent } from '../connection.js';

type Answer = Extract<WireEvent, { is: 'answer' }>;

const NO_BYTES: Size = { head: 0, body: 0 };
const sum = (a: Size, b: Size): Size => ({ head: a.head + b.head, body: a.body + b.body });
const isPoll = (purpose: Purpose): boolean => purpose === 'poll' || purpose === 'long-poll';

/** Pure figures. Up is from the page to the server. */
export class Tally {
  exchanges = 0; // answered requests; one that opens a stream or a socket as soon as that is open
  polls = 0; // of them, those that ask for messages and end
  empty = 0; // polls that brought none, without those that were refused: so the server counts
  publishes = 0; // by POST
  checks = 0; // not among the exchanges: as the server has it, they belong to no transport
  unanswered = 0; // requests that no answer came to
  pushes = 0; // events of an event stream, and frames up and down
  messages = 0; // that all of these brought
  up: Size = NO_BYTES;
  down: Size = NO_BYTES;
  /**
   * Exchanges and events by who said how long their heads were, and frames, which need nobody to.
   */
  readonly sources: Record<SizeSource | 'frames', number> = {
    'resource-timing': 0,
    'byte-model': 0,
    frames: 0,
  };

  add(event: WireEvent): void {
    if (event.is === 'answer') this.#addAnswer(event);
    if (event.is === 'event') {
      ++this.pushes;
      ++this.sources[event.source];
      this.messages += event.messages;
      this.down = sum(this.down, event.down);
    }
    if (event.is === 'frame') {
      ++this.pushes;
      ++this.sources.frames;
      this.messages += event.messages;
      this[event.direction] = sum(this[event.direction], event.size);
    }
  }

  #addAnswer(answer: Answer): void {
    this.up = sum(this.up, answer.up);
    this.down = sum(this.down, answer.down);
    if (answer.status === 0) {
      ++this.unanswered;
      return;
    }
    ++this.sources[answer.source];
    if (answer.purpose === 'check') {
      ++this.checks;
      return;
    }
    ++this.exchanges;
    this.messages += answer.messages;
    if (answer.purpose === 'publish') ++this.publishes;
    if (!isPoll(answer.purpose)) return;
    ++this.polls;
    if (answer.messages === 0 && answer.status < 300) ++this.empty;
  }
}
