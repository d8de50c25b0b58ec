// TLS on http.listen, and Controllers that are known by their client certificates.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import t from 'tap';
import { createAuthority, forLoopback, type Issued, missingOpenssl } from '../openssl.ts';
import { get, resultOf } from '../agent/requests.ts';
import { Tester } from '../conformance/tester.ts';
import { agentOf, startHarness, temporaryFolder } from './harness.ts';
import {
  apiStatus,
  type Client,
  clientOf,
  hostOf,
  named,
  open,
  tlsOf,
  TOKEN,
  withCertificates,
} from './north-tls-tools.ts';
import { knownCpe } from './north-tools.ts';
import { counted } from './south-tools.ts';

const skip = missingOpenssl();
t.test('TLS without client certificates', { skip }, async (t) => {
  const authority = createAuthority(t);
  const folder = temporaryFolder(t);
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const put = ({ certFile, keyFile }: Issued): void => {
    copyFileSync(keyFile, key);
    copyFileSync(certFile, cert);
  };
  const [first, second] = [forLoopback(authority), forLoopback(authority)];
  put(first);
  const harness = await startHarness(t, { 'http.tls.cert': cert, 'http.tls.key': key, 'http.token': TOKEN });
  const shown = async (): Promise<string> => {
    const { socket, outcome } = await open(t, harness, authority.cert, 'proto::c', { token: TOKEN });
    t.equal(outcome, 'open');
    const beneath: unknown = Reflect.get(socket, '_socket');
    return beneath instanceof TLSSocket ? (beneath.getPeerX509Certificate()?.toString() ?? '') : '';
  };
  t.equal(await shown(), first.cert);
  t.equal(await apiStatus(harness, authority.cert, { token: TOKEN }), 200, 'the API too');
  t.equal(await apiStatus(harness, authority.cert, {}), 401);

  put(second);
  harness.gateway.reload();
  t.equal(await shown(), second.cert, 'certificates are read again when told to');

  const grown = await counted(harness, ['socket_closed'], async () => {
    await t.rejects(fetch(`http://${hostOf(harness)}/api/v1/devices`), 'plain HTTP is not served');
  });
  t.same(grown, { 'socket_closed tls-plain-http': 1 });
});

t.test('a client certificate that is asked for', { skip }, async (t) => {
  const { harness, authority, others } = await withCertificates(t, 'request', { 'http.token': TOKEN });
  const noc = clientOf(named(authority, 'self::noc'));
  const family = clientOf(named(authority, 'oui:00256D:*'));
  const byName = clientOf(authority.issue('/CN=controller', 'DNS:noc.example.net'));
  const nameless = clientOf(authority.issue('/CN=controller'));
  const cases: readonly (readonly [string, string, Client, string])[] = [
    ['its own', 'self::noc', noc, 'open'],
    ['one of several', 'oui:00256D:noc-7', family, 'open'],
    ['by its DNS name', 'fqdn::noc.example.net', byName, 'open'],
    ['of another', 'self::other', noc, '403 certificate-other-endpoint'],
    ['of another, whoever has the token', 'self::other', { ...noc, token: TOKEN }, '403 certificate-other-endpoint'],
    ['of another family', 'oui:00256E:noc-7', family, '403 certificate-other-endpoint'],
    ['that names nobody', 'self::noc', nameless, '403 certificate-without-endpoint'],
    ['that names nobody, with the token', 'self::noc', { ...nameless, token: TOKEN }, 'open'],
    ['expired', 'self::noc', clientOf(named(authority, 'self::noc', 0)), '403 certificate-expired'],
    ['of another CA', 'self::noc', clientOf(named(others, 'self::noc')), '403 certificate-foreign'],
    [
      'of another CA, with the token',
      'self::noc',
      { ...clientOf(named(others, 'self::noc')), token: TOKEN },
      '403 certificate-foreign',
    ],
    ['none', 'self::noc', {}, '401 no-token'],
    ['none, with the token', 'self::noc', { token: TOKEN }, 'open'],
  ];
  for (const [name, eid, client, wanted] of cases) {
    const grown = await counted(harness, ['socket_closed'], async () => {
      t.equal((await open(t, harness, authority.cert, eid, client)).outcome, wanted, name);
    });
    if (wanted !== 'open') t.same(grown, { [`socket_closed ${wanted.slice(4)}`]: 1 }, `${name}: counted`);
  }
});

