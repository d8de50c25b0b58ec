// Several listeners for CPEs, each with its own TLS: what gets in, what does not and why, and who may go on with a session
// that began elsewhere.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { ConnectionOptions, SecureVersion } from 'node:tls';
import t, { type Test } from 'tap';
import { createAuthority, forLoopback, missingOpenssl } from '../openssl.ts';
import { answerTo, lightCpe } from '../proxies/light-cpe.ts';
import { wholeSession } from './south-http-session.ts';
import { filesOf, type ListenersHarness, startListeners } from './south-tls-tools.ts';
import { counted, informText, openRawSession, rawConnection, rpcOf, untilCounted } from './south-tools.ts';

const COUNTED = ['cwmp_refused', 'failure'];
const only = (version: SecureVersion): ConnectionOptions => ({
  minVersion: version,
  maxVersion: version,
  ciphers: 'DEFAULT@SECLEVEL=0',
});

/** What the gateway counts while a handshake fails. */
async function refusedHandshake(t: Test, harness: ListenersHarness, index: number, options: ConnectionOptions) {
  const before = harness.log.length;
  const grown = await counted(harness, COUNTED, async () => {
    // With TLS 1.3 a client is through before it hears that its certificate was refused.
    await harness.connect(t, index, options).then(
      (connection) => connection.ended(),
      () => undefined,
    );
  });
  t.notOk(harness.log.slice(before).some((line) => line.includes('"level":"error"')));
  return grown;
}

