// `pushbench run` as a user types it: what it prints, what it leaves, and how it ends.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';

import { binary, lines, start as startProgram, waitFor } from './program.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
let folder;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-cli-'));
});
after(() => fs.rmSync(folder, { recursive: true }));

const fits = new Ajv({ allErrors: true }).compile(
  JSON.parse(fs.readFileSync(path.join(root, 'docs/result.schema.json'))),
);

/** Reads a result, which must be as its schema says. */
function readResult(text) {
  const result = JSON.parse(text);
  assert.ok(fits(result), JSON.stringify(fits.errors, null, 1));
  return result;
}

/** All is well with a run, but for a machine that is busy with something else: that is not its fault. */
function assertSound(code, result, stderr) {
  const reasons = result.transports.flatMap((t) => t.repetitions.flatMap((r) => r.invalid));
  assert.deepEqual(reasons.filter((reason) => !/^(the harness was .* late|a harness thread used)/.test(reason)), []);
  assert.equal(code, reasons.length === 0 ? 0 : 4, stderr);
}

let results = 0;
const out = () => path.join(folder, `result-${++results}`);

const scenario = (text) => {
  const file = path.join(folder, `scenario-${++results}.toml`);
  fs.writeFileSync(file, text);
  return file;
};

const SMALL = `purpose = "a test"
[users]
count = 8
join = "50ms"
[traffic]
kind = "poisson"
rate = "40/s"
duration = "1s"
[transport.polling]
interval = "50ms"
[run]
repeat = 1
warmup = "50ms"
`;

/** Starts the binary; `done` resolves with code, stdout and stderr. */
function start(args, options = {}) {
  const command = options.shell ? ['sh', ['-c', options.shell, 'sh', binary, ...args]] : [binary, args];
  const { child, done } = startProgram(...command, { cwd: root });
  child.on('said', (stderr) => options.onStderr?.(child, stderr));
  return { child, done };
}

const run = (...args) => start(['run', ...args]).done;

/** The server that a running benchmark has started, by the kernel's list of its children. */
function serverOf(pid) {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? null : Number(children.split(' ')[0]);
}

test('a run compares the four transports and leaves a result', async () => {
  const dir = out();
  const { code, stdout, stderr } = await run(scenario(SMALL), '--out', dir);
  for (const name of ['polling', 'long-polling', 'sse', 'websocket']) {
    assert.match(stdout, new RegExp(`^${name} `, 'm'));
    assert.match(stdout, new RegExp(`^${name}: `, 'm'));
  }
  assert.ok(lines(stdout).every((line) => [...line].length <= 80));
  const result = readResult(fs.readFileSync(path.join(dir, 'result.json')));
  assert.equal(result.schema, 'pushbench-result/1');
  assertSound(code, result, stderr);
  assert.equal(result.valid, code === 0);
  const of = Object.fromEntries(result.transports.map((t) => [t.name, t.repetitions[0]]));
  for (const repetition of Object.values(of)) {
    assert.equal(repetition.users, 8);
    assert.equal(repetition.messages.lost, 0);
    assert.equal(repetition.messages.duplicated, 0);
    assert.equal(repetition.messages.delivered, repetition.messages.expected);
    assert.ok(repetition.server.cpu_us > 0);
    assert.ok(repetition.server.peak_rss_bytes > 1e6);
  }
  // One user's view of the same stretch, in which it hears something.
  const [first, ...others] = result.transports.map(({ wire: { events, more, ...stretch } }) => stretch);
  for (const other of others) assert.deepEqual(other, first);
  for (const { name, wire } of result.transports) {
    const heard = wire.events.filter((e) => !e.up && e.body.includes('"text":'));
    assert.ok(heard.length >= 1, name);
    assert.ok(wire.events.some((e) => e.up && e.body.includes(`"from":"${wire.user}"`)), name);
    assert.ok(wire.events.every((e) => e.at_us < wire.length_s * 1e6), name);
  }
  // The schedule is the same for all, so what was said is too.
  assert.equal(of.polling.bytes.payload.down, of.websocket.bytes.payload.down);
  assert.ok(of.polling.exchanges.empty > 0);
  assert.equal(of.websocket.exchanges.total, of.websocket.exchanges.connections);
  // An event stream is one exchange a user, and each message published is one more.
  assert.equal(of.sse.exchanges.total, 8 + of.sse.messages.published);
  assert.equal(of.sse.exchanges.asked, 0);
  for (const { exchanges, bytes } of Object.values(of)) {
    assert.equal(exchanges.disconnects + exchanges.cuts + exchanges.reconnects, 0);
    assert.deepEqual(bytes.tls, { up: 0, down: 0 });
  }
  assert.ok(of.websocket.bytes.application.up < of['long-polling'].bytes.application.up);
});

