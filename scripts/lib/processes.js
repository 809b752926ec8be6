'use strict';
// Servers as processes on one core: which they are, what CPU time they took.

const { spawn } = require('node:child_process');
const fs = require('node:fs');

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

module.exports = { cpuNs, startServer };
