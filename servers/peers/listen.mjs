// What the two servers in Node have in common: how they begin and end.
import { once } from 'node:events';
import { parseArgs } from 'node:util';

/** The --port of the command line; 0 is any free one. */
export function portFlag(usual) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: String(usual) } } });
  return Number(values.port);
}

/** Listens on loopback, says where, and ends on SIGTERM. The queue of those who want in is as long as that
 *  of our own server; Node's default is 511. */
export async function listen(name, server, port) {
  server.listen({ host: '127.0.0.1', port, backlog: 4096 });
  await once(server, 'listening');
  process.on('SIGTERM', () => process.exit(0));
  console.log(`${name} listens on http://127.0.0.1:${server.address().port}, process ${process.pid}`);
}
