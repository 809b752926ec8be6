'use strict';
// What scripts/compare-servers measures, against whom, and which ratios it should find.

const TRANSPORTS = {
  websocket: {
    ours: 'pushbench/websocket',
    floor: 'floor',
    ws: 'ws/websocket',
    gorilla: 'ws/websocket',
    nchan: 'nchan/websocket',
    socketio: 'socketio/websocket',
  },
  sse: { ours: 'pushbench/sse', floor: 'floor', nchan: 'nchan/sse' },
  'long-polling': {
    ours: 'pushbench/long-polling',
    nchan: 'nchan/long-polling',
    socketio: 'socketio/long-polling',
  },
};

/**
 * The least that our rate should be of another's, by window. nchan's own with 32 outstanding jumps
 * too much to set one.
 */
const GOALS = {
  websocket: { 1: { floor: 0.9, ws: 1.5, nchan: 1.2 }, 32: { floor: 0.6, ws: 15 } },
  sse: { 1: { floor: 0.9, nchan: 1.2 }, 32: { floor: 0.6 } },
  'long-polling': { 1: { nchan: 1.5 }, 32: { socketio: 2 } },
};

const fanOut = (transport, connections, window) => ({
  name: `${transport}, ${connections.toLocaleString('en')} subscribers, ${window} outstanding`,
  mode: 'fan-out',
  connections,
  window,
  dialects: TRANSPORTS[transport],
  goals: GOALS[transport][window],
});

const echo = (connections) => ({
  name: `echo, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
  mode: 'echo',
  connections,
  dialects: { ours: 'pushbench/websocket', floor: 'floor' },
  goals: { floor: 0.9 },
});

const CELLS = [echo(1), echo(64)];
for (const transport of Object.keys(TRANSPORTS)) {
  for (const connections of [100, 1000]) {
    for (const window of [1, 32]) CELLS.push(fanOut(transport, connections, window));
  }
}

/** By wrk; compared is CPU time a request, of which ours may take this much more. */
const POLL = {
  name: 'poll, one waiting message',
  by: 'cost',
  dialects: { ours: 'poll', nginx: 'static' },
  goals: { nginx: 1.1 },
};

/** Bytes of user memory that each connection may take. */
const IDLE = {
  name: 'idle',
  goals: { ours: 512 },
  connections: 10000,
  dialects: {
    ours: 'pushbench/websocket',
    ws: 'ws/websocket',
    gorilla: 'ws/websocket',
    nchan: 'nchan/websocket',
  },
};

module.exports = { CELLS, IDLE, POLL };
