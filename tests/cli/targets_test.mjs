// `pushbench run --target`: servers that somebody else started, next to our own.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';
import { WebSocketServer } from 'ws';

import { withPeer } from '../peers/peers.mjs';
import { binary, lines, pushbench, start, temporaryFolder } from './program.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folder = temporaryFolder();
const fits = new Ajv({ allErrors: true }).compile(
  JSON.parse(fs.readFileSync(path.join(root, 'docs/result.schema.json'))),
);

const SMALL = `purpose = "a test"
[users]
count = 6
join = "20ms"
[traffic]
kind = "poisson"
rate = "40/s"
duration = "1s"
[transport.polling]
interval = "50ms"
[run]
repeat = 1
warmup = "50ms"
drain = "300ms"
`;
const small = path.join(folder, 'small.toml');
fs.writeFileSync(small, SMALL);

let results = 0;
const nextOut = () => path.join(folder, `result-${++results}`);

/** Runs the small scenario; the result is as its schema says. */
async function run(...args) {
  const out = nextOut();
  const done = await pushbench('run', small, '--no-floor', '--no-pin', '--out', out, ...args);
  const file = path.join(out, 'result.json');
  if (!fs.existsSync(file)) return { ...done, out };
  const result = JSON.parse(fs.readFileSync(file));
  assert.ok(fits(result), JSON.stringify(fits.errors, null, 1));
  return { ...done, out, result };
}

/** All is well, but for a machine that is busy with something else: that is not its fault. */
function assertSound({ code, result, stderr }) {
  const reasons = result.transports.flatMap((t) => t.repetitions.flatMap((r) => r.invalid));
  assert.deepEqual(reasons.filter((reason) => !/^(the harness was .* late|a harness thread used)/.test(reason)), []);
  assert.equal(code, reasons.length === 0 ? 0 : 4, stderr);
}

const columns = (result) => result.transports.map(({ name }) => name);

/** Of our own, but started by somebody else; `said` are its first lines. */
async function serve(...args) {
  const { child, done } = start(binary, ['serve', '--port', '0', ...args]);
  const [first] = await once(readline.createInterface({ input: child.stdout }), 'line');
  const stop = async () => {
    child.kill();
    await done;
  };
  return { url: first.replace(/^listening on /, ''), pid: child.pid, stop };
}

