// What the tests of the course look for in Markdown.

import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const ELSEWHERE = new Set(['.git', 'build', 'node_modules', 'pushbench-lab']);

/** Every Markdown file below `folder`, from there; the results of runs, which nobody wrote, are left out. */
export function markdownFiles(folder, below = '') {
  return fs.readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(below, entry.name);
    if (entry.isDirectory()) {
      const skipped = ELSEWHERE.has(entry.name) || (below === 'results' && entry.name !== 'reference');
      return skipped ? [] : markdownFiles(folder, place);
    }
    return entry.name.endsWith('.md') ? [place] : [];
  });
}

/** The text without fenced blocks, indented blocks, code spans and comments: what is prose. */
export function prose(text) {
  return text
    .replace(/^(```+)[^\n]*\n[^]*?^\1$/gm, '')
    .replace(/^ {4}.*$/gm, '')
    .replace(/<!--[^]*?-->/g, '')
    .replace(/`[^`\n]+`/g, 'code');
}

/** What stands behind each link and picture, in order. */
export function targets(text) {
  const clean = prose(text);
  const found = [
    ...clean.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g), // [text](target "title")
    ...clean.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm), // [name]: target
    ...clean.matchAll(/<(?:a|img|source)\s[^>]*?(?:href|src|srcset)="([^"]+)"/g),
  ];
  return found.sort((a, b) => a.index - b.index).map((match) => match[1]);
}

/** The headings as GitHub names them in URLs; what comes twice is numbered. */
export function anchors(text) {
  const seen = new Map();
  const headings = text.replace(/^(```+)[^\n]*\n[^]*?^\1$/gm, '').matchAll(/^#{1,6} +(.+?) *#*$/gm);
  const names = [...headings].map(([, heading]) => {
    const name = heading
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
      .replaceAll(' ', '-');
    const times = seen.get(name) ?? 0;
    seen.set(name, times + 1);
    return times === 0 ? name : `${name}-${times}`;
  });
  const written = [...text.matchAll(/<a\s[^>]*?(?:id|name)="([^"]+)"/g)].map((match) => match[1]);
  return new Set([...names, ...written]);
}
