// Starts a server of this folder in the foreground, on a port of one's choice:
//   node servers/peers/start.mjs NAME [--port N] [--core N] [--folder FOLDER] [--upstream HOST:PORT]
// It prints one line, once the server answers: "NAME listens on URL, process PID", of the process that does the
// work. SIGTERM ends both. The names stand in PEERS below, each with its usual port; port 0 is any free one.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { fail, parse, PeerError, readSettings, stopSignal, UPSTREAM, UsageError } from './flags.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
// Debian's nginx and HAProxy lie where only root looks.
const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const WAIT_MS = 20_000; // far more than any of them takes to begin
const BUILD_MS = 180_000; // the first time on a slow machine, Go's own library has to be built too
const PATIENCE_MS = 5000; // for a server to end by itself
const MORE_TRIES = 2; // on any free port: somebody else may take it before the server does

class EndedEarly extends PeerError {}

// What a kind of server is started by, and how one sees that it answers.
const NODE = { command: nodeCommand, ready: whenItSays };
const GO = { command: goCommand, ready: whenItSays };
const NGINX = { command: nginxCommand, ready: whenItHasAWorker };
const HAPROXY = { command: haproxyCommand, ready: whenItAccepts };

/** Each server by name: its usual port, the dialect that its users speak, and its kind. Those whose name begins
 *  with `front-` are proxies in front of our own server. */
export const PEERS = {
  nchan: { port: 8090, dialect: 'nchan', kind: NGINX },
  socketio: { port: 8091, dialect: 'socketio', kind: NODE },
  ws: { port: 8092, dialect: 'ws', kind: NODE },
  gorilla: { port: 8093, dialect: 'ws', kind: GO },
  'front-nginx': { port: 8094, dialect: 'pushbench', kind: NGINX },
  'front-haproxy': { port: 8095, dialect: 'pushbench', kind: HAPROXY },
  'front-nginx-plain': { port: 8096, dialect: 'pushbench', kind: NGINX },
};

/** Starts one and waits until it answers: `{ name, url, pid, child }`. `child` is what endPeer ends, `pid` the
 *  process that does the work. Its files go into `folder`, what it complains of to `log` (a descriptor); it has
 *  the processor's `core` for itself if one is named. `edit` may change the text of its configuration. After
 *  `patience` ms, or when `signal` (an AbortSignal) says so, it is given up. A failure leaves nothing running. */
export async function startPeer(name, settings) {
  for (let more = settings.port === 0 ? MORE_TRIES : 0; ; more -= 1) {
    try {
      return await startOnce(name, settings);
    } catch (error) {
      if (more === 0 || !(error instanceof EndedEarly)) throw error;
    }
  }
}

async function startOnce(name, settings) {
  const { port = PEERS[name].port, core, log = 2, upstream = UPSTREAM, edit = (text) => text } = settings;
  const { command, ready } = PEERS[name].kind;
  mkdirSync(settings.folder, { recursive: true });
  const free = await freePort(name, port);
  const setting = { port: free, folder: path.resolve(settings.folder), upstream, edit };
  const pin = core === undefined ? [] : ['taskset', '-c', core];
  const [program, ...args] = [...pin, ...command(name, setting)];
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', log], env: ENVIRONMENT });
  const over = new AbortController();
  try {
    await spawned(name, child);
    const failures = [ended(name, child), givenUp(name, settings, over.signal)];
    return { name, ...(await Promise.race([ready(child, setting, over.signal), ...failures])), child };
  } catch (error) {
    await endPeer({ child });
    throw error;
  } finally {
    over.abort();
  }
}

/** Ends one that startPeer gave, and waits until it has: by SIGTERM, or, where that takes too long, by SIGKILL. */
export async function endPeer({ child }) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  // It leads a group of its own, with nginx's worker in it.
  const kill = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), PATIENCE_MS);
  await exit;
  clearTimeout(kill);
}

/** The port, or any free one for 0. A port that is taken shows here, before something else answers on it. */
async function freePort(name, port) {
  const server = net.createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch ({ code }) {
    if (code !== 'EADDRINUSE') throw new PeerError(`${name}: port ${port} can't be had (${code}); give another --port`);
    throw new PeerError(`${name}: port ${port} is taken; end what listens there, or give another --port`);
  }
  const { port: found } = server.address();
  server.close();
  await once(server, 'close');
  return found;
}

function nodeCommand(name, { port }) {
  return [process.execPath, path.join(HERE, `${name}.mjs`), '--port', String(port)];
}

/** Builds the program, if it is not there or older than its source. Debian's Go libraries lie in a workspace, as
 *  they did before there were modules. */
