// `pushbench validate` and `pushbench list`, and the schema that editors check scenarios with.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const pushbench = (...args) => spawnSync(process.env.PUSHBENCH, args, { cwd: root, encoding: 'utf8' });
const schema = JSON.parse(fs.readFileSync(path.join(root, 'docs/scenario.schema.json')));
const fits = new Ajv({ allErrors: true }).compile(schema);
let folder;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-scenarios-'));
});
after(() => fs.rmSync(folder, { recursive: true }));

const file = (name, text) => {
  const made = path.join(folder, name);
  fs.writeFileSync(made, text);
  return made;
};

/** What the shipped scenarios use of TOML: tables, and values on one line that are JSON too. */
function readToml(text) {
  const scenario = {};
  let table = scenario;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const header = /^\[([\w.-]+)\]$/.exec(line);
    if (header) {
      table = header[1].split('.').reduce((outer, name) => (outer[name] ??= {}), scenario);
      continue;
    }
    const [, key, value] = /^([\w-]+) = ([^#]+?|"[^"]*")\s*(?:#.*)?$/.exec(line) ?? [];
    assert.ok(key, `not understood: ${line}`);
    table[key] = JSON.parse(value);
  }
  return scenario;
}

const shipped = () => JSON.parse(pushbench('list', '--json').stdout);

test('list names every shipped scenario with its purpose, aligned, in 80 columns', () => {
  const { status, stdout } = pushbench('list');
  assert.equal(status, 0);
  const width = Math.max(...shipped().map(({ name }) => name.length));
  const broken = `\n${' '.repeat(width + 2)}`;
  assert.equal(
    stdout.replaceAll(broken, ' '),
    shipped().map(({ name, purpose }) => `${name.padEnd(width)}  ${purpose}\n`).join(''),
  );
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  assert.ok(shipped().some(({ name }) => name === 'chat'));
});

test('list finds the same scenarios as there are files', () => {
  const files = fs
    .readdirSync(path.join(root, 'scenarios'), { recursive: true })
    .filter((name) => name.endsWith('.toml'))
    .map((name) => name.slice(0, -'.toml'.length));
  assert.deepEqual(shipped().map(({ name }) => name), files.sort());
});

test('list prints the keys and the schema that the docs have', () => {
  const readme = fs.readFileSync(path.join(root, 'scenarios/README.md'), 'utf8');
  assert.ok(readme.includes(pushbench('list', '--keys', '--format', 'md').stdout));
  assert.deepEqual(JSON.parse(pushbench('list', '--schema').stdout), schema);
  assert.equal(pushbench('list', '--schema', '--keys').status, 2);
  assert.equal(pushbench('list', '--format', 'md').status, 2);
});

test('list --keys fits a terminal and has every key of the table', () => {
  const { stdout } = pushbench('list', '--keys');
  const table = pushbench('list', '--keys', '--format', 'md').stdout;
  const keys = [...table.matchAll(/^\| `(\S+)`/gm)].map(([, key]) => key);
  assert.ok(keys.length > 50, keys.join(' '));
  for (const line of stdout.split('\n')) assert.ok([...line].length <= 80, line);
  for (const key of keys) assert.ok(stdout.includes(`\n${key}: `) || stdout.startsWith(`${key}: `), key);
  assert.match(stdout, /^users\.count: 1 to 1000000 \(count; default 100\)\n  Users\. Each subscribes to its room\.$/m);
});

test('every shipped scenario is good, by the program and by the schema', () => {
  const names = shipped().map(({ name }) => name);
  const { status, stdout, stderr } = pushbench('validate', ...names);
  assert.equal(status, 0, stderr);
  assert.equal(stdout.split('\n').length, names.length + 1);
  for (const name of names) {
    const text = fs.readFileSync(path.join(root, 'scenarios', `${name}.toml`), 'utf8');
    assert.ok(fits(readToml(text)), `${name}: ${JSON.stringify(fits.errors)}`);
  }
});

test('validate says what a scenario unrolls to', () => {
  const good = file('good.toml', '[users]\ncount = 10\n[traffic]\nrate = "2/s"\nduration = "5s"\n');
  const { status, stdout } = pushbench('validate', good);
  assert.equal(status, 0);
  assert.equal(stdout, `${good}: good; 10 users in 1 room; 10 messages in 5s, 100 deliveries\n`);
  const cut = pushbench('validate', good, '--set', 'link.cut_at=1s', '--set', 'rooms.count=2');
  assert.equal(cut.stdout, `${good}: good; 10 users in 2 rooms; 10 messages in 5s, 50 deliveries, 10 cuts\n`);
});

test('validate goes on after a wrong scenario, whose line it names', () => {
  const bad = file('bad.toml', '[users]\ncuont = 10\n');
  const lost = file('lost.toml', '[traffic]\nkind = "trace"\ntrace = "none.csv"\n');
  const { status, stdout, stderr } = pushbench('validate', bad, 'chat', lost);
  assert.equal(status, 2);
  assert.match(stdout, /^chat: good; 100 users/);
  const [first, second] = stderr.trimEnd().split('\n');
  assert.equal(first, `${bad}:2:1: users.cuont: there is no such key; did you mean users.count?`);
  assert.match(second, /^[^ ]*lost\.toml:3:9: traffic\.trace: "none\.csv": there is no such trace/);
});

test('the schema takes what the program takes, and refuses what it refuses', () => {
  const cases = [
    ['[users]\ncount = 10\n', true],
    ['[users]\ncount = 0\n', false],
    ['[users]\ncuont = 10\n', false],
    ['[users]\njoin = 5\n', false],
    ['[users]\njoin = "5 s"\n', false],
    ['[traffic]\nkind = "burst"\nburst_on = "1.5s"\n', true],
    ['[traffic]\nkind = "bursty"\n', false],
    ['[link]\nup = "1Mbit/s"\ndown = "unlimited"\n', true],
    ['[link]\nup = "0bits"\n', false],
    ['[link]\ncut_at = ["1s", "2s"]\n', true],
    ['[link]\ncut_at = "1s, 2s"\n', true],
    ['[link]\ncut_at = [1, 2]\n', false],
    ['[group.mobile]\nshare = 0.25\ndelay = "75ms"\n', true],
    ['[group.mobile]\ndelay = "75ms"\n', false],
    ['[group.mobile]\nshare = 1.5\n', false],
    ['[limits]\nempty_share = 0\nnetwork_bytes = "1KiB"\n', true],
    ['tls = "yes"\n', false],
    ['[transport.long-polling]\nhold = "3s"\n', true],
  ];
  for (const [text, good] of cases) {
    assert.equal(fits(readToml(text)), good, text);
    assert.equal(pushbench('validate', file('case.toml', text)).status, good ? 0 : 2, text);
  }
});
