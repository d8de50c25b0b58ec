// Doors: for whom a certificate opens that no CA of the settings has signed, and what is read of the tenants for that.
import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { endpointsIn, type ControllerCertificate } from '../../proxy/access/controller-certificate.ts';
import { readCertificate } from '../../proxy/access/certificate.ts';
import { createDoors, type Door, type Doors, type FirstUse, type TenantTrust } from '../../proxy/access/doors.ts';
import { createAuthority, type Issued, missingOpenssl, selfSigned } from '../openssl.ts';

const skip = missingOpenssl();

function shown({ cert }: Issued): ControllerCertificate {
  const unknown = new X509Certificate(cert);
  return {
    fault: 'certificate-foreign',
    endpointIds: endpointsIn(readCertificate(unknown).names),
    fingerprint: unknown.fingerprint256,
    authorities: [],
    expiresAt: Date.parse(unknown.validTo),
    unknown,
  };
}
const door = ({ cert }: Issued, endpointId?: string): Door => ({ certificate: new X509Certificate(cert), endpointId });
const named = (id: string): string => `URI:urn:bbf:usp:id:${id}`;

interface Scene {
  readonly doors: Doors;
  readonly counted: string[];
  reads: number;
  /** Milliseconds. Certificates are made while it goes; where it counts, it stands. */
  now: () => number;
  trusts: Record<string, TenantTrust>;
}

function sceneOf(doorsOf: Readonly<Record<string, readonly Door[]>>, firstUse?: FirstUse): Scene {
  const trusts = Object.fromEntries(Object.entries(doorsOf).map(([tenant, doors]) => [tenant, { doors, firstUse }]));
  const counted: string[] = [];
  const scene: Scene = { counted, reads: 0, now: Date.now, trusts, doors: undefined as unknown as Doors };
  const doors = createDoors({
    tenants: Object.keys(doorsOf),
    fallback: Object.keys(doorsOf)[0] ?? '',
    now: () => scene.now(),
    isNamed: (id) => id === 'self::settings',
    count: (outcome) => counted.push(outcome),
    read: async (tenant) => {
      scene.reads += 1;
      return scene.trusts[tenant] ?? { doors: [], firstUse: undefined };
    },
  });
  return Object.assign(scene, { doors });
}

t.test("a Controller's own certificate, and what it has signed", { skip }, async (t) => {
  const [authority, others] = [createAuthority(t), createAuthority(t)];
  const own = selfSigned(t, [`subjectAltName=${named('self::noc')}`]);
  const nameless = selfSigned(t);
  const scene = sceneOf({
    one: [door(own, 'self::noc'), door(nameless, 'self::quiet'), door(authority, 'self::ca-user')],
    two: [door(authority)],
  });
  const opens = async (issued: Issued, id: string, tenant?: string): Promise<string> => {
    const opened = await scene.doors.admit(shown(issued), id, tenant);
    return opened === undefined ? 'shut' : `${opened.tenant} ${opened.endpointIds.join()}`;
  };
  const issue = (id: string, extensions: readonly string[] = []): Issued =>
    authority.issue('/CN=c', named(id), 2, extensions);
  const cases: readonly (readonly [string, Issued, string, string | undefined, string])[] = [
    ['its own', own, 'self::noc', undefined, 'one self::noc'],
    ['its own, as another', own, 'self::other', undefined, 'shut'],
    ['one that names nobody, as the row has it', nameless, 'self::quiet', undefined, 'one self::quiet'],
    ['one that names nobody, as another', nameless, 'self::noc', undefined, 'shut'],
    ['signed, and named', issue('self::ca-user'), 'self::ca-user', undefined, 'one self::ca-user'],
    ['signed by an authority of another tenant', issue('self::any'), 'self::any', undefined, 'two self::any'],
    ['where that is asked for', issue('self::ca-user'), 'self::ca-user', 'two', 'two self::ca-user'],
    ['where it is not', issue('self::any'), 'self::any', 'one', 'shut'],
    ['where there is no such tenant', own, 'self::noc', 'three', 'shut'],
    ['of a family', issue('oui:00256D:*'), 'oui:00256D:7', undefined, 'two oui:00256D:7'],
    ['signed, and nobody named', authority.issue('/CN=c'), 'self::ca-user', undefined, 'shut'],
    ['signed by somebody of the same name', others.issue('/CN=c', named('self::any')), 'self::any', undefined, 'shut'],
    [
      'one that names it, and has signed itself',
      selfSigned(t, [`subjectAltName=${named('self::noc')}`]),
      'self::noc',
      undefined,
      'shut',
    ],
    ['not for clients', issue('self::any', ['extendedKeyUsage=serverAuth']), 'self::any', undefined, 'shut'],
    ['of a user of the API', own, '', undefined, 'one self::noc'],
  ];
  for (const [name, issued, id, tenant, wanted] of cases) t.equal(await opens(issued, id, tenant), wanted, name);
  const signedBySigned = await scene.doors.admit(
    { ...shown(own), unknown: undefined as never },
    'self::noc',
    undefined,
  );
  t.equal(signedBySigned, undefined, 'where more is wrong than that it is not known');
  t.ok(scene.counted.includes('key-usage'));
  t.ok(scene.counted.includes('no-door'));
  const opened = await scene.doors.admit(shown(issue('self::any')), 'self::any', undefined);
  t.equal(opened?.fingerprints[1], new X509Certificate(authority.cert).fingerprint256, 'who has signed it gives roles');
});

