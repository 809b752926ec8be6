'use strict';
// Servers as processes on one core: which they are, what CPU time they took.

const { spawn } = require('node:child_process');
const fs = require('node:fs');

/** The processes that listen on a TCP port of 127.0.0.1, or of every address. */
function listenersOn(port) {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of fs.readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[3] === '0A' && fields[1].endsWith(`:${hex}`)) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  const holds = (pid) => {
    try {
      return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => inodes.has(fs.readlinkSync(`/proc/${pid}/fd/${fd}`)));
    } catch {
      return false; // it has ended, or is somebody else's
    }
  };
  return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && holds(name)).map(Number);
}

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
 * Starts a server on core 0; resolves to it when its first output has come in which `ready` finds
 * the port, as its first group. It ends with `stop()`.
 */
function startServer(command, args, ready) {
  return new Promise((resolve, reject) => {
    const child = spawn('taskset', ['-c', '0', command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
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
      const port = ready.exec(said);
      if (port) resolve({ port: Number(port[1]), pids: [child.pid], stop });
    });
  });
}

module.exports = { cpuNs, listenersOn, startServer };
