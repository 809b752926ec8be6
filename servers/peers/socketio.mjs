// A chat's server with Socket.IO: `join` takes a room's name and acknowledges; `say` takes a room and a draft,
// and everybody in the room gets the draft as `message`, its sender too.
// Start it with: node servers/peers/socketio.mjs [--port 8091]
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { listen, portFlag } from './listen.mjs';

// A publisher's idle connection is closed after 75 s, as by our server and by nginx. Node's own 5 s would make
// who says something every ten seconds connect anew each time.
const http = createServer({ keepAliveTimeout: 75_000 }, (request, response) => response.writeHead(404).end());

const io = new Server(http, {
  // Ours compresses nothing unless told to. For WebSocket that is Socket.IO's default too.
  httpCompression: false,
  perMessageDeflate: false,
  // The clients bring their own library.
  serveClient: false,
});

io.on('connection', (socket) => {
  socket.on('join', async (room, joined) => {
    await socket.join(room);
    joined?.();
  });
  socket.on('say', (room, draft) => io.to(room).emit('message', draft));
});

await listen('socketio', http, portFlag(8091));
