// The command lines of start.mjs and control.mjs: what can be typed, and how a program ends that is of no use.
import { parseArgs } from 'node:util';

/** Where `pushbench serve` listens by default, and whatever is in front of it finds it. */
export const UPSTREAM = '127.0.0.1:8080';

/** What went wrong that the user can mend. */
export class PeerError extends Error {}

/** What was typed that is none of what can be. */
export class UsageError extends PeerError {}

/** The values of these flags, and the words beside them. */
export function parse(args, flags, switches = {}) {
  const options = { ...switches, ...Object.fromEntries(flags.map((flag) => [flag, { type: 'string' }])) };
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error.message.split(/\. |\n/)[0]);
  }
}

/** What these flags set for startPeer: numbers and addresses that can be. */
export function readSettings({ core, port, upstream }) {
  const check = (good, flag, value, right) => {
    if (value !== undefined && !good) throw new UsageError(`--${flag} ${value}: ${right}`);
  };
  check(/^\d+$/.test(core), 'core', core, 'write the number of a core, as in --core 1');
  check(/^\d+$/.test(port) && Number(port) <= 65535, 'port', port, 'write a number from 0 to 65535');
  check(/^127\.0\.0\.1:\d+$/.test(upstream), 'upstream', upstream, `write an address such as ${UPSTREAM}`);
  return {
    ...(core !== undefined && { core: String(Number(core)) }),
    ...(port !== undefined && { port: Number(port) }),
    ...(upstream !== undefined && { upstream }),
  };
}

/** Aborted when the user, or whoever has started this program, wants it to end. */
export function stopSignal() {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => stop.abort());
  return stop.signal;
}

/** Ends the program with one line that says what is wrong; a fault of its own comes with where that is. */
export function fail(error) {
  const explained = error instanceof PeerError || error.syscall !== undefined;
  console.error(explained ? `error: ${error.message}` : error);
  process.exit(error instanceof UsageError ? 2 : 1);
}