test('with tls = true everything is encrypted, and its bytes are counted apart', async () => {
  const { code, stdout, stderr } = await run(
    scenario(`tls = true\n${SMALL}`), '--json', '--set', 'transport.websocket.compression=true', '--out', out(),
  );
  const result = readResult(stdout);
  assertSound(code, result, stderr);
  assert.equal(result.tls, true);
  assert.equal(result.transports.length, 4);
  for (const { name, options, repetitions: [repetition] } of result.transports) {
    assert.equal(repetition.messages.delivered, repetition.messages.expected);
    assert.ok(repetition.bytes.tls.down > 8 * 500, name); // the certificate went to every user
    assert.equal(options.compression, name === 'websocket' ? 'permessage-deflate' : undefined);
  }
});

test('links that are cut on purpose lose nothing, and the comparison says so', async () => {
  const dir = out();
  const { code, stdout, stderr } = await run(scenario(`${SMALL}[link]\ncut_every = "500ms"\n`), '--out', dir);
  assert.match(stdout, /^Cuts: /m);
  assert.match(stdout.replaceAll('\n', ' '), /Nothing was lost: each user got each message once and in order/);
  assert.ok(lines(stdout).every((line) => [...line].length <= 80));
  const result = readResult(fs.readFileSync(path.join(dir, 'result.json')));
  assertSound(code, result, stderr);
  assert.equal(result.links.at(-1).cut_every, '500ms');
  for (const { name, repetitions: [repetition] } of result.transports) {
    assert.ok(repetition.exchanges.cuts > 0, name);
    assert.equal(repetition.exchanges.disconnects, 0, name);
    assert.equal(repetition.messages.delivered, repetition.messages.expected, name);
  }
});

test('texts over the server\'s usual limit are let through', async () => {
  const { code, stdout, stderr } = await run(
    scenario(SMALL), '--json', '--set', 'traffic.size=100KiB', '--set', 'traffic.rate=5/s', '--out', out(),
  );
  const result = readResult(stdout);
  assertSound(code, result, stderr);
  for (const { repetitions: [repetition] } of result.transports) {
    assert.equal(repetition.bytes.payload.down, 102400 * repetition.messages.expected);
  }
});

test('the result names the schedule, the threads, the floor and all bytes of the network', async () => {
  const file = scenario(`${SMALL}threads = 2\n[link]\ndelay = "5ms"\n[http]\nheaders = "browser"\ncookie = "100B"\n`);
  const { stdout } = await run(file, '--json', '--allow-invalid', '--out', out());
  const result = readResult(stdout);
  assert.equal(result.links.at(-1).delay, '5ms');
  assert.equal(result.context.headers, 'browser');
  assert.equal(result.context.cookie_bytes, 100);
  assert.equal(result.context.threads, 2);
  assert.ok(result.floor.delivered > 0);
  const other = readResult((await run(file, '--json', '--allow-invalid', '--no-floor', '--transport', 'sse', '--out', out())).stdout);
  assert.equal(other.schedule_hash, result.schedule_hash);
  assert.equal(other.floor, null);
  for (const { name, repetitions: [{ harness, bytes, messages, ...r }] } of result.transports) {
    assert.equal(harness.threads.length, 2);
    assert.equal(harness.events.done, harness.events.due);
    assert.equal(r.exchanges.connections, r.exchanges.connections_asked, name);
    assert.ok(r.delivery_latency_us.p50 >= 10000, name); // there and back
    assert.equal(r.sender_latency_us.count, messages.published);
    assert.equal(r.last_receiver_latency_us.count, messages.published);
    for (const way of ['up', 'down']) {
      assert.ok(bytes.network[way] >= bytes.application[way] + 40 * bytes.segments[way], name);
      assert.ok(bytes.whole.network[way] > bytes.network[way], name);
      assert.ok(bytes.whole.application[way] >= bytes.application[way], name);
      for (const b of [bytes, bytes.whole]) {
        assert.equal(b.heads[way] + b.bodies[way] + b.frames[way], b.application[way], `${name} ${way}`);
        assert.ok(b.heads[way] > 0 && b.bodies[way] >= bytes.payload[way], `${name} ${way}`);
      }
    }
  }
});

test('users that come and go are accounted for', async () => {
  const file = scenario(`${SMALL.replace('count = 8', 'count = 8\npresence = "churn"\nstay = "300ms"\naway = "200ms"')}`);
  const { stdout } = await run(file, '--json', '--allow-invalid', '--out', out());
  for (const { name, repetitions: [{ messages: m }] } of readResult(stdout).transports) {
    assert.equal(m.delivered + m.left, m.expected, name);
    assert.equal(m.lost + m.missed + m.duplicated + m.reordered + m.damaged, 0, name);
  }
});

