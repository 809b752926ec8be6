// Says what got better or worse, from what Google Benchmark's compare.py dumped: node bench/verdict.mjs DUMP.
// Exits 3 if something got worse, 1 if there was nothing to judge.
import fs from 'node:fs';
import process from 'node:process';

import { judgedTimes } from './judged.mjs';

const { lines, worse, judged } = judgedTimes(JSON.parse(fs.readFileSync(process.argv[2], 'utf8')));
console.log(lines.join('\n'));
if (judged === 0) process.exit(1);
process.exit(worse ? 3 : 0);
