// The timeline and the wire pane below the chat.

import type { TransportName, WireEvent } from '../connection.js';
import { byId } from '../shared/dom.js';
import type { Texts } from '../shared/texts.js';
import { Timeline } from '../view/timeline.js';
import { WirePane } from '../view/wire_pane.js';
import { viewWords } from '../view/words.js';

export class Pictures {
  readonly #timeline: Timeline;
  readonly #wire: WirePane;

  constructor(texts: Texts) {
    const words = viewWords[texts.language];
    this.#timeline = new Timeline(byId('timeline'), {
      words: words.timeline,
      label: texts.chat.timeline,
      color: 'var(--of-transport)',
    });
    this.#wire = new WirePane(byId('wire'), { words: words.wire });
  }

  add(event: WireEvent): void {
    this.#timeline.add(event);
    this.#wire.show(event);
  }

  /** The connection is lost: nothing is open or waited for any more. */
  ended(): void {
    this.#timeline.ended();
  }

  /** Gives the timeline the colour of a transport. */
  of(transport: TransportName): void {
    byId('timeline').style.setProperty('--of-transport', `var(--${transport})`);
  }
}
