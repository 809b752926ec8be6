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
import { parseArgs } from 'node:util';

const HERE = fileURLToPath(new URL('.', import.meta.url));
// Debian's nginx and HAProxy lie where only root looks.
const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };
const WAIT_MS = 20_000; // far more than any of them takes to begin

/** Where `pushbench serve` listens by default, and whatever is in front of it finds it. */
export const UPSTREAM = '127.0.0.1:8080';

/** Each server by name: its usual port, the dialect that its users speak, and what starts it. Those whose name
 *  begins with `front-` are proxies in front of our own server. */
export const PEERS = {
  nchan: { port: 8090, dialect: 'nchan', start: startNginx },
  socketio: { port: 8091, dialect: 'socketio', start: startNode },
  ws: { port: 8092, dialect: 'ws', start: startNode },
  gorilla: { port: 8093, dialect: 'ws', start: startGo },
  'front-nginx': { port: 8094, dialect: 'pushbench', start: startNginx },
  'front-haproxy': { port: 8095, dialect: 'pushbench', start: startHaproxy },
  'front-nginx-plain': { port: 8096, dialect: 'pushbench', start: startNginx },
};

/** What went wrong that the user can mend. */
export class PeerError extends Error {}

/** What was typed that is none of what can be. */
export class UsageError extends PeerError {}

/** Starts one and waits until it answers: `{ name, url, pid, child }`. `child` is what to end with SIGTERM, `pid` the
 *  process that does the work. Its files go into `folder`, what it complains of to `log` (a descriptor); it has
 *  the processor's `core` for itself if one is named. `edit` may change the text of its configuration. */
export async function startPeer(name, settings) {
  const { port = PEERS[name].port, core, folder, log = 2, upstream = UPSTREAM, edit = (text) => text } = settings;
  const free = await freePort(name, port);
  const launch = (...command) => {
    const [program, ...args] = core === undefined ? command : ['taskset', '-c', core, ...command];
    return spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', log], env: ENVIRONMENT });
  };
  mkdirSync(folder, { recursive: true });
  const setting = { port: free, launch, folder: path.resolve(folder), upstream, edit };
  return { name, ...(await PEERS[name].start(name, setting)) };
}

/** The port, or any free one for 0. A port that is taken shows here, before something else answers on it. */
async function freePort(name, port) {
  const server = net.createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new PeerError(`${name}: port ${port} is taken; end what listens there, or give another --port`);
  }
  const { port: found } = server.address();
  server.close();
  await once(server, 'close');
  return found;
}

function startNode(name, { port, launch }) {
  const child = launch(process.execPath, path.join(HERE, `${name}.mjs`), '--port', String(port));
  return whenItSays(name, child);
}

/** Builds the program, if it is not there or older than its source, and starts it. Debian's Go libraries lie in a
 *  workspace, as they did before there were modules. */
function startGo(name, { port, launch, folder }) {
  const binary = path.join(folder, name);
  const env = { ...process.env, GOPATH: '/usr/share/gocode', GO111MODULE: 'off', GOFLAGS: '' };
  if (!env.HOME) env.GOCACHE ??= path.join(folder, 'go-cache');
  const { error, status } = spawnSync('go', ['build', '-o', binary, '.'], {
    cwd: path.join(HERE, name),
    env,
    stdio: ['ignore', 2, 2],
  });
  if (error) throw new PeerError(`${name}: go can't be started (${error.code})`);
  if (status !== 0) throw new PeerError(`${name} can't be built; go said why`);
  return whenItSays(name, launch(binary, '--port', String(port)));
}

/** A server that says where it listens, and is the process that does the work. */
async function whenItSays(name, child) {
  const lines = readline.createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), ended(name, child)]);
  return { url: line.match(/ listens on (http:\S+), /)[1], pid: child.pid, child };
}

async function startNginx(name, setting) {
  const { port, launch, folder } = setting;
  const child = launch('nginx', '-e', 'stderr', '-p', folder, '-c', configure(`${name}.conf`, setting));
  const pid = await Promise.race([workerOf(child), ended(name, child)]);
  return { url: `http://127.0.0.1:${port}`, pid, child };
}

async function startHaproxy(name, setting) {
  const { port, launch } = setting;
  const child = launch('haproxy', '-db', '-f', configure(`${name}.cfg`, setting));
  await Promise.race([whenItAccepts(child, port), ended(name, child)]);
  return { url: `http://127.0.0.1:${port}`, pid: child.pid, child };
}

/** A copy of a configuration, with the ports of one's choice instead of the usual ones; returns its path. */
function configure(file, { port, folder, upstream, edit }) {
  const text = edit(readFileSync(path.join(HERE, file), 'utf8'));
  const copy = path.join(folder, file);
  const chosen = (address) => (address === UPSTREAM ? upstream : `127.0.0.1:${port}`);
  writeFileSync(copy, text.replace(/127\.0\.0\.1:\d+/g, chosen));
  return copy;
}

/** nginx listens before it starts its worker, so that whoever comes from then on is answered. */
function workerOf(master) {
  return until(master, 'nginx has not started its worker', () => {
    const children = readFileSync(`/proc/${master.pid}/task/${master.pid}/children`, 'utf8');
    return Number(children.split(' ')[0]);
  });
}

function whenItAccepts(child, port) {
  return until(child, `port ${port} takes no connection`, async () => {
    const socket = net.connect(port, '127.0.0.1');
    const accepted = await once(socket, 'connect').then(() => true, () => false);
    socket.destroy();
    return accepted;
  });
}

/** Asks every few milliseconds, since no event tells what another process has got to. */
async function until(child, problem, ask) {
  const end = performance.now() + WAIT_MS;
  while (performance.now() < end) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) break;
    const answer = await ask();
    if (answer) return answer;
    await delay(5);
  }
  throw new PeerError(`${problem} after ${WAIT_MS / 1000} s`);
}

/** Rejects when the process ends, or can't be started at all. */
async function ended(name, child) {
  const [code, signal] = await once(child, 'exit').catch((error) => {
    throw new PeerError(`${name}: ${error.path} can't be started (${error.code})`);
  });
  throw new PeerError(`${name} ended before it listened (${signal ?? `exit code ${code}`}); see what it said`);
}

async function main() {
  const flag = { type: 'string' };
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: flag, core: flag, folder: flag, upstream: flag },
  });
  const [name] = positionals;
  if (!Object.hasOwn(PEERS, name)) throw new UsageError(`${name} is none of ${Object.keys(PEERS).join(', ')}`);
  const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'pushbench-peer-'));
  if (values.folder === undefined) process.on('exit', () => rmSync(folder, { recursive: true }));
  const port = values.port === undefined ? undefined : Number(values.port);
  const { url, pid, child } = await startPeer(name, { ...values, port, folder });
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill('SIGTERM'));
  console.log(`${name} listens on ${url}, process ${pid}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error instanceof PeerError ? `error: ${error.message}` : error);
    process.exit(1);
  });
}
