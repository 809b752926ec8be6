// The contract on the wire, as curl, Node's fetch and npm's ws see it.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/conformance/contract_test.mjs

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test as plainTest } from 'node:test';
import { GUARD_MS, Server, pushbench, within } from './serve.mjs';
import { Socket } from './sockets.mjs';

const test = (name, body) => plainTest(name, { timeout: 2 * GUARD_MS }, body);

let server;
before(async () => (server = await Server.start('--echo')));
after(() => server.stop());

let rooms = 0;
const newRoom = () => `room-${++rooms}`;

const seqs = (batch) => batch.map((message) => message.seq);

async function assertProblem(response, status, detail) {
  assert.equal(response.status, status);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const problem = await response.json();
  assert.equal(problem.status, status);
  assert.ok(problem.title.length > 0);
  assert.match(problem.detail, detail);
}

test('the first line is the address', () => {
  assert.match(server.firstLine, /^listening on http:\/\/127\.0\.0\.1:\d+$/);
});

test('curl publishes and polls', async () => {
  const room = newRoom();
  const draft = '{"from":"ann","text":"gr\u00fc\u00df dich \ud83d\udc4b","id":"a1"}';
  const published = await server.curl(`/rooms/${room}/messages`, '--data', draft);
  assert.equal(published.status, 201);
  assert.equal(published.headers['content-type'], 'application/json');
  assert.equal(published.body, '{"seq":1}');

  const poll = await server.curl(`/rooms/${room}/poll?after=0`);
  assert.equal(poll.status, 200);
  assert.equal(poll.headers['content-type'], 'application/json');
  const at = JSON.parse(poll.body)[0].at;
  assert.ok(Math.abs(at - Date.now()) < 60_000, `at is now in ms: ${at}`);
  assert.equal(poll.body, `[{"seq":1,${draft.slice(1, -1)},"at":${at}}]`);

  const nothing = await server.curl(`/rooms/${room}/poll?after=1`);
  assert.equal(nothing.status, 204);
  assert.equal(nothing.body, '');
});

test('the same from and id are stored once', async () => {
  const room = newRoom();
  const draft = { from: 'ann', text: 'hi', id: 'a1' };
  const answers = [];
  for (const from of ['ann', 'ann', 'bob', 'ann']) {
    const response = await server.publish(room, { ...draft, from });
    answers.push([response.status, (await response.json()).seq]);
  }
  assert.deepEqual(answers, [[201, 1], [200, 1], [201, 2], [200, 1]]);
  assert.equal((await server.room(room)).last, 2);
});

test('a room tells what it holds and who waits', async () => {
  const room = newRoom();
  const empty = await server.room(room);
  assert.match(empty.epoch, /^[a-z0-9]{2,16}$/);
  assert.deepEqual(empty, {
    room,
    epoch: empty.epoch,
    oldest: 1,
    last: 0,
    subscribers: { ...empty.subscribers, polling: 0, 'long-polling': 0, websocket: 0 },
  });
  await server.publish(room, { from: 'ann', text: 'hi' });
  const socket = await Socket.open(server, `/rooms/${room}/socket`);
  const full = await server.room(room);
  assert.equal(full.last, 1);
  assert.equal(full.epoch, empty.epoch);
  assert.equal(full.subscribers.websocket, 1);
  await socket.close();
  await server.hasSubscribers(room, 'websocket', 0);
});

test('after may carry the epoch, and a gap says what is missing', async () => {
  const room = newRoom();
  const { epoch } = await server.room(room);
  for (const text of ['a', 'b', 'c']) await server.publish(room, { from: 'ann', text });
  const poll = async (cursor) => (await server.fetch(`/rooms/${room}/poll?after=${cursor}`)).json();
  assert.deepEqual(seqs(await poll(`${epoch}.1`)), [2, 3]);
  const [lead, ...rest] = await poll('0000.2');
  const gap = { reason: 'restarted', after: 2, oldest: 1, last: 3, epoch };
  assert.deepEqual(lead, { gap });
  assert.deepEqual(seqs(rest), [1, 2, 3]);
  assert.deepEqual((await poll('9'))[0], { gap: { ...gap, after: 9 } });
});

test('retention is an option, and what it drops is a gap', async () => {
  const small = await Server.start('--retain', '2');
  for (const text of ['a', 'b', 'c']) await small.publish('r', { from: 'ann', text });
  const batch = await (await small.fetch('/rooms/r/poll')).json();
  assert.equal(batch[0].gap.reason, 'expired');
  assert.deepEqual(seqs(batch.slice(1)), [2, 3]);
  await small.stop();
});

