// Controllers that a tenant's own rows let in at http.listen, by certificates that no CA in http.tls.ca has signed.
import t from 'tap';
import { createAuthority, type Issued, missingOpenssl } from '../openssl.ts';
import { get, operate, resultOf } from '../agent/requests.ts';
import { Tester } from '../conformance/tester.ts';
import { agentOf } from './harness.ts';
import {
  apiStatus,
  type Client,
  clientOf,
  doorScene,
  hostOf,
  named,
  own,
  refusedAs,
  TOKEN,
} from './north-tls-tools.ts';
import { knownCpe } from './north-tools.ts';

const skip = missingOpenssl();
const CERTIFICATES = 'Device.LocalAgent.Certificate.';
const CONTROLLERS = 'Device.LocalAgent.Controller.';
const TRUST = 'Device.LocalAgent.ControllerTrust.';

const certificate = ({ cert }: Issued): object => ({ add: CERTIFICATES, values: { Certificate: cert } });
const controller = (EndpointID: string, row: number): object => ({
  add: CONTROLLERS,
  values: { EndpointID, Enable: 'true', Credential: `${CERTIFICATES}${row}`, AssignedRole: `${TRUST}Role.2` },
});
t.test('certificates that are asked for', { skip }, async (t) => {
  const { harness, authority, come, change } = await doorScene(t, 'request');
  const [noc, partners] = [own(t, 'self::noc'), createAuthority(t, '/CN=Partners')];
  t.same(await come('self::noc', clientOf(noc)), refusedAs('no-door'), 'as long as no row says otherwise');
  await change(certificate(noc), controller('self::noc', 1), certificate(partners), {
    add: `${TRUST}Credential.`,
    values: { Enable: 'true', Credential: `${CERTIFICATES}2`, Role: `${TRUST}Role.1`, AllowedUses: 'MTP-and-USP' },
  });
  t.same(await come('self::noc', clientOf(noc)), ['open', { 'certificate_judged door': 1 }]);
  const partner = clientOf(named(partners, 'self::partner'));
  t.same(await come('self::partner', partner), ['open', { 'certificate_judged door': 1 }]);
  const another = clientOf(own(t, 'self::noc'));
  t.same(await come('self::noc', another), refusedAs('no-door'), 'another of that name');
  t.same(await come('self::other', clientOf(noc)), refusedAs('no-door'), 'as somebody else');
  t.same(await come('self::other', { ...clientOf(noc), token: TOKEN }), refusedAs('no-door'), 'whatever token it has');
  const server = partners.issue('/CN=p', 'URI:urn:bbf:usp:id:self::p', 2, ['extendedKeyUsage=serverAuth']);
  t.same(await come('self::p', clientOf(server)), refusedAs('key-usage'));
  const [expired] = await come('self::p', clientOf(named(partners, 'self::p', 0)));
  t.match(expired, /^403 certificate-/, 'one that is over');
  t.same(await come('self::noc', clientOf(named(authority, 'self::noc'))), ['open', {}], 'the CA goes on');

  const status = (client: Client): Promise<number> => apiStatus(harness, authority.cert, client);
  t.equal(await status(clientOf(noc)), 403, 'rows give no role at the API');
  t.equal(await status({ ...clientOf(noc), token: TOKEN }), 200, 'but take none away');
  t.equal(await status({ ...another, token: TOKEN }), 403);

  const cpe = await knownCpe(harness);
  const options = { url: `wss://${hostOf(harness)}`, agent: agentOf(cpe), ca: authority.cert };
  const roleOf = async (eid: string, shows: Client): Promise<unknown> => {
    const tester = await Tester.connect({ ...options, eid, shows });
    t.teardown(() => tester.close());
    const answer = await tester.expect('get_resp', get(`${CONTROLLERS}[EndpointID=="${eid}"].`));
    const [row] = Object.values(resultOf(answer));
    return [row?.['AssignedRole'], row?.['InheritedRole']];
  };
  t.same(await roleOf('self::noc', clientOf(noc)), [`${TRUST}Role.2`, ''], 'its row says what it may');
  t.same(await roleOf('self::partner', partner), ['', `${TRUST}Role.1`]);

  await change({ delete: `${CERTIFICATES}1.` });
  t.same(await come('self::noc', clientOf(noc)), refusedAs('no-door'), 'what was taken back');
});

t.test('what the settings say of Controllers is not of certificates that rows let in', { skip }, async (t) => {
  const controllers = JSON.stringify([{ endpointId: 'self::noc', roles: ['Full Access', 'rest'] }]);
  const { harness, authority, come, change } = await doorScene(t, 'request', { controllers, 'http.apiRole': 'rest' });
  const noc = own(t, 'self::noc');
  await change(certificate(noc), controller('self::noc', 1));
  t.equal((await come('self::noc', clientOf(noc)))[0], 'open');
  t.equal(await apiStatus(harness, authority.cert, clientOf(noc)), 403);
  t.equal(await apiStatus(harness, authority.cert, clientOf(named(authority, 'self::noc'))), 200);
  const cpe = await knownCpe(harness);
  const shows = clientOf(noc);
  const options = { url: `wss://${hostOf(harness)}`, agent: agentOf(cpe), eid: 'self::noc', ca: authority.cert, shows };
  const tester = await Tester.connect(options);
  t.teardown(() => tester.close());
  t.match(await tester.expect('operate_resp', operate('Device.Reboot()')), {
    operation_results: [{ operation_resp: { err_code: 7006 } }],
  });
});
