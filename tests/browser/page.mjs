// One connection of the browser library, in Node, and what its listener heard.

import { EventEmitter, once } from 'node:events';
import { after } from 'node:test';
import { WebSocket } from 'ws';
import { Server, within } from '../conformance/serve.mjs';
import { moduleOf } from './library.mjs';

const { connect } = await moduleOf('connect.ts');
const { LIMITS } = await moduleOf('environment.ts');

export const TRANSPORTS = ['polling', 'long-polling', 'sse', 'websocket'];

const opened = [];

/** Resolves with a server or proxy that is closed behind all tests, should its own one fail before. */
export async function opens(promise) {
  const what = await promise;
  opened.push(what);
  return what;
}

after(() => {
  for (const what of opened) {
    if (what instanceof Page) what.leave();
    else if (what instanceof Server) what.signal('SIGKILL');
    else what.close();
  }
});

export class Page {
  messages = [];
  gaps = [];
  heard = []; // messages' seqs and gaps' reasons, in order
  states = [];
  wire = [];
  #wake = new EventEmitter();
  #on;

  /** `limits`: those that are not to be the usual ones. `on`: more to do when it is called, by name. */
  static join(transport, server, { limits = {}, environment = {}, on = {}, ...options } = {}) {
    const page = new Page();
    opened.push(page);
    page.#on = on;
    const all = { transport, room: 'r', server: server.url, intervalMs: 50, ...options };
    page.connection = connect(all, page.#listener(), {
      WebSocket,
      limits: { ...LIMITS, ...limits },
      ...environment,
    });
    return page;
  }

  #listener() {
    const note = (call, list, ...items) => {
      list.push(...items);
      this.#wake.emit('event');
      this.#on[call]?.(this);
    };
    return {
      onMessages: (messages) => {
        this.heard.push(...messages.map(({ seq }) => seq));
        note('onMessages', this.messages, ...messages);
      },
      onGap: (gap) => {
        this.heard.push(gap.reason);
        note('onGap', this.gaps, gap);
      },
      onState: (state) => note('onState', this.states, state),
      onWire: (event) => note('onWire', this.wire, event),
    };
  }

  get state() {
    return this.states.at(-1);
  }

  get texts() {
    return this.messages.map(({ text }) => text);
  }

  publish(text, id) {
    return within(this.connection.publish('ann', text, id), `publishing ${text}`);
  }

  async until(done, what) {
    const wait = async () => {
      while (!done()) await once(this.#wake, 'event');
    };
    try {
      await within(wait(), what);
    } catch (error) {
      error.message += `; heard ${JSON.stringify(this.heard)}, ${JSON.stringify(this.states)}`;
      throw error;
    }
  }

  async has(count) {
    await this.until(() => this.messages.length >= count, `${count} messages`);
  }

  /** Resolves with the first state of that kind, from the given index on. */
  async is(kind, from = 0) {
    const find = () => this.states.slice(from).find(({ is }) => is === kind);
    await this.until(find, kind);
    return find();
  }

  answers(purpose) {
    return this.wire.filter((event) => event.is === 'answer' && event.purpose === purpose);
  }

  leave() {
    this.connection.leave();
  }
}
