// A real nginx that ends TLS and passes on whose certificate it has verified.
import t from 'tap';
import { startListeners } from '../gateway/south-tls-tools.ts';
import { counted, informText, rawConnection, rpcOf } from '../gateway/south-tools.ts';
import { createAuthority, forLoopback, missingOpenssl } from '../openssl.ts';
import { missingProxy, startNginx } from './real-proxies.ts';

const skip = missingProxy('nginx') === false ? missingOpenssl() : missingProxy('nginx');

t.test('a certificate that nginx has verified', { skip }, async (t) => {
  const authority = createAuthority(t);
  const passedOn = { auth: 'certificate', clientCertHeader: 'X-SSL-Client-Cert', trustedProxies: ['127.0.0.1'] };
  const harness = await startListeners(t, [passedOn]);
  const listening = forLoopback(authority);
  const tls = { cert: listening.certFile, key: listening.keyFile, ca: authority.certFile };
  const acsUrl = await startNginx(t, {
    upstreams: [Number(new URL(harness.urls[0] ?? '').port)],
    keepAlive: true,
    tls,
  });
  const { cert, key } = authority.issue('/CN=02C0DE-MINE');
  const ca = authority.cert;

  const mine = await rawConnection(t, { acsUrl }, { ca, cert, key });
  t.equal(rpcOf(await mine.exchange(informText({ serial: 'MINE' }))), 'InformResponse');
  const again = await rawConnection(t, { acsUrl }, { ca, cert, key });
  t.equal(rpcOf(await again.exchange('')), 'GetRPCMethods', 'without a cookie, on another connection');
  const grown = await counted(harness, ['cwmp_refused'], async () => {
    t.equal((await mine.exchange(informText({ serial: 'OTHER' }))).status, 403);
    const nobody = await rawConnection(t, { acsUrl }, { ca });
    const claimed = { 'X-SSL-Client-Cert': encodeURIComponent(cert), 'X-SSL-Client-Verify': 'SUCCESS' };
    t.equal((await nobody.exchange(informText({ serial: 'MINE' }), claimed)).status, 403, 'a CPE that says so itself');
  });
  t.same(grown, { 'cwmp_refused certificate-mismatch': 1, 'cwmp_refused no-certificate': 1 });
});
