// bench/drive against a server that the test is, and against ours.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import http from 'node:http';
import process from 'node:process';
import readline from 'node:readline';
import { test } from 'node:test';
import { promisify } from 'node:util';

const { DRIVE, PUSHBENCH } = process.env;
const run = promisify(execFile);
const CONNECTIONS = 20;

async function idle(port, pid, transport) {
  const args = ['idle', '--port', `${port}`, '--server-pid', `${pid}`, '--connections', `${CONNECTIONS}`];
  return JSON.parse((await run(DRIVE, [...args, '--dialect', `pushbench/${transport}`])).stdout);
}

/** Holds long polls, and is slow to count them: its first answer for each number has one too few. */
async function withHoldingServer(use) {
  const held = [];
  const told = new Map();
  const server = http.createServer((request, response) => {
    if (request.url.includes('/long-poll?')) return held.push(response);
    const before = told.get(held.length) ?? 0;
    told.set(held.length, before + 1);
    const count = before === 0 ? held.length - 1 : held.length;
    const body = `{"subscribers":{"polling":0,"long-polling":${count},"sse":0}}`;
    response.writeHead(200, { 'Content-Length': body.length }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(server.address().port, held, told);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function withOurs(use) {
  const child = spawn(PUSHBENCH, ['serve', '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  try {
    for await (const line of readline.createInterface({ input: child.stdout })) {
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port) return await use(Number(port), child.pid);
    }
    throw new Error('the server named no port');
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}

test('an idle long poll has sent its request, and the server holds it before memory is looked at', () =>
  withHoldingServer(async (port, held, told) => {
    const { connections } = await idle(port, process.pid, 'long-polling');
    assert.equal(connections, CONNECTIONS);
    assert.equal(held.length, CONNECTIONS);
    assert.equal(told.get(1), 2, 'asked until the first is counted');
    assert.equal(told.get(CONNECTIONS), 2, 'asked until all are');
  }));

test('idle subscribers of each transport have asked our server for messages', () =>
  withOurs(async (port, pid) => {
    let before = 0;
    for (const transport of ['polling', 'long-polling', 'sse', 'websocket']) {
      const { bytes_per_connection: bytes } = await idle(port, pid, transport);
      assert.ok(Number.isFinite(bytes));
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      const after = Number(/^pushbench_requests_total (\d+)/m.exec(metrics)[1]);
      assert.ok(after - before >= CONNECTIONS, `${after - before} requests of ${transport}`);
      before = after;
    }
  }));

test('one idle connection is too few to tell what each takes', async () => {
  await assert.rejects(run(DRIVE, ['idle', '--connections', '1']), /drive: connections: idle needs 2 or more/);
});
