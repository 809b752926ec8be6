// Makes one file of each page for browsers, and writes them as C++: node bundle.mjs OUTPUT.cc

import crypto from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Bundler, arrayOf } from '../../scripts/lib/bundle.mjs';
import { onePage } from './one_page.mjs';

const PAGES = [
  { at: '/', index: 'page/index.html' },
  { at: '/race', index: 'race/index.html' },
];

const bundler = new Bundler();
const arrays = [];
const rows = [];
for (const { at, index } of PAGES) {
  const { html, policy } = await onePage(bundler, fileURLToPath(new URL(index, import.meta.url)));
  const version = crypto.createHash('sha256').update(policy).update(html).digest('hex').slice(0, 16);
  const name = `kPage${rows.length}`;
  arrays.push(arrayOf(name, html));
  rows.push(`    {"${at}", "text/html; charset=utf-8", {${name}, sizeof ${name}}, "${version}",
     "${policy}"},\n`);
}

bundler.write(
  process.argv[2],
  `// Written by clients/browser/bundle.mjs from the files beside it.
#include "clients/browser/pages.h"

#include <array>

namespace pushbench::clients {

namespace {
${arrays.join('')}constexpr std::array<Page, ${rows.length}> kPages{{
${rows.join('')}}};
}  // namespace

std::span<const Page> pages() { return kPages; }

}  // namespace pushbench::clients
`,
);