t.test('listeners of their own', { skip: missingOpenssl() }, async (t) => {
  const authority = createAuthority(t);
  const tls = filesOf(forLoopback(authority));
  const ca = authority.cert;
  const secured = { ...tls, ca: authority.certFile, clientCert: 'require' };
  const harness = await startListeners(
    t,
    [
      { tls },
      { tls: { ...tls, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } },
      { tls: secured },
      { auth: 'digest' },
      { tls: { ...tls, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' } },
      { tls, trustedProxies: ['127.0.0.1'], proxyProtocol: true },
    ],
    { 'cwmp.username': 'cpe', 'cwmp.password': 'secret' },
  );
  const cpe = authority.issue('/CN=02C0DE-CPE1');
  const other = authority.issue('/CN=02C0DE-CPE2');

  t.test('a whole session over TLS 1.2 and 1.3, without SNI', async (t) => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const connection = await harness.connect(t, 0, { ca, ...only(version) });
      await wholeSession(t, {
        serial: version,
        send: (body, cookie) => connection.exchange(body, cookie === '' ? {} : { Cookie: cookie }),
      });
    }
  });

  t.test('old TLS only where a listener says so', async (t) => {
    for (const version of ['TLSv1', 'TLSv1.1'] as const) {
      t.same(await refusedHandshake(t, harness, 0, { ca, ...only(version) }), { 'cwmp_refused tls-version': 1 });
      const connection = await harness.connect(t, 1, { ca, ...only(version) });
      t.equal(rpcOf(await connection.exchange(informText({ serial: version }))), 'InformResponse', version);
    }
    t.same(await refusedHandshake(t, harness, 1, { ca, ...only('TLSv1.2') }), { 'cwmp_refused tls-version': 1 });
  });

  t.test('a handshake that fails is counted with its reason', async (t) => {
    const reasonOf = async (index: number, options: ConnectionOptions): Promise<string> =>
      Object.keys(await refusedHandshake(t, harness, index, options)).join();
    const ciphers = { ...only('TLSv1.2'), ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' };
    t.equal(await reasonOf(4, { ca, ...ciphers }), 'cwmp_refused tls-ciphers');
    t.equal(await reasonOf(2, { ca }), 'cwmp_refused tls-no-certificate');
    const stranger = createAuthority(t).issue('/CN=02C0DE-CPE1');
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const shown = { ca, cert: stranger.cert, key: stranger.key, ...only(version) };
      t.equal(await reasonOf(2, shown), 'cwmp_refused tls-bad-certificate', `of another CA, ${version}`);
    }
  });

  t.test('so is a certificate of ours that the CPE does not know', async (t) => {
    const { host } = new URL(harness.urls[0] ?? '');
    const grown = await counted(harness, COUNTED, async () => {
      // Node's own client says nothing of it.
      const client = spawn('openssl', ['s_client', '-connect', host, '-verify_return_error'], { stdio: 'ignore' });
      await once(client, 'exit');
      await untilCounted(harness, 'cwmp_refused tls-our-certificate', 1);
    });
    t.same(grown, { 'cwmp_refused tls-our-certificate': 1 });
  });

  t.test('bytes that are no TLS neither hang nor crash', async (t) => {
    const url = (harness.urls[0] ?? '').replace('https', 'http');
    for (const [bytes, reason] of [
      ['POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n', 'tls-plain-http'],
      ['\x16\x03\x01\x00\x05hello', 'tls-'],
      ['\0'.repeat(100), 'tls-version'],
    ] as const) {
      const connection = await rawConnection(t, { acsUrl: url });
      const grown = await counted(harness, COUNTED, async () => {
        connection.send(Buffer.from(bytes, 'latin1'));
        await connection.ended();
      });
      const [[name, times] = ['', 0]] = Object.entries(grown);
      t.match([name, times], [new RegExp(`cwmp_refused ${reason}`), 1], JSON.stringify(bytes.slice(0, 10)));
    }
    const half = await rawConnection(t, { acsUrl: url });
    const nothing = await rawConnection(t, { acsUrl: url });
    const grown = await counted(harness, COUNTED, async () => {
      nothing.socket.end();
      await nothing.ended();
      half.send(Buffer.from('1603010200010001fc', 'hex'));
      half.socket.end();
      await half.ended();
      await untilCounted(harness, 'cwmp_refused tls-cut-off', 1);
    });
    t.same(grown, { 'cwmp_refused tls-cut-off': 1 }, 'who brings no byte is not counted');
  });

  t.test('a session that began over TLS is not continued in the clear', async (t) => {
    const secure = await harness.connect(t, 0, { ca });
    const Cookie = await openRawSession(secure, { serial: 'DOWN' });
    t.equal(rpcOf(await secure.exchange('', { Cookie })), 'GetRPCMethods');
    const plain = await rawConnection(t, harness);
    const answer = '<Envelope/>';
    const grown = await counted(harness, COUNTED, async () => {
      t.match(await plain.exchange('', { Cookie }), { status: 400, body: 'weaker-channel\n' });
    });
    t.same(grown, { 'cwmp_refused weaker-channel': 1 });
    t.equal((await plain.exchange(answer, { Cookie })).status, 400, 'nor broken');
    const again = await harness.connect(t, 5 - 1, { ca, ...only('TLSv1.2') });
    const text = answerTo(lightCpe('DOWN', ''), '<cwmp:GetRPCMethods/>');
    t.not((await again.exchange(text, { Cookie })).status, 400, 'but over another listener with TLS');
  });

  t.test('nor one with a certificate on a connection without it', async (t) => {
    const mine = { ca, cert: cpe.cert, key: cpe.key };
    const secure = await harness.connect(t, 2, mine);
    const Cookie = await openRawSession(secure, { serial: 'CPE1' });
    const weaker = [
      await harness.connect(t, 0, mine),
      await harness.connect(t, 2, { ca, cert: other.cert, key: other.key }),
      await rawConnection(t, harness),
    ];
    for (const connection of weaker) {
      t.match(await connection.exchange('', { Cookie }), { status: 400, body: 'weaker-channel\n' });
    }
    const same = await harness.connect(t, 2, mine);
    t.equal(rpcOf(await same.exchange('', { Cookie })), 'GetRPCMethods', 'and the session goes on');
  });

  t.test('a session from a plain listener may go on anywhere', async (t) => {
    const plain = await rawConnection(t, harness);
    const Cookie = await openRawSession(plain, { serial: 'UP' });
    const secure = await harness.connect(t, 0, { ca });
    t.equal(rpcOf(await secure.exchange('', { Cookie })), 'GetRPCMethods');
  });

  t.test('each asks in its own way', async (t) => {
    const asking = await harness.connect(t, 3);
    t.equal((await asking.exchange(informText({ serial: 'ASKED' }))).status, 401);
    const open = await harness.connect(t, 0, { ca });
    t.equal((await open.exchange(informText({ serial: 'ASKED' }))).status, 200);
  });

  t.test('a PROXY header goes before the handshake', async (t) => {
    const { hostname, port } = new URL(harness.urls[5] ?? '');
    const socket = connect(Number(port), hostname);
    t.teardown(() => socket.destroy());
    await once(socket, 'connect');
    socket.write('PROXY TCP4 203.0.113.7 127.0.0.1 4660 7547\r\n');
    const connection = await harness.connect(t, 5, { ca, socket, checkServerIdentity: () => undefined });
    t.equal(rpcOf(await connection.exchange(informText({ serial: 'PROXIED' }))), 'InformResponse');
    const device = await fetch(`${harness.apiUrl}/devices/02C0DE-Raw-PROXIED`);
    t.match(await device.json(), { lastInform: { from: '203.0.113.7' } });
    t.equal(rpcOf(await connection.exchange('')), 'GetRPCMethods', 'the connection is the CPE’s own');
  });

  t.test('the gateway stops in the middle of a handshake', async (t) => {
    const silent = await rawConnection(t, { acsUrl: (harness.urls[0] ?? '').replace('https', 'http') });
    silent.send(Buffer.from('1603010200010001fc', 'hex'));
    t.equal(await harness.gateway.stop(), true, 'everything has ended in its time');
  });
});
