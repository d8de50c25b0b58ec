// Certificates in a tenant's rows: whom they let in, and how a Controller that is trusted on first use becomes rows itself.
import { X509Certificate } from 'node:crypto';
import t from 'tap';
import type { Door } from '../../proxy/access/doors.ts';
import { trustOf } from '../../proxy/agent/local-agent/certificate/trust.ts';
import { ensureController } from '../../proxy/agent/local-agent/controller/controllers.ts';
import { CONTROLLER_TABLE } from '../../proxy/agent/local-agent/controller/controller-table.ts';
import { ROLE_TABLE, TRUST } from '../../proxy/agent/local-agent/controller-trust/paths.ts';
import { templateRows } from '../../proxy/agent/local-agent/factory-rows.ts';
import { LocalAgent } from '../../proxy/agent/local-agent/local-agent.ts';
import {
  FIRST_DEVICE_ROW,
  formatRows,
  NO_ROWS,
  parseRows,
  type Rows,
  type RowValues,
} from '../../proxy/agent/local-agent/rows.ts';
import { rightsOf } from '../../proxy/agent/permissions/rights.ts';
import { acceptFirstUse, MOST_FIRST_USES } from '../../proxy/agent/template/first-use.ts';
import { replaceTemplate, templateObjects } from '../../proxy/agent/template/document.ts';
import { editTemplate, type TemplateChange } from '../../proxy/agent/template/edit.ts';
import { createAuthority, type Issued, missingOpenssl, selfSigned } from '../openssl.ts';
import { TENANT } from '../store/contract/samples.ts';
import { AgentAtHand, SETTINGS } from './agent-at-hand.ts';
import { AgentOverStore } from './agent-over-store.ts';
import { add as addRow, create, set, update } from './requests.ts';

const skip = missingOpenssl();
const CERTIFICATES = 'Device.LocalAgent.Certificate.';
const CREDENTIALS = `${TRUST}Credential.`;
const CONTEXT = { tenant: TENANT, settings: SETTINGS, now: 0 };

function edited(rows: Rows, ...changes: readonly TemplateChange[]): Rows {
  const made = editTemplate(rows, changes, CONTEXT);
  if (!made.ok) throw new Error(`${made.path} ${made.why}`);
  return made.rows;
}
const add = (path: string, values: RowValues): TemplateChange => ({ kind: 'add', path, values });
const put = (path: string, values: RowValues): TemplateChange => ({ kind: 'set', path, values });
const doorsIn = (rows: Rows): readonly (readonly [fingerprint: string, endpointId: string | undefined])[] =>
  trustOf(templateRows(formatRows(rows))).doors.map(({ certificate, endpointId }: Door) => [
    certificate.fingerprint256,
    endpointId,
  ]);
const fingerprintOf = ({ cert }: Issued): string => new X509Certificate(cert).fingerprint256;

t.test('rows that let somebody in', { skip }, async (t) => {
  const [own, authority] = [selfSigned(t), createAuthority(t)];
  let rows = edited(
    NO_ROWS,
    add(CERTIFICATES, { Certificate: own.cert }),
    add(CERTIFICATES, { Certificate: authority.cert }),
  );
  t.same(doorsIn(rows), [], 'a certificate alone is nobody');
  rows = edited(
    rows,
    add(CONTROLLER_TABLE, { EndpointID: 'self::noc', Enable: 'true', Credential: `${CERTIFICATES}1` }),
    add(CREDENTIALS, { Enable: 'true', Credential: `${CERTIFICATES}2`, AllowedUses: 'MTP-and-USP' }),
  );
  const both = [
    [fingerprintOf(own), 'self::noc'],
    [fingerprintOf(authority), undefined],
  ];
  t.same(doorsIn(rows), both);
  const shut: readonly (readonly [string, RowValues, number])[] = [
    [`${CERTIFICATES}1.`, { Enable: 'false' }, 1],
    [`${CONTROLLER_TABLE}1.`, { Enable: 'false' }, 1],
    [`${CONTROLLER_TABLE}1.`, { Credential: '' }, 1],
    [`${CERTIFICATES}2.`, { Enable: 'false' }, 0],
    [`${CREDENTIALS}1.`, { Enable: 'false' }, 0],
    [`${CREDENTIALS}1.`, { AllowedUses: 'MTP-only' }, 0],
  ];
  for (const [path, values, left] of shut) {
    t.same(doorsIn(edited(rows, put(path, values))), [both[left]], `${path} ${JSON.stringify(values)}`);
  }
  t.notMatch(JSON.stringify(templateObjects(rows)), /MII/, 'the document does not show what is kept');
  const again = replaceTemplate(rows, templateObjects(rows), CONTEXT);
  t.same(again.ok && doorsIn(again.rows), both, 'which outlives that the document is put back');
});

t.test('one that was stored by fingerprint alone lets nobody in, until it is given again', { skip }, async (t) => {
  const own = selfSigned(t);
  const rows = edited(
    NO_ROWS,
    add(CERTIFICATES, { Certificate: own.cert }),
    add(CONTROLLER_TABLE, { EndpointID: 'self::noc', Enable: 'true', Credential: `${CERTIFICATES}1` }),
  );
  const { DER: _kept, ...before } = rows.tables[CERTIFICATES]?.[1] ?? {};
  const old = { ...rows, tables: { ...rows.tables, [CERTIFICATES]: { 1: before } } };
  t.same(doorsIn(old), []);
  const objects = { ...templateObjects(old), [`${CERTIFICATES}1.`]: { Certificate: own.cert } };
  const again = replaceTemplate(old, objects, CONTEXT);
  t.same(again.ok && doorsIn(again.rows), [[fingerprintOf(own), 'self::noc']]);
  const other = editTemplate(rows, [put(`${CERTIFICATES}1.`, { Certificate: selfSigned(t).cert })], CONTEXT);
  t.match(other, { ok: false, code: 7010 }, 'another certificate is another row');
});

