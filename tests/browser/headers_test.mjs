// The headers of scenarios/headers/browser.txt are those that the installed Chromium sends.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/browser/headers_test.mjs

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test as plainTest } from 'node:test';
import { GUARD_MS, Server } from '../conformance/serve.mjs';
import { Proxy, inPage, launch } from './browser.mjs';

const FILE = new URL('../../scenarios/headers/browser.txt', import.meta.url);

const test = (name, body) => plainTest(name, { timeout: 6 * GUARD_MS }, body);

let server;
let browser;
before(async () => {
  server = await Server.start();
  browser = await launch();
}, { timeout: 10 * GUARD_MS });
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The names of the headers of the one request that begins so, in lower case and sorted. */
function namesSent(connections, start) {
  const all = [...connections.values()].join('');
  const at = all.indexOf(start);
  assert.ok(at >= 0, `Chromium did not send ${start}`);
  assert.equal(all.indexOf(start, at + 1), -1, `Chromium sent ${start} twice`);
  const [, ...lines] = all.slice(at, all.indexOf('\r\n\r\n', at)).split('\r\n');
  return lines.map((line) => line.slice(0, line.indexOf(':')).toLowerCase()).sort();
}

/** The same of each section of the file, { fetch: [name, …], … }. */
function namesInFile() {
  const sections = {};
  let names;
  for (const line of readFileSync(FILE, 'utf8').split('\n')) {
    const section = line.match(/^\[(.*)\]$/);
    const header = line.match(/^([^#:]+):/);
    if (section) names = sections[section[1]] = [];
    else if (header) names.push(header[1].toLowerCase());
  }
  return Object.fromEntries(Object.entries(sections).map(([kind, all]) => [kind, all.sort()]));
}

/** One request of each kind, each of them through to its answer. */
async function askForAll() {
  document.cookie = 'session=abc';
  const json = { 'Content-Type': 'application/json' };
  const body = JSON.stringify({ from: 'ann', text: 'hi' });
  await (await fetch('/rooms/r/messages', { method: 'POST', headers: json, body })).text();
  await (await fetch('/rooms/r/poll?after=0')).text();
  await new Promise((resolve, reject) => {
    const source = new EventSource('/rooms/r/events?after=0');
    source.onerror = () => reject(new Error('the EventSource failed'));
    source.onmessage = () => {
      source.close();
      resolve();
    };
  });
  await new Promise((resolve, reject) => {
    const address = `${location.origin.replace(/^http/, 'ws')}/rooms/r/socket?after=0`;
    const socket = new WebSocket(address);
    socket.onerror = () => reject(new Error('the WebSocket failed'));
    socket.onmessage = () => {
      socket.close();
      resolve();
    };
  });
}

const KINDS = {
  fetch: 'GET /rooms/r/poll',
  post: 'POST /rooms/r/messages',
  'event-stream': 'GET /rooms/r/events',
  websocket: 'GET /rooms/r/socket',
};

/** What a client writes by itself, and the file may not hold. */
const isOwn = (kind, name) =>
  /^(host|content-length|upgrade|sec-websocket-.*)$/.test(name) ||
  (kind === 'websocket' && name === 'connection');

test('each kind of request has the same headers in the file and from Chromium', async () => {
  const proxy = await Proxy.open(server);
  const connections = new Map();
  proxy.onSent = (connection, bytes) =>
    connections.set(connection, (connections.get(connection) ?? '') + bytes.toString('latin1'));
  const page = await browser.newPage();
  await page.goto(`${proxy.url}/healthz`);
  await inPage(page, askForAll);
  const sent = Object.entries(KINDS).map(([kind, start]) => [
    kind,
    namesSent(connections, start).filter((name) => !isOwn(kind, name)),
  ]);
  assert.deepEqual(namesInFile(), Object.fromEntries(sent));
  await page.close();
  proxy.close();
});
