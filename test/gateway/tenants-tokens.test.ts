// Tokens of tenants: each sees its own tenant, whatever it asks for; the operator's sees them all.
import t from 'tap';
import { call } from '../api/api-tools.ts';
import { agentOf } from './harness.ts';
import { GET_LOCAL, handshake, openPeer, recordOf } from './north-tools.ts';
import { startListeners } from './south-tls-tools.ts';
import { counted } from './south-tools.ts';

const OPERATOR = 'the-operators-own-token';
const tokens = { acme: 'token-of-acme-0123', beta: 'token-of-beta-0123', gone: 'token-of-gone-0123' };
const controllers = [
  { endpointId: 'proto::acme', token: tokens.acme, tenant: 'acme', roles: ['api'] },
  { endpointId: 'proto::beta', token: tokens.beta, tenant: 'beta', roles: ['api'] },
];
const bearer = (token: string): Readonly<Record<string, string>> => ({ Authorization: `Bearer ${token}` });

t.test('tokens', async (t) => {
  const harness = await startListeners(t, [{ tenant: 'acme' }, { tenant: 'beta' }], {
    tenants: 'acme,beta',
    'http.token': OPERATOR,
    'http.apiRole': 'api',
    controllers: JSON.stringify(controllers),
  });
  const cpeOf = async (place: number) => {
    const cpe = harness.cpe({ acsUrl: harness.urls[place] ?? '' });
    const ended = cpe.nextSession();
    await cpe.start();
    await ended;
    return agentOf(cpe);
  };
  const [mine, foreign] = [await cpeOf(0), await cpeOf(1)];
  const api = (token: string, path: string, options: RequestInit = {}) =>
    call(harness, path, { ...options, headers: { ...bearer(token), 'Content-Type': 'application/json' } });
  const device = foreign.slice('ops::'.length);

  await t.test('the API shows a token its own tenant', async (t) => {
    t.match(await api(tokens.acme, '/devices'), { body: { devices: [{ endpointId: mine }] } });
    t.match(await api(tokens.beta, '/devices'), { body: { devices: [{ endpointId: foreign }] } });
    t.match(await api(tokens.acme, '/devices?tenant=acme'), { body: { devices: { length: 1 } } });
    const grown = await counted(harness, ['request_refused'], async () => {
      for (const path of ['/devices', '/template', '/enrolments', '/files', `/devices/${device}`]) {
        const answer = await api(tokens.acme, `${path}?tenant=beta`);
        t.match(answer, { status: 403, body: { error: 'other-tenant' } }, path);
      }
      t.match(await api(tokens.acme, '/devices?tenant=nobody'), { status: 403, body: { error: 'other-tenant' } });
    });
    t.same(grown, { 'request_refused other-tenant': 6 });
    t.match(await api(OPERATOR, '/devices?tenant=beta'), { body: { devices: [{ endpointId: foreign }] } });
  });

  await t.test('nor does it change another', async (t) => {
    const body = JSON.stringify({ changes: [] });
    t.match(await api(tokens.acme, '/template?tenant=beta', { method: 'PATCH', body }), { status: 403 });
    const enrol = (token: string, tenant: string) =>
      api(token, `/enrolments/02C0DE-Raw-NEW${tenant}`, { method: 'PUT', body: '{}' });
    t.match(await enrol(tokens.acme, ''), { status: 200, body: { outcome: 'enrolled' } });
    t.match(await enrol(tokens.beta, ''), { status: 409, body: { error: 'other-tenant' } });
    t.match(await enrol(tokens.beta, '?tenant=acme'), { status: 403 });
    t.match(await api(tokens.beta, '/enrolments'), { body: { enrolments: { length: 0 } } });
    t.match(await api(tokens.beta, '/enrolments/02C0DE-Raw-NEW', { method: 'DELETE', body: '{}' }), {
      body: { outcome: 'unknown' },
    });
  });

  await t.test('a socket reaches the Agents of its tenant', async (t) => {
    const peer = await openPeer(t, harness, { controller: 'proto::acme', headers: bearer(tokens.acme) });
    t.match(await peer.ask(mine, GET_LOCAL), { body: { kind: 'get_resp' } });
    peer.send(recordOf(foreign, { msg_id: 'x', body: GET_LOCAL }, 'proto::acme'));
    await peer.ask(mine, GET_LOCAL);
    t.equal(peer.waiting.length, 0);
    for (const [target, status] of [
      [`/usp/${foreign}?eid=proto::acme`, 404],
      [`/usp?eid=proto::acme&tenant=beta`, 403],
      [`/usp/${foreign}?eid=proto::acme&tenant=beta`, 403],
    ] as const) {
      t.match(await handshake(t, harness, target, bearer(tokens.acme)), { status }, target);
    }
    const operator = `/usp/${foreign}?eid=proto::operator&tenant=beta`;
    t.match(await handshake(t, harness, operator, bearer(OPERATOR)), { status: 101 });
  });
});