test('a threshold that fails is named with its figure, and the exit code is 3', async () => {
  const file = scenario(`${SMALL}[limits]\nlatency_p50 = "5ms"\n`);
  const { code, stdout } = await run(file, '--transport', 'polling', '--allow-invalid', '--no-floor', '--out', out());
  assert.equal(code, 3);
  assert.match(stdout, /^FAILED/m);
  assert.ok(stdout.indexOf('\nFAILED') > stdout.indexOf('\ntheory '), stdout);
  assert.match(stdout, /polling: delivery latency p50 [\d.]+ ms, over the limit of 5 ms/);
});

test('an invalid run exits with 4, and with --allow-invalid with 0; it is marked all the same', async () => {
  const file = scenario(`${SMALL}[server]\nretain = 1\n`);
  const args = ['--transport', 'polling', '--no-floor', '--set', 'transport.polling.interval=400ms'];
  const refused = await run(file, ...args, '--out', out());
  assert.equal(refused.code, 4);
  assert.match(refused.stdout, /\nINVALID: these figures do not count\.\n( {2}\S.*\n( {4}.*\n)*)+$/); // last of all
  const allowed = await run(file, ...args, '--allow-invalid', '--json', '--out', out());
  assert.equal(allowed.code, 0);
  assert.equal(readResult(allowed.stdout).valid, false);
});

test('the schema refuses what is no result', () => {
  assert.equal(fits({ schema: 'pushbench-result/1' }), false);
});

test('--json prints the result and nothing else on stdout', async () => {
  const { code, stdout } = await run(
    scenario(SMALL), '--json', '--transport', 'websocket', '--repeat', '2', '--seed', '9', '--out', out(),
  );
  assert.equal(code, 0);
  const result = readResult(stdout);
  assert.equal(result.seed, 9);
  assert.deepEqual(result.transports.map((t) => t.name), ['websocket']);
  assert.equal(result.transports[0].repetitions.length, 2);
});

test('--set overrides the file and is kept in the result', async () => {
  const { stdout } = await run(
    scenario(SMALL), '--json', '--transport', 'polling', '--set', 'users.count=3', '--set',
    'transport.polling.interval=80ms', '--out', out(),
  );
  const result = readResult(stdout);
  assert.equal(result.transports[0].repetitions[0].users, 3);
  assert.equal(result.transports[0].options.interval, '80ms');
  assert.ok(result.context.set.includes('users.count=3'));
});

async function refuses(args, pattern) {
  const { code, stdout, stderr } = await run(...args);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, '');
  assert.equal(lines(stderr).length, 1, stderr);
  assert.match(stderr, pattern);
}

test('wrong input is one clear line and exit code 2', async () => {
  await refuses(['chta'], /chta: there is no such scenario; did you mean chat\? There are: chat, /);
  await refuses(['none.toml'], /none\.toml: there is no such file/);
  await refuses([scenario('[users]\ncuont = 3\n')], /\.toml:2:1: users\.cuont: .*users\.count/);
  await refuses([scenario('[users]\ncount = 0\n')], /users\.count: "0": .*1 to/);
  await refuses(['chat', '--set', 'transport.polling.interval=5'], /--set .*with its unit/);
  await refuses(['chat', '--transport', 'websockets'], /did you mean websocket\?/);
  await refuses(['chat', '--set', 'tls=yes'], /--set tls=yes: tls: "yes": write true or false/);
});

test('an unknown header profile or trace names the key\'s place', async () => {
  const file = scenario(`${SMALL}[http]\nheaders = "minimall"\n`);
  const line = fs.readFileSync(file, 'utf8').split('\n').findIndex((text) => text.startsWith('headers')) + 1;
  await refuses([file, '--out', out()], new RegExp(`\\.toml:${line}:\\d+: http\\.headers: .*did you mean minimal\\?`));
  await refuses(
    ['chat', '--set', 'traffic.trace=nothing.csv', '--out', out()],
    /--set traffic\.trace=nothing\.csv: traffic\.trace: .*no such trace/,
  );
});

test('a trace with a broken line names the line', async () => {
  fs.writeFileSync(path.join(folder, 'bad.csv'), 'time_ms,event,speaker,bytes\n1,say,0,5\n2,say,x,5\n');
  const file = scenario('[traffic]\nkind = "trace"\ntrace = "bad.csv"\n');
  await refuses([file], /bad\.csv:3: "2,say,x,5" is not an event/);
});

