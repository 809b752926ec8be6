// An HTTP proxy between a page and the server that breaks what some proxies break.

import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';

/**
 * What it does to each kind of request; undefined: it lets it through.
 *   socket   'strip': forwards the request without its upgrade; 'hang': never answers; 'refuse': 403;
 *            'cut': answers 101 itself and ends the connection; 'hold': upgrades, and holds back what
 *            the server sends
 *   events   'gather': holds the answer back until it is whole; 'gather-body': its body only; 'page':
 *            answers with a page of its own; 'end': ends the answer with its head; 'hold': lets through
 *            its first bytes only
 *   held     'timeout': answers a request that waits with 504; 'cut': breaks its connection
 *   lost     so many answers to a publish are lost on their way back
 *   hides    the name of a header that no answer keeps, in lower case
 *   checks   so many checks of a room are never answered; `onHung` hears of each
 *   busy     so many requests of any kind are answered 503, with `retryAfter` in seconds
 */
export class BrokenProxy {
  static async open(server, rules = {}) {
    const proxy = new BrokenProxy();
    proxy.port = server.port;
    proxy.rules = rules;
    proxy.sockets = new Set();
    proxy.seen = []; // 'GET /rooms/r', …
    proxy.listener = http.createServer((request, response) => proxy.#onRequest(request, response));
    proxy.listener.on('upgrade', (request, socket) => proxy.#onUpgrade(request, socket));
    proxy.listener.on('connection', (socket) => proxy.#keep(socket));
    proxy.listener.listen(0, '127.0.0.1');
    await once(proxy.listener, 'listening');
    proxy.url = `http://127.0.0.1:${proxy.listener.address().port}`;
    return proxy;
  }

  close() {
    for (const socket of this.sockets) socket.destroy();
    this.listener.close();
  }

  #keep(socket) {
    this.sockets.add(socket);
    socket.on('error', () => {}); // the end follows
    socket.on('close', () => this.sockets.delete(socket));
  }

  #onRequest(request, response) {
    this.seen.push(`${request.method} ${request.url}`);
    const { events, held, busy, retryAfter, checks } = this.rules;
    if (busy > 0) {
      --this.rules.busy;
      response.writeHead(503, { 'Retry-After': retryAfter ?? 0 }).end('busy');
      return;
    }
    if (checks > 0 && /^\/rooms\/[^/]+$/.test(request.url)) {
      --this.rules.checks;
      return this.onHung?.();
    }
    if (request.method === 'POST' && this.rules.lost > 0) {
      --this.rules.lost;
      return this.#forward(request, response, request.headers, () => response.destroy());
    }
    if (/\/long-poll\?.*wait=(?!0$)/.test(request.url) && held) return this.#endHeld(request, response);
    if (request.url.includes('/events') && events) return this.#breakStream(request, response);
    this.#forward(request, response, request.headers);
  }

  #forward(request, response, headers, onAnswer) {
    const { url: path, method } = request;
    const to = { host: '127.0.0.1', port: this.port, agent: false };
    const upstream = http.request({ ...to, path, method, headers });
    upstream.on('socket', (socket) => this.#keep(socket));
    upstream.on('error', () => response.destroy());
    upstream.on('response', (answer) => {
      delete answer.headers[this.rules.hides];
      if (onAnswer) return onAnswer(answer);
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    response.on('close', () => upstream.destroy());
    if (method === 'POST') request.pipe(upstream);
    else upstream.end();
  }

  #endHeld(request, response) {
    if (this.rules.held === 'cut') return request.socket.destroy();
    response.writeHead(504, { 'Content-Type': 'text/html' }).end('<h1>504 Gateway Time-out</h1>');
  }

  #breakStream(request, response) {
    const { events } = this.rules;
    const type = (name) => response.writeHead(200, { 'Content-Type': name });
    if (events === 'page') return type('text/html').end('<h1>Welcome</h1>');
    if (events === 'end') return type('text/event-stream').end();
    this.#forward(request, response, request.headers, async (answer) => {
      const head = () => response.writeHead(answer.statusCode, answer.headers).flushHeaders();
      if (events === 'gather-body' || events === 'hold') head();
      answer.on('error', () => {}); // the page has gone, and this with it
      if (events === 'hold') {
        answer.once('data', (first) => response.write(first) && answer.resume());
        return;
      }
      const pieces = await answer.toArray().catch(() => []);
      if (events === 'gather') head();
      response.end(Buffer.concat(pieces));
    });
  }

  #onUpgrade(request, socket) {
    const { socket: rule } = this.rules;
    if (rule === 'hang') return;
    if (rule === 'refuse') {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    } else if (rule === 'strip') {
      this.#strip(request, socket);
    } else {
      this.#tunnel(request, socket, rule);
    }
  }

  #strip(request, socket) {
    const { upgrade, connection, ...headers } = request.headers;
    const response = new http.ServerResponse(request);
    response.assignSocket(socket);
    response.shouldKeepAlive = false;
    response.on('finish', () => socket.end());
    this.#forward(request, response, headers);
  }

  /** All bytes both ways; 'cut' ends it after the server's first answer, 'hold' brings no more of them. */
  #tunnel(request, socket, rule) {
    const upstream = net.connect(this.port, '127.0.0.1');
    this.#keep(upstream);
    const lines = request.rawHeaders.map((text, i) => text + (i % 2 === 0 ? ': ' : '\r\n'));
    upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    socket.pipe(upstream);
    socket.on('close', () => upstream.destroy());
    upstream.on('close', () => socket.destroy());
    if (rule === undefined) return void upstream.pipe(socket);
    upstream.once('data', (bytes) => {
      const end = bytes.indexOf('\r\n\r\n') + 4;
      socket.write(bytes.subarray(0, end), () => rule === 'cut' && socket.destroy());
      upstream.resume();
    });
  }
}