test('curl waits in a long poll until there is news', async () => {
  const room = newRoom();
  const held = server.curl(`/rooms/${room}/long-poll?after=0&wait=9`);
  await server.hasSubscribers(room, 'long-polling', 1);
  await server.publish(room, { from: 'ann', text: 'news' });
  const { status, body } = await held;
  assert.equal(status, 200);
  assert.deepEqual(JSON.parse(body).map((message) => message.text), ['news']);
  await server.hasSubscribers(room, 'long-polling', 0);
});

test('a long poll without news is a 204 of that moment', async () => {
  const begun = performance.now();
  const response = await server.fetch(`/rooms/${newRoom()}/long-poll?wait=2.2`);
  assert.equal(response.status, 204);
  assert.ok(performance.now() - begun >= 2190, 'it came too early');
  const age = Date.now() - Date.parse(response.headers.get('date'));
  assert.ok(age < 2000, `its Date is ${age} ms old`);
});

test('an aborted long poll leaves the room', async () => {
  const room = newRoom();
  const abort = new AbortController();
  const held = server.fetch(`/rooms/${room}/long-poll?wait=60`, { signal: abort.signal });
  await server.hasSubscribers(room, 'long-polling', 1);
  abort.abort();
  await assert.rejects(held, { name: 'AbortError' });
  await server.hasSubscribers(room, 'long-polling', 0);
});

test('a WebSocket carries both directions', async () => {
  const room = newRoom();
  await server.publish(room, { from: 'ann', text: 'before' });
  const ann = await Socket.open(server, `/rooms/${room}/socket?after=0`);
  const bob = await Socket.open(server, `/rooms/${room}/socket?after=1`);
  assert.deepEqual(seqs(await ann.nextBatch()), [1]);
  bob.ws.send('{"from":"bob","text":"over the socket","id":"b1"}');
  const echo = await bob.next();
  assert.equal(await ann.next(), echo);
  const [{ seq, from, text, id }] = JSON.parse(echo);
  assert.deepEqual({ seq, from, text, id }, { seq: 2, from: 'bob', text: 'over the socket', id: 'b1' });
  const poll = await server.curl(`/rooms/${room}/poll?after=1`);
  assert.equal(poll.body, echo); // every transport sends the very same bytes
  assert.equal((await ann.close(1000)).code, 1000);
  assert.equal((await bob.close(1001)).code, 1001);
});

test('a wrong draft is a problem frame and the socket stays', async () => {
  const socket = await Socket.open(server, `/rooms/${newRoom()}/socket`);
  socket.ws.send('not JSON');
  const { problem } = await socket.nextBatch();
  assert.equal(problem.status, 400);
  assert.match(problem.detail, /JSON/);
  socket.ws.send('{"from":"ann","text":"right"}');
  assert.deepEqual(seqs(await socket.nextBatch()), [1]);
  socket.ws.send(Buffer.from('{}')); // a binary frame
  assert.match((await socket.nextBatch()).problem.detail, /text frames/);
  await socket.close();
});

test('/echo keeps the type, and answers pings', async () => {
  const socket = await Socket.open(server, '/echo', { perMessageDeflate: false });
  socket.ws.send('text');
  assert.equal(await socket.next(), 'text');
  socket.ws.send(Buffer.from([0, 255, 128]));
  assert.deepEqual(await socket.next(), Buffer.from([0, 255, 128]));
  socket.ws.send('frag', { fin: false });
  socket.ws.send('mented', { fin: true });
  assert.equal(await socket.next(), 'fragmented');
  const pong = once(socket.ws, 'pong');
  socket.ws.ping('there?');
  assert.equal(String((await within(pong, 'a pong'))[0]), 'there?');
  await socket.close();
  const other = await Server.start();
  assert.equal((await other.fetch('/echo')).status, 404);
  await other.stop();
});

test('healthz and metrics', async () => {
  const health = await server.curl('/healthz');
  assert.deepEqual([health.status, health.body], [200, 'ok\n']);
  const scrape = async () => {
    const response = await server.fetch('/metrics');
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4');
    return parsePrometheus(await response.text());
  };
  const then = await scrape();
  await server.publish(newRoom(), { from: 'ann', text: 'hi' });
  const now = await scrape();
  const grown = (name) => now.get(name) - then.get(name);
  assert.equal(grown('pushbench_messages_total'), 1);
  assert.equal(grown('pushbench_requests_total'), 2);
  assert.equal(grown('pushbench_rooms'), 1);
  assert.ok(grown('pushbench_read_bytes_total') > 50);
  assert.ok(grown('pushbench_written_bytes_total') > 500);
  assert.ok(grown('pushbench_writes_total') >= 2);
  assert.ok(now.get('pushbench_connections') >= 1);
  for (const transport of ['polling', 'long-polling', 'websocket']) {
    assert.equal(now.get(`pushbench_subscribers{transport="${transport}"}`), 0);
  }
});

