// SIGHUP is for certificates: it does not end the process, as it would by itself.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { once } from 'node:events';
import t from 'tap';
import { temporaryFolder } from '../gateway/harness.ts';
import { createAuthority, forLoopback, type Issued, missingOpenssl } from '../openssl.ts';
import { startGatewayProcess } from './gateway-process.ts';

/** The certificate that is shown at an address. */
async function shownAt(address: string, ca: string): Promise<string> {
  const [host = '', port = ''] = address.split(':');
  const socket = connect({ host, port: Number(port), ca });
  await once(socket, 'secureConnect');
  const shown = socket.getPeerX509Certificate()?.toString() ?? '';
  // Left open, it would be reset by the gateway's end.
  socket.destroy();
  return shown;
}

t.test('on SIGHUP certificates are read again', { skip: missingOpenssl() }, async (t) => {
  const authority = createAuthority(t);
  const folder = temporaryFolder(t);
  const tls = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  const put = ({ certFile, keyFile }: Issued): void => {
    copyFileSync(certFile, tls.cert);
    copyFileSync(keyFile, tls.key);
  };
  const [first, second] = [forLoopback(authority), forLoopback(authority)];
  put(first);
  const gateway = await startGatewayProcess({
    'data.dir': join(folder, 'data'),
    'cwmp.listen': '',
    'cwmp.listeners': JSON.stringify([{ listen: '127.0.0.1:0', tls }]),
  });
  t.teardown(() => gateway.kill());
  const { cwmp } = gateway.addresses;
  t.equal(await shownAt(cwmp, authority.cert), first.cert);
  put(second);
  process.kill(gateway.pid, 'SIGHUP');
  let shown = first.cert;
  for (const start = Date.now(); shown === first.cert && Date.now() - start < 4000;) {
    shown = await shownAt(cwmp, authority.cert);
  }
  t.equal(shown, second.cert, 'sooner than by themselves');
  t.equal(await gateway.stop(), 0);
});
