// The openssl program as the server's client: versions, ALPN, resumption and the certificate.
// Run with: PUSHBENCH=path/to/pushbench node --test tests/conformance/tls_test.mjs

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { after, before, describe, test as plainTest } from 'node:test';
import { makeCertificate } from './certificates.mjs';
import { GUARD_MS, Server, inFolder, pushbench, run, within } from './serve.mjs';

const test = (name, body) => plainTest(name, { timeout: 3 * GUARD_MS }, body);
const REQUEST = 'GET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n';

/** openssl s_client, which asks for /healthz and says what it negotiated. */
const sClient = (server, ...args) =>
  run(
    'openssl',
    ['s_client', '-connect', `127.0.0.1:${server.port}`, '-ign_eof', ...args],
    REQUEST,
  );

describe('openssl s_client and a self-signed certificate', () => {
  let server;
  before(async () => (server = await Server.start('--tls-self-signed')));
  after(() => server.stop());

  for (const [flag, version] of [['-tls1_2', 'TLSv1.2'], ['-tls1_3', 'TLSv1.3'], ['', 'TLSv1.3']]) {
    test(`${flag || 'without a wish'}: it is ${version}`, async () => {
      const { code, stdout } = await sClient(server, ...[flag].filter(Boolean));
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^New, ${version}, Cipher is `, 'm'));
      assert.match(stdout, /^Server Temp Key: X25519/m); // forward secrecy
      assert.match(stdout, /^Compression: NONE$/m);
      assert.match(stdout, /HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok\n/);
    });
  }

  for (const flag of ['-tls1', '-tls1_1']) {
    test(`${flag} is refused`, async () => {
      // Debian's openssl does not even offer these at its usual security level.
      const { code, stdout, stderr } = await sClient(server, flag, '-cipher', 'ALL:@SECLEVEL=0');
      assert.notEqual(code, 0);
      assert.match(stderr, /alert protocol version/);
      assert.doesNotMatch(stdout, /200 OK/);
    });
  }

  test('ALPN: http/1.1 is chosen among others, and h2 alone is refused', async () => {
    for (const offer of ['http/1.1', 'h2,http/1.1', 'http/1.0,http/1.1']) {
      assert.match((await sClient(server, '-alpn', offer)).stdout, /^ALPN protocol: http\/1\.1$/m);
    }
    assert.match((await sClient(server, '-alpn', 'http/1.0')).stdout, /^ALPN protocol: http\/1\.0$/m);
    assert.match((await sClient(server)).stdout, /^No ALPN negotiated$/m);
    const { code, stderr } = await sClient(server, '-alpn', 'h2');
    assert.notEqual(code, 0);
    assert.match(stderr, /alert no application protocol/);
  });

  for (const version of ['-tls1_2', '-tls1_3']) {
    test(`a session is resumed (${version})`, () =>
      inFolder(async (folder) => {
        const session = `${folder}/session`;
        const first = await sClient(server, version, '-sess_out', session);
        assert.match(first.stdout, /^New, TLSv1\.[23]/m);
        assert.ok(existsSync(session), 'no session came');
        const second = await sClient(server, version, '-sess_in', session);
        assert.match(second.stdout, /^Reused, TLSv1\.[23]/m);
        assert.match(second.stdout, /200 OK/);
        // A server that was started anew has other ticket keys: it begins afresh.
        const other = await Server.start('--tls-self-signed');
        assert.match((await sClient(other, version, '-sess_in', session)).stdout, /^New, TLSv1\.[23]/m);
        await other.stop();
      }));
  }

  test('the certificate is the one whose fingerprint was printed, for this machine', () =>
    inFolder(async (folder) => {
      const { stdout: said } = await sClient(server);
      const [pem] = said.match(/-----BEGIN CERTIFICATE-----[^]+?-----END CERTIFICATE-----\n/);
      const x509 = await run('openssl', ['x509', '-noout', '-fingerprint', '-sha256'], pem);
      assert.equal(x509.stdout, `sha256 Fingerprint=${server.fingerprint}\n`);
      const certificate = new X509Certificate(pem);
      assert.ok(certificate.checkIP('127.0.0.1') && certificate.checkIP('::1'));
      assert.ok(certificate.checkHost('localhost') && !certificate.checkHost('chat.example'));
      assert.ok(new Date(certificate.validFrom) <= new Date());
      // OpenSSL itself vouches for it once it is told to, for this address and for no other.
      writeFileSync(`${folder}/ca.pem`, pem);
      const verify = (ip) =>
        sClient(server, '-CAfile', `${folder}/ca.pem`, '-verify_return_error', '-verify_ip', ip);
      assert.match((await verify('127.0.0.1')).stdout, /Verify return code: 0 \(ok\)/);
      assert.notEqual((await verify('127.0.0.2')).code, 0);
    }));

  test('renegotiation is refused', async () => {
    const { stdout, stderr } = await run(
      'openssl',
      ['s_client', '-connect', `127.0.0.1:${server.port}`, '-tls1_2'],
      'R\n', // at the beginning of a line it asks for one
    );
    assert.match(stdout + stderr, /RENEGOTIATING[^]*no renegotiation/);
  });

  for (const [what, bytes] of [
    ['plain HTTP', REQUEST],
    ['bytes without sense', Buffer.from('\x16\x03\x01\xff\xff'.padEnd(4000, '\x00'), 'latin1')],
    ['nothing', ''],
  ]) {
    test(`${what} on the TLS port ends that connection, and no other`, async () => {
      const socket = net.connect(server.port, '127.0.0.1');
      socket.on('error', () => {}); // a reset is an end, too
      let received = '';
      socket.setEncoding('latin1').on('data', (text) => (received += text));
      socket.end(bytes);
      if (!socket.closed) await within(once(socket, 'close'), 'the end of the connection');
      assert.doesNotMatch(received, /200 OK/);
      assert.equal((await server.fetch('/healthz')).status, 200);
    });
  }
});

describe('a certificate from files', () => {
  for (const [name, kind] of [
    ['RSA', ['-newkey', 'rsa:2048']],
    ['EC', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['Ed25519', ['-newkey', 'ed25519']],
  ]) {
    test(`${name} is served by TLS 1.2 and 1.3`, () =>
      inFolder(async (folder) => {
        const { certPath, keyPath, fingerprint } = await makeCertificate(folder, 'c', ...kind);
        const server = await Server.start('--tls-cert', certPath, '--tls-key', keyPath);
        assert.equal(server.fingerprint, fingerprint);
        for (const version of ['-tls1_2', '-tls1_3']) {
          const { stdout } = await sClient(server, version, '-CAfile', certPath);
          assert.match(stdout, /Verify return code: 0 \(ok\)/);
          assert.match(stdout, /200 OK/);
        }
        await server.stop();
      }));
  }

  test('what cannot be used is one clear line and exit code 2', () =>
    inFolder(async (folder) => {
      const one = await makeCertificate(folder, 'one');
      const two = await makeCertificate(folder, 'two');
      writeFileSync(`${folder}/junk.pem`, 'not PEM at all\n');
      const secret = ['pkey', '-in', one.keyPath, '-aes256', '-passout', 'pass:x'];
      await run('openssl', [...secret, '-out', `${folder}/locked.key`]);
      const cases = [
        [`${folder}/missing.pem`, one.keyPath, /missing\.pem: .+/],
        [one.certPath, `${folder}/missing.key`, /missing\.key: .+/],
        [`${folder}/junk.pem`, one.keyPath, /junk\.pem: .+/],
        [one.certPath, `${folder}/junk.pem`, /junk\.pem: .+/],
        [one.certPath, two.keyPath, /two\.key: .+/],
        [one.certPath, `${folder}/locked.key`, /locked\.key: .+/],
        [one.keyPath, one.certPath, /one\.key: .+/],
        [folder, one.keyPath, /: .+/],
      ];
      for (const [cert, key, says] of cases) {
        const args = ['--port', '0', '--tls-cert', cert, '--tls-key', key];
        const { code, stdout, stderr } = await pushbench('serve', ...args);
        assert.deepEqual([code, stdout], [2, ''], stderr);
        assert.match(stderr, /^pushbench serve: [^\n]+\n$/);
        assert.match(stderr, says);
      }
      for (const args of [
        ['--tls-cert', one.certPath],
        ['--tls-key', one.keyPath],
        ['--tls-self-signed', '--tls-cert', one.certPath, '--tls-key', one.keyPath],
      ]) {
        const { code, stderr } = await pushbench('serve', '--port', '0', ...args);
        assert.equal(code, 2);
        assert.match(stderr, /--tls-/);
      }
    }));
});
