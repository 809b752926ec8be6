// What stands between a browser, or another client, and the server.

import { once } from 'node:events';
import net from 'node:net';

/** A TCP proxy, for what a browser meets between it and the server: a link that breaks, and another
 *  server behind the same address. `onSent` and `onReceived` hear what each connection brings from the
 *  browser, and to it. */
export class Proxy {
  static async open(server) {
    const proxy = new Proxy();
    proxy.server = server;
    proxy.sockets = new Set();
    proxy.listener = net.createServer((client) => proxy.#connect(client));
    proxy.listener.listen(0, '127.0.0.1');
    await once(proxy.listener, 'listening');
    const scheme = server.secure ? 'https' : 'http';
    proxy.url = `${scheme}://127.0.0.1:${proxy.listener.address().port}`;
    return proxy;
  }

  #connect(client) {
    const upstream = net.connect(this.server.port, '127.0.0.1');
    client.on('data', (bytes) => this.onSent?.(client, bytes));
    upstream.on('data', (bytes) => this.onReceived?.(client, bytes));
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      this.sockets.add(from);
      from.on('error', () => {}); // the end follows
      from.on('close', () => {
        this.sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }

  /** Every connection through it breaks. */
  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  close() {
    this.cut();
    this.listener.close();
  }
}
