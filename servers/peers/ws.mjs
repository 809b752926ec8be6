// A chat's server with npm's ws: GET /{room} is a WebSocket, and each text frame that comes in goes out as it
// is to everybody in the room, its sender too.
// Start it with: node servers/peers/ws.mjs [--port 8092]
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { listen, portFlag } from './listen.mjs';

// Compression is off, by default and with ours; ws turns Nagle's algorithm off by itself.
const http = createServer((request, response) => response.writeHead(426).end());
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
const rooms = new Map();

server.on('connection', (socket, request) => {
  const name = request.url.slice(1).split('?')[0];
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room.add(socket));

  socket.on('message', (data, isBinary) => {
    for (const member of room) {
      if (member.readyState === WebSocket.OPEN) member.send(data, { binary: isBinary });
    }
  });
  socket.on('close', () => {
    room.delete(socket);
    if (room.size === 0) rooms.delete(name);
  });
  socket.on('error', console.error);
  socket.isAlive = true;
  socket.on('pong', () => (socket.isAlive = true));
});

// Who does not answer a ping is gone: the heartbeat of ws's own README, as often as our server's.
setInterval(() => {
  for (const socket of server.clients) {
    if (!socket.isAlive) socket.terminate();
    socket.isAlive = false;
    socket.ping();
  }
}, 25_000);

await listen('ws', http, portFlag(8092));
