// What scripts/peers does: starts servers of this folder in the background, and finds them again by what it wrote
// down when it did: a folder for each, with state.json, log and whatever the server itself puts there.
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, parse, PeerError, readSettings, stopSignal, UPSTREAM, UsageError } from './flags.mjs';
import { PEERS, startPeer } from './start.mjs';

const USAGE = `usage: scripts/peers up|down|status|flags [NAME ...] [FLAGS]

Servers that others wrote, started on loopback to run scenarios against, and proxies in front of our own.

  up      start these, installing what is missing; without names nchan, socketio, ws and gorilla
  down    stop these, or all, and leave nothing
  status  what runs, with the flags for pushbench run
  flags   only these flags, in one line: pushbench run chat $(scripts/peers flags)

Names: ${Object.keys(PEERS).join(', ')}.

  --core N            keep each to this core of the processor (default: servers to the last one,
                      which pushbench run keeps its own to; proxies to none)
  --port PORT         another port than its own; 0 is any free one
  --upstream ADDRESS  where pushbench serve listens, for the proxies (default: ${UPSTREAM})
  --state FOLDER      where logs and process numbers are kept (default: build/peers)
`;
const USUAL = ['nchan', 'socketio', 'ws', 'gorilla'];
const HELP = { help: { type: 'boolean', short: 'h' } };
const PATIENCE_MS = 5000; // for a server to end by itself, and then once more for the system to end it

/** When the process began, in ticks since the machine did, or null if it has ended. It tells a process from a later
 *  one that got its number. */
function startOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return fields[0] === 'Z' ? null : fields[19];
  } catch {
    return null;
  }
}

/** The folder with what is known of each server that was started. */
class Shelf {
  constructor(folder) {
    this.folder = folder;
  }

  of(name) {
    return path.join(this.folder, name);
  }

  names() {
    if (!existsSync(this.folder)) return [];
    return Object.keys(PEERS).filter((name) => existsSync(this.of(name)));
  }

  /** What `keep` was given, if that server still runs, or null. */
  running(name) {
    const file = path.join(this.of(name), 'state.json');
    if (!existsSync(file)) return null;
    const state = JSON.parse(readFileSync(file, 'utf8'));
    return startOf(state.main) === state.began ? state : null;
  }

  keep(state) {
    writeFileSync(path.join(this.of(state.name), 'state.json'), `${JSON.stringify(state)}\n`);
  }

  remove(name) {
    rmSync(this.of(name), { recursive: true });
    if (readdirSync(this.folder).length === 0) rmdirSync(this.folder);
  }
}

const isFront = (name) => name.startsWith('front-');

/** What of `settings` a server that runs was not started with, in words, or null. */
function otherwise({ name, url, core, upstream = UPSTREAM }, settings) {
  const { port } = new URL(url);
  if (settings.port && settings.port !== Number(port)) return `on port ${port}, not ${settings.port}`;
  if (settings.core !== undefined && settings.core !== core) {
    return core === undefined ? `without --core ${settings.core}` : `on core ${core}, not ${settings.core}`;
  }
  if (isFront(name) && settings.upstream !== undefined && settings.upstream !== upstream) {
    return `in front of ${upstream}, not ${settings.upstream}`;
  }
  return null;
}

/** Fails for one that runs, but not as it is wanted now. */
function refuseOther(shelf, name, settings) {
  const state = shelf.running(name);
  const how = state && otherwise(state, settings);
  if (how) throw new PeerError(`${name} runs already, ${how}; end it first with scripts/peers down ${name}`);
}

/** The last core that there is, of several: the users of pushbench run have the others. */
function serverCore() {
  const [, list] = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'));
  const numbers = list.split(/[-,]/);
  return numbers.length > 1 ? numbers.at(-1) : undefined;
}

