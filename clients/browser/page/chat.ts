// One room over one connection: what comes goes to the log, what happens to the meter and the pictures.

import { connect } from '../connect.js';
import type { Connection, Gap, Listener, Message, State, WireEvent } from '../connection.js';
import type { MessageLog } from './message_log.js';
import type { MeterView } from './meter_view.js';
import type { Outbox } from './outbox.js';
import type { People } from './people.js';
import type { Session } from './session.js';
import type { Settings } from './settings.js';
import type { StateLine } from './state_line.js';

/** What has come is kept for a reload so soon; all at once, where much comes. */
const KEEP_MS = 300;

/** The parts of the page that hear from the chat. */
export interface Parts {
  readonly log: MessageLog;
  readonly state: StateLine;
  readonly people: People;
  readonly meterView: MeterView;
  /** The pictures: what happens on the wire, as it happens. */
  readonly onWire: (event: WireEvent) => void;
  /** The connection does not come to be; where the server wants a token, it may with one. */
  readonly onFailed: () => void;
}

export class Chat implements Listener {
  readonly outbox: Outbox;
  private connection: Connection | undefined;
  private settings: Settings | undefined;
  private keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly session: Session,
    private readonly parts: Parts,
    makeOutbox: (changed: () => void) => Outbox,
  ) {
    this.outbox = makeOutbox(() => this.changed());
    addEventListener('pagehide', () => this.keep());
  }

  /** Takes what was chosen; a new connection only where it takes one, or where `anew` asks for it. */
  join(settings: Settings, anew = false): void {
    const before = this.settings;
    const stays =
      before?.room === settings.room && before.transport === settings.transport && !anew;
    if (stays) {
      this.settings = settings;
      this.connection?.tune({ intervalMs: settings.intervalMs, holdS: settings.holdS });
      return;
    }
    this.keep();
    this.connection?.leave();
    this.settings = settings;
    const { cursor, items, drafts } = this.session.room(settings.room);
    if (before?.room !== settings.room) this.parts.log.start(items);
    const { room, transport, intervalMs, holdS } = settings;
    const { token } = this.session;
    this.connection = connect(
      {
        ...{ room, transport, intervalMs, holdS },
        ...(cursor ? { after: cursor } : {}),
        ...(token ? { token } : {}),
      },
      this,
    );
    this.outbox.start(this.connection, drafts);
  }

  /** `clicked`: performance.now() then. */
  publish(text: string, clicked: number): void {
    if (!this.settings) return;
    this.outbox.send({ from: this.settings.name, text, id: this.session.newId() }, clicked);
  }

  onMessages(messages: readonly Message[]): void {
    const { log, meterView } = this.parts;
    log.add(messages.map((message) => ({ message })));
    meterView.meter.delivered += messages.length;
    for (const message of messages) {
      const latency = this.outbox.seen(message);
      if (latency !== undefined) meterView.meter.addLatency(latency);
    }
    meterView.changed();
    this.changed();
  }

  onGap(gap: Gap): void {
    this.outbox.forgetSent();
    this.parts.log.add([{ gap }]);
    this.changed();
  }

  onState(state: State): void {
    if (!this.settings) return;
    this.parts.state.show(state, this.settings.transport);
    if (state.is === 'connected') this.parts.people.start(this.settings.room, state.transport);
    else this.parts.people.stop();
    if (state.is === 'failed') this.parts.onFailed();
  }

  onWire(event: WireEvent): void {
    this.parts.meterView.meter.add(event);
    this.parts.meterView.changed();
    this.parts.onWire(event);
  }

  private changed(): void {
    this.keeping ??= setTimeout(() => this.keep(), KEEP_MS);
  }

  /** Between two of the connection's calls, so that cursor and log say the same. */
  private keep(): void {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    if (!this.settings || !this.connection) return;
    this.session.keep(this.settings.room, {
      cursor: this.connection.cursor,
      items: this.parts.log.items,
      drafts: this.outbox.drafts,
    });
  }
}