function goCommand(name, { port, folder }) {
  const binary = path.join(folder, name);
  const env = { ...process.env, GOPATH: '/usr/share/gocode', GO111MODULE: 'off', GOFLAGS: '' };
  if (!env.HOME) env.GOCACHE ??= path.join(folder, 'go-cache');
  const { error, status } = spawnSync('go', ['build', '-o', binary, '.'], {
    cwd: path.join(HERE, name),
    env,
    stdio: ['ignore', 2, 2],
    timeout: BUILD_MS,
  });
  if (error?.code === 'ETIMEDOUT') throw new PeerError(`${name} is not built after ${BUILD_MS / 1000} s`);
  if (error) throw new PeerError(`${name}: go can't be started (${error.code})`);
  if (status !== 0) throw new PeerError(`${name} can't be built; go said why`);
  return [binary, '--port', String(port)];
}

function nginxCommand(name, setting) {
  return ['nginx', '-e', 'stderr', '-p', setting.folder, '-c', configure(`${name}.conf`, setting)];
}

function haproxyCommand(name, setting) {
  return ['haproxy', '-db', '-f', configure(`${name}.cfg`, setting)];
}

/** A copy of a configuration, with the ports of one's choice instead of the usual ones; returns its path. */
function configure(file, { port, folder, upstream, edit }) {
  const text = edit(readFileSync(path.join(HERE, file), 'utf8'));
  const copy = path.join(folder, file);
  const chosen = (address) => (address === UPSTREAM ? upstream : `127.0.0.1:${port}`);
  writeFileSync(copy, text.replace(/127\.0\.0\.1:\d+/g, chosen));
  return copy;
}

/** A server that says where it listens, and is the process that does the work. */
async function whenItSays(child) {
  const [line] = await once(readline.createInterface({ input: child.stdout }), 'line');
  const [, url] = line.match(/ listens on (http:\S+), /) ?? [];
  if (url === undefined) throw new PeerError(`instead of where it listens it said: ${line}`);
  return { url, pid: child.pid };
}

/** nginx listens before it starts its worker, so that whoever comes from then on is answered. */
async function whenItHasAWorker(master, { port }, signal) {
  const pid = await until(signal, () => {
    const children = readFileSync(`/proc/${master.pid}/task/${master.pid}/children`, 'utf8');
    return Number(children.split(' ')[0]);
  });
  return { url: `http://127.0.0.1:${port}`, pid };
}

async function whenItAccepts(child, { port }, signal) {
  await until(signal, async () => {
    const socket = net.connect(port, '127.0.0.1');
    const accepted = await once(socket, 'connect', { signal }).then(() => true, () => false);
    socket.destroy();
    return accepted;
  });
  return { url: `http://127.0.0.1:${port}`, pid: child.pid };
}

/** Asks every few milliseconds, since no event tells what another process has got to, until `signal` ends that. */
async function until(signal, ask) {
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    await delay(5, undefined, { signal });
  }
}

async function spawned(name, child) {
  await once(child, 'spawn').catch((error) => {
    throw new PeerError(`${name}: ${error.path} can't be started (${error.code})`);
  });
}

/** Rejects when the process ends. */
async function ended(name, child) {
  const [code, signal] = await once(child, 'exit');
  throw new EndedEarly(`${name} ended before it listened (${signal ?? `exit code ${code}`}); see what it said`);
}

/** Rejects when there is no more patience with it, or `stop` says that nobody wants it any more. */
function givenUp(name, { patience = WAIT_MS, signal: stop }, over) {
  return new Promise((_, reject) => {
    const stopped = () => reject(new PeerError(`${name} was stopped before it listened`));
    if (stop?.aborted) stopped();
    stop?.addEventListener('abort', stopped, { signal: over });
    const late = () => reject(new PeerError(`${name} does not answer after ${patience / 1000} s`));
    const timer = setTimeout(late, patience);
    over.addEventListener('abort', () => clearTimeout(timer));
  });
}

async function main() {
  const { values, positionals } = parse(process.argv.slice(2), ['port', 'core', 'folder', 'upstream']);
  const [name, ...more] = positionals;
  const names = Object.keys(PEERS).join(', ');
  if (name === undefined || more.length > 0) throw new UsageError(`name one of ${names}`);
  if (!Object.hasOwn(PEERS, name)) throw new UsageError(`${name} is none of ${names}`);
  const settings = readSettings(values);
  const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'pushbench-peer-'));
  if (values.folder === undefined) process.on('exit', () => rmSync(folder, { recursive: true }));
  const signal = stopSignal();
  const { url, pid, child } = await startPeer(name, { ...settings, folder, signal });
  signal.addEventListener('abort', () => child.kill('SIGTERM'));
  console.log(`${name} listens on ${url}, process ${pid}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main().catch(fail);
