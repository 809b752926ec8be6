// The program as a user starts it, for the tests of its command line.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

export const binary = process.env.PUSHBENCH;

export const lines = (text) => text.split('\n').filter((line) => line !== '');

/** A folder that is gone after the tests. */
export function temporaryFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-shell-'));
  after(() => fs.rmSync(folder, { recursive: true }));
  return folder;
}

/** Starts a command; `done` resolves with code, stdout and stderr. `child` emits 'said' with all of stderr. */
export function start(command, args, { env = {}, cwd } = {}) {
  const plain = { ...process.env };
  for (const name of ['NO_COLOR', 'CLICOLOR_FORCE', 'PUSHBENCH_LABS', 'PUSHBENCH_SCENARIOS']) delete plain[name];
  const child = spawn(command, args, { cwd, env: { ...plain, ...env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => {
    stderr += data;
    child.emit('said', stderr);
  });
  const done = new Promise((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })),
  );
  return { child, done };
}

export const pushbench = (...args) => start(binary, args).done;

/** In a terminal of its own, where stdout and stderr are one; `text` is what the user sees. */
export async function inTerminal(args, env) {
  const quoted = [binary, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const { code, stdout } = await start('script', ['-qec', quoted, '/dev/null'], { env }).done;
  return { code, text: stdout.replaceAll('\r\n', '\n') };
}

/** What help lists: commands by name with their flags, read from `pushbench --help` and each command's. */
export async function commands() {
  const { stdout } = await pushbench('--help');
  const list = stdout.split('\nCommands:\n')[1].split('\n\n')[0];
  const names = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name);
  const all = {};
  for (const name of names) all[name] = flagsOf((await pushbench(name, '--help')).stdout);
  return all;
}

export const flagsOf = (help) => [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z][a-z-]*)/gm)].map(([, flag]) => flag);

/** Asks again and again, since no event tells what another process has got to; at most 20 s. */
export async function waitFor(ask) {
  const until = Date.now() + 20000;
  for (;;) {
    let answer = null;
    try {
      answer = ask();
    } catch {
      // what it asks about is not there yet
    }
    if (answer !== null && answer !== false) return answer;
    if (Date.now() > until) throw new Error('what the test waits for did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A scenario that takes no longer than it says. */
export const scenario = (duration) => `purpose = "a test"
[users]
count = 4
join = "20ms"
[traffic]
kind = "poisson"
rate = "40/s"
duration = "${duration}"
[run]
repeat = 2
warmup = "20ms"
`;
