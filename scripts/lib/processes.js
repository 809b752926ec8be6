'use strict';
// Servers as processes on one core, which CPU time they took, and bench/drive on another.

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');

/** Servers have core 0. */
const DRIVERS_CORE = `${os.cpus().length - 1}`;

/** CPU time of processes, in ns, as the scheduler counts it. */
function cpuNs(pids) {
  let sum = 0;
  for (const pid of pids) {
    for (const task of fs.readdirSync(`/proc/${pid}/task`)) {
      sum += Number(fs.readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]);
    }
  }
  return sum;
}

/**
 * Starts a server on core 0. Resolves to it when `ready` finds in its output the port, as first
 * group, and perhaps the process that does the work, as second. It ends with `stop()`.
 */
function startServer(command, args, ready) {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'pipe', 'inherit'];
    const child = spawn('taskset', ['-c', '0', command, ...args], { stdio });
    let said = '';
    const stop = () =>
      new Promise((ended) => {
        child.once('exit', ended);
        child.kill('SIGTERM');
      });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)));
    child.stdout.on('data', (chunk) => {
      said += chunk;
      const found = ready.exec(said);
      if (!found) return;
      resolve({ port: Number(found[1]), pids: [Number(found[2] ?? child.pid)], stop });
    });
  });
}

/** What taskset runs: bench/drive against a server, of whose processes it takes the CPU time. */
function driverArguments(driver, mode, { port, pids }, options) {
  const args = ['-c', DRIVERS_CORE, driver, mode, '--port', `${port}`];
  for (const pid of pids) args.push('--server-pid', `${pid}`);
  for (const [name, value] of Object.entries(options)) args.push(`--${name}`, `${value}`);
  return args;
}

/** What the driver says of a server. Throws where it fails. */
function runDriver(driver, mode, server, options) {
  const args = driverArguments(driver, mode, server, options);
  const { status, stdout, stderr, error } = spawnSync('taskset', args, { encoding: 'utf8' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${mode} of ${options.dialect}: ${stderr.trim()}`);
  return JSON.parse(stdout);
}

module.exports = { cpuNs, DRIVERS_CORE, driverArguments, runDriver, startServer };
