// The race: four columns in one room, what publishes to it, and the conditions that can be set.

import type { Cursor } from '../connection.js';
import { byId } from '../shared/dom.js';
import type { Format } from '../shared/format.js';
import type { Session } from '../shared/session.js';
import type { Texts } from '../shared/texts.js';
import { TokenField } from '../shared/token_field.js';
import { TRANSPORTS } from '../shared/transports.js';
import { make } from '../view/dom.js';
import { showSources } from '../view/sources.js';
import { legend } from '../view/timeline_marks.js';
import { viewWords } from '../view/words.js';
import { Arrivals, arrivalOf, isComplete, type Entry } from './arrivals.js';
import { Column, type Tuning } from './column.js';
import { Conditions } from './conditions.js';
import { RacePublisher } from './publisher.js';
import { endOf } from './room.js';

const KEPT = 2000; // messages whose arrivals count; a slow poll brings many at once
const SAID_MS = 5000; // at least, from one result told to those who listen to the next
const DRAWN_MS = 100; // from one drawing to the next, at least

export class Race {
  readonly #texts: Texts;
  readonly #format: Format;
  readonly #session: Session;
  readonly #arrivals = new Arrivals(KEPT);
  readonly #columns: readonly Column[];
  readonly #token: TokenField;
  readonly #publisher: RacePublisher;
  readonly #conditions: Conditions;
  #room = '';
  #start: Cursor = { epoch: '', seq: 0 };
  #hasBegun = false;
  #said = -Infinity;
  #due: ReturnType<typeof setTimeout> | undefined;

  constructor(texts: Texts, format: Format, session: Session) {
    this.#texts = texts;
    this.#format = format;
    this.#session = session;
    const shared = {
      ...{ texts, format, arrivals: this.#arrivals },
      onChange: () => this.#drawSoon(),
      onArrival: (entry: Entry) => this.#say(entry),
      onUnauthorized: () => this.#askForToken(),
    };
    this.#columns = TRANSPORTS.map(
      (transport) => new Column(byId('columns'), this.#wireOf(transport), transport, shared),
    );
    this.#token = new TokenField(texts.shared, session);
    this.#takeTokens();
    this.#publisher = new RacePublisher(session, this.#arrivals, {
      onConnected: () => void this.#conditions.askForLink(),
      onRefused: (reason) => {
        byId('refused').textContent = texts.race.notSent(reason);
      },
    });
    this.#conditions = new Conditions(texts.race, format, session, {
      onPublish: (text, due) => this.#publish(text, due),
      onTuned: (tuning) => this.#tune(tuning),
      onLinkChanged: () => this.#hasBegun && this.#connect(),
    });
    byId('legend').append(legend(viewWords[texts.language].timeline));
    byId('reset').addEventListener('click', () =>
      this.#columns.forEach((column) => column.reset()),
    );
  }

  /** Connects all columns, from what the room has next. */
  async start(room: string): Promise<void> {
    this.#room = room;
    byId('room').textContent = `${this.#texts.race.room}: ${room}`;
    void this.#conditions.askForLink();
    this.#start = await endOf(room);
    this.#hasBegun = true;
    this.#conditions.canPublish = true;
    this.#connect();
    this.#draw();
  }

  #askForToken(): void {
    this.#conditions.canPublish = false;
    byId('token-form').hidden = false;
    this.#token.ask();
  }

  #takeTokens(): void {
    byId('token-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#token.take();
      if (this.#session.token === '') return;
      byId('token-form').hidden = true;
      byId('text').focus();
      this.#conditions.canPublish = true;
      this.#connect();
    });
  }

  #connect(): void {
    const { token } = this.#session;
    this.#publisher.join(this.#room, this.#start);
    for (const column of this.#columns) {
      column.join(this.#room, this.#start, token, this.#conditions.tuning);
    }
  }

  #tune(tuning: Partial<Tuning>): void {
    for (const column of this.#columns) column.tune(tuning);
  }

  #publish(text: string, due: number): void {
    byId('refused').textContent = '';
    this.#publisher.publish(text, due);
  }

  #drawSoon(): void {
    this.#due ??= setTimeout(() => this.#draw(), DRAWN_MS);
  }

  #draw(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
    for (const column of this.#columns) column.draw();
    showSources(
      byId('sources'),
      this.#columns.map(({ sources }) => sources),
      this.#texts.chat.meter,
    );
  }

  /** One column's wire pane, and the button that shows it. */
  #wireOf(transport: (typeof TRANSPORTS)[number]): HTMLElement {
    const first = transport === TRANSPORTS[0];
    const pane = make('div', {});
    pane.hidden = !first;
    const button = make('input', { type: 'radio', name: 'wire-of', value: transport });
    button.checked = first;
    button.addEventListener('change', () => {
      for (const other of byId('wires').children) (other as HTMLElement).hidden = other !== pane;
    });
    byId('wire-choice').append(
      make('label', {}, button, ' ', this.#texts.shared.transports[transport]),
    );
    byId('wires').append(pane);
    return pane;
  }

  /** Tells those who listen how a message came in, but not each one of many. */
  #say(entry: Entry): void {
    const now = performance.now();
    if (!isComplete(entry) || now - this.#said < SAID_MS) return;
    this.#said = now;
    const { race, shared } = this.#texts;
    const places = [...entry.arrivals.keys()].map((transport) => {
      const { latency, behind } = arrivalOf(entry, transport) ?? { latency: 0, behind: 0 };
      return race.resultAt(
        shared.transports[transport],
        this.#format.milliseconds(latency ?? behind),
      );
    });
    byId('result').textContent = race.result(entry.message.text, places);
  }
}
