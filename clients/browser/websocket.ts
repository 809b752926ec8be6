import { OPCODE } from './frame_header.js';
import type { Answer, HttpExchange } from './http_exchange.js';
import { RoomCheck } from './room_check.js';
import type { Subscriber } from './subscriber.js';
import { socketTarget } from './targets.js';
import type { ClientTransport } from './transport.js';

const CUTS = 2; // so many sockets in a row that bring nothing, and something between breaks them

/** Codes that say that this side did wrong (RFC 6455 §7.4.1), and would again. */
const OUR_FAULT = [1002, 1003, 1007, 1008, 1010];
const NO_CODE = 1005; // it named none
const NOT_CLEAN = 1006; // it did not close, but broke
const OPEN = 1; // a WebSocket's readyState

/**
 * Upgrades one connection (RFC 6455), on which batches come and drafts go. A draft's echo is its
 * acknowledgement: the Publisher sees to those that have none when the socket is gone.
 *
 * A browser shows a page no head of the upgrade, no ping, and of a refusal not even the status. So
 * the epoch is asked for before, a socket that does not open is asked after by a request of the
 * same target, and one that is silent is checked by RoomCheck.
 */
export class WebSocketTransport implements ClientTransport {
  readonly name = 'websocket';
  readonly #subscriber: Subscriber;
  readonly #protocols: string[];
  readonly #check: RoomCheck;
  #asked: HttpExchange | undefined; // what there is to know before, or after it did not open
  #socket: WebSocket | undefined;
  #exchange = 0; // of the upgrade, in wire events
  #opening: string | undefined; // its target, until they tell how it ended
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heard = false; // a frame, on this socket
  #cuts = 0; // sockets that broke without having brought a frame, since one has

  constructor(subscriber: Subscriber) {
    this.#subscriber = subscriber;
    const { token } = subscriber.options;
    this.#protocols = token === undefined ? [] : ['pushbench', `bearer.${token}`];
    this.#check = new RoomCheck(subscriber, (reason) => this.#onCut(reason));
  }

  connect(): void {
    if (this.#subscriber.cursor.epoch !== '') return this.#open();
    this.#asked = this.#subscriber.checkRoom((facts, answer) => {
      this.#asked = undefined;
      if (facts === undefined) return this.#subscriber.refused(answer);
      this.#subscriber.learnEpoch(facts.epoch);
      this.#open();
    });
  }

  disconnect(): void {
    this.#check.stop();
    this.#dropSocket();
    // As any request that is cancelled, it counts as sent, but not where it is in doubt by now.
    this.#tellNotOpen(this.#asked === undefined);
    this.#asked?.cancel();
    this.#asked = undefined;
  }

  carry(json: string): boolean {
    if (this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(json);
    this.#subscriber.wire.frame(this.#exchange, 'up', json);
    return true;
  }

  onBack(): void {
    this.#check.now();
  }

  #open(): void {
    const { options, after, openingMs, wire } = this.#subscriber;
    const target = socketTarget(options.room, after);
    const socket = this.#make(target);
    if (typeof socket === 'string') return this.#subscriber.suspect(socket);
    this.#socket = socket;
    this.#exchange = wire.upgrade(target, this.#protocols);
    this.#opening = target;
    this.#timer = setTimeout(() => this.#onNotOpen(target), openingMs);
    socket.onopen = () => this.#onOpen(target, socket);
    socket.onerror = () => {}; // says nothing; onclose follows
    socket.onclose = () => this.#onNotOpen(target);
  }

  /** Or why there is none. */
  #make(target: string): WebSocket | string {
    const { server, environment } = this.#subscriber;
    if (environment.WebSocket === undefined) return 'there is no WebSocket here';
    try {
      return new environment.WebSocket(server.replace(/^http/, 'ws') + target, this.#protocols);
    } catch (error) {
      return `the browser does not open a WebSocket (${String(error)})`;
    }
  }

  #onOpen(target: string, socket: WebSocket): void {
    clearTimeout(this.#timer);
    const opened = performance.now();
    this.#heard = false;
    socket.onmessage = ({ data }) => this.#onFrame(String(data));
    socket.onclose = (event) => this.#onClose(event, performance.now() - opened);
    this.#subscriber.wire.upgraded(this.#exchange, target, this.#protocols, socket);
    this.#opening = undefined;
    this.#check.heard();
    this.#subscriber.subscribed();
  }

  /**
   * No handshake came to its end in time, or it was refused. Asked without an upgrade, the server
   * says what it has against it, or that it would have upgraded (426): then something between did
   * not. Where no answer comes to this either, the upgrade has not gone out, as far as one can
   * tell.
   */
  #onNotOpen(target: string): void {
    this.#dropSocket();
    this.#asked = this.#subscriber.get('socket', target, this.#subscriber.limits.answer, {
      onHead: () => {
        this.#tellNotOpen(true);
        return false;
      },
      onEnd: (answer) => this.#onReason(answer),
    });
  }

  #tellNotOpen(sent: boolean): void {
    if (this.#opening === undefined) return;
    this.#subscriber.wire.notUpgraded(this.#exchange, this.#opening, this.#protocols, sent);
    this.#opening = undefined;
  }

  #dropSocket(): void {
    clearTimeout(this.#timer);
    if (this.#socket) drop(this.#socket);
    this.#socket = undefined;
  }

  #onReason(answer: Answer): void {
    this.#tellNotOpen(false);
    this.#asked = undefined;
    if (answer.status !== 426) return this.#subscriber.refused(answer);
    this.#subscriber.suspect('no WebSocket comes through, though the server answers');
  }

  #onFrame(text: string): void {
    this.#heard = true;
    this.#cuts = 0;
    this.#check.heard();
    this.#subscriber.wire.frame(this.#exchange, 'down', text);
    this.#subscriber.takeBatch(text);
  }

  #onClose({ code, reason }: CloseEvent, livedMs: number): void {
    if (code === NOT_CLEAN) {
      const atOnce = !this.#heard && livedMs < this.#subscriber.limits.opening;
      if (atOnce) return this.#onCut('the WebSocket broke');
      return this.#subscriber.lost('the WebSocket broke');
    }
    if (code !== NO_CODE) this.#subscriber.wire.frame(this.#exchange, 'down', reason, OPCODE.close);
    const why = `the server closed the WebSocket with ${code} ${reason}`.trim();
    if (OUR_FAULT.includes(code)) return this.#subscriber.failed(why);
    this.#subscriber.lost(why); // 1001: it goes away; 1009: see Publisher; 1013: this side was slow
  }

  #onCut(reason: string): void {
    if (++this.#cuts < CUTS) return this.#subscriber.lost(reason);
    this.#cuts = 0;
    this.#subscriber.suspect(`WebSockets open but bring nothing: ${reason}`);
  }
}

/** Its events are nobody's from now on. One that is still opening is closed when it has, since a
 *  browser complains to the page's console otherwise. */
function drop(socket: WebSocket): void {
  socket.onmessage = socket.onclose = null;
  socket.onopen = () => socket.close();
  if (socket.readyState === OPEN) socket.close();
}
