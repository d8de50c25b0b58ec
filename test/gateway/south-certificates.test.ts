// Who a CPE is by its certificate: shown to us, or to a proxy that we trust.
import { X509Certificate } from 'node:crypto';
import type { ConnectionOptions } from 'node:tls';
import t from 'tap';
import { createAuthority, forLoopback, type Issued, missingOpenssl } from '../openssl.ts';
import { wholeSession } from './south-http-session.ts';
import { filesOf, startListeners } from './south-tls-tools.ts';
import { counted, informText, openRawSession, type RawConnection, type RawResponse, rpcOf } from './south-tools.ts';

const COUNTED = ['cwmp_refused', 'cwmp_informs'];
const PAIR = { 'cwmp.username': 'cpe', 'cwmp.password': 'secret' };

t.test('certificates of CPEs', { skip: missingOpenssl() }, async (t) => {
  const authority = createAuthority(t);
  const tls = { ...filesOf(forLoopback(authority)), ca: authority.certFile };
  const passedOn = { clientCertHeader: 'X-SSL-Client-Cert', auth: 'certificate' };
  const harness = await startListeners(
    t,
    [
      { auth: 'certificate', tls: { ...tls, clientCert: 'require' } },
      { auth: 'digest', tls: { ...tls, clientCert: 'request' } },
      { ...passedOn, trustedProxies: ['127.0.0.1'] },
      { ...passedOn, trustedProxies: ['192.0.2.1'] },
      { auth: 'certificate', tls: { ...tls, clientCert: 'request' }, certificateIdentity: [] },
      { ...passedOn, clientCertHeader: 'Client-Cert', trustedProxies: ['127.0.0.1'], proxyProtocol: true },
    ],
    PAIR,
  );
  const mine = authority.issue('/CN=02C0DE-ONE');
  const issued = (serial: string): Issued => authority.issue(`/CN=02C0DE-${serial}`);
  const shown = ({ cert, key }: Issued): ConnectionOptions => ({ ca: authority.cert, cert, key });
  const inHeader = ({ cert }: Issued): Readonly<Record<string, string>> => ({
    'X-SSL-Client-Cert': encodeURIComponent(cert),
  });
  const refused = async (ask: () => Promise<RawResponse>, reason: string): Promise<void> => {
    const grown = await counted(harness, COUNTED, async () => {
      t.match(await ask(), { status: 403 }, reason);
    });
    t.same(grown, { [`cwmp_refused ${reason}`]: 1 });
  };
  const inform = informText({ serial: 'ONE' });

  t.test('an Inform of the device that the certificate names', async (t) => {
    const connection = await harness.connect(t, 0, shown(mine));
    await wholeSession(t, {
      serial: 'ONE',
      send: (body, cookie) => connection.exchange(body, cookie === '' ? {} : { Cookie: cookie }),
    });
    const full = await harness.connect(t, 0, shown(authority.issue('/CN=02c0de-Raw-TWO')));
    t.equal(rpcOf(await full.exchange(informText({ serial: 'TWO' }))), 'InformResponse', 'with its product class');
  });

  t.test('another device’s is refused, and its session goes on', async (t) => {
    const owner = await harness.connect(t, 0, shown(issued('OWNER')));
    const Cookie = await openRawSession(owner, { serial: 'OWNER' });
    const thief = await harness.connect(t, 0, shown(issued('THIEF')));
    await refused(() => thief.exchange(informText({ serial: 'OWNER' })), 'certificate-mismatch');
    t.equal(rpcOf(await owner.exchange('', { Cookie })), 'GetRPCMethods');
  });

  t.test('a certificate comes on top of Digest, and not in its place', async (t) => {
    const asking = await harness.connect(t, 1, shown(mine));
    t.equal((await asking.exchange(inform)).status, 401);
  });

  t.test('who shows none where one is wanted', async (t) => {
    const nobody = await harness.connect(t, 4, { ca: authority.cert });
    await refused(() => nobody.exchange(inform), 'no-certificate');
    const foreign = createAuthority(t).issue('/CN=02C0DE-ONE');
    const stranger = await harness.connect(t, 4, shown(foreign));
    await refused(() => stranger.exchange(inform), 'no-certificate');
    const shared = await harness.connect(t, 4, shown(authority.issue('/CN=Model X')));
    t.equal(rpcOf(await shared.exchange(inform)), 'InformResponse', 'one that many share names nobody');
  });

  t.test('without a cookie, on a new connection, the certificate tells whose a POST is', async (t) => {
    const its = shown(issued('COOKIELESS'));
    await openRawSession(await harness.connect(t, 0, its), { serial: 'COOKIELESS' });
    const second = await harness.connect(t, 0, its);
    t.equal(rpcOf(await second.exchange('')), 'GetRPCMethods');
    const other = await harness.connect(t, 0, shown(issued('OTHER')));
    t.match(await other.exchange(''), { status: 400, body: 'no-session\n' });
    const model = shown(authority.issue('/CN=Model Y'));
    await openRawSession(await harness.connect(t, 4, model), { serial: 'SHARED' });
    t.equal((await (await harness.connect(t, 4, model)).exchange('')).status, 400, 'not one that many share');
  });

  t.test('a trusted proxy passes it on', async (t) => {
    const proxy = await harness.connect(t, 2);
    const its = inHeader(issued('BEHIND'));
    t.equal(rpcOf(await proxy.exchange(informText({ serial: 'BEHIND' }), its)), 'InformResponse');
    t.equal(rpcOf(await proxy.exchange('', its)), 'GetRPCMethods', 'without a cookie, on a shared connection');
    t.equal((await proxy.exchange('', inHeader(issued('X')))).status, 400, 'and to nobody else');
    await refused(() => proxy.exchange(informText({ serial: 'OTHER' }), inHeader(mine)), 'certificate-mismatch');
    const unverified = { ...inHeader(mine), 'X-SSL-Client-Verify': 'FAILED:self-signed certificate' };
    await refused(() => proxy.exchange(inform, unverified), 'no-certificate');
    const verified = { ...inHeader(mine), 'X-SSL-Client-Verify': 'SUCCESS' };
    t.equal(rpcOf(await proxy.exchange(inform, verified)), 'InformResponse');
    await refused(() => proxy.exchange(inform), 'no-certificate');
    const twice = `${encodeURIComponent(mine.cert)}\r\nX-SSL-Client-Cert: ${encodeURIComponent(mine.cert)}`;
    await refused(() => proxy.exchange(inform, { 'X-SSL-Client-Cert': twice }), 'no-certificate');
  });

  t.test('nobody else does', async (t) => {
    const liar = await harness.connect(t, 3);
    await refused(() => liar.exchange(inform, inHeader(mine)), 'no-certificate');
    const direct = await harness.connect(t, 4, { ca: authority.cert });
    await refused(() => direct.exchange(inform, inHeader(mine)), 'no-certificate');
    const rfc9440 = { 'Client-Cert': `:${new X509Certificate(mine.cert).raw.toString('base64')}:` };
    const announced = async (source: string): Promise<RawConnection> => {
      const connection = await harness.connect(t, 5);
      connection.send(`PROXY TCP4 ${source} 127.0.0.1 4660 7547\r\n`);
      return connection;
    };
    const foreign = await announced('203.0.113.7');
    await refused(() => foreign.exchange(inform, rfc9440), 'no-certificate');
    t.equal(
      rpcOf(await (await announced('127.0.0.1')).exchange(inform, rfc9440)),
      'InformResponse',
      'a proxy behind it',
    );
  });
});
