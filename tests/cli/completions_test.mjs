// Completions and the manual page are made from the tree of commands: nothing of it may be missing in them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';

import { binary, commands, flagsOf, lines, pushbench, start, temporaryFolder } from './program.mjs';

const folder = temporaryFolder();
const build = path.dirname(binary);
const FILES = { bash: 'pushbench', zsh: '_pushbench', fish: 'pushbench.fish' };
const scripts = {};
let manual;
let known;

const present = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const lacking = (program) => (present(program) ? false : `${program} is not installed`);

before(async () => {
  known = await commands();
  for (const shell of Object.keys(FILES)) {
    scripts[shell] = (await pushbench('completions', shell)).stdout;
    fs.writeFileSync(path.join(folder, FILES[shell]), scripts[shell]);
  }
  manual = (await pushbench('man')).stdout;
  fs.writeFileSync(path.join(folder, 'pushbench.1'), manual);
});

test('the build has written what the binary prints', () => {
  for (const [shell, file] of Object.entries(FILES)) {
    assert.equal(fs.readFileSync(path.join(build, 'completions', file), 'utf8'), scripts[shell], shell);
  }
  assert.equal(fs.readFileSync(path.join(build, 'pushbench.1'), 'utf8'), manual);
});

/** What completes `words`, the last of which is being typed, by the script's own function in a real bash. */
async function inBash(...words) {
  const script = `source '${path.join(folder, FILES.bash)}'; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pushbench
    (( \${#COMPREPLY[@]} == 0 )) || printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, stdout, stderr } = await start('bash', ['--norc', '-c', script, 'bash', binary, ...words], { cwd: folder }).done;
  assert.equal(stderr, '');
  assert.equal(code, 0);
  return lines(stdout);
}

test('bash: each command and each of its flags', async () => {
  assert.deepEqual(await inBash(''), Object.keys(known));
  for (const [name, flags] of Object.entries(known)) {
    assert.ok((await inBash(name.slice(0, -1))).includes(name), name);
    const offered = await inBash(name, '-');
    assert.deepEqual(offered.filter((word) => word.startsWith('--')).sort(), [...flags].sort(), name);
  }
  const own = flagsOf((await pushbench('--help')).stdout);
  assert.deepEqual((await inBash('--')).sort(), [...own].sort());
});

test('bash: values', async () => {
  assert.deepEqual(await inBash('run', 'chat', '--transport', 'we'), ['websocket']);
  assert.deepEqual(await inBash('run', 'chat', '--transport', 'sse,pol'), ['sse,polling']);
  assert.deepEqual(
    await inBash('run', 'chat', '--transport', 'sse,polling,'), ['sse,polling,long-polling', 'sse,polling,websocket'],
  );
  assert.deepEqual(await inBash('run', 'chat', '--transport', '=', 'lo'), ['long-polling']); // as bash cuts it
  assert.equal((await inBash('run', 'chat', '--transport', '=')).length, 4);
  assert.deepEqual(await inBash('run', 'chat', '--set', 'users.cou'), ['users.count=']);
  assert.deepEqual(await inBash('run', 'chat', '--set', 'users.count', '=', '5'), []);
  assert.deepEqual(await inBash('run', 'chat', '--seed', ''), []);
  assert.deepEqual(await inBash('--quiet', 'run', 'quo'), ['quotes']);
  assert.ok((await inBash('crossover', 'chat', '--metric', 'delivery_latency.p')).includes('delivery_latency.p999'));
  assert.ok((await inBash('capacity', 'chat', '--vary', 'us')).includes('users'));
  const varied = await inBash('capacity', 'chat', '--vary', '');
  for (const key of ['link.delay', 'transport.polling.interval']) assert.ok(varied.includes(key), key);
  for (const key of ['purpose', 'tls', 'traffic.kind', 'run.repeat']) assert.ok(!varied.includes(key), key);
  assert.deepEqual(await inBash('study', 'ka'), ['kaazing']);
  assert.deepEqual(await inBash('completions', ''), ['bash', 'zsh', 'fish']);
  assert.deepEqual(await inBash('help', 'cap'), ['capacity']);
});

test('bash: files where a path is wanted', async () => {
  fs.mkdirSync(path.join(folder, 'my results'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'my own.toml'), '');
  fs.writeFileSync(path.join(folder, 'my.txt'), '');
  assert.deepEqual((await inBash('run', 'my')).sort(), ['my own.toml', 'my results']);
  assert.deepEqual(await inBash('run', 'chat', '--out', 'my'), ['my results']);
  assert.deepEqual((await inBash('serve', '--token-file', 'my')).sort(), ['my own.toml', 'my results', 'my.txt']);
});

test('bash: names of scenarios are those that the binary has', async () => {
  const names = lines((await pushbench('list', '--names')).stdout);
  const offered = await inBash('predict', '');
  assert.deepEqual(names.filter((name) => !offered.includes(name)), []);
});

/** What fish offers for a line; its words stand before a tab. */
async function inFish(line) {
  const script = `source '${path.join(folder, FILES.fish)}'; complete -C '${line}'`;
  const env = { PATH: `${build}:${process.env.PATH}`, HOME: folder };
  const { stdout, stderr } = await start('fish', ['--no-config', '-c', script], { cwd: folder, env }).done;
  assert.equal(stderr, '');
  return lines(stdout).map((offered) => offered.split('\t')[0]);
}

test('fish: commands, flags and values', { skip: lacking('fish') }, async () => {
  assert.deepEqual((await inFish('pushbench ')).sort(), Object.keys(known).sort());
  for (const [name, flags] of Object.entries(known)) {
    const offered = await inFish(`pushbench ${name} --`);
    assert.deepEqual(flags.filter((flag) => !offered.some((word) => word.replace('=', '') === flag)), [], name);
  }
  assert.deepEqual(await inFish('pushbench run chat --transport sse,pol'), ['sse,polling']);
  assert.ok((await inFish('pushbench run quo')).includes('quotes'));
  assert.deepEqual(await inFish('pushbench run chat --set users.cou'), ['users.count=']);
});

test('fish parses its script', { skip: lacking('fish') }, async () => {
  const { code, stderr } = await start('fish', ['-n', path.join(folder, FILES.fish)]).done;
  assert.equal(stderr, '');
  assert.equal(code, 0);
});

test('zsh parses its script', { skip: lacking('zsh') }, async () => {
  const { code, stderr } = await start('zsh', ['-n', path.join(folder, FILES.zsh)]).done;
  assert.equal(stderr, '');
  assert.equal(code, 0);
});

test('zsh and fish: every command and flag has its place in the script', () => {
  for (const [name, flags] of Object.entries(known)) {
    const [, block] = scripts.zsh.match(new RegExp(`\\n      ${name}\\)\\n([^]*?)\\n        ;;\\n`)) ?? [];
    assert.ok(block, name);
    assert.match(scripts.zsh, new RegExp(`^ {8}'${name}:`, 'm'));
    const own = lines(scripts.fish).filter((line) => line.includes(`__fish_seen_subcommand_from ${name}'`));
    for (const flag of flags) {
      assert.match(block, new RegExp(`'\\*?${flag}=?\\[`), `zsh: ${name} ${flag}`);
      assert.ok(own.some((line) => line.includes(` -l ${flag.slice(2)} `)), `fish: ${name} ${flag}`);
    }
  }
});

