// What tests of commands that read results share: made-up results, and the binary as a user calls it.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.PUSHBENCH;

/** Paths in a new folder. */
export class Place {
  constructor(name) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), `pushbench-${name}-`));
    this.used = 0;
  }
  /** One that is not there yet. */
  path(...parts) {
    return path.join(this.folder, ...parts);
  }
  fresh() {
    return this.path(`new-${++this.used}`);
  }
  /** A made-up run: of the same schedule for all seeds, and with figures of its own for each. */
  sample(seed, kind = 'sound') {
    const folder = this.path(`${kind}-${seed}`);
    execFileSync(process.env.RESULT_TOOL, [kind, folder, String(seed)]);
    return folder;
  }
  remove() {
    fs.rmSync(this.folder, { recursive: true });
  }
}

/** How a command is started that has to come to an end: one that hangs is killed, and has no exit code. */
export const untilEnd = { cwd: root, timeout: 150_000, killSignal: 'SIGKILL' };

/** Runs the binary; `shell` stands before it and sets limits or rights. */
export function pushbench(args, { shell } = {}) {
  const [command, all] = shell ? ['sh', ['-c', shell, 'sh', binary, ...args]] : [binary, args];
  const { status, stdout, stderr } = spawnSync(command, all, { ...untilEnd, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { code: status, stdout, stderr };
}

export const lines = (text) => text.split('\n').filter((line) => line !== '');
export const readJson = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8'));