t.test('what was taken back opens nothing, and many who come cost few reads', { skip }, async (t) => {
  const own = selfSigned(t, [`subjectAltName=${named('self::noc')}`]);
  const stranger = selfSigned(t, [`subjectAltName=${named('self::stranger')}`]);
  const scene = sceneOf({ one: [door(own, 'self::noc')] });
  const began = Date.now();
  scene.now = () => began;
  t.notOk(scene.doors.mayPass(shown(own)), 'before anything was read');
  t.ok(await scene.doors.look());
  t.ok(scene.doors.mayPass(shown(own)));
  t.notOk(scene.doors.mayPass(shown(stranger)));
  const before = scene.reads;
  for (let one = 0; one < 100; one += 1) await scene.doors.admit(shown(stranger), 'self::stranger', undefined);
  t.equal(scene.reads, before);
  scene.trusts = {};
  t.equal(await scene.doors.admit(shown(own), 'self::noc', undefined), undefined);
  scene.trusts = { one: { doors: [door(stranger, 'self::stranger')], firstUse: undefined } };
  t.equal(await scene.doors.admit(shown(stranger), 'self::stranger', undefined), undefined, 'not known yet');
  scene.now = () => began + 1000;
  t.ok(await scene.doors.admit(shown(stranger), 'self::stranger', undefined), 'a second later');
  scene.trusts = {};
  scene.doors.changed();
  t.notOk(await scene.doors.look());
});

t.test('on first use', { skip }, async (t) => {
  const isKnown = (id: string): boolean => id === 'self::known';
  const scene = sceneOf({ one: [], two: [] }, { isKnown, inactivityMs: 5000 });
  const own = (id: string): Issued => selfSigned(t, [`subjectAltName=${named(id)}`]);
  const fresh = own('self::new');
  t.match(await scene.doors.admit(shown(fresh), 'self::new', undefined), {
    tenant: 'one',
    endpointIds: ['self::new'],
    firstUse: { certificate: new X509Certificate(fresh.cert).toString(), inactivityMs: 5000 },
  });
  t.match(await scene.doors.admit(shown(fresh), 'self::new', 'two'), { tenant: 'two' });
  const authority = createAuthority(t);
  t.match(
    await scene.doors.admit(shown(authority.issue('/CN=c', named('self::new'))), 'self::new', undefined),
    { tenant: 'one' },
    'of a CA that nobody knows, too',
  );
  for (const [name, issued, id] of [
    ['of whom something is known', own('self::known'), 'self::known'],
    ['whom the settings know', own('self::settings'), 'self::settings'],
    ['as another', fresh, 'self::other'],
    ['a family', own('oui:00256D:*'), 'oui:00256D:7'],
    ['nobody', selfSigned(t), 'self::new'],
    ['a user of the API', fresh, ''],
  ] as const) {
    t.equal(await scene.doors.admit(shown(issued), id, undefined), undefined, name);
  }
  t.ok(scene.doors.mayPass(shown(fresh)));
  t.notOk(scene.doors.mayPass(shown(selfSigned(t))));
});
