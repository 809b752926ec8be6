// What the build makes of a page's sources: scripts and style sheets by esbuild, minified, as arrays in C++.

import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Gathers which files it has read, so that CMake bundles anew when one of them changes. */
export class Bundler {
  #read = new Set();

  /** A script or style sheet with all that it imports, as one text. */
  async bundled(entry, options = {}) {
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      absWorkingDir: root,
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
      legalComments: 'inline',
      logLevel: 'warning',
      ...options,
    });
    for (const name of Object.keys(metafile.inputs)) this.#read.add(path.resolve(root, name));
    return outputFiles[0].text;
  }

  /** A file as it is. */
  text(file) {
    this.#read.add(file);
    return fs.readFileSync(file, 'utf8');
  }

  /** Writes OUTPUT, and OUTPUT.d, which tells make or ninja what it was made from. */
  write(output, source) {
    const escaped = [...this.#read].map((file) => file.replaceAll(' ', '\\ '));
    fs.writeFileSync(`${output}.d`, `${output.replaceAll(' ', '\\ ')}: ${escaped.join(' \\\n  ')}\n`);
    fs.writeFileSync(output, source);
  }
}

/** How a Content-Security-Policy names an inline script or style sheet. */
export const hashOf = (text) => `sha256-${crypto.createHash('sha256').update(text).digest('base64')}`;

/** Inside of an element, some texts would end it or begin what ends elsewhere. */
export function checkScript(text) {
  if (/<\/script|<!--/i.test(text)) throw new Error('the script would end its element');
}

export function checkStyle(text) {
  if (/<\//.test(text)) throw new Error('the style would end its element');
}

/** A number where that is a char everywhere; what a signed one cannot hold is a character. */
const charOf = (byte) => (byte < 128 ? byte : `'\\x${byte.toString(16)}'`);

/** Plain characters in an array, since compilers bound the length of string literals. */
export function arrayOf(name, text) {
  const chars = [...Buffer.from(text)].map(charOf);
  const lines = [];
  for (let i = 0; i < chars.length; i += 40) lines.push(chars.slice(i, i + 40).join(','));
  return `constexpr char ${name}[] = {\n${lines.join(',\n')}};\n`;
}