t.test('first use is for the template to allow', async (t) => {
  const trustIn = (values: RowValues): unknown =>
    trustOf(templateRows(formatRows(edited(NO_ROWS, put(TRUST, values))))).firstUse;
  t.equal(trustIn({}), undefined, 'off by default');
  t.match(trustIn({ TOFUAllowed: 'true' }), { inactivityMs: 0 });
  t.match(trustIn({ TOFUAllowed: 'true', TOFUInactivityTimer: '7' }), { inactivityMs: 7000 });
  const answer = await new AgentAtHand().ask(set(update(TRUST, { 'TOFUAllowed!': 'true' })));
  t.match(answer, { kind: 'error', param_errs: [{ err_code: 7007 }] }, 'a device has no say in it');
});

async function trusting(t: Parameters<typeof AgentOverStore.open>[0]): Promise<AgentOverStore> {
  const agent = await AgentOverStore.open(t);
  const { version, rows } = await agent.store.tenants.readTemplate(TENANT);
  const changed = edited(JSON.parse(rows) as Rows, put(TRUST, { TOFUAllowed: 'true' }));
  await agent.store.tenants.changeTemplate(TENANT, version, formatRows(changed));
  return agent;
}
const accept = (agent: AgentOverStore, id: string, { cert }: Issued): Promise<string> => {
  const clock = { now: () => agent.now, after: () => ({ cancel: () => undefined }) };
  const context = { store: agent.store, clock, settings: SETTINGS };
  return acceptFirstUse(context, TENANT, id, { certificate: new X509Certificate(cert).toString(), inactivityMs: 0 });
};
const rowsOf = async (agent: AgentOverStore): Promise<Rows> =>
  JSON.parse((await agent.store.tenants.readTemplate(TENANT)).rows) as Rows;

async function localOf(agent: AgentOverStore): Promise<LocalAgent> {
  const { rows } = await agent.store.tenants.readTemplate(TENANT);
  const record = await agent.device();
  const space = { under: templateRows(rows), own: parseRows(record.local), first: () => FIRST_DEVICE_ROW };
  return new LocalAgent(record, space, SETTINGS, agent.now);
}

t.test('who is trusted on first use becomes rows, and its certificate its own', { skip }, async (t) => {
  const agent = await trusting(t);
  const [first, second] = [selfSigned(t), selfSigned(t)];
  const came = await Promise.all([accept(agent, 'self::new', first), accept(agent, 'self::new', second)]);
  t.same([...came].sort(), ['accepted', 'not-first'], 'of two at once one is the first');
  const rows = await rowsOf(agent);
  const [mine] = Object.values(rows.tables[CONTROLLER_TABLE] ?? {}).filter(
    (row) => row?.['EndpointID'] === 'self::new',
  );
  t.match(
    mine,
    { Enable: 'true', Credential: `${CERTIFICATES}1`, AssignedRole: `${ROLE_TABLE}3` },
    'UntrustedRole (R-SEC.6)',
  );
  const kept = came[0] === 'accepted' ? first : second;
  t.same(doorsIn(rows), [[fingerprintOf(kept), 'self::new']]);
  t.equal(await ensureController(agent.store, TENANT, 'self::new', 'untrusted'), 'known');
  t.same(await rowsOf(agent), rows, 'when it comes again nothing changes');
  t.equal(await accept(agent, 'proto::controller-1', selfSigned(t)), 'not-first', 'of whom there is a row');
});

t.test('a row that a device has of that name is not its own', { skip }, async (t) => {
  const agent = await trusting(t);
  const meant = { EndpointID: 'self::noc', Enable: 'true', AssignedRole: `${ROLE_TABLE}1` };
  t.match(await agent.answer(addRow(create(CONTROLLER_TABLE, meant))), { kind: 'add_resp' });
  const before = rightsOf(await localOf(agent), 'self::noc', []);
  t.ok(before.all);
  t.equal(await accept(agent, 'self::noc', selfSigned(t)), 'accepted');
  const rights = rightsOf(await localOf(agent), 'self::noc', []);
  t.notOk(rights.param('Device.DeviceInfo.SoftwareVersion').r, 'it is untrusted there, too');
  t.ok(rights.param('Device.LocalAgent.EndpointID').r);
});

t.test('there is a limit, and an end', { skip }, async (t) => {
  const agent = await trusting(t);
  // Keys are of no matter here: one certificate's row is deleted after each use.
  const own = selfSigned(t);
  for (let one = 0; one < MOST_FIRST_USES; one += 1) {
    t.equal(await accept(agent, `self::${one}`, own), 'accepted');
    const { version, rows } = await agent.store.tenants.readTemplate(TENANT);
    const without = edited(JSON.parse(rows) as Rows, { kind: 'delete', path: `${CERTIFICATES}${one + 1}.` });
    await agent.store.tenants.changeTemplate(TENANT, version, formatRows(without));
  }
  t.equal(await accept(agent, 'self::more', own), 'too-many');
  const { version, rows } = await agent.store.tenants.readTemplate(TENANT);
  const off = edited(JSON.parse(rows) as Rows, put(TRUST, { TOFUAllowed: 'false' }));
  await agent.store.tenants.changeTemplate(TENANT, version, formatRows(off));
  t.equal(await accept(agent, 'self::more', own), 'not-first', 'it was switched off meanwhile');
});
