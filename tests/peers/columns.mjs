// `pushbench run` over servers that a test has started: a run of a second, and what there is of each column.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PEERS } from '../../servers/peers/start.mjs';
import { binary, lines, start, temporaryFolder } from '../cli/program.mjs';

const SCENARIO = `purpose = "a test"
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
`;
const FLAGS = ['--no-floor', '--no-pin', '--allow-invalid']; // this machine may be busy with something else
const LIMIT_MS = 60_000; // a run takes less than 2 s a column, unless it hangs

const folder = temporaryFolder();
let runs = 0;

/** Measures as these flags say: what was printed, result.json's contents, and report.html's. */
export async function measure(...flags) {
  const out = path.join(folder, String((runs += 1)));
  mkdirSync(out);
  const scenario = path.join(out, 'small.toml');
  writeFileSync(scenario, SCENARIO);
  const { child, done } = start(binary, ['run', scenario, ...FLAGS, '--out', path.join(out, 'run'), ...flags]);
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  const said = await done;
  clearTimeout(timer);
  const read = (file) => readFileSync(path.join(out, 'run', file), 'utf8');
  assert.ok(existsSync(path.join(out, 'run/result.json')), said.stderr);
  return { ...said, result: JSON.parse(read('result.json')), page: read('report.html') };
}

/** The flags for a server that startPeer gave. */
export function targetFlags({ name, url, pid }) {
  const { dialect } = PEERS[name];
  const target = name === dialect ? name : `${name}:${dialect}`;
  return ['--target', `${target}=${url}`, '--target-pid', `${name}=${pid}`];
}

/** The columns that a terminal's table has rows for: below a target's name are its transports. */
function columnsPrinted(stdout) {
  const [, table] = stdout.match(/\ntransport +p50 .*\n((?:.+\n)+)/);
  let target = '';
  return lines(table).flatMap((line) => {
    const [, name] = line.match(/^(\S+)(?: \(\S+\))?, at http/) ?? [];
    if (name !== undefined) target = `${name}/`;
    return name === undefined ? [target + line.trim().split(' ')[0]] : [];
  });
}

/** The columns that report.html has a row for, in the table that has one for each. */
function columnsOnPage(page) {
  const [, table] = page.match(/<caption>Bytes per delivered message.*?<tbody>(.*?)<\/tbody>/s);
  const rows = [...table.matchAll(/<th scope="row"[^>]*>([^<]+)<\/th>/g)];
  return rows.map(([, name]) => name.replace(' (invalid)', ''));
}

/** Of these columns, and of no others, there is a whole repetition, and each form of the result names them. */
export function assertWhole({ code, stdout, stderr, result, page }, columns) {
  assert.equal(code, 0, stderr);
  for (const named of [result.transports.map(({ name }) => name), columnsPrinted(stdout), columnsOnPage(page)]) {
    assert.deepEqual(named, columns);
  }
  for (const { name, repetitions } of result.transports) {
    assert.equal(repetitions.length, 1, name);
    assertEachOnce(name, repetitions[0]);
    const { server } = repetitions[0];
    assert.ok(server.cpu_us > 0 && server.peak_rss_bytes > 0, `${name}: ${JSON.stringify(server)}`);
  }
}

/** Every user got every message, the publisher's own too, once and undamaged; connections are sound. */
function assertEachOnce(name, { messages, invalid }) {
  const { published, expected, delivered, ...faults } = messages;
  assert.ok(published > 20, `${name}: ${published} published`);
  assert.deepEqual([name, expected, delivered], [name, 6 * published, 6 * published]);
  for (const fault of ['missed', 'lost', 'backlog', 'duplicated', 'reordered', 'damaged', 'gaps', 'left']) {
    assert.equal(faults[fault], 0, `${name}: ${fault}`);
  }
  const busy = /^(the harness was .* late|a harness thread used)/;
  assert.deepEqual(invalid.filter((reason) => !busy.test(reason)), [], name);
}