/** The dialect ws, from a server that does with each message of a room what `hand` says: gives to the rest. */
async function broadcasts(hand) {
  const server = http.createServer();
  const sockets = new WebSocketServer({ server });
  const rooms = new Map();
  sockets.on('connection', (socket, { url }) => {
    if (!rooms.has(url)) rooms.set(url, { members: new Set(), count: 0 });
    const room = rooms.get(url);
    room.members.add(socket);
    socket.on('close', () => room.members.delete(socket));
    socket.on('message', (data) => {
      const number = ++room.count;
      for (const member of room.members) hand(number, () => member.send(data.toString()), member);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, rooms, stop };
}

let ours;
before(async () => {
  ours = await serve();
});
after(() => ours.stop());

test('a target stands next to our own server, transport by transport', async () => {
  const done = await run('--transport', 'websocket,long-polling', '--target', `other:pushbench=${ours.url}`,
    '--target-pid', `other=${ours.pid}`, '--repeat', '2');
  assertSound(done);
  const { result } = done;
  assert.deepEqual(columns(result), ['long-polling', 'websocket', 'other/long-polling', 'other/websocket']);
  const [own, , , theirs] = result.transports;
  assert.equal(own.target, undefined);
  const { cores, ...target } = theirs.target;
  assert.deepEqual(target, { name: 'other', dialect: 'pushbench', url: ours.url });
  assert.ok(cores.length > 0 && cores.every(Number.isInteger), `${cores}`);
  assert.equal(theirs.transport, 'websocket');
  assert.deepEqual(result.transports[2].options, { hold: '25s' });
  const expected = own.repetitions[0].messages.expected;
  assert.ok(expected > 0);
  for (const { name, repetitions } of result.transports) {
    for (const { messages, server, delivery_latency_us: latency } of repetitions) {
      assert.equal(messages.delivered, expected, name);
      assert.equal(latency.count, expected, name);
      assert.ok(server.peak_rss_bytes > 1_000_000, name);
    }
  }
  // In turn, and with the same user's bytes to look at.
  const starts = result.transports.flatMap(({ name, repetitions }) => repetitions.map((r, i) => [r.started_s, name, i]));
  starts.sort(([a], [b]) => a - b);
  assert.deepEqual(starts.map(([, name, i]) => `${name} ${i}`),
    [0, 1].flatMap((i) => columns(result).map((name) => `${name} ${i}`)));
  assert.ok(theirs.wire.events.length > 0);
  assert.equal(theirs.wire.user, own.wire.user);
});

test('each form of the result names the columns, and a terminal has room for them', async () => {
  const args = ['--transport', 'sse,websocket', '--target', `a-name-of-20-letters:pushbench=${ours.url}`];
  const { out, stdout, result } = await run(...args);
  const name = 'a-name-of-20-letters';
  assert.match(stdout, new RegExp(`\n${name} \\(pushbench\\), at ${ours.url}\n sse +\\d`));
  assert.match(stdout, /\n- every message once, in order: sse, websocket, a-name-of-20-letters\/sse and\n/);
  assert.match(stdout, /Not measured: CPU and memory of a-name-of-20-letters;/);
  for (const line of lines(stdout)) assert.ok([...line].length <= 80 || line.startsWith('re'), line);
  for (const format of ['html', 'md', 'csv', 'gbench', 'prometheus']) {
    const { code, stdout: text } = await pushbench('report', out, '--format', format);
    assert.equal(code, 0, format);
    const named = format === 'prometheus' ? `transport="websocket",target="${name}"` : `${name}/websocket`;
    assert.ok(text.includes(named), format);
  }
  const csv = fs.readFileSync(path.join(out, 'figures.csv'), 'utf8');
  assert.match(csv, /,a-name-of-20-letters\/sse,1,(true|false),delivery_latency\.mean,us,/);
  assert.doesNotMatch(csv, /,a-name-of-20-letters\/sse,1,(true|false),server/);
  assert.match(csv, /,sse,1,(true|false),server_cpu,us,/);
  assert.equal(result.transports[2].repetitions[0].server, null);
  assert.equal(result.transports[2].repetitions[0].theory.bytes_per_message, undefined);
  const again = await run(...args);
  const { code, stdout: table, stderr } = await pushbench('compare', out, again.out, '--allow-invalid',
    '--fail-if', `${name}/websocket.delivery_latency.mean>+100000%`);
  assert.equal(code, 0, stderr);
  assert.match(table, /\na-name-of-20-letters\/sse /);
  for (const line of lines(table)) assert.ok([...line].length <= 80, line);
  const merged = path.join(folder, 'merged');
  const merging = await pushbench('merge', '--repetitions', out, again.out, '--out', merged);
  assert.ok([0, 4].includes(merging.code), merging.stderr);
  const { transports } = JSON.parse(fs.readFileSync(path.join(merged, 'result.json')));
  assert.deepEqual(transports.map((t) => [t.name, t.repetitions.length]),
    columns(result).map((column) => [column, 2]));
  assert.deepEqual(transports[3].target, result.transports[3].target);
});

test('what is measured can be chosen by server, by transport and by both', async () => {
  const target = ['--target', `other:pushbench=${ours.url}`];
  const plan = async (...args) => {
    const { code, stdout, stderr } = await pushbench('run', small, '--dry-run', ...target, ...args);
    assert.equal(code, 0, stderr);
    return stdout.replaceAll(/\n {16}/g, ' ').match(/transports? \(([^)]*)\)/)[1].split(', ');
  };
  const all = ['polling', 'long-polling', 'sse', 'websocket'];
  const others = all.map((name) => `other/${name}`);
  assert.deepEqual(await plan(), [...all, ...others]);
  assert.deepEqual(await plan('--only-targets'), others);
  assert.deepEqual(await plan('--transport', 'sse'), ['sse', 'other/sse']);
  assert.deepEqual(await plan('--transport', 'other/sse'), ['other/sse']);
  assert.deepEqual(await plan('--transport', 'websocket,other/polling'), ['websocket', 'other/polling', 'other/websocket']);
  assert.deepEqual(await plan('--only-targets', '--transport', 'polling'), ['other/polling']);
});

test('a server that passes messages on is measured by publisher and id', async () => {
  const server = await broadcasts((number, pass) => pass());
  const done = await run('--transport', 'websocket', '--target', `mine:ws=${server.url}`, '--target-pid', `mine=${process.pid}`);
  server.stop();
  assertSound(done);
  const theirs = done.result.transports[1];
  assert.equal(theirs.target.dialect, 'ws');
  assert.ok(theirs.repetitions[0].server.peak_rss_bytes > 1_000_000);
  assert.deepEqual(Object.keys(theirs.repetitions[0].theory), ['delivery_latency_us']);
  assert.match(done.stdout, /- every message once, each publisher's in order: mine\/websocket\n/);
});

test('rooms have names that no earlier repetition had', async () => {
  const server = await broadcasts((number, pass) => pass());
  const done = await run('--only-targets', '--target', `ws=${server.url}`, '--repeat', '2');
  const rooms = [...server.rooms.keys()];
  server.stop();
  assertSound(done);
  assert.equal(rooms.length, 2);
  for (const room of rooms) assert.match(room, /^\/[0-9a-z]+$/);
  assert.notEqual(rooms[0], rooms[1]);
});

test('a path of the address is what the dialect makes of it', async () => {
  const server = await broadcasts((number, pass) => pass());
  const done = await run('--only-targets', '--target', `ws=${server.url}/chat/{room}`);
  const rooms = [...server.rooms.keys()];
  server.stop();
  assertSound(done);
  assert.match(rooms[0], /^\/chat\/[0-9a-z]+$/);
});

for (const [what, hand, fault, promise] of [
  ['loses', (number, pass) => number % 10 !== 0 && pass(), /\d+ of \d+ deliveries were lost/,
    /at most once, but of \d+ deliveries \d+ lost; each publisher's in order/],
  ['repeats', (number, pass) => { pass(); if (number % 10 === 0) pass(); }, /\d+ of \d+ deliveries came twice/,
    /at least once, but of \d+ deliveries \d+ repeated; each publisher's in order/],
]) {
  test(`a target that ${what} messages is reported, and takes nothing from the others`, async () => {
    const server = await broadcasts(hand);
    const { code, stdout, stderr, result, out } = await run('--transport', 'websocket', '--target', `poor:ws=${server.url}`);
    server.stop();
    const [own, poor] = result.transports;
    const sound = own.repetitions[0].valid; // unless this machine was too busy
    assert.equal(code, 4);
    assert.equal(result.valid, false);
    assert.equal(poor.repetitions[0].valid, false);
    assert.match(poor.repetitions[0].invalid[0], fault);
    assert.match(stderr, new RegExp(`^pushbench run: poor/websocket, repetition 1: ${fault.source}`, 'm'));
    const flat = stdout.replaceAll(/\n +/g, ' ');
    assert.match(flat, promise);
    if (!sound) return;
    assert.match(stdout, /\n websocket +\d/); // it stays in the table
    assert.match(flat, /INVALID: the figures of poor\/websocket do not count\./);
    assert.doesNotMatch(flat, /Nothing may be concluded/);
    const { stdout: page } = await pushbench('report', out, '--format', 'html');
    assert.match(page, /INVALID: the figures of poor\/websocket do not count/);
    const { stdout: markdown } = await pushbench('report', out, '--format', 'md');
    assert.match(markdown, /INVALID: the figures of poor\/websocket do not count/);
  });
}

test('what a target loses across cuts is told, and its column counts', async () => {
  const server = await broadcasts((number, pass) => pass());
  const done = await run('--transport', 'websocket', '--target', `ws=${server.url}`, '--set', 'traffic.rate=200/s',
    '--set', 'link.cut_at=400ms,700ms', '--set', 'link.delay=20ms');
  server.stop();
  assertSound(done); // our own server lost nothing
  const [own, ws] = done.result.transports.map(({ repetitions }) => repetitions[0].messages);
  assert.equal(own.lost, 0);
  assert.ok(ws.lost > 0);
  assert.match(done.stdout.replaceAll(/\n +/g, ' '),
    /\n- (at most once|neither at most once nor at least once), but of [\d,]+ deliveries [\d,]+ lost.*: ws\/websocket\n/);
});

test('messages of one publisher that change places are counted', async () => {
  const kept = new Map();
  const server = await broadcasts((number, pass, member) => {
    if (number % 10 === 1) {
      kept.set(member, [number, pass]);
      return;
    }
    pass();
    if (number % 10 === 0 && kept.has(member)) {
      kept.get(member)[1]();
      kept.delete(member);
    }
  });
  const { code, result } = await run('--only-targets', '--target', `ws=${server.url}`, '--set', 'traffic.rate=200/s', '--allow-invalid');
  server.stop();
  assert.equal(code, 0);
  assert.ok(result.transports[0].repetitions[0].messages.reordered > 0);
});

test('who comes during the run has nothing to expect of what was said before', async () => {
  const server = await broadcasts((number, pass) => pass());
  const done = await run('--only-targets', '--target', `ws=${server.url}`, '--set', 'users.presence=churn',
    '--set', 'users.stay=200ms', '--set', 'users.away=100ms');
  server.stop();
  assertSound(done);
  assert.ok(done.result.transports[0].repetitions[0].messages.delivered > 0);
});

test('a target with TLS is measured where the scenario has TLS', async () => {
  const secure = await serve('--tls-self-signed');
  const args = ['--transport', 'websocket,sse', '--target', `other:pushbench=${secure.url}`];
  const done = await run(...args, '--set', 'tls=true');
  const plain = await run(...args);
  secure.stop();
  assertSound(done);
  for (const { name, repetitions } of done.result.transports) {
    assert.ok(repetitions[0].bytes.tls.down > 0, name);
  }
  assert.equal(plain.code, 2);
  assert.match(plain.stderr, /the scenario encrypts no connection; give an http address, or --set tls=true/);
});

test('a target that is not there is named before anything is measured', async () => {
  const closed = net.createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = closed.address();
  closed.close();
  await once(closed, 'close');
  const { code, stdout, stderr, result } = await run('--target', `ws=http://127.0.0.1:${port}`);
  assert.equal(code, 1);
  assert.equal(result, undefined);
  assert.equal(stdout, '');
  assert.match(stderr, new RegExp(`^pushbench run: target ws: nobody takes connections at http://127.0.0.1:${port}: Connection refused; start`));
});

test('why a server lets nobody in is said', async () => {
  const deaf = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(deaf, 'listening');
  deaf.on('connection', (socket) => {
    socket.send('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}');
    socket.on('message', (packet) => packet.toString() === '40' && socket.send('40{"sid":"b"}'));
  });
  const { code, stderr } = await run('--only-targets', '--transport', 'websocket',
    '--target', `socketio=http://127.0.0.1:${deaf.address().port}`);
  for (const socket of deaf.clients) socket.terminate();
  deaf.close();
  assert.equal(code, 1);
  assert.match(stderr, /socketio\/websocket: user 0: .*: no acknowledgement of the join came/);
});

test('what ends in the middle of a run is named with its column', async () => {
  const dies = await broadcasts((number, pass) => {
    if (number === 5) setImmediate(() => dies.stop());
    else pass();
  });
  const { code, stderr, result } = await run('--only-targets', '--target', `ws=${dies.url}`);
  assert.notEqual(code, 0);
  assert.match(stderr, /ws\/websocket/);
  assert.equal(result.valid, false);
});

test('what a scenario asks of our own server alone is said', async () => {
  const { stderr } = await pushbench('run', small, '--dry-run', '--target', `other:pushbench=${ours.url}`,
    '--set', 'server.batch_window=5ms');
  assert.match(stderr, /server\.batch_window is our own server's/);
});

test('all connections that a dialect opens are asked for', async () => {
  const asked = async (...target) => {
    const { code, stderr, result } = await run('--only-targets', '--allow-invalid', ...target);
    assert.equal(code, 0, stderr);
    return Object.fromEntries(result.transports.map(({ name, repetitions: [{ exchanges }] }) => {
      assert.ok(exchanges.connections >= exchanges.connections_asked, name);
      return [name, exchanges.connections_asked];
    }));
  };
  await withPeer('socketio', async (url) => {
    assert.deepEqual(await asked('--target', `socketio=${url}`), { 'socketio/long-polling': 12, 'socketio/websocket': 6 });
  });
  await withPeer('nchan', async (url) => {
    assert.deepEqual(await asked('--target', `nchan=${url}`),
      { 'nchan/long-polling': 12, 'nchan/sse': 18, 'nchan/websocket': 18 });
  });
});

test('a sweep takes targets along', async () => {
  const out = nextOut();
  const { code, stdout, stderr } = await pushbench('run', small, '--no-floor', '--no-pin', '--out', out, '--transport', 'websocket',
    '--target', `other:pushbench=${ours.url}`, '--sweep', 'users.count=2,4', '--allow-invalid');
  assert.equal(code, 0, stderr);
  assert.equal(stdout.split(`other (pushbench), at ${ours.url}`).length, 3);
  assert.match(fs.readFileSync(path.join(out, 'sweep.csv'), 'utf8'), /^4,other\/websocket,1,/m);
});

test('a sweep of what says nothing to any column is refused', async () => {
  const { code, stderr } = await pushbench('run', small, '--only-targets', '--target', 'nchan=http://127.0.0.1:1',
    '--sweep', 'transport.polling.interval=1s,2s');
  assert.equal(code, 2);
  assert.match(stderr, /--sweep: transport\.polling\.interval: says nothing to nchan\/long-polling, nchan\/sse, nchan\/websocket/);
});

test('a sweep says of its targets what a run says', async () => {
  const forgets = await broadcasts((number, pass) => number === 5 || pass());
  const { code, stderr } = await pushbench('run', small, '--no-floor', '--no-pin', '--out', nextOut(), '--json',
    '--transport', 'websocket', '--target', `ws=${forgets.url}`, '--sweep', 'server.batch_window=0s,5ms');
  await forgets.stop();
  assert.equal(code, 4, stderr);
  assert.match(stderr, /note: server\.batch_window is our own server's/);
  for (const value of ['0s', '5ms']) {
    assert.match(stderr, new RegExp(`^pushbench run: server\\.batch_window=${value}: ws/websocket.* lost`, 'm'));
  }
});

const URL = 'http://127.0.0.1:1';
for (const [args, said] of [
  [['--target', 'nchan'], /--target nchan: write NAME=URL or NAME:DIALECT=URL, as in nchan=http:\/\/127\.0\.0\.1:8090/],
  [['--target', `mine=${URL}`], /there is no dialect mine; write mine:DIALECT=URL\. There are: pushbench, nchan, socketio, ws/],
  [['--target', `mine:nchn=${URL}`], /there is no dialect nchn; did you mean nchan\? There are: pushbench/],
  [['--target', `pushbench=${URL}`], /pushbench is our own server's name; write another one, as in other:pushbench=URL/],
  [['--target', `sse:ws=${URL}`], /sse is a transport's name; write another one, as in my-sse/],
  [['--target', `My:ws=${URL}`], /"My" is no name for a target; write 1 to 20 of a-z, 0-9 and -/],
  [['--target', `:ws=${URL}`], /"" is no name for a target/],
  [['--target', `${'a'.repeat(21)}:ws=${URL}`], /is no name for a target/],
  [['--target', 'ws=127.0.0.1:8090'], /"127\.0\.0\.1:8090" is no address of a server; write http:\/\/HOST:PORT/],
  [['--target', 'ws=ws://127.0.0.1:8090'], /is no address of a server/],
  [['--target', 'ws=http://'], /names no host and port/],
  [['--target', 'ws=http://:80'], /names no host and port/],
  [['--target', 'ws=http://127.0.0.1:0'], /with a port from 1 to 65535/],
  [['--target', 'ws=http://127.0.0.1:65536'], /with a port from 1 to 65535/],
  [['--target', 'ws=http://[::1'], /names no host and port/],
  [['--target', 'ws=http://no-such-host.invalid:80'], /no-such-host\.invalid: has no address/],
  [['--target', `ws=${URL}/a?b`], /"\/a\?b" is no path/],
  [['--target', `other:pushbench=${URL}/a`], /has its rooms at \/rooms; leave "\/a" out/],
  [['--target', `ws=${URL}`, '--target', `ws=${URL}`], /there are two targets of the name ws; write another one, as in ws-2:ws=URL/],
  [['--target', `ws=${URL}`, '--transport', 'sse'], /--transport sse: asks for nothing of ws, which has websocket/],
  [['--target', `ws=${URL}`, '--transport', 'ws\/sse'], /there is no such transport.* There are: polling, long-polling, sse, websocket, ws\/websocket/],
  [['--transport', 'ws\/websocket'], /there is no such transport/],
  [['--only-targets'], /--only-targets: there is no target; give --target NAME=URL as well/],
  [['--target-pid', 'ws=1'], /--target-pid ws=1: there is no target; give --target NAME=URL as well/],
  [['--target', `ws=${URL}`, '--target-pid', 'w=1'], /write NAME=PID, where NAME is a target's: ws/],
  [['--target', `ws=${URL}`, '--target-pid', 'ws'], /write NAME=PID, where NAME is a target's: ws/],
  [['--target', `ws=${URL}`, '--target-pid', 'ws=1,x'], /"x" is no process; write NAME=PID or NAME=PID,PID/],
  [['--target', `ws=${URL}`, '--target-pid', 'ws=2000000000'], /process 2000000000: is not there, or has ended/],
]) {
  test(`refused in one line: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await pushbench('run', small, ...args);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, '');
    assert.equal(lines(stderr).length, 1, stderr);
    assert.match(stderr, said);
  });
}

test('a password is neither sent nor shown', async () => {
  const { code, stderr } = await pushbench('run', small, '--target', 'ws=http://ann:secret@127.0.0.1:80');
  assert.equal(code, 2);
  assert.match(stderr, /--target ws=URL: pushbench sends no user and password/);
  assert.doesNotMatch(stderr, /secret/);
});
