// The servers that others wrote, as a test starts them, and a client for each way to talk to them.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { after, before } from 'node:test';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { endPeer, startPeer } from '../../servers/peers/start.mjs';

/** Runs `body(url, peer)` while the server runs, on a free port. */
export async function withPeer(name, body, settings = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'pushbench-peers-'));
  try {
    const peer = await startPeer(name, { port: 0, folder, ...settings });
    try {
      await body(peer.url, peer);
    } finally {
      await endPeer(peer);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Starts servers for all tests of a file, each on a free port: what startPeer gives is then there by name.
 *  `prepare` resolves with more settings. */
export function peersOfFile(names, prepare = async () => ({})) {
  const peers = {};
  const folder = mkdtempSync(path.join(tmpdir(), 'pushbench-peers-'));
  before(async () => {
    const settings = await prepare();
    for (const name of names) {
      peers[name] = await startPeer(name, { port: 0, folder: path.join(folder, name), ...settings });
    }
  });
  after(async () => {
    for (const peer of Object.values(peers)) await endPeer(peer);
    rmSync(folder, { recursive: true });
  });
  return peers;
}

/** What a subscriber got, to be taken one by one. */
class Inbox {
  #got = [];
  #taker = null;

  put(text) {
    this.#got.push(text);
    this.#taker?.();
  }

  async next() {
    while (this.#got.length === 0) await new Promise((resolve) => (this.#taker = resolve));
    return this.#got.shift();
  }

  get waiting() {
    return this.#got.length;
  }
}

/** An event stream, whose head has come; `data:` lines go to the inbox. */
export async function openEvents(url) {
  const inbox = new Inbox();
  const request = http.get(url, { agent: false, headers: { Accept: 'text/event-stream' } });
  const [response] = await once(request, 'response');
  const lines = readline.createInterface({ input: response });
  lines.on('line', (line) => line.startsWith('data: ') && inbox.put(line.slice('data: '.length)));
  lines.on('error', () => {}); // `close` breaks the response that they come from
  return { inbox, response, close: () => request.destroy() };
}

/** A WebSocket that is open; `accept` says which frames count. */
export async function openSocket(url, accept = () => true) {
  const socket = new WebSocket(url.replace('http:', 'ws:'));
  const inbox = new Inbox();
  socket.on('message', (data) => accept(String(data)) && inbox.put(String(data)));
  await once(socket, 'open');
  return { inbox, socket, close: () => socket.terminate() };
}

async function postToNchan(url, room, draft) {
  const answer = await fetch(`${url}/pub/${room}`, { method: 'POST', body: draft });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`publishing was answered ${answer.status}`);
}

/** Asks again and again, each time for what comes after the last answer. */
async function pollNchan(url) {
  const inbox = new Inbox();
  const stop = new AbortController();
  const ask = async () => {
    let cursor = {};
    for (;;) {
      const answer = await fetch(url, { headers: cursor, signal: stop.signal });
      cursor = {
        'If-Modified-Since': answer.headers.get('last-modified'),
        'If-None-Match': answer.headers.get('etag'),
      };
      inbox.put(await answer.text());
    }
  };
  const asking = ask().catch((error) => {
    if (!stop.signal.aborted) inbox.put(String(error));
  });
  const close = async () => {
    stop.abort();
    await asking;
  };
  return { inbox, close };
}

async function joinSocketio(url, room, transport) {
  const inbox = new Inbox();
  const socket = io(url, { transports: [transport], forceNew: true });
  socket.on('message', (draft) => inbox.put(JSON.stringify(draft)));
  await once(socket, 'connect');
  await socket.emitWithAck('join', room);
  return { inbox, say: (draft) => socket.emit('say', room, JSON.parse(draft)), close: () => socket.close() };
}

/** Who hears their own hello is in the room; that a connection is open does not mean it yet. */
async function joinBroadcast(url, room) {
  const hello = JSON.stringify({ hello: Math.random() });
  let greeted;
  const heard = new Promise((resolve) => (greeted = resolve));
  const client = await openSocket(`${url}/${room}`, (frame) => {
    if (frame === hello) greeted();
    return !frame.startsWith('{"hello"');
  });
  client.socket.send(hello);
  await heard;
  return { ...client, say: (draft) => client.socket.send(draft) };
}

const nchan = (open) => async (url, room) => ({
  ...(await open(`${url}/sub/${room}`)),
  say: (draft) => postToNchan(url, room, draft),
});

/** Each way to be in a room: `join(url, room)` resolves with `{ inbox, say(draft), close }`. */
export const WAYS = [
  { peer: 'nchan', by: 'long-polling', join: nchan(pollNchan) },
  { peer: 'nchan', by: 'sse', join: nchan(openEvents) },
  { peer: 'nchan', by: 'websocket', join: nchan(openSocket) },
  { peer: 'socketio', by: 'long-polling', join: (url, room) => joinSocketio(url, room, 'polling') },
  { peer: 'socketio', by: 'websocket', join: (url, room) => joinSocketio(url, room, 'websocket') },
  { peer: 'ws', by: 'websocket', join: joinBroadcast },
  { peer: 'gorilla', by: 'websocket', join: joinBroadcast },
];
