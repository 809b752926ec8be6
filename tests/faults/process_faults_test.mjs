// What happens to processes: descriptors run out, thousands come and go, and somebody is killed.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Server, run, within } from '../conformance/serve.mjs';
import { Raw, growth } from './raw.mjs';

const descriptors = (server) => readdirSync(`/proc/${server.process.pid}/fd`).length;
const cpuTicks = (pid) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return Number(fields[11]) + Number(fields[12]);
};

test('without descriptors the server says so, goes on, and recovers', async () => {
  const server = await Server.start();
  const publisher = await Raw.connect(server);
  const body = '{"from":"ann","text":"hi"}';
  const post = `POST /rooms/r/messages HTTP/1.1\r\nHost: t\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  await publisher.send(post);
  await publisher.until(() => publisher.received.includes('"seq":1'), 'the first publish');

  const used = readdirSync(`/proc/${server.process.pid}/fd`).map(Number);
  let limit = 0; // the lowest free number: no descriptor is left to be had
  while (used.includes(limit)) ++limit;
  const allow = (files) =>
    run('prlimit', ['--pid', String(server.process.pid), `--nofile=${files}:${limit + 1000}`]);
  await allow(limit);
  const waiting = [];
  for (let i = 0; i < 20; ++i) waiting.push(await Raw.connect(server)); // by the kernel alone
  for (const raw of waiting) await raw.send('GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n');

  // Who is connected is served, and the server does not burn the processor meanwhile.
  await publisher.send(post);
  await publisher.until(() => publisher.received.includes('"seq":2'), 'the second publish');
  const before = cpuTicks(server.process.pid);
  await new Promise((resolve) => setTimeout(resolve, 500)); // half a second of nothing to do
  assert.ok(cpuTicks(server.process.pid) - before < 25, 'it spins');
  assert.match(server.stderr, /^pushbench serve: cannot accept connections: .*too many open files/m);
  for (const raw of waiting) assert.equal(raw.received.length, 0);

  await allow(limit + 500);
  for (const raw of waiting) {
    await raw.until(() => raw.received.includes('ok\n'), 'an answer to one who has waited');
    raw.destroy();
  }
  const metrics = await (await server.fetch('/metrics')).text();
  assert.match(metrics, /limit="open-files"} [1-9]/);
  publisher.destroy();
  server.stderr = ''; // what was said was expected
  await server.stop();
});

test('50,000 connections that come and go leave nothing behind', { timeout: 110_000 }, async () => {
  const server = await Server.start();
  const kinds = [
    '', // says nothing
    'GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n',
    'GET /rooms/r/long-poll?wait=60 HTTP/1.1\r\nHost: t\r\n\r\n',
    'GET /rooms/r/events HTTP/1.1\r\nHost: t\r\n\r\n',
    'GET /rooms/r/socket HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==\r\n\r\n',
    'GET / HT', // stops halfway
  ];
  const visit = (i) =>
    new Promise((resolve, reject) => {
      const socket = net.connect({ port: server.port, host: '127.0.0.1' });
      socket.on('error', reject);
      socket.on('close', resolve);
      socket.on('connect', () =>
        socket.write(kinds[i % kinds.length] || '\r\n', () => {
          if (i % 2 === 0) socket.destroy();
          else socket.resetAndDestroy();
        }),
      );
    });
  const churn = async (count) => {
    let next = 0;
    const worker = async () => {
      while (next < count) await visit(next++);
    };
    await Promise.all(Array.from({ length: 100 }, worker));
  };
  await churn(2000); // containers have their size now
  await server.hasConnections(1);
  const open = descriptors(server);
  const cost = await growth(server, () => churn(48_000));
  await server.hasConnections(1);
  assert.ok(cost < 24, `${cost} MiB`);
  assert.ok(Math.abs(descriptors(server) - open) <= 1, `${descriptors(server)} after ${open}`);
  const { subscribers } = await server.room('r');
  assert.deepEqual(subscribers, { polling: 0, 'long-polling': 0, sse: 0, websocket: 0 });
  await server.stop();
});

test('a run that is killed takes its server with it', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pushbench-'));
  const child = spawn(
    process.env.PUSHBENCH,
    ['run', 'chat', '--no-floor', '--repeat', '1', '--transport', 'sse', '--out', path.join(folder, 'out')],
    { cwd: new URL('../..', import.meta.url), stdio: 'ignore' },
  );
  const children = () =>
    readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0];
  const appears = async () => {
    while (!children()) await new Promise((resolve) => setImmediate(resolve));
    return children();
  };
  const server = await within(appears(), 'the server of the run');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const gone = async () => {
    while (existsSync(`/proc/${server}/exe`)) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  await within(gone(), `the end of process ${server}`);
  rmSync(folder, { recursive: true });
});