test('the manual page has every command and flag, those of all commands once', async () => {
  const roff = (text) => text.replaceAll('-', '\\-');
  const [, common] = manual.match(/\n\.SH FLAGS\n([^]*?)\n\.SH /);
  const all = flagsOf((await pushbench('--help')).stdout);
  for (const flag of all) assert.ok(common.includes(`\\fB${roff(flag)}\\fR`), flag);
  for (const [name, flags] of Object.entries(known)) {
    const [, block] = manual.match(new RegExp(`\\n\\.SS pushbench ${name} ([^]*?)\\n\\.S[SH] `)) ?? [];
    assert.ok(block, name);
    for (const flag of flags) {
      assert.equal(block.includes(`\\fB${roff(flag)}\\fR`), !all.includes(flag), `${name} ${flag}`);
    }
  }
});

test('man formats it without a warning', { skip: lacking('man') }, async () => {
  for (const LC_ALL of ['C.UTF-8', 'C']) {
    const { code, stdout, stderr } = await start(
      'man', ['--warnings', '-l', path.join(folder, 'pushbench.1')], { env: { LC_ALL, MANWIDTH: '80' } },
    ).done;
    assert.equal(stderr, '', LC_ALL);
    assert.equal(code, 0);
    for (const heading of ['NAME', 'SYNOPSIS', 'EXAMPLES', 'COMMANDS', 'ENVIRONMENT', 'EXIT STATUS']) {
      assert.match(stdout, new RegExp(`^${heading}$`, 'm'));
    }
  }
});
