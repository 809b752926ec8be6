// One room over one connection: what comes goes to the log, what happens to the meter and the
// pictures.

import { connect } from '../connect.js';
import type { Connection, Gap, Listener, Message, State, WireEvent } from '../connection.js';
import type { Session } from '../shared/session.js';
import type { ChatTexts } from '../shared/texts.js';
import { isUnauthorized } from '../shared/token_field.js';
import type { MessageLog } from './message_log.js';
import type { Meter } from './meter.js';
import { Outbox } from './outbox.js';
import type { People } from './people.js';
import type { Pictures } from './pictures.js';
import type { Settings } from './settings.js';
import type { StateLine } from './state_line.js';

/** What has come is kept for a reload so soon; all at once, where much comes. */
const KEEP_MS = 300;

/** The parts of the page that hear from the chat. */
export interface Parts {
  readonly log: MessageLog;
  readonly state: StateLine;
  readonly people: People;
  readonly meter: Meter;
  readonly pictures: Pictures;
  /** The server lets nobody in without its token. */
  readonly askForToken: () => void;
}

export class Chat implements Listener {
  readonly #session: Session;
  readonly #parts: Parts;
  readonly #outbox: Outbox;
  #connection: Connection | undefined;
  #settings: Settings | undefined;
  #hasFailed = false;
  #wantsToken = false;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session, parts: Parts, texts: ChatTexts) {
    this.#session = session;
    this.#parts = parts;
    this.#outbox = new Outbox(texts, () => this.#changed());
    addEventListener('pagehide', () => this.#keep());
  }

  /** Takes what was chosen. It connects anew only where it must, or where `anew` asks for it. */
  join(settings: Settings, anew = false): void {
    const before = this.#settings;
    const isSame = before?.room === settings.room && before.transport === settings.transport;
    if (!isSame || anew || this.#hasFailed || this.#wantsToken) return this.#connect(settings);
    this.#settings = settings;
    this.#connection?.tune({ intervalMs: settings.intervalMs, holdS: settings.holdS });
  }

  #connect(settings: Settings): void {
    const before = this.#settings?.room;
    this.#keep();
    this.#connection?.leave();
    this.#parts.pictures.ended();
    this.#settings = settings;
    this.#hasFailed = false;
    this.#wantsToken = false;
    const { room, transport, intervalMs, holdS } = settings;
    const { cursor, items, drafts } = this.#session.room(room);
    if (before !== room) this.#parts.log.start(items);
    const { token } = this.#session;
    this.#connection = connect(
      {
        ...{ room, transport, intervalMs, holdS },
        ...(cursor ? { after: cursor } : {}),
        ...(token ? { token } : {}),
      },
      this,
    );
    this.#outbox.start(this.#connection, drafts);
  }

  /** `clicked`: performance.now() then. */
  publish(text: string, clicked: number): void {
    if (!this.#settings) return;
    this.#outbox.send({ from: this.#settings.name, text, id: this.#session.newId() }, clicked);
  }

  onMessages(messages: readonly Message[]): void {
    const { log, meter } = this.#parts;
    log.add(messages.map((message) => ({ message })));
    for (const message of messages) {
      const latency = this.#outbox.seen(message);
      if (latency !== undefined) meter.addLatency(latency);
    }
    this.#changed();
  }

  onGap(gap: Gap): void {
    this.#outbox.forgetSent();
    this.#parts.log.add([{ gap }]);
    this.#changed();
  }

  onState(state: State): void {
    // Left is what another one follows upon.
    if (!this.#settings || state.is === 'left') return;
    const { state: line, people, pictures } = this.#parts;
    line.show(state, this.#settings.transport);
    this.#hasFailed = state.is === 'failed';
    if (this.#hasFailed || state.is === 'retrying') pictures.ended();
    if (state.is === 'connected') {
      people.start(this.#settings.room, state.transport);
      pictures.of(state.transport);
    } else {
      people.stop();
    }
    if (!this.#hasFailed) return;
    this.#outbox.pause();
    if (this.#wantsToken) this.#parts.askForToken();
  }

  onWire(event: WireEvent): void {
    const { meter, pictures } = this.#parts;
    meter.add(event);
    pictures.add(event);
    if (!isUnauthorized(event)) return;
    this.#wantsToken = true;
    this.#outbox.pause();
    this.#parts.askForToken();
  }

  #changed(): void {
    this.#keeping ??= setTimeout(() => this.#keep(), KEEP_MS);
  }

  /** Between two of the connection's calls, so that cursor and log say the same. */
  #keep(): void {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    if (!this.#settings || !this.#connection) return;
    this.#session.keep(this.#settings.room, {
      cursor: this.#connection.cursor,
      items: this.#parts.log.items,
      drafts: this.#outbox.drafts,
    });
  }
}
