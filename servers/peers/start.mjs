// Starts a server of this folder in the foreground, on a port of one's choice:
//   node servers/peers/start.mjs nchan|socketio|ws|gorilla [--port N] [--core N] [--folder FOLDER]
// It prints one line, once the server answers: "NAME listens on URL, process PID", of the process that does the
// work. SIGTERM ends both. Port 0 is any free one; without --port it is the one that stands in PEERS below.
import { execFileSync, spawn } from 'node:child_process';
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
const WAIT_MS = 20_000; // far more than any of them takes to begin

/** Each server by name: its usual port, the dialect that its users speak, and what starts it. */
export const PEERS = {
  nchan: { port: 8090, dialect: 'nchan', start: startNginx },
  socketio: { port: 8091, dialect: 'socketio', start: startNode },
  ws: { port: 8092, dialect: 'ws', start: startNode },
  gorilla: { port: 8093, dialect: 'ws', start: startGo },
};

/** What went wrong that the user can mend. */
export class PeerError extends Error {}

/** Starts one and waits until it answers: `{ name, url, port, pid, child }`. `child` is what to end with SIGTERM,
 *  `pid` the process that does the work. Its files go into `folder`, what it complains of to `log` (a descriptor). */
export async function startPeer(name, { port = PEERS[name].port, core, folder, log = 2 }) {
  const free = await freePort(name, port);
  const pin = (command, args) =>
    core === undefined ? [command, args] : ['taskset', ['-c', String(core), command, ...args]];
  const launch = (command, args, options) =>
    spawn(...pin(command, args), { detached: true, stdio: ['ignore', 'pipe', log], ...options });
  mkdirSync(folder, { recursive: true });
  return { name, ...(await PEERS[name].start(name, { port: free, launch, folder: path.resolve(folder) })) };
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
  const child = launch(process.execPath, [path.join(HERE, `${name}.mjs`), '--port', String(port)]);
  return whenItSays(name, child);
}

/** Debian's Go libraries lie in a workspace as Go had them before modules. The program is built if it is not there
 *  or older than its source, which the go command finds out by itself. */
function startGo(name, { port, launch, folder }) {
  const binary = path.join(folder, name);
  const env = { ...process.env, GOPATH: '/usr/share/gocode', GO111MODULE: 'off', GOFLAGS: '-trimpath' };
  env.GOCACHE ??= path.join(process.env.HOME ?? tmpdir(), '.cache/go-build');
  execFileSync('go', ['build', '-o', binary, '.'], { cwd: path.join(HERE, name), env, stdio: [0, 2, 2] });
  return whenItSays(name, launch(binary, ['--port', String(port)]));
}

/** A server that says where it listens, and is the process that does the work. */
async function whenItSays(name, child) {
  const lines = readline.createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), ended(name, child)]);
  const [, url] = line.match(/ listens on (http:\S+), process \d+$/);
  return { url, port: Number(new URL(url).port), pid: child.pid, child };
}

/** nginx takes its port from its configuration only, so it gets a copy with another one. */
async function startNginx(name, { port, launch, folder }) {
  const text = readFileSync(path.join(HERE, `${name}.conf`), 'utf8');
  const configuration = path.join(folder, `${name}.conf`);
  writeFileSync(configuration, text.replaceAll(`127.0.0.1:${PEERS[name].port}`, `127.0.0.1:${port}`));
  const child = launch('nginx', ['-e', 'stderr', '-p', folder, '-c', configuration]);
  const pid = await Promise.race([workerOf(child.pid), ended(name, child)]);
  return { url: `http://127.0.0.1:${port}`, port, pid, child };
}

/** nginx begins to listen before it starts its worker; who connects then is answered. */
async function workerOf(master) {
  const until = performance.now() + WAIT_MS;
  while (performance.now() < until) {
    const children = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').split(' ');
    if (children[0] !== '') return Number(children[0]);
    await delay(5); // nothing tells that a process has a child
  }
  throw new PeerError(`nginx has started no worker for ${WAIT_MS / 1000} s`);
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
    options: { port: flag, core: flag, folder: flag },
  });
  const [name] = positionals;
  if (!Object.hasOwn(PEERS, name)) throw new PeerError(`"${name}" is none of ${Object.keys(PEERS).join(', ')}`);
  const folder = values.folder ?? mkdtempSync(path.join(tmpdir(), 'pushbench-peer-'));
  if (values.folder === undefined) process.on('exit', () => rmSync(folder, { recursive: true }));
  const port = values.port === undefined ? undefined : Number(values.port);
  const { url, pid, child } = await startPeer(name, { port, core: values.core, folder });
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill('SIGTERM'));
  console.log(`${name} listens on ${url}, process ${pid}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main().catch((error) => {
    console.error(error instanceof PeerError ? `error: ${error.message}` : error);
    process.exit(1);
  });
}
