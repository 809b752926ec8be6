'use strict';
// What the course quotes: code from this repository, and figures from recorded results.

const fs = require('node:fs');
const path = require('node:path');
const { median } = require('./tables.js');

/** The language of a fenced block, by the file's ending. */
const LANGUAGES = {
  '.cc': 'cpp', '.h': 'cpp', '.ts': 'ts', '.mjs': 'js', '.toml': 'toml', '.txt': 'http',
};

/** Strings, characters, template texts and comments: a brace in one of them opens nothing. */
const OPAQUE = new RegExp(
  [
    /R"\((?:[^)]|\)(?!"))*\)"/, // C++'s raw string
    /"(?:[^"\\\n]|\\.)*"/,
    /`(?:[^`\\]|\\.)*`/,
    /(?<!\w)'(?:[^'\\\n]|\\.)*'/, // not the ' in 100'000
    /\/\/[^\n]*/,
    /\/\*[^]*?\*\//,
  ].map((pattern) => pattern.source).join('|'),
  'g',
);

/** The same text with blanks for all that is no code, so that places stay. */
const onlyCode = (text) => text.replace(OPAQUE, (match) => match.replace(/[^\n]/g, ' '));

/** The one line that contains `marker`. */
function lineOf(lines, marker) {
  const found = lines.flatMap((line, i) => (line.includes(marker) ? [i] : []));
  if (found.length === 0) throw new Error(`no line has "${marker}"`);
  if (found.length > 1) {
    const places = found.map((i) => i + 1).join(', ');
    throw new Error(`"${marker}" is in lines ${places}; take more of the line that is meant`);
  }
  return found[0];
}

/** The last line of the block or statement that begins in line `first`. */
function endOfBlock(text, first) {
  const code = onlyCode(text).split('\n');
  let depth = 0;
  for (let i = first; i < code.length; i++) {
    for (const [at, letter] of [...code[i]].entries()) {
      if ('{(['.includes(letter)) depth++;
      if ('})]'.includes(letter)) depth--;
      const ends = letter === ';' || (letter === '}' && !/^\s*[;,)]/.test(code[i].slice(at + 1)));
      if (depth === 0 && ends) return i;
    }
    if (depth < 0) break;
  }
  throw new Error(`what begins in line ${first + 1} does not end; name its last line: to "…"`);
}

/** Without the indentation that all lines share, and without blank lines around. */
function dedent(lines) {
  const filled = lines.filter((line) => line.trim() !== '');
  const shared = Math.min(...filled.map((line) => line.match(/^ */)[0].length));
  return lines.map((line) => line.slice(shared).trimEnd()).join('\n').trim();
}

/** The code that `file` has from the line with `start` on; the whole file without it. */
function excerpt(file, start, end) {
  if (!fs.existsSync(file)) throw new Error('there is no such file');
  const text = fs.readFileSync(file, 'utf8');
  const lines = text.split('\n');
  if (start === undefined) return dedent(lines);
  const first = lineOf(lines, start);
  const isLast = (line, i) => i >= first && line.includes(end);
  const last = end === undefined ? endOfBlock(text, first) : lines.findIndex(isLast);
  if (last < 0) throw new Error(`no line from line ${first + 1} on has "${end}"`);
  return dedent(lines.slice(first, last + 1));
}

const language = (file) => LANGUAGES[path.extname(file)] ?? '';

const UNITS = {
  us: { en: ['µs', 'ms', 's'], ru: ['мкс', 'мс', 'с'] },
  bytes: { en: 'B', ru: 'Б' },
};

/** With so many digits behind the point. A half goes to the even digit, as the binary has it. */
function rounded(value, places) {
  const whole = value.toFixed(60).replace(/0+$/, '');
  const isHalf = whole.length === whole.indexOf('.') + places + 2 && /[02468]\.?5$/.test(whole);
  return isHalf ? whole.slice(0, places > 0 ? -1 : -2) : value.toFixed(places);
}

/** Three significant digits, or all those before the point; zeros at the end are left out. */
function digits(value, lang) {
  const size = Math.abs(value);
  const places = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
  let text = rounded(value, places);
  if (places > 0) text = text.replace(/\.?0+$/, '');
  return lang === 'ru' ? text.replace('.', ',') : text;
}

/** A figure as the course writes it: "412 µs", "81.9 %", "0.47". */
function figureText(value, unit, lang) {
  if (unit === 'us') {
    const step = value < 999.5 ? 0 : value < 999.5e3 ? 1 : 2;
    return `${digits(value / 1000 ** step, lang)} ${UNITS.us[lang][step]}`;
  }
  if (unit === 'bytes') return `${digits(value, lang)} ${UNITS.bytes[lang]}`;
  if (unit === 'share') return `${digits(value * 100, lang)} %`;
  return digits(value, lang);
}

const isNumber = (value) => Number.isFinite(value);

/** Of those that are there. */
const medianOf = (values) => median(values.filter(isNumber));

const both = ({ up, down }) => up + down;

/**
 * The metrics of harness/metrics.cc that the course quotes: from a repetition of result.json.
 * tests/course/figures_test.mjs holds each quoted figure against the binary's.
 */
const METRICS = {
  ...Object.fromEntries(['mean', 'p50', 'p90', 'p99', 'p999', 'max'].map((which) => [
    `delivery_latency.${which}`, { unit: 'us', of: (r) => r.delivery_latency_us[which] },
  ])),
  'exchanges.empty_share': {
    unit: 'share',
    of: (r) => (r.exchanges.asked > 0 ? r.exchanges.empty_share : null),
  },
  exchanges_per_message: { unit: '', of: (r) => r.exchanges.asked / r.messages.delivered },
  application_bytes: { unit: 'bytes', of: (r) => both(r.bytes.application) / r.messages.delivered },
  network_bytes: { unit: 'bytes', of: (r) => both(r.bytes.network) / r.messages.delivered },
  server_cpu: { unit: 'us', of: (r) => r.server.cpu_us / r.messages.delivered },
  delivered_per_second: { unit: '', of: (r) => r.messages.delivered / r.duration_s },
  'messages.published': { unit: '', of: (r) => r.messages.published },
  'messages.lost': { unit: '', of: (r) => r.messages.lost },
  'theory.delivery_latency.mean': { unit: 'us', of: (r) => r.theory.delivery_latency_us?.mean },
  'theory.exchanges.empty_share': { unit: 'share', of: (r) => r.theory.exchanges?.empty_share },
  'theory.exchanges_per_message': { unit: '', of: (r) => r.theory.exchanges?.per_message },
  'theory.application_bytes': { unit: 'bytes', of: (r) => theoryBytes(r, 'application') },
  'theory.network_bytes': { unit: 'bytes', of: (r) => theoryBytes(r, 'network') },
};

function theoryBytes(repetition, layer) {
  const bytes = repetition.theory.bytes_per_message?.[layer];
  return bytes === undefined ? undefined : both(bytes);
}

/** RUN.TRANSPORT.METRIC as a lab recorded it: the values of its repetitions, and their unit. */
function recorded(lab, name) {
  const [, run, transport, metric] = name.match(/^([\w-]+)\.([\w-]+)\.([\w.]+)$/) ?? [];
  if (metric === undefined) throw new Error(`"${name}" is no RUN.TRANSPORT.METRIC`);
  if (!Object.hasOwn(METRICS, metric)) {
    throw new Error(`there is no metric "${metric}"; there are ${Object.keys(METRICS).join(', ')}`);
  }
  const file = path.join(lab, 'recorded', run, 'result.json');
  if (!fs.existsSync(file)) {
    throw new Error(`lab ${path.basename(lab)} has no recorded run "${run}"`);
  }
  const { transports } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const played = transports.find((one) => one.name === transport);
  if (played === undefined) throw new Error(`the recorded run "${run}" has no ${transport}`);
  const { unit, of } = METRICS[metric];
  const values = played.repetitions.map(of);
  if (!values.some(isNumber)) {
    throw new Error(`${transport} has no ${metric} in the recorded run "${run}"`);
  }
  return { values, unit };
}

/** A figure, or the quotient of two, "a / b": the median over the repetitions, as the lab's reveal has it. */
function figure(lab, expression, lang) {
  const [one, other, ...more] = expression.split(' / ').map((name) => recorded(lab, name.trim()));
  if (more.length > 0) throw new Error(`"${expression}" divides more than once`);
  if (other === undefined) return figureText(medianOf(one.values), one.unit, lang);
  if (one.unit !== other.unit) {
    throw new Error(`"${expression}" divides ${one.unit} by ${other.unit}`);
  }
  const first = one.values.slice(0, other.values.length);
  const quotients = first.map((value, i) => (isNumber(other.values[i]) ? value / other.values[i] : null));
  return digits(medianOf(quotients), lang);
}

module.exports = { excerpt, figure, figureText, language };
