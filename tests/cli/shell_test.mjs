// What all commands share: help, errors, where their words go, and colours.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';

import { commands, inTerminal, lines, pushbench, scenario, start, binary, temporaryFolder } from './program.mjs';

const folder = temporaryFolder();
const small = path.join(folder, 'small.toml');
let known;

before(async () => {
  fs.writeFileSync(small, scenario('300ms'));
  known = await commands();
});

const ESCAPE = /\x1b\[[0-9;]*m/g;

/** Help: on stdout and nowhere else, 80 columns, examples first, then usage. */
function assertHelp({ code, stdout, stderr }, name) {
  assert.equal(code, 0, name);
  assert.equal(stderr, '', name);
  for (const line of lines(stdout)) assert.ok([...line].length <= 80, `${name}: ${line}`);
  const examples = stdout.indexOf('\nExamples:\n');
  assert.ok(examples > 0 && examples < stdout.indexOf('\nUsage:\n'), name);
  const block = stdout.slice(examples).split('\n\n')[0];
  const commandLines = lines(block).filter((line) => /^ {2}\S/.test(line));
  assert.ok(commandLines.some((line) => line.includes('pushbench')), name);
  assert.ok(commandLines.length <= 4, name);
  // Below each of them what it does.
  assert.equal(block.match(/^ {2}\S.*(\\\n {4}\S.*)*\n {6}\S/gm)?.length, commandLines.length, block);
  assert.match(stdout, /^ {2}-h, --help {2}/m, name); // and no value behind it
}

test('help has examples first and fits 80 columns, for every command', async () => {
  assert.ok(Object.keys(known).length >= 10, Object.keys(known).join(' '));
  assertHelp(await pushbench('--help'), 'pushbench');
  for (const name of Object.keys(known)) {
    const help = await pushbench(name, '--help');
    assertHelp(help, name);
    assert.match(help.stdout, new RegExp(`^pushbench ${name}: `));
    assert.equal((await pushbench('help', name)).stdout, help.stdout);
  }
  assert.equal((await pushbench('help')).stdout, (await pushbench('--help')).stdout);
});

test('the flags that all commands take stand in the help of each', () => {
  for (const [name, flags] of Object.entries(known)) {
    for (const flag of ['--quiet', '--no-color', '--help']) assert.ok(flags.includes(flag), `${name} ${flag}`);
  }
});

test('a flag tells its range and its default', async () => {
  const { stdout } = await pushbench('serve', '--help');
  const text = stdout.replaceAll(/\s+/g, ' ');
  assert.ok(text.includes('--max-queue SIZE Unsent to a client that reads too slowly, before it is cut (1B to 1GiB; default 1MiB)'));
  assert.ok(text.includes('(8 to 15; default 15)'));
});

test('pushbench alone says on stderr what there is', async () => {
  const { code, stdout, stderr } = await pushbench();
  assert.equal(code, 2);
  assert.equal(stdout, '');
  for (const name of Object.keys(known)) assert.match(stderr, new RegExp(`^  ${name} `, 'm'));
});

test('--version is one line', async () => {
  const { code, stdout, stderr } = await pushbench('--version');
  assert.deepEqual((await pushbench('--version', '--batch-window', '1ms')).stdout, stdout); // as a script may ask
  assert.equal(code, 0);
  assert.match(stdout, /^pushbench \d+\.\d+\.\d+ \([0-9a-f]+(-dirty)?\)\n$/);
  assert.equal(stderr, '');
});

// What is typed, and the whole line that answers it.
const WRONG = [
  ['rnu chat', 'pushbench: rnu: there is no such command; did you mean run? See pushbench --help'],
  ['help rnu', 'pushbench help: rnu: there is no such command; did you mean run? See pushbench --help'],
  ['chat', 'pushbench: chat: there is no such command; did you mean pushbench run chat? See pushbench --help'],
  ['my.toml', 'pushbench: my.toml: there is no such command; did you mean pushbench run my.toml? See pushbench --help'],
  ['version', 'pushbench: version: there is no such command; did you mean --version? See pushbench --help'],
  ['quarrel', 'pushbench: quarrel: there is no such command. See pushbench --help'],
  ['-V', 'pushbench: -V: there is no such flag. See pushbench --help'],
  ['run --version', 'pushbench run: --version: there is no such flag. See pushbench run --help'],
  ['--quite', 'pushbench: --quite: there is no such flag; did you mean --quiet? See pushbench --help'],
  ['--quiet', 'pushbench: a command is missing. See pushbench --help'],
  ['run --transprt sse', 'pushbench run: --transprt: there is no such flag; did you mean --transport? See pushbench run --help'],
  ['run -jsn chat', 'pushbench run: -jsn: there is no such flag; did you mean --json? See pushbench run --help'],
  ['run', 'pushbench run: SCENARIO is missing. See pushbench run --help'],
  ['run chat game', 'pushbench run: game: there is no place for this word. See pushbench run --help'],
  ['run chat --repeat', 'pushbench run: --repeat: its value is missing. See pushbench run --help'],
  ['run chat --out --json', 'pushbench run: --out: its value is missing. See pushbench run --help'],
  ['run chat --json=yes', 'pushbench run: --json: takes no value. See pushbench run --help'],
  ['run chat --repeat 0', 'pushbench run: --repeat 0: write a number from 1 to 100. See pushbench run --help'],
  ['run chat --repeat=x', 'pushbench run: --repeat x: write a number from 1 to 100. See pushbench run --help'],
  ['run chat --repeat 2 --repeat 3', 'pushbench run: --repeat: is given more than once. See pushbench run --help'],
  ['run chat --json --dry-run', 'pushbench run: --dry-run does not go together with --json. See pushbench run --help'],
  ['run chat --set users.cuont=3', 'pushbench run: --set users.cuont=3: users.cuont: there is no such key; did you mean users.count? See pushbench list --keys'],
  ['run chat --set users=3', 'pushbench run: --set users=3: users: there is no such key; there are users.count, users.join, users.presence, users.stay, users.away. See pushbench list --keys'],
  ['run chat --transport websockets', 'pushbench run: --transport websockets: there is no such transport; did you mean websocket? There are: polling, long-polling, sse, websocket. See pushbench run --help'],
  ['merge one', 'pushbench merge: RESULT: one more is needed. See pushbench merge --help'],
  ['compare one', 'pushbench compare: give two results, the baseline first, and at most 26; or --interleave with a scenario and two servers. See pushbench compare --help'],
  ['run chat --format htm', 'pushbench run: --format htm: there is no such value; did you mean html? There are: html, md, csv, gbench, prometheus. See pushbench run --help'],
  ['run chat --format pdf', 'pushbench run: --format pdf: there is no such value. There are: html, md, csv, gbench, prometheus. See pushbench run --help'],
  ['report one --extract two', 'pushbench report: RESULT does not go together with --extract. See pushbench report --help'],
  ['study kazing', 'pushbench study: kazing: there is no such study; did you mean kaazing? There are: kaazing, aquilio, streamdata, shootout. See pushbench study'],
  ['completions bsh', 'pushbench completions: SHELL bsh: there is no such value; did you mean bash? There are: bash, zsh, fish. See pushbench completions --help'],
  ['serve --window-bits 9', 'pushbench serve: --window-bits means nothing without --compression. See pushbench serve --help'],
  ['serve --port 65536', 'pushbench serve: --port 65536: write a number from 0 to 65535. See pushbench serve --help'],
  ['serve --max-text 0B', 'pushbench serve: --max-text: 0B is out of range; it takes 1B to 1GiB. See pushbench serve --help'],
  ['serve --end-with-parent x', 'pushbench serve: --end-with-parent x: write a number. See pushbench serve --help'],
  ['serve --end-with-parent 1', 'pushbench serve: --end-with-parent 1: is not the process that started this one, or it has ended; a script that starts a server takes exec for it. See pushbench serve --help'],
];

for (const [typed, answer] of WRONG) {
  test(`wrong: ${typed}`, async () => {
    const { code, stdout, stderr } = await pushbench(...typed.split(' '));
    assert.equal(stderr, `${answer}\n`);
    assert.equal(stdout, '');
    assert.equal(code, 2);
  });
}

test('an unknown scenario: the nearest, all there are, and what lists them', async () => {
  const { code, stdout, stderr } = await pushbench('predict', 'qoutes');
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.equal(lines(stderr).length, 1);
  assert.match(stderr, /^pushbench predict: qoutes: there is no such scenario; did you mean quotes\? There are: chat, .*\. See pushbench list\n$/);
});

test('what was asked for goes to stdout, what is said about it to stderr', async () => {
  const { stdout, stderr } = await pushbench('run', small, '--transport', 'sse', '--out', path.join(folder, 'both'));
  assert.match(stdout, /^small: 4 users/);
  assert.doesNotMatch(stdout, /^result: |^\[1\/2\]/m);
  assert.match(stderr, /^\[1\/2\] sse 1\/2\n\[2\/2\] sse 2\/2\n\nresult: .*both\/result\.json\nreport: .*both\/report\.html\n$/);
});

test('--quiet leaves out what is said on the way, wherever it stands', async () => {
  for (const [before, behind, name] of [[['--quiet'], [], 'a'], [[], ['--quiet'], 'b']]) {
    const out = path.join(folder, `quiet-${name}`);
    const { stdout, stderr } = await pushbench(...before, 'run', small, '--transport', 'sse', '--out', out, ...behind);
    assert.equal(stderr, '');
    assert.match(stdout, /^small: 4 users/);
  }
  const broken = await pushbench('run', 'chta', '--quiet');
  assert.match(broken.stderr, /there is no such scenario/);
});

test('validate --json has what each comes to, and what is wrong', async () => {
  const { code, stdout, stderr } = await pushbench('validate', small, 'none.toml', '--json');
  assert.equal(code, 2);
  const [good, bad] = JSON.parse(stdout);
  assert.deepEqual([good.good, good.users, good.deliveries], [true, 4, good.messages * 4]);
  assert.equal(bad.good, false);
  assert.match(bad.problem, /there is no such file/);
  assert.equal(lines(stderr).length, 1);
});

test('list --names is what completions ask for', async () => {
  const { stdout } = await pushbench('list', '--names');
  const named = JSON.parse((await pushbench('list', '--json')).stdout).map(({ name }) => name);
  assert.deepEqual(lines(stdout), named);
});

test('a terminal gets colours, unless its user does not want them', async () => {
  const plain = (await pushbench('predict', 'chat')).stdout;
  assert.doesNotMatch(plain, ESCAPE);
  const coloured = await inTerminal(['predict', 'chat'], { TERM: 'xterm' });
  assert.equal(coloured.code, 0);
  assert.match(coloured.text, ESCAPE);
  assert.equal(coloured.text.replaceAll(ESCAPE, ''), plain);
  for (const [args, env] of [
    [['predict', 'chat', '--no-color'], { TERM: 'xterm' }],
    [['--no-color', 'predict', 'chat'], { TERM: 'xterm', CLICOLOR_FORCE: '1' }],
    [['predict', 'chat'], { TERM: 'xterm', NO_COLOR: '1' }],
    [['predict', 'chat'], { TERM: 'dumb' }],
  ]) {
    assert.equal((await inTerminal(args, env)).text, plain, JSON.stringify([args, env]));
  }
  const empty = await inTerminal(['predict', 'chat'], { TERM: 'xterm', NO_COLOR: '' });
  assert.equal(empty.text, coloured.text);
  const forced = await start(binary, ['predict', 'chat'], { env: { CLICOLOR_FORCE: '1' } }).done;
  assert.equal(forced.stdout, coloured.text);
});

test('JSON has no colours, in no terminal', async () => {
  const { text } = await inTerminal(['predict', 'chat', '--json'], { TERM: 'xterm', CLICOLOR_FORCE: '1' });
  assert.doesNotMatch(text, ESCAPE);
  JSON.parse(text);
});

test('a line changes in place only where a terminal can do that', async () => {
  const args = (out) => ['run', small, '--transport', 'sse', '--repeat', '1', '--out', path.join(folder, out)];
  const moving = await inTerminal(args('moving'), { TERM: 'xterm' });
  assert.ok(moving.text.includes('\r\x1b[K[1/1] sse 1/1'), moving.text);
  const dumb = await inTerminal(args('dumb'), { TERM: 'dumb' });
  assert.doesNotMatch(dumb.text, /\x1b|\r/);
  assert.match(dumb.text, /^\[1\/1\] sse 1\/1\n/);
});

test('a full disk under stdout is an error, a reader that left is none of ours', async () => {
  const full = await start('sh', ['-c', `'${binary}' list --keys > /dev/full`]).done;
  assert.equal(full.code, 1);
  assert.equal(full.stderr, 'pushbench: standard output cannot be written to; is its disk full?\n');
  const left = await start('bash', ['-c', `'${binary}' list --keys | true; exit \${PIPESTATUS[0]}`]).done;
  assert.equal(left.stderr, '');
});
