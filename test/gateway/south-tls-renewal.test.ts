// Certificates change while the gateway runs: those who speak go on, those who come next see the new one.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { createAuthority, forLoopback, type Issued, missingOpenssl } from '../openssl.ts';
import { temporaryFolder } from './harness.ts';
import { type ListenersHarness, startListeners } from './south-tls-tools.ts';
import { counted, openRawSession, rpcOf } from './south-tools.ts';

t.test('certificates are read again', { skip: missingOpenssl() }, async (t) => {
  const authority = createAuthority(t);
  const ca = authority.cert;
  const folder = temporaryFolder(t);
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const put = (issued: Issued): void => {
    copyFileSync(issued.keyFile, key);
    copyFileSync(issued.certFile, cert);
  };
  const [first, second, third] = [forLoopback(authority), forLoopback(authority), forLoopback(authority)];
  put(first);
  const harness = await startListeners(t, [{ tls: { cert, key } }]);
  const shownTo = async (t: Test): Promise<string> => {
    const { socket } = await harness.connect(t, 0, { ca });
    return socket instanceof TLSSocket ? (socket.getPeerX509Certificate()?.toString() ?? '') : '';
  };
  const connection = await harness.connect(t, 0, { ca });
  const Cookie = await openRawSession(connection, { serial: 'STAYS' });
  t.equal(await shownTo(t), first.cert);

  put(second);
  harness.gateway.reload();
  t.equal(await shownTo(t), second.cert, 'when told to');
  t.equal(rpcOf(await connection.exchange('', { Cookie })), 'GetRPCMethods', 'and the session goes on');

  writeFileSync(key, first.key);
  const grown = await counted(harness, ['failure'], async () => harness.gateway.reload());
  t.same(grown, { 'failure certificates': 1 }, 'a key that belongs to another certificate');
  t.ok(harness.log.some((line) => line.includes('cwmp.listeners[0].tls: key does not belong to cert')));
  t.notOk(harness.log.some((line) => line.includes('PRIVATE KEY')));
  t.equal(await shownTo(t), second.cert, 'changes nothing');

  put(third);
  await untilReadAgain(harness);
  t.equal(await shownTo(t), third.cert, 'and by itself');
});

/** Files are looked at every five seconds. */
async function untilReadAgain({ log }: ListenersHarness): Promise<void> {
  const told = (): number => log.filter((line) => line.includes('certificates were read again')).length;
  const before = told();
  for (const start = Date.now(); told() === before && Date.now() - start < 20_000;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
