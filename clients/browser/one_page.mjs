// Makes one text of a page: what it shares with others, its style sheets and its script take the places of what
// names them.
//   <!-- include ../header.html -->
//   <link rel="stylesheet" href="page.css">
//   <script type="module" src="main.ts"></script>

import path from 'node:path';
import { checkScript, checkStyle, hashOf } from '../../scripts/lib/bundle.mjs';

const INCLUDE = /<!-- include (\S+) -->/g;
const STYLE = /<link rel="stylesheet" href="([^"]+)">/g;
const SCRIPT = /<script type="module" src="([^"]+)"><\/script>/g;
/** What the policy would not let be loaded or run. */
const LEFT_OVER = /<script[^>]*\ssrc\b|<link[^>]*\brel="?stylesheet|\s(?:style|on[a-z]+)="/;
/** Namespaces are names and no more: nobody fetches them. */
const OUTSIDE = /(?:(?:https?|wss?):|(?:src|href)="?|url\(["']?)\/\/(?!www\.w3\.org\/)[\w[][^\s"'`)]*/i;

/** Replaces each match by what `make` makes of its file. */
async function replaced(html, element, make) {
  let text = '';
  let end = 0;
  for (const match of html.matchAll(element)) {
    text += html.slice(end, match.index) + (await make(match[1]));
    end = match.index + match[0].length;
  }
  return text + html.slice(end);
}

/** Comments and indentation are for those who read the source. */
const squeezed = (html) => html.replace(/<!--[^]*?-->/g, '').replace(/\s*\n\s*/g, '\n');

/** Lets a page's own script and styles run and talk to its server, and nothing else. */
function policyFor(scripts, styles) {
  const sources = (texts) => texts.map((text) => `'${hashOf(text)}'`).join(' ') || "'none'";
  return [
    "default-src 'none'",
    `script-src ${sources(scripts)}`,
    `style-src ${sources(styles)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The page of this index.html, and its Content-Security-Policy. */
export async function onePage(bundler, index) {
  const beside = (name) => path.join(path.dirname(index), name);
  const styles = [];
  const scripts = [];
  const whole = await replaced(bundler.text(index), INCLUDE, (name) => bundler.text(beside(name)));
  let html = squeezed(whole);
  html = await replaced(html, STYLE, async (name) => {
    const style = await bundler.bundled(beside(name), { charset: 'utf8' });
    checkStyle(style);
    styles.push(style);
    return `<style>${style}</style>`;
  });
  html = await replaced(html, SCRIPT, async (name) => {
    const script = await bundler.bundled(beside(name), { format: 'esm', charset: 'utf8' });
    checkScript(script);
    scripts.push(script);
    return `<script type="module">${script}</script>`;
  });
  const markup = html.replace(/(<(script|style)\b[^>]*>)[^]*?(<\/\2>)/g, '$1$3');
  const wrong = markup.match(LEFT_OVER) ?? html.match(OUTSIDE);
  if (wrong) throw new Error(`${index}: a page has all in itself, and this would not be: ${wrong[0]}`);
  return { html, policy: policyFor(scripts, styles) };
}