/** The text format, strictly: a HELP and a TYPE before each metric's samples. */
function parsePrometheus(text) {
  assert.ok(text.endsWith('\n'));
  const samples = new Map();
  const types = new Map();
  const helped = new Set();
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = line.match(/^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/);
    if (comment) {
      const [, kind, name, rest] = comment;
      if (kind === 'HELP') helped.add(name);
      if (kind === 'TYPE') types.set(name, rest);
      continue;
    }
    const sample = line.match(/^(([a-zA-Z_:][\w:]*)(?:\{\w+="[^"\\]*"\})?) (\d+)$/);
    assert.ok(sample, `not a sample: ${line}`);
    assert.match(types.get(sample[2]) ?? '', /^(counter|gauge)$/, line);
    assert.ok(helped.has(sample[2]), line);
    assert.equal(types.get(sample[2]) === 'counter', sample[2].endsWith('_total'), line);
    assert.ok(!samples.has(sample[1]), `twice: ${line}`);
    samples.set(sample[1], Number(sample[3]));
  }
  return samples;
}

test('errors are problem+json, saying what and where', async () => {
  const room = newRoom();
  await assertProblem(await server.fetch('/nowhere'), 404, /no such path/);
  await assertProblem(await server.publish(room, '{'), 400, /^body: /);
  await assertProblem(await server.publish(room, { text: 'x' }), 400, /^from: is missing/);
  await assertProblem(
    await server.publish(room, { from: 'ann', text: 'x'.repeat(5000) }),
    400,
    /^text: is 5000 bytes long/,
  );
  await assertProblem(await server.fetch(`/rooms/${room}/poll?after=x`), 400, /^after: /);
  await assertProblem(await server.fetch(`/rooms/${room}/long-poll?wait=-1`), 400, /^wait: /);
  await assertProblem(await server.fetch('/rooms/a%20b/poll'), 400, /^room: /);
  await assertProblem(await server.fetch(`/rooms/${room}/socket`), 426, /Upgrade/);
  const notAllowed = await server.fetch(`/rooms/${room}/messages`);
  assert.equal(notAllowed.headers.get('allow'), 'POST, OPTIONS');
  await assertProblem(notAllowed, 405, /POST/);
  assert.equal((await server.room(room)).last, 0);
});

test('who sends too much hears it while still sending', async () => {
  const large = 'x'.repeat(5_000_000);
  for (let i = 0; i < 10; ++i) {
    await assertProblem(await server.publish('r', large), 413, /longer than the limit/);
  }
  const sockets = [];
  for (let i = 0; i < 10; ++i) {
    sockets.push(await Socket.open(server, '/rooms/r/socket', { perMessageDeflate: false }));
    sockets[i].ws.send(large);
  }
  for (const socket of sockets) {
    const { code } = await within(socket.closed, 'the close');
    assert.equal(code, 1009);
  }
});

test('curl hears that it sent too much', async () => {
  const body = await server.curl(`/rooms/r/messages`, '--data', 'x'.repeat(100_000));
  assert.equal(body.status, 413);
  assert.equal(body.headers['content-type'], 'application/problem+json');
  assert.equal((await server.curl(`/${'x'.repeat(20_000)}`)).status, 414);
  assert.equal((await server.curl('/', '--header', `X: ${'x'.repeat(20_000)}`)).status, 431);
});

test('curl speaks HTTP/1.0, HEAD and keep-alive', async () => {
  const old = await server.curl('/healthz', '--http1.0');
  assert.deepEqual([old.status, old.headers.connection, old.body], [200, 'close', 'ok\n']);
  const head = await server.curl('/healthz', '--head');
  assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '3', '']);
  const two = await server.curl('/healthz', '--write-out', '%{num_connects}', `${server.url}/healthz`);
  assert.match(two.body, /^ok\n0$/); // the second one opened none
});

test('a port that is taken is one clear line and exit code 1', async () => {
  const { code, stdout, stderr } = await pushbench('serve', '--port', String(server.port));
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, new RegExp(`^pushbench serve: 127\\.0\\.0\\.1:${server.port}: .+\n$`));
  assert.match(stderr, /taken/);
});

test('wrong usage is exit code 2', async () => {
  const cases = [
    [['serve', '--prot', '0'], /--prot/],
    [['serve', '--port', '65536'], /--port/],
    [['serve', '--port', 'http'], /--port/],
    [['serve', '--retain', '0'], /--retain/],
    [['serve', '--bind', 'nonsense', '--port', '0'], /nonsense/],
    [['sevre'], /sevre|subcommand/],
    [[], /Usage:/],
  ];
  for (const [args, says] of cases) {
    const { code, stderr } = await pushbench(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, says, args.join(' '));
  }
});

test('an address that is not ours is exit code 1', async () => {
  const { code, stderr } = await pushbench('serve', '--bind', '192.0.2.1', '--port', '0');
  assert.equal(code, 1);
  assert.match(stderr, /^pushbench serve: 192\.0\.2\.1:0: cannot listen: .+\n$/);
});
