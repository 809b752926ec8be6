// Bundles what report.html carries, and writes it as C++: node bundle.mjs OUTPUT.cc

import { fileURLToPath } from 'node:url';
import { Bundler, arrayOf, checkScript, checkStyle, hashOf } from '../../scripts/lib/bundle.mjs';

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

const bundler = new Bundler();
const script = await bundler.bundled(beside('main.js'), { format: 'iife' });
const style = await bundler.bundled(beside('report.css'));
checkScript(script);
checkStyle(style);

bundler.write(
  process.argv[2],
  `// Written by report/web/bundle.mjs from the files beside it.
#include "report/web_assets.h"

namespace pushbench::report {

namespace {
${arrayOf('kScript', script)}${arrayOf('kStyle', style)}}  // namespace

std::string_view report_script() { return {kScript, sizeof kScript}; }
std::string_view report_script_hash() { return "${hashOf(script)}"; }
std::string_view report_style() { return {kStyle, sizeof kStyle}; }

}  // namespace pushbench::report
`,
);