async function up(shelf, name, asked) {
  if (shelf.running(name)) return;
  const settings = { core: isFront(name) ? undefined : serverCore(), ...asked };
  const folder = shelf.of(name);
  mkdirSync(folder, { recursive: true });
  const log = openSync(path.join(folder, 'log'), 'w');
  try {
    const { url, pid, child } = await startPeer(name, { ...settings, folder, log });
    const { core, upstream } = settings;
    shelf.keep({ name, url, pid, main: child.pid, began: startOf(child.pid), core, upstream });
    child.stdout.destroy();
    child.unref();
  } catch (error) {
    const said = readFileSync(path.join(folder, 'log'), 'utf8').trim();
    shelf.remove(name);
    if (error instanceof PeerError && said !== '') error.message += `\n${said}`;
    throw error;
  }
}

/** Whether a server ends before there is no more patience. */
async function ends({ main, began }) {
  const end = performance.now() + PATIENCE_MS;
  while (startOf(main) === began) {
    if (performance.now() > end) return false;
    await delay(5); // no event tells that a process ends which is not a child
  }
  return true;
}

async function down(shelf, name) {
  const state = shelf.running(name);
  if (state) {
    process.kill(state.main, 'SIGTERM');
    // It leads a group of its own, with nginx's worker in it.
    if (!(await ends(state))) process.kill(-state.main, 'SIGKILL');
    if (!(await ends(state))) throw new PeerError(`${name}: process ${state.main} does not end`);
  }
  if (existsSync(shelf.of(name))) shelf.remove(name);
}

function flagsOf({ name, url, pid }) {
  const { dialect } = PEERS[name];
  const target = name === dialect ? name : `${name}:${dialect}`;
  return `--target ${target}=${url} --target-pid ${name}=${pid}`;
}

function show(states) {
  const width = Math.max(...states.map(({ name }) => name.length));
  for (const state of states) {
    console.log(`${state.name.padEnd(width)}  ${state.url}  process ${state.pid}`);
    console.log(`${' '.repeat(width)}  ${flagsOf(state)}`);
  }
}

/** A proxy starts without its server, and answers 502 until there is one. */
async function warnOfNoServer(upstream) {
  const [host, port] = upstream.split(':');
  const answers = await new Promise((resolve) => {
    const socket = net.connect(Number(port), host, () => done(true));
    const done = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('error', () => done(false));
    socket.setTimeout(PATIENCE_MS, () => done(false));
  });
  if (!answers) console.error(`note: nothing listens on ${upstream} yet; start pushbench serve --port ${port}`);
}

function readCommand(args) {
  const { values, positionals } = parse(args, ['core', 'port', 'upstream', 'state'], HELP);
  const [command, ...names] = positionals;
  if (values.help) return { command: 'help' };
  if (!['up', 'down', 'status', 'flags'].includes(command)) {
    const given = command === undefined ? 'no command' : `${command} is no command`;
    throw new UsageError(`${given}; write up, down, status or flags, or --help`);
  }
  const unknown = names.find((name) => !Object.hasOwn(PEERS, name));
  if (unknown) throw new UsageError(`${unknown} is none of ${Object.keys(PEERS).join(', ')}`);
  const settings = readSettings(values);
  if (settings.port && names.length !== 1) {
    throw new UsageError(`--port ${settings.port}: that is for one server; name which`);
  }
  return { command, names, settings, state: values.state ?? 'build/peers' };
}

async function main() {
  const { command, names, settings, state } = readCommand(process.argv.slice(2));
  if (command === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const shelf = new Shelf(state);
  const named = names.length > 0 ? names : command === 'up' ? USUAL : shelf.names();
  if (command === 'down') {
    for (const name of named) await down(shelf, name);
    return;
  }
  if (command === 'up') {
    const signal = stopSignal();
    for (const name of named) refuseOther(shelf, name, settings);
    for (const name of named) await up(shelf, name, { ...settings, signal });
    const front = named.find(isFront);
    if (front) await warnOfNoServer(shelf.running(front)?.upstream ?? UPSTREAM);
  }
  const states = named.map((name) => shelf.running(name)).filter((found) => found !== null);
  if (states.length === 0) throw new PeerError('none of them runs; start some with scripts/peers up');
  if (command === 'flags') console.log(states.map(flagsOf).join(' '));
  else show(states);
}

main().catch(fail);
