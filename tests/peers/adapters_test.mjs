// Our clients against the servers that others wrote: everything comes, once and in order; and what each dialect
// promises when connections are cut.
// Run with: CLIENT_TOOL=path/to/client_tool node --test tests/peers/adapters_test.mjs
import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { Client } from '../conformance/client_tool.mjs';
import { withPeer } from './peers.mjs';

const GUARD = { timeout: 60_000 };
const WAYS = [
  { peer: 'nchan', dialect: 'nchan', transport: 'long-polling' },
  { peer: 'nchan', dialect: 'nchan', transport: 'sse' },
  { peer: 'nchan', dialect: 'nchan', transport: 'websocket' },
  { peer: 'socketio', dialect: 'socketio', transport: 'long-polling' },
  { peer: 'socketio', dialect: 'socketio', transport: 'websocket' },
  { peer: 'ws', dialect: 'ws', transport: 'websocket' },
  { peer: 'gorilla', dialect: 'ws', transport: 'websocket' },
];

const draft = (from, number) => ({ from, text: `${from} says ${number} "å" 💬\n`, id: `${from}-${number}` });
const numbers = (count) => Array.from({ length: count }, (_, i) => i);
const idsOf = (client, from) => client.messages.filter((message) => message.from === from).map(({ id }) => id);

let guests = 0;

/** A user who is in the room. Of a server that says nothing more than 101, only one's own echo tells so. */
async function join({ dialect, transport }, port) {
  const client = Client.join(transport, { port }, '--dialect', dialect);
  await client.nth('joined');
  if (dialect !== 'ws') return client;
  const hello = draft('guest', (guests += 1));
  client.publish(hello);
  await client.until(() => idsOf(client, 'guest').includes(hello.id), 'the echo of its hello');
  return client;
}

/** Passes connections on to a port, and breaks them when told to. */
class Road {
  static async to(port) {
    const road = new Road();
    road.sockets = new Set();
    road.server = net.createServer((near) => {
      const far = net.connect(port, '127.0.0.1');
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) {
        socket.on('error', () => {}); // the other end of one that was cut
        socket.on('close', () => road.sockets.delete(socket));
        road.sockets.add(socket);
      }
    });
    road.server.listen(0, '127.0.0.1');
    await once(road.server, 'listening');
    road.port = road.server.address().port;
    return road;
  }

  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  close() {
    this.cut();
    this.server.close();
  }
}

for (const way of WAYS) {
  const { peer, transport } = way;

  test(`${peer} by ${transport}: 200 messages of two users reach both, in order`, GUARD, () =>
    withPeer(peer, async (url) => {
      const port = Number(new URL(url).port);
      const [ann, bob] = [await join(way, port), await join(way, port)];
      for (const number of numbers(100)) {
        ann.publish(draft('ann', number));
        bob.publish(draft('bob', number));
      }
      for (const client of [ann, bob]) {
        await client.until(() => idsOf(client, 'ann').length + idsOf(client, 'bob').length >= 200, 'all messages');
        for (const from of ['ann', 'bob']) {
          assert.deepEqual(idsOf(client, from), numbers(100).map((number) => draft(from, number).id));
        }
        client.messages.forEach(({ seq }, index) => assert.equal(seq, index + 1));
        const { text } = client.messages.find(({ id }) => id === 'ann-7');
        assert.equal(text, draft('ann', 7).text);
        for (const kind of ['gap', 'failure', 'disconnected']) assert.deepEqual(client.all(kind), []);
      }
      await ann.stop();
      await bob.stop();
    }),
  );

  test(`${peer} by ${transport}: who comes later gets what is said from then on`, GUARD, () =>
    withPeer(peer, async (url) => {
      const port = Number(new URL(url).port);
      const ann = await join(way, port);
      ann.publish(draft('ann', 0));
      await ann.until(() => idsOf(ann, 'ann').length === 1, 'the echo');
      const bob = await join(way, port);
      ann.publish(draft('ann', 1));
      await bob.until(() => idsOf(bob, 'ann').length > 0, 'the second message');
      assert.deepEqual(idsOf(bob, 'ann'), ['ann-1']);
      await ann.stop();
      await bob.stop();
    }),
  );

  test(`${peer} by ${transport}: comes back after each cut${peer === 'nchan' ? ', and misses nothing' : ''}`, GUARD, () =>
    withPeer(peer, async (url) => {
      const port = Number(new URL(url).port);
      const road = await Road.to(port);
      const ann = await join(way, port);
      const bob = await join(way, road.port);
      for (const round of numbers(3)) {
        for (const number of numbers(10)) ann.publish(draft('ann', 10 * round + number));
        road.cut();
        await bob.nth('rejoined', round + 1);
        await ann.until(() => idsOf(ann, 'ann').length === 10 * (round + 1), 'its own messages');
      }
      ann.publish(draft('ann', 'last'));
      await bob.until(() => idsOf(bob, 'ann').includes('ann-last'), 'the last message');
      const got = idsOf(bob, 'ann').slice(0, -1).map((id) => Number(id.slice(4)));
      assert.deepEqual(got, [...new Set(got)].sort((a, b) => a - b)); // nothing twice, nothing out of order
      if (peer === 'nchan') assert.equal(got.length, 30);
      assert.deepEqual(bob.all('failure'), []);
      await ann.stop();
      await bob.stop();
      road.close();
    }),
  );
}