test('a result is never overwritten', async () => {
  const dir = out();
  fs.mkdirSync(dir);
  fs.writeFileSync(path.join(dir, 'result.json'), 'mine');
  await refuses(['chat', '--out', dir], /holds a result already/);
  assert.equal(fs.readFileSync(path.join(dir, 'result.json'), 'utf8'), 'mine');
});

test('a result that cannot be written is printed all the same', async () => {
  const dir = out();
  let gone = false;
  const { child, done } = start(
    ['run', scenario(SMALL), '--transport', 'sse', '--no-floor', '--out', dir],
    {
      onStderr: () => {
        if (!gone) fs.rmSync(dir, { recursive: true });
        gone = true;
      },
    },
  );
  const { code, stdout, stderr } = await done;
  assert.equal(code, 1, stderr);
  assert.match(stdout, /^sse /m);
  assert.match(stderr, /result\.json: cannot be written: No such file or directory/);
});

test('a folder that cannot be written to costs no run', async () => {
  await refuses(['chat', '--out', '/proc'], /\/proc: cannot be written to/);
});

test('a seed is a whole number of 64 bits', async () => {
  for (const seed of ['-1', '18446744073709551616', 'x']) {
    const { code, stderr } = await run('chat', '--dry-run', '--seed', seed);
    assert.equal(code, 2, seed);
    assert.match(stderr, /--seed \S+: write a whole number from 0 to 18446744073709551615/);
  }
  assert.equal((await run('chat', '--dry-run', '--seed', '18446744073709551615')).code, 0);
});

test('--dry-run has no JSON', async () => {
  const { code, stdout, stderr } = await run('chat', '--dry-run', '--json');
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /--dry-run does not go together with --json/);
});

test('wrong flags are exit code 2', async () => {
  const { code, stderr } = await run('chat', '--tansport', 'websocket');
  assert.equal(code, 2);
  assert.match(stderr, /--tansport/);
});

test('too few file descriptors is one line that says how many are needed', async () => {
  // An unprivileged user cannot raise the limit that its shell has lowered; root can.
  const asNobody = process.getuid() === 0 ? 'setpriv --reuid=65534 --clear-groups ' : '';
  const dir = fs.mkdtempSync(path.join(folder, 'open-'));
  fs.chmodSync(folder, 0o755);
  fs.chmodSync(dir, 0o777);
  const copy = path.join(dir, 'pushbench');
  fs.copyFileSync(binary, copy);
  const file = scenario(SMALL);
  const { code, stderr } = await start(['run', file, '--set', 'users.count=500', '--out', path.join(dir, 'r')], {
    shell: `ulimit -n 100; shift; cd ${dir}; exec ${asNobody}./pushbench "$@"`,
  }).done;
  assert.equal(code, 1, stderr);
  assert.equal(lines(stderr).length, 1, stderr);
  assert.match(stderr, /open files: \d+ are needed and this process may have 100/);
});

test('a server killed during the run: one line, exit code 1, and what was measured is kept', async () => {
  const dir = out();
  const file = scenario(SMALL.replace('"1s"', '"30s"'));
  const { child, done } = start(['run', file, '--transport', 'websocket', '--out', dir]);
  // Messages flow once the server has eight connections and CPU is used; its listening line is read
  // by the harness, so wait for its users in /proc: 8 accepted sockets.
  const server = await waitFor(() => {
    const pid = serverOf(child.pid);
    return pid !== null && fs.readdirSync(`/proc/${pid}/fd`).length > 16 ? pid : null;
  });
  process.kill(server, 'SIGKILL');
  const { code, stdout, stderr } = await done;
  assert.equal(code, 1);
  const complaints = lines(stderr).filter((line) => !/^(\[|result: |report: )/.test(line));
  assert.equal(complaints.length, 1, stderr);
  assert.match(complaints[0], /the server ended by signal 9 during the run/);
  assert.match(stdout, /INVALID/);
  const result = readResult(fs.readFileSync(path.join(dir, 'result.json')));
  assert.equal(result.valid, false);
  assert.equal(result.outcome, 'broke');
  assert.equal(result.transports[0].repetitions[0].valid, false);
});

test('an interrupt keeps what was measured and ends with 130', async () => {
  const dir = out();
  const file = scenario(SMALL.replace('"1s"', '"30s"'));
  const { child, done } = start(['run', file, '--transport', 'websocket', '--out', dir]);
  await waitFor(() => {
    const pid = serverOf(child.pid);
    return pid !== null && fs.readdirSync(`/proc/${pid}/fd`).length > 16 ? pid : null;
  });
  child.kill('SIGINT');
  const { code } = await done;
  assert.equal(code, 130);
  assert.equal(readResult(fs.readFileSync(path.join(dir, 'result.json'))).outcome, 'interrupted');
});
