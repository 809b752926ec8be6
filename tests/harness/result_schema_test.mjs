// docs/result.schema.json and the reader of results: what is broken on purpose, both refuse.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';

import Ajv from 'ajv/dist/2020.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const tool = process.env.RESULT_TOOL;
const schema = JSON.parse(fs.readFileSync(path.join(root, 'docs/result.schema.json')));
const fits = new Ajv({ allErrors: true }).compile(schema);
let folder;
let sample;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pushbench-schema-'));
  execFileSync(tool, ['merged', folder, '1']);
  sample = fs.readFileSync(path.join(folder, 'result.json'), 'utf8');
});
after(() => fs.rmSync(folder, { recursive: true }));

/** What the reader says of each result. The seed has more digits than a number of JavaScript, so texts are kept. */
function read(texts) {
  const input = texts.map((text) => `${text.replaceAll('\n', ' ')}\n`).join('');
  const said = execFileSync(tool, ['read', path.join(folder, 'latency.hlog')], { input, maxBuffer: 1 << 28 });
  return said.toString().split('\n').slice(0, -1);
}

const SEED = '18446744073709551615';
const parsed = () => JSON.parse(sample);
/** The seed is as it was where nobody broke it. */
const written = (result) =>
  JSON.stringify(result).replace(`"seed":${JSON.stringify(Number(SEED))}`, `"seed":${SEED}`);

const resolved = (part) => (part.$ref ? { ...schema.$defs[part.$ref.split('/').at(-1)] } : part);

/** Of a choice, the one that the value is. */
function chosen(part, value) {
  const plain = resolved(part);
  if (!plain.anyOf) return plain;
  return plain.anyOf.map(resolved).find((one) => (one.type === 'null') === (value === null));
}

/** Every place of the value that the schema speaks of; of a list its first item. */
function* places(part, value, at = []) {
  const own = chosen(part, value);
  yield { at, own };
  if (Array.isArray(value)) {
    if (value.length > 0) yield* places(own.items, value[0], [...at, 0]);
  } else if (value !== null && typeof value === 'object') {
    for (const key of Object.keys(value)) {
      const inner = own.properties?.[key] ?? own.additionalProperties;
      assert.ok(inner, `${[...at, key].join('/')} is not in the schema`);
      yield* places(inner, value[key], [...at, key]);
    }
  }
}

const holderOf = (result, at) => at.slice(0, -1).reduce((holder, key) => holder[key], result);

/** Results in which one thing is wrong, by the schema, with the place of it. */
function broken() {
  const all = [];
  const keep = (at, result) => {
    const good = fits(result);
    if (!good) all.push({ at, text: written(result) });
    return good;
  };
  for (const { at, own } of places(schema, parsed())) {
    for (const key of own.required ?? []) {
      const result = parsed();
      delete holderOf(result, [...at, key])[key];
      assert.ok(!keep([...at, key], result), `${[...at, key].join('/')} may be left out`);
    }
    if (own.additionalProperties === false) {
      const result = parsed();
      holderOf(result, [...at, 'other']).other = 1;
      assert.ok(!keep([...at, 'other'], result), `${at.join('/')} may hold anything`);
    }
    if (own.maxItems !== undefined) {
      const result = parsed();
      const list = holderOf(result, [...at, 0]);
      while (list.length <= own.maxItems) list.push(list[0]);
      assert.ok(!keep(at, result), `${at.join('/')} may have more than ${own.maxItems}`);
    }
    if (at.length === 0) continue;
    for (const value of [null, true, -1, 0, 0.5, '', 'x', [], {}]) {
      const result = parsed();
      holderOf(result, at)[at.at(-1)] = value;
      keep(at, result);
    }
  }
  return all;
}

test('a result with every figure fits the schema, and is read', () => {
  assert.ok(fits(parsed()), JSON.stringify(fits.errors, null, 1));
  assert.deepEqual(read([sample, written(parsed())]), ['good', 'good']);
});

test('what is not as the schema says is not read either, and the reader names the place', () => {
  const all = broken();
  assert.ok(all.length > 500, `${all.length}`);
  const said = read(all.map(({ text }) => text));
  assert.equal(said.length, all.length);
  for (const [i, { at }] of all.entries()) {
    const line = said[i];
    assert.match(line, /^result\.json: /, `${at.join('/')}: ${line}`);
    // At the place, or below it: what should be an object lacks its first key.
    const place = `/${at.join('/')}`;
    if (at[0] !== 'schema') assert.ok(line.includes(`${place}: `) || line.includes(`${place}/`), `${place}: ${line}`);
  }
});

test('no part is more than its whole', () => {
  const changed = (change) => {
    const result = parsed();
    const { exchanges } = result.transports[0].repetitions[0];
    Object.assign(exchanges, change(exchanges));
    return result;
  };
  const empty = changed(({ asked }) => ({ empty: 2 * asked, empty_share: 2 }));
  assert.ok(!fits(empty));
  const asked = changed((exchanges) => ({ total: exchanges.asked - 1 }));
  const said = read([written(empty), written(asked)]);
  assert.match(said[0], /\/transports\/0\/repetitions\/0\/exchanges\/empty: is \d+; they are a part of those that asked/);
  assert.match(said[1], /\/transports\/0\/repetitions\/0\/exchanges\/asked: is \d+; they are a part of the total/);
});

test('what a result says twice cannot be changed in one place', () => {
  const change = (at, by) => {
    const result = parsed();
    const holder = holderOf(result, at);
    holder[at.at(-1)] = by(holder[at.at(-1)]);
    assert.ok(fits(result), at.join('/'));
    return { at, text: written(result) };
  };
  const r = ['transports', 0, 'repetitions', 0];
  const all = [];
  for (const times of ['delivery_latency_us', 'sender_latency_us', 'last_receiver_latency_us', 'join_us', 'rejoin_us']) {
    for (const figure of ['count', 'mean', 'p50', 'p90', 'max']) {
      all.push(change([...r, times, figure], (value) => value + 1));
    }
  }
  all.push(change([...r, 'harness', 'lateness_us', 'p99'], (value) => value + 1));
  all.push(change([...r, 'delivery_latency_us', 'p999'], () => null));
  all.push(change([...r, 'valid'], (value) => !value));
  all.push(change(['valid'], (value) => !value));
  all.push(change([...r, 'exchanges', 'empty_share'], (value) => value / 2));
  all.push(change([...r, 'bytes', 'frames', 'up'], (value) => value + 1));
  all.push(change(['floor', 'lateness_us', 'p50'], (value) => value + 1));
  for (const [i, line] of read(all.map(({ text }) => text)).entries()) {
    assert.ok(line.includes(`/${all[i].at.join('/')}: `), `${all[i].at.join('/')}: ${line}`);
  }
});
