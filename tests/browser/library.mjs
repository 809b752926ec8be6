// The browser library as a test takes it: bundled by esbuild, for Node or for a page.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const FOLDER = fileURLToPath(new URL('../../clients/browser/', import.meta.url));

const options = (file) => ({
  entryPoints: [path.join(FOLDER, file)],
  bundle: true,
  target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
  logLevel: 'warning',
});

/** What a file of clients/browser/ exports. */
export async function moduleOf(file) {
  const folder = mkdtempSync(path.join(tmpdir(), 'pushbench-'));
  try {
    const outfile = path.join(folder, `${path.basename(file, '.ts')}.mjs`);
    await build({ ...options(file), format: 'esm', outfile });
    return await import(pathToFileURL(outfile));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A script that makes `name`, in a page, of what such a file exports. */
export async function scriptOf(file, name) {
  const { outputFiles } = await build({
    ...options(file),
    format: 'iife',
    globalName: name,
    write: false,
  });
  return outputFiles[0].text;
}

/** A style sheet with all that it imports. */
export async function styleOf(file) {
  const { outputFiles } = await build({ ...options(file), write: false });
  return outputFiles[0].text;
}
