// A run's bytes against what crossed the loopback interface, as tshark saw it in a network namespace where
// nothing else speaks: application bytes to the byte, network bytes within 1 %.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const binary = process.env.PUSHBENCH;
const TOLERANCE = 0.01;
const LIMIT_MS = 100_000;

const SCENARIO = `purpose = "bytes that are counted twice"
[users]
count = 10
join = "100ms"
[traffic]
kind = "poisson"
rate = "30/s"
size_kind = "uniform"
size_max = "3KiB"
duration = "3s"
[transport.polling]
interval = "200ms"
[run]
repeat = 1
warmup = "100ms"
`;

// Waits until tshark captures, runs what it is given, and ends tshark once a last segment, to a port where
// nobody is, has come through its buffers.
const IN_NAMESPACE = `
ip link set lo up || exit 97
file=$1 fifo=$2
shift 2
tshark -q -i lo -B 64 -s 128 -f tcp -w "$file" 2>"$file.log" &
tshark=$!
until grep -q 'Capture started' "$file.log"; do
  kill -0 $tshark || { cat "$file.log" >&2; exit 98; }
  read -t 0.05 nothing < "$fifo"
done
"$@"
code=$?
(: < /dev/tcp/127.0.0.1/9) 2>/dev/null
until tshark -r "$file" -Y 'tcp.dstport == 9' 2>/dev/null | grep -q .; do
  kill -0 $tshark || exit 98
  read -t 0.1 nothing < "$fifo"
done
kill -INT $tshark
wait $tshark
exit $code
`;

async function finish(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** Runs pushbench where nobody else is, and gives its result and the segments of each of its servers. */
async function capture(folder, name, args) {
  const file = path.join(folder, `${name}.pcapng`);
  const pipe = path.join(folder, `${name}.fifo`);
  const scenario = path.join(folder, `${name}.toml`);
  fs.writeFileSync(scenario, SCENARIO);
  await finish('mkfifo', [pipe]);
  const holder = fs.openSync(pipe, 'r+'); // so that the shell can open it; nothing ever comes
  const { code, stdout, stderr } = await finish('unshare', [
    ...(process.getuid() === 0 ? [] : ['--map-root-user']), '--net',
    'bash', '-c', IN_NAMESPACE, 'bash', file, pipe,
    binary, 'run', scenario, '--json', '--allow-invalid', '--out', path.join(folder, name), ...args,
  ]);
  fs.closeSync(holder);
  assert.equal(code, 0, stderr);
  const dropped = /(\d+) packets? dropped/.exec(fs.readFileSync(`${file}.log`, 'utf8'));
  assert.equal(dropped?.[1] ?? '0', '0', 'tshark missed packets');
  return { result: JSON.parse(stdout), servers: await segmentsByServer(file) };
}

/**
 * What each server's connections carried, in the order of the servers' first connections. What a server
 * still answers to a user that has gone reaches the network, but nobody's ears: long polling's held requests.
 */
async function segmentsByServer(file) {
  const fields = ['tcp.srcport', 'tcp.dstport', 'tcp.len', 'ip.len', 'tcp.flags.syn', 'tcp.flags.ack', 'tcp.flags.fin'];
  const { code, stdout, stderr } = await finish('tshark', [
    '-r', file, '-T', 'fields', ...fields.flatMap((field) => ['-e', field]),
  ]);
  assert.equal(code, 0, stderr);
  const servers = new Map();
  const gone = new Set(); // connections that the user has ended
  const isSet = (flag) => /^(1|True)$/.test(flag);
  for (const line of stdout.trim().split('\n')) {
    const [from, to, payload, whole, syn, ack, fin] = line.split('\t');
    if (to === '9' || from === '9') continue; // the last segment's port, see above
    if (isSet(syn) && !isSet(ack) && !servers.has(to)) {
      servers.set(to, { payload: { up: 0, down: 0 }, network: { up: 0, down: 0 } });
    }
    const direction = servers.has(to) ? 'up' : 'down';
    const server = servers.get(to) ?? servers.get(from);
    const connection = direction === 'up' ? `${from} ${to}` : `${to} ${from}`;
    if (direction === 'up' && isSet(syn)) gone.delete(connection); // its port is used again
    if (!gone.has(connection)) server.payload[direction] += Number(payload);
    if (direction === 'up' && isSet(fin)) gone.add(connection);
    server.network[direction] += Number(whole);
  }
  return [...servers.values()];
}

function compare(name, { result, servers }) {
  assert.equal(servers.length, result.transports.length, 'a server a transport');
  result.transports.forEach((transport, i) => {
    const { whole, network_source: source } = transport.repetitions[0].bytes;
    const seen = servers[i];
    for (const direction of ['up', 'down']) {
      const what = `${name}, ${transport.name}, ${direction}`;
      const counted = whole.application[direction] + whole.tls[direction];
      assert.equal(counted, seen.payload[direction], `${what}: application bytes, with TLS's`);
      const ratio = whole.network[direction] / seen.network[direction];
      console.log(
        `${what}: ${counted} bytes both ways of counting; network ${whole.network[direction]} ` +
          `of ${seen.network[direction]} captured (${((ratio - 1) * 100).toFixed(3)} %)`,
      );
      assert.ok(Math.abs(ratio - 1) <= TOLERANCE, `${what}: network bytes`);
    }
    assert.equal(source, 'tcp_info');
  });
}

for (const [name, args] of [
  ['plain', []],
  ['tls', ['--set', 'tls=true']],
  ['closed', ['--set', 'http.connection=close', '--transport', 'polling,long-polling']],
]) {
  test(`${name}: a run's bytes are those on the wire`, { timeout: LIMIT_MS + 10_000 }, async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-capture-'));
    try {
      compare(name, await capture(folder, name, args));
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
}
