// curl on every route, over http and over https with either kind of certificate.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/conformance/curl_test.mjs

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test as plainTest } from 'node:test';
import { makeCertificate } from './certificates.mjs';
import { GUARD_MS, Server, within } from './serve.mjs';

const test = (name, body) => plainTest(name, { timeout: 3 * GUARD_MS }, body);
const TOKEN = 'secret-secret-secret';

let folder;
before(() => (folder = mkdtempSync(path.join(tmpdir(), 'pushbench-'))));
after(() => rmSync(folder, { recursive: true }));

/** A server, which curl trusts by its certificate, however that came to be. */
async function start(how, ...args) {
  if (how === 'a certificate from files') {
    const { certPath, keyPath } = await makeCertificate(folder, 'files');
    args.push('--tls-cert', certPath, '--tls-key', keyPath);
  }
  if (how === 'a self-signed certificate') args.push('--tls-self-signed');
  const server = await Server.start(...args);
  assert.equal(server.secure, how !== 'http');
  if (server.secure) {
    writeFileSync(`${folder}/${server.port}.pem`, server.certificate);
    server.trust = ['--cacert', `${folder}/${server.port}.pem`];
  }
  return server;
}

/** curl -N: what has come so far of an answer that does not end. */
class Streaming {
  constructor(server, route, ...args) {
    this.process = spawn('curl', [
      ...['--silent', '--show-error', '--no-buffer', '--include', ...(server.trust ?? []), ...args],
      server.url + route,
    ]);
    this.exit = once(this.process, 'close').then(([code]) => code);
    this.text = '';
    this.process.stdout.setEncoding('utf8').on('data', (text) => (this.text += text));
  }
  async until(pattern) {
    const wait = async () => {
      while (!pattern.test(this.text)) await once(this.process.stdout, 'data');
    };
    await within(wait(), `${pattern}`);
  }
  async stop() {
    this.process.kill();
    await within(this.exit, 'the end of curl');
  }
}

function assertProblem(answer, status, what) {
  assert.equal(answer.status, status, what);
  assert.equal(answer.headers['content-type'], 'application/problem+json', what);
  assert.equal(JSON.parse(answer.body).status, status, what);
}

const GET_ROUTES = ['/', '/healthz', '/metrics', '/rooms/r', '/rooms/r/poll', '/rooms/r/long-poll?wait=0'];