t.test('a client certificate that is required', { skip }, async (t) => {
  const { harness, authority, others } = await withCertificates(t, 'require', { 'http.token': TOKEN });
  const noc = clientOf(named(authority, 'self::noc'));
  t.equal((await open(t, harness, authority.cert, 'self::noc', noc)).outcome, 'open');
  for (const [client, reason] of [
    [{ token: TOKEN }, 'tls-no-certificate'],
    [{ ...clientOf(named(others, 'self::noc')), token: TOKEN }, 'certificate-foreign'],
    [clientOf(named(authority, 'self::noc', 0)), 'certificate-expired'],
  ] as const) {
    const grown = await counted(harness, ['socket_closed'], async () => {
      t.equal((await open(t, harness, authority.cert, 'self::noc', client)).outcome, 'failed', reason);
    });
    t.same(grown, { [`socket_closed ${reason}`]: 1 });
  }
});

t.test('roles by Endpoint ID and by CA', { skip }, async (t) => {
  const [authority, partners] = [createAuthority(t), createAuthority(t, '/CN=Partners')];
  const both = join(temporaryFolder(t), 'both.pem');
  writeFileSync(both, authority.cert + partners.cert);
  const controllers = [
    { endpointId: 'self::admin', roles: ['rest', 'operator'], ca: authority.certFile },
    { endpointId: '*', ca: partners.certFile, roles: ['rest'] },
  ];
  const harness = await startHarness(
    t,
    tlsOf(forLoopback(authority), {
      'http.tls.ca': both,
      'http.tls.clientCert': 'require',
      'http.apiRole': 'rest',
      controllers: JSON.stringify(controllers),
    }),
  );
  const status = (issued: Issued): Promise<number> => apiStatus(harness, authority.cert, clientOf(issued));
  t.equal(await status(named(authority, 'self::admin')), 200, 'by its Endpoint ID');
  t.equal(await status(named(authority, 'self::guest')), 403, 'of whom nothing is said');
  t.equal(await status(named(partners, 'self::whoever')), 200, 'by its CA');
  t.equal(
    (await open(t, harness, authority.cert, 'self::guest', clientOf(named(authority, 'self::guest')))).outcome,
    'open',
  );
});

t.test('roles by a Credential of the template', { skip }, async (t) => {
  const { harness, authority } = await withCertificates(t, 'request', { 'http.token': TOKEN });
  const cpe = await knownCpe(harness);
  const trust = 'Device.LocalAgent.ControllerTrust.';
  const changes = [
    { add: 'Device.LocalAgent.Certificate.', values: { Certificate: authority.cert } },
    {
      add: `${trust}Credential.`,
      values: { Enable: 'true', Credential: 'Device.LocalAgent.Certificate.1', Role: `${trust}Role.2` },
    },
  ];
  t.equal(await apiStatus(harness, authority.cert, { token: TOKEN }, '/template', { changes }), 200);
  const shows = clientOf(named(authority, 'self::noc'));
  const options = { url: `wss://${hostOf(harness)}`, agent: agentOf(cpe), eid: 'self::noc', ca: authority.cert, shows };
  const tester = await Tester.connect(options);
  t.teardown(() => tester.close());
  const path = 'Device.LocalAgent.Controller.[EndpointID=="self::noc"].';
  const rows = Object.values(resultOf(await tester.expect('get_resp', get(path))));
  t.match(rows, [{ InheritedRole: `${trust}Role.2`, AssignedRole: '' }], 'it reads, and is not untrusted');
});
