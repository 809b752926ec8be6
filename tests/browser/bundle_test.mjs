// What becomes of a page's files: one text that a strict policy lets run.
// Run with: node --test tests/browser/bundle_test.mjs

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { onePage } from '../../clients/browser/one_page.mjs';
import { Bundler, arrayOf, hashOf } from '../../scripts/lib/bundle.mjs';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-page-'));
after(() => fs.rmSync(folder, { recursive: true }));

const HEAD = '<link rel="stylesheet" href="page.css">\n<script type="module" src="main.ts"></script>';
const GOOD = {
  'index.html': `<!doctype html>\n<!-- why -->\n  <head>\n    ${HEAD}\n  </head>\n  <p>Hi <b>you</b>\n`,
  'page.css': "@import './shared.css';\np { color: red; }",
  'shared.css': 'b { margin: 0px; }',
  'main.ts': "import { word } from './word.js';\nconst cost: string = '$&';\ndocument.title = word + cost;",
  'word.ts': "export const word: string = 'Привет';",
};

/** A page of these files in place of the good ones. */
async function made(files = {}) {
  for (const [name, text] of Object.entries({ ...GOOD, ...files })) {
    fs.writeFileSync(path.join(folder, name), text);
  }
  const bundler = new Bundler();
  return { bundler, ...(await onePage(bundler, path.join(folder, 'index.html'))) };
}

test('script and styles stand in the page, and its policy names them by their hashes', async () => {
  const { html, policy } = await made();
  const [, style] = html.match(/<style>([^]*?)<\/style>/);
  const [, script] = html.match(/<script type="module">([^]*?)<\/script>/);
  assert.match(style, /^b\{margin:0\}p\{color:red\}\s*$/);
  assert.ok(script.includes('Привет') && script.includes('$&'), script);
  assert.equal(html.replace(style, '').replace(script, ''), `<!doctype html>
<head>
<style></style>
<script type="module"></script>
</head>
<p>Hi <b>you</b>
`);
  assert.equal(policy, [
    "default-src 'none'", `script-src '${hashOf(script)}'`, `style-src '${hashOf(style)}'`,
    "connect-src 'self'", 'img-src data:', "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
  ].join('; '));
});

test('what pages share is included where they say so', async () => {
  const { bundler, html } = await made({
    'index.html': '<body>\n  <!-- include head.html -->\n  <p>Hi\n',
    'head.html': '<nav>\n  <!-- why --><a href="/">$&</a>\n</nav>\n',
  });
  assert.equal(html, '<body>\n<nav>\n<a href="/">$&</a>\n</nav>\n<p>Hi\n');
  bundler.write(path.join(folder, 'out.cc'), '');
  assert.match(fs.readFileSync(path.join(folder, 'out.cc.d'), 'utf8'), /head\.html/);
});

test('a page without a script runs none', async () => {
  const { policy } = await made({ 'index.html': '<p>Hi' });
  assert.match(policy, /script-src 'none'; style-src 'none';/);
});

test('what would have to be loaded, or would not run, is refused by name', async () => {
  for (const [wrong, files] of [
    [/src/, { 'index.html': '<script src="main.ts"></script>' }],
    [/stylesheet/, { 'index.html': '<link href="page.css" rel="stylesheet">' }],
    [/style="/, { 'index.html': '<p style="color: red">' }],
    [/onclick="/, { 'index.html': '<p onclick="go()">' }],
    [/https:\/\/cdn\.example\/x/, { 'index.html': '<img src="https://cdn.example/x">' }],
    [/\/\/cdn\.example/, { 'index.html': '<a href="//cdn.example/">' }],
    [/http:\/\/127\.0\.0\.1/, { 'main.ts': "fetch('http://127.0.0.1:8080/');" }],
    [/cdn\.example/, { 'page.css': "p { background: url('https://cdn.example/x.png'); }" }],
    [/would end its element/, { 'main.ts': "document.title = '<!--';" }],
  ]) {
    await assert.rejects(made(files), wrong);
  }
});

test('a namespace, a path of the server and a scheme alone are no way out', async () => {
  const svg = "document.createElementNS('http://www.w3.org/2000/svg', 'svg');";
  await made({ 'main.ts': `${svg} fetch('/link'); document.title = 'ws://' + location.host;` });
});

test('CMake is told of each file that was read', async () => {
  const { bundler } = await made();
  const output = path.join(folder, 'out put.cc');
  bundler.write(output, 'x');
  const [target, files] = fs.readFileSync(`${output}.d`, 'utf8').split(': ');
  assert.equal(target, output.replace(' ', '\\ '));
  const names = files.split(/\s+\\?\s*/).filter(Boolean).map((file) => path.basename(file));
  assert.deepEqual(names.sort(), Object.keys(GOOD).sort());
  assert.equal(fs.readFileSync(output, 'utf8'), 'x');
});

test('an array holds each byte as a char', () => {
  assert.equal(arrayOf('kText', 'aä\n'), "constexpr char kText[] = {\n97,'\\xc3','\\xa4',10};\n");
});