for (const how of ['http', 'a self-signed certificate', 'a certificate from files']) {
  describe(`curl and ${how}`, () => {
    let server;
    before(async () => (server = await start(how, '--echo', '--allow-origin', 'https://chat.example')));
    after(() => server.stop());

    const publish = (room, text, ...args) =>
      server.curl(`/rooms/${room}/messages`, '--data', JSON.stringify({ from: 'ann', text }), ...args);

    test('every route answers', async () => {
      const draft = ['--data', '{"from":"ann","text":"hi","id":"a1"}'];
      const first = await server.curl('/rooms/all/messages', ...draft);
      assert.deepEqual([first.status, first.body], [201, '{"seq":1}']);
      const again = await server.curl('/rooms/all/messages', ...draft);
      assert.deepEqual([again.status, again.body], [200, '{"seq":1}']);
      const room = JSON.parse((await server.curl('/rooms/all')).body);
      assert.deepEqual([room.room, room.oldest, room.last], ['all', 1, 1]);
      const poll = await server.curl('/rooms/all/poll?after=0');
      assert.deepEqual([poll.status, poll.headers['room-epoch']], [200, room.epoch]);
      const longPoll = await server.curl(`/rooms/all/long-poll?after=${room.epoch}.0`);
      assert.deepEqual([longPoll.status, longPoll.body], [200, poll.body]);
      assert.equal((await server.curl('/rooms/all/poll?after=1')).status, 204);
      assert.equal((await server.curl('/rooms/all/long-poll?after=1&wait=0.1')).status, 204);
      assert.equal((await server.curl('/healthz')).body, 'ok\n');
      assert.match((await server.curl('/metrics')).body, /^# HELP pushbench_/);
      assert.match((await server.curl('/')).body, /POST \/rooms\/{room}\/messages/);
      for (const route of ['/rooms/all/socket', '/echo']) {
        const answer = await server.curl(route);
        assertProblem(answer, 426, route);
        assert.equal(answer.headers.upgrade, 'websocket');
      }
    });

    test('a long poll is held until there is news', async () => {
      const held = server.curl('/rooms/held/long-poll?wait=9');
      await server.hasSubscribers('held', 'long-polling', 1);
      await publish('held', 'news');
      assert.equal(JSON.parse((await held).body)[0].text, 'news');
    });

    test('an event stream flows, and resumes', async () => {
      await publish('flow', 'one');
      const stream = new Streaming(server, '/rooms/flow/events');
      await stream.until(/"text":"one".*\n\n/);
      assert.match(stream.text, /^HTTP\/1\.1 200 OK\r\n/);
      assert.match(stream.text, /\r\nContent-Type: text\/event-stream\r\n/);
      assert.match(stream.text, /\r\n\r\nretry: \d+\n\nid: \w+\.1\ndata: \[{"seq":1,.*}\]\n\n$/);
      await publish('flow', 'two\ndata: forged\n\n');
      await stream.until(/\nid: \w+\.2\ndata: .*two\\ndata: forged\\n\\n.*\n\n$/);
      await stream.stop();
      await server.hasSubscribers('flow', 'sse', 0);
      const [, epoch] = stream.text.match(/\nid: (\w+)\.2\n/);
      const more = new Streaming(server, '/rooms/flow/events', '-H', `Last-Event-ID: ${epoch}.1`);
      await more.until(/\n\n$/);
      await publish('flow', 'three');
      await more.until(/three/);
      assert.deepEqual([...more.text.matchAll(/"seq":(\d+)/g)].map(([, seq]) => seq), ['2', '3']);
      await more.stop();
      const old = new Streaming(server, '/rooms/flow/events?after=2', '--http1.0');
      await old.until(/\r\n\r\nretry: \d+\n\nid: \w+\.3\ndata: .*\n\n$/);
      assert.doesNotMatch(old.text, /Transfer-Encoding/i);
      await old.stop();
    });

    test('HEAD says what GET would, without a body', async () => {
      await publish('r', 'something');
      for (const route of GET_ROUTES) {
        const [get, head] = [await server.curl(route), await server.curl(route, '--head')];
        assert.deepEqual([head.status, head.body], [get.status, ''], route);
        assert.equal(head.headers['content-type'], get.headers['content-type'], route);
        if (route !== '/metrics') assert.equal(head.headers['content-length'], String(get.body.length));
      }
      const events = await server.curl('/rooms/r/events', '--head');
      assert.deepEqual([events.status, events.headers['content-type']], [200, 'text/event-stream']);
    });

    test('OPTIONS and 405 say what a path takes', async () => {
      for (const route of GET_ROUTES) {
        const options = await server.curl(route, '-X', 'OPTIONS');
        assert.deepEqual([options.status, options.headers.allow], [204, 'GET, HEAD, OPTIONS'], route);
        for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
          const refused = await server.curl(route, '-X', method, '-H', 'Content-Length: 0');
          assertProblem(refused, 405, `${method} ${route}`);
          assert.equal(refused.headers.allow, 'GET, HEAD, OPTIONS');
        }
      }
      const messages = await server.curl('/rooms/r/messages');
      assertProblem(messages, 405);
      assert.equal(messages.headers.allow, 'POST, OPTIONS');
      const all = await server.curl('', '-X', 'OPTIONS', '--request-target', '*');
      assert.deepEqual([all.status, all.headers.allow], [204, 'GET, HEAD, POST, OPTIONS']);
    });

    test('what is wrong is a problem: 400, 404, 411, 413, 414, 417, 431', async () => {
      const large = 'x'.repeat(100_000);
      for (const [status, route, ...args] of [
        [404, '/nowhere'],
        [404, '/rooms/r/nowhere'],
        [400, '/rooms/a%20b'],
        [400, '/rooms/r/poll?after=x'],
        [400, '/rooms/r/messages', '--data', '{"from":"ann"}'],
        [411, '/rooms/r/messages', '-X', 'POST'],
        [413, '/rooms/r/messages', '--data', large],
        [413, '/rooms/r/messages', '--data', large, '-H', 'Transfer-Encoding: chunked'],
        [414, `/${'x'.repeat(20_000)}`],
        [417, '/rooms/r/messages', '--data', '{}', '-H', 'Expect: miracles'],
        [431, '/', '-H', `X: ${'x'.repeat(20_000)}`],
      ]) {
        assertProblem(await server.curl(route, ...args), status, `${route.slice(0, 40)} ${args[0]}`);
      }
    });

    test('Expect: 100-continue is answered where the body is welcome', async () => {
      const expect = ['-H', 'Expect: 100-continue'];
      const fine = await publish('expect', 'hi', ...expect);
      assert.deepEqual([fine.before, fine.status], [[100], 201]);
      const large = await publish('expect', 'x'.repeat(100_000), ...expect);
      assert.deepEqual([large.before, large.status], [[], 413]);
      const lost = await server.curl('/rooms/r/poll', '--data', '{}', ...expect);
      assert.deepEqual([lost.before, lost.status], [[], 405]);
    });

    test('a chunked upload, HTTP/1.0 and Connection: close', async () => {
      const chunked = await publish('ways', 'in chunks', '-H', 'Transfer-Encoding: chunked');
      assert.equal(chunked.body, '{"seq":1}');
      const old = await publish('ways', 'old', '--http1.0');
      assert.deepEqual([old.body, old.headers.connection], ['{"seq":2}', 'close']);
      const close = await publish('ways', 'close', '-H', 'Connection: close');
      assert.deepEqual([close.body, close.headers.connection], ['{"seq":3}', 'close']);
      for (const route of GET_ROUTES) {
        const answer = await server.curl(route, '--http1.0');
        assert.equal(answer.headers.connection, 'close', route);
        assert.equal(answer.headers['transfer-encoding'], undefined, route);
      }
    });

    test('one connection serves one request after the other', async () => {
      const twice = async (...args) => {
        const format = '%{num_connects} ';
        return (await server.curl('/healthz', '-w', format, `${server.url}/healthz`, ...args)).body;
      };
      assert.match(await twice(), /^ok\n0 $/);
      assert.match(await twice('-H', 'Connection: close'), /^ok\n1 $/);
    });

    test('CORS: pages of a listed origin may come, others get a 403', async () => {
      const origin = ['-H', 'Origin: https://chat.example'];
      const get = await server.curl('/rooms/r', ...origin);
      assert.equal(get.status, 200);
      assert.equal(get.headers['access-control-allow-origin'], 'https://chat.example');
      assert.equal(get.headers.vary, 'Origin');
      const preflight = await server.curl('/rooms/r/messages', '-X', 'OPTIONS', ...origin,
        '-H', 'Access-Control-Request-Method: POST',
        '-H', 'Access-Control-Request-Headers: content-type');
      assert.equal(preflight.status, 204);
      assert.match(preflight.headers['access-control-allow-methods'], /\bPOST\b/);
      assert.match(preflight.headers['access-control-allow-headers'], /Content-Type/);
      const own = await server.curl('/rooms/r', '-H', `Origin: ${server.url}`);
      assert.deepEqual([own.status, own.headers['access-control-allow-origin']], [200, undefined]);
      assertProblem(await server.curl('/rooms/r', '-H', 'Origin: https://evil.example'), 403);
    });

    test('a token closes publishing and subscribing, and nothing else', async () => {
      writeFileSync(`${folder}/token`, `${TOKEN}\n`);
      const closed = await start(how, '--token-file', `${folder}/token`);
      const routes = [
        ['/rooms/r/messages', '--data', '{"from":"ann","text":"hi"}'],
        ['/rooms/r/poll'],
        ['/rooms/r/long-poll'],
      ];
      for (const [route, ...args] of [...routes, ['/rooms/r/events'], ['/rooms/r/socket']]) {
        const refused = await closed.curl(route, ...args);
        assertProblem(refused, 401, route);
        assert.equal(refused.headers['www-authenticate'], 'Bearer');
        const wrong = await closed.curl(route, ...args, '-H', `Authorization: Bearer ${TOKEN}x`);
        assertProblem(wrong, 401, route);
      }
      for (const [route, ...args] of routes) {
        const header = await closed.curl(route, ...args, '-H', `Authorization: Bearer ${TOKEN}`);
        assert.ok(header.status < 300, route);
        assert.ok((await closed.curl(`${route}?access_token=${TOKEN}`, ...args)).status < 300, route);
      }
      const [[route, ...args]] = routes;
      const expecting = await closed.curl(route, ...args, '-H', 'Expect: 100-continue');
      assert.deepEqual([expecting.before, expecting.status], [[], 401]);
      for (const open of ['/', '/healthz', '/metrics', '/rooms/r']) {
        assert.equal((await closed.curl(open)).status, 200, open);
      }
      await closed.stop();
    });
  });
}
