// Certificates of the openssl program's making, for servers on 127.0.0.1.

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './serve.mjs';

/** Makes `name`.pem and `name`.key in the folder, of the kind that openssl's arguments ask for. */
export async function makeCertificate(folder, name, ...kind) {
  const [certPath, keyPath] = [`${folder}/${name}.pem`, `${folder}/${name}.key`];
  const how = kind.length > 0 ? kind : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const { code, stderr } = await run('openssl', [
    ...['req', '-x509', '-nodes', '-days', '2', '-subj', '/CN=pushbench test', ...how],
    ...['-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
    ...['-keyout', keyPath, '-out', certPath],
  ]);
  assert.equal(code, 0, stderr);
  const cert = readFileSync(certPath, 'utf8');
  const { fingerprint256 } = new X509Certificate(cert);
  return { certPath, keyPath, cert, key: readFileSync(keyPath, 'utf8'), fingerprint: fingerprint256 };
}

/** One whose files are gone again: for a server in this process. */
export async function makePassingCertificate() {
  const folder = mkdtempSync(path.join(tmpdir(), 'pushbench-'));
  try {
    const { cert, key, fingerprint } = await makeCertificate(folder, 'room');
    return { cert, key, fingerprint };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
