'use strict';
// What one cell of scripts/check-growth is measured by: a driver, strace, callgrind and perf.

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');
const { cpuNs, driverArguments, runDriver, startServer } = require('./processes.js');
const { watched } = require('./profile.js');

const LISTENS = /http:\/\/127\.0\.0\.1:(\d+)/;

/** Where a tool writes for a moment: what it wrote, when `use` is done. */
async function written(use) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'check-growth-'));
  const file = path.join(folder, 'written');
  try {
    await use(file);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

/** Starts a tool that watches a process, and waits until it says on stderr that it does. */
async function watch(command, args, says) {
  const tool = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = ended(tool);
  const attached = new Promise((resolve) => {
    let said = '';
    tool.stderr.on('data', (chunk) => {
      if (says.test((said += chunk))) resolve();
    });
  });
  const early = end.then((code) => Promise.reject(new Error(`${command} ended with ${code}`)));
  await Promise.race([attached, early]);
  early.catch(() => {});
  return async () => {
    tool.kill('SIGINT');
    await end;
  };
}

/** Waits until a server has nothing more to do: what was asked of it last may still lie there. */
async function settled(server) {
  for (let before = -1, took = cpuNs(server.pids); took !== before; took = cpuNs(server.pids)) {
    before = took;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** System call to how often, of what `strace -c` wrote; the time it slept in them is no count. */
function calls(table) {
  const counts = {};
  for (const line of table.split('\n')) {
    const [, count, name] = /^ *[\d.]+ +[\d.]+ +\d+ +(\d+)(?: +\d+)? +([a-z_]\w*)$/.exec(line) ?? [];
    if (name && name !== 'total') counts[name] = Number(count);
  }
  return counts;
}

class Bench {
  constructor(binary, drive) {
    this.binary = binary;
    this.driver = drive;
  }

  has(tool) {
    return spawnSync('which', [tool]).status === 0;
  }

  start(...under) {
    const [command, ...args] = [...under, this.binary, 'serve', '--port', '0'];
    return startServer(command, args, LISTENS);
  }

  /** What the driver says of a server; it fails where deliveries are not as many as they must be. */
  drive(mode, server, options) {
    return runDriver(this.driver, mode, server, options);
  }

  async once(mode, options) {
    const server = await this.start();
    try {
      return this.drive(mode, server, options);
    } finally {
      await server.stop();
    }
  }

  /** The driver, connected and waiting: `run()` resolves to what it says, `end()` lets it go. */
  async driveOnDemand(server, options) {
    const args = driverArguments(this.driver, 'fan-out', { port: server.port, pids: [] }, options);
    const child = spawn('taskset', [...args, '--on-demand'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const end = ended(child);
    const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`fan-out of ${options.dialect} failed`);
      return JSON.parse(value);
    };
    await next();
    return {
      run() {
        child.stdin.write('\n');
        return next();
      },
      end() {
        child.stdin.end();
        return end;
      },
    };
  }

  /** System calls a delivery, by name: neither those of connecting nor those of leaving. */
  async systemCalls(options) {
    const server = await this.start();
    const driver = await this.driveOnDemand(server, options);
    let deliveries = 0;
    const table = await written(async (file) => {
      const args = ['-c', '-f', '-o', file, '-p', `${server.pids[0]}`];
      const stop = await watch('strace', args, /attached/);
      deliveries = (await driver.run()).deliveries_in_all;
      await settled(server);
      await stop();
    });
    await driver.end();
    await server.stop();
    const each = Object.entries(calls(table)).map(([name, count]) => [name, count / deliveries]);
    return Object.fromEntries(each);
  }

  /**
   * The server's own instructions a delivery, the kernel's not among them: what a long run has more
   * than a short one, so that connecting and leaving do not count.
   */
  async instructions(options) {
    const counted = async (seconds) => {
      let deliveries = 0;
      const profile = await written(async (file) => {
        const server = await this.start(
          'valgrind', '-q', '--tool=callgrind', `--callgrind-out-file=${file}`,
        );
        deliveries = this.drive('fan-out', server, { ...options, seconds, 'warm-up': 0 }).deliveries_in_all;
        await server.stop();
      });
      return { instructions: Number(/^(?:totals|summary): (\d+)/m.exec(profile)[1]), deliveries };
    };
    const short = await counted(0.1);
    const long = await counted(2);
    return (long.instructions - short.instructions) / (long.deliveries - short.deliveries);
  }

  /** Shares of the server's CPU time, as watched() gives them. */
  async profile(options) {
    const server = await this.start();
    const shares = await watched(server.pids, () => this.drive('fan-out', server, options));
    await server.stop();
    return shares;
  }
}

/** The most subscribers that one process may have here, and what keeps it from more. */
function mostSubscribers() {
  const limits = fs.readFileSync('/proc/self/limits', 'utf8');
  const files = Number(/^Max open files +\S+ +(\S+)/m.exec(limits)[1]);
  const range = fs.readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
  const [first, last] = range.trim().split(/\s+/).map(Number);
  const ports = last - first + 1;
  const round = (n) => Math.floor((n - 100) / 100) * 100; // what else is open
  return files <= ports
    ? { most: round(files), by: `a process may have ${files.toLocaleString('en')} files open` }
    : { most: round(ports), by: `an address has ${ports.toLocaleString('en')} ports to connect from` };
}

module.exports = { Bench, mostSubscribers };
