// Where client certificates are required, whoever no row lets in is served nothing: with such rows as without them.
import t from 'tap';
import { type Issued, missingOpenssl } from '../openssl.ts';
import { type Client, clientOf, doorScene, FOREIGN, named, own, TOKEN } from './north-tls-tools.ts';

const skip = missingOpenssl();
const CERTIFICATES = 'Device.LocalAgent.Certificate.';
const CONTROLLERS = 'Device.LocalAgent.Controller.';

const certificate = ({ cert }: Issued): object => ({ add: CERTIFICATES, values: { Certificate: cert } });
const controller = (EndpointID: string, row: number): object => ({
  add: CONTROLLERS,
  values: { EndpointID, Enable: 'true', Credential: `${CERTIFICATES}${row}` },
});
t.test('certificates that are required', { skip }, async (t) => {
  const { authority, come, change } = await doorScene(t, 'require');
  const [noc, stranger] = [own(t, 'self::noc'), own(t, 'self::stranger')];
  const refused: readonly (readonly [string, Client])[] = [
    ['tls-no-certificate', { token: TOKEN }],
    ['certificate-foreign', { ...clientOf(stranger), token: TOKEN }],
    ['certificate-expired', clientOf(named(authority, 'self::noc', 0))],
  ];
  const strangersAreServedNothing = async (when: string): Promise<void> => {
    for (const [reason, client] of refused) {
      t.same(await come('self::noc', client), ['failed', { [`socket_closed ${reason}`]: 1 }], `${reason} ${when}`);
    }
  };
  await strangersAreServedNothing('while there is no such row');
  t.equal((await come('self::noc', clientOf(noc)))[0], 'failed');
  await change(certificate(noc), controller('self::noc', 1));
  t.same(await come('self::noc', clientOf(noc)), ['open', { 'certificate_judged door': 1 }]);
  t.equal((await come('self::other', clientOf(noc)))[0], FOREIGN);
  await strangersAreServedNothing('with one');
  t.same(await come('self::cpe', clientOf(named(authority, 'self::cpe'))), ['open', {}], 'the CA goes on');
  await change({ delete: `${CONTROLLERS}1.` });
  t.equal((await come('self::noc', clientOf(noc)))[0], 'failed');
});
