// `pushbench serve` and its emulated link, as a user types it and as a page changes it.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/cli/serve_test.mjs

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { Server, inFolder, pushbench } from '../conformance/serve.mjs';

const IDEAL = { delay: '0s', jitter: '0s', up: 'unlimited', down: 'unlimited' };

const linkOf = async (server) => (await server.fetch('/link')).json();
const put = (server, link, headers) =>
  server.fetch('/link', { method: 'PUT', body: JSON.stringify(link), headers });

test('what ends with its parent has no pages, and help says so', async () => {
  const forPeople = await Server.start();
  assert.equal((await forPeople.fetch('/race')).status, 200);
  await forPeople.stop();
  const forPrograms = await Server.start('--end-with-parent', `${process.pid}`);
  assert.equal((await forPrograms.fetch('/race')).status, 404);
  assert.equal((await forPrograms.fetch('/healthz')).status, 200);
  await forPrograms.stop();
  const { stdout } = await pushbench('serve', '--help');
  const [, help] = stdout.match(/--end-with-parent PID([^]*?)\n {2}--/) ?? [];
  assert.match(help.replace(/\s+/g, ' '), /there are no pages for browsers then/);
});

test('without --link there is none, and it says how to have one', async () => {
  const server = await Server.start();
  for (const answer of [await server.fetch('/link'), await put(server, { delay: '1ms' })]) {
    assert.equal(answer.status, 404);
    assert.match((await answer.json()).detail, /start the server with --link/);
  }
  await server.stop();
});

test('its parts come one by one, between commas, or later', async () => {
  for (const [args, link] of [
    [['--link'], IDEAL],
    [['--link', '--echo'], IDEAL],
    [['--link', 'delay=0ms'], IDEAL],
    [['--link', 'delay=3ms', '--link', 'jitter=1ms'], { ...IDEAL, delay: '3ms', jitter: '1ms' }],
    [['--link=delay=3ms,up=1Mbit/s,down=500kbit/s'], { ...IDEAL, delay: '3ms', up: '1Mbit/s', down: '500kbit/s' }],
  ]) {
    const server = await Server.start(...args);
    assert.deepEqual(await linkOf(server), link, args.join(' '));
    await server.stop();
  }
});

test('what it cannot be is one line that says what it can', async () => {
  for (const [value, line] of [
    ['delay=11s', /--link: delay: "11s": out of range; it takes "0s" to "10s"/],
    ['dealy=5ms', /--link: dealy: a link has delay, jitter, up, down; did you mean delay\?/],
    ['delay', /--link delay: write a key with its value, as in delay=50ms/],
    ['up=fast', /--link: up: "fast": write a number with its unit/],
  ]) {
    const { code, stdout, stderr } = await pushbench('serve', '--port', '0', '--link', value);
    assert.equal(code, 2, value);
    assert.equal(stdout, '', value);
    assert.match(stderr, line);
    assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
  }
});

test('a change is for the connections that come then, and costs them their round trips', async () => {
  const server = await Server.start('--link');
  const before = performance.now();
  assert.deepEqual(await (await put(server, { delay: '40ms' })).json(), { ...IDEAL, delay: '40ms' });
  const changed = performance.now();
  assert.deepEqual(await linkOf(server), { ...IDEAL, delay: '40ms' });
  const asked = performance.now();
  // The handshake's round trip and the exchange's, both ways.
  assert.ok(asked - changed >= 4 * 40, `${asked - changed} ms, after ${changed - before} ms for the change`);
  const bad = await put(server, { delay: '-1s' });
  assert.equal(bad.status, 400);
  assert.equal(bad.headers.get('content-type'), 'application/problem+json');
  assert.deepEqual(await linkOf(server), { ...IDEAL, delay: '40ms' });
  await server.stop();
});

test('only who holds the token may change it', () =>
  inFolder(async (folder) => {
    writeFileSync(`${folder}/token`, 'secret-secret-secret\n');
    const server = await Server.start('--link', '--token-file', `${folder}/token`);
    assert.equal((await put(server, { delay: '1ms' })).status, 401);
    assert.deepEqual(await linkOf(server), IDEAL);
    const token = { Authorization: 'Bearer secret-secret-secret' };
    assert.equal((await put(server, { delay: '1ms' }, token)).status, 200);
    await server.stop();
  }));
