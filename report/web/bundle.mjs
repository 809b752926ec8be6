// Bundles what report.html carries, and writes it as C++: node bundle.mjs OUTPUT.cc
// Plain characters in an array, since compilers bound the length of string literals.

import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const output = process.argv[2];

async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [path.join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: ['es2022', 'chrome109', 'firefox115', 'safari16'],
    legalComments: 'inline',
    logLevel: 'warning',
  });
  return outputFiles[0].text;
}

/** A number where that is a char everywhere; what a signed one cannot hold is a character. */
const charOf = (byte) => (byte < 128 ? byte : `'\\x${byte.toString(16)}'`);

function arrayOf(name, text) {
  const chars = [...Buffer.from(text)].map(charOf);
  const lines = [];
  for (let i = 0; i < chars.length; i += 40) lines.push(chars.slice(i, i + 40).join(','));
  return `constexpr char ${name}[] = {\n${lines.join(',\n')}};\n`;
}

const script = await bundled('main.js');
const style = await bundled('report.css');
// Inside of an element, these would end it or begin what ends elsewhere.
if (/<\/script|<!--/i.test(script)) throw new Error('the script would end its element');
if (/<\//.test(style)) throw new Error('the style would end its element');
const hash = crypto.createHash('sha256').update(script).digest('base64');

fs.writeFileSync(
  output,
  `// Written by report/web/bundle.mjs from the files beside it.
#include "report/web_assets.h"

namespace pushbench::report {

namespace {
${arrayOf('kScript', script)}${arrayOf('kStyle', style)}}  // namespace

std::string_view report_script() { return {kScript, sizeof kScript}; }
std::string_view report_script_hash() { return "sha256-${hash}"; }
std::string_view report_style() { return {kStyle, sizeof kStyle}; }

}  // namespace pushbench::report
`,
);
