// The template by REST: a document with a version, changed under If-Match, by the rules of the Agent.
import t from 'tap';
import { causeway } from '../cli/run-causeway.ts';
import { startHarness } from '../gateway/harness.ts';
import { call } from './api-tools.ts';

const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const CONTROLLERS = 'Device.LocalAgent.Controller.';
const NMS = { add: CONTROLLERS, values: { EndpointID: 'proto::nms', Enable: true } };
const BOOT = {
  add: SUBSCRIPTIONS,
  values: { Recipient: 'proto::nms', ID: 'boot', NotifType: 'Event', ReferenceList: 'Device.Boot!', Enable: true },
};

t.test('a template', async (t) => {
  const harness = await startHarness(t, { tenants: 'default,acme' });
  const send = (method: string, body: unknown, headers: Record<string, string> = {}, query = '') =>
    call(harness, `/template${query}`, {
      method,
      body: JSON.stringify(body),
      headers: { 'Content-Type': 'application/json', ...headers },
    });
  const patch = (changes: readonly unknown[], headers = {}, query = '') => send('PATCH', { changes }, headers, query);

  const empty = await call(harness, '/template');
  t.match(empty, { status: 200, body: { tenant: 'default', version: 0, objects: {} } });
  t.equal(empty.headers.get('etag'), '"0"');

  const first = await patch([NMS, BOOT], { 'If-Match': '"0"' });
  t.match(first, { status: 200, body: { version: 1, created: [`${CONTROLLERS}1.`, `${SUBSCRIPTIONS}1.`] } });
  t.equal(first.headers.get('etag'), '"1"');

  t.test('a change of another version is refused', async (t) => {
    const late = await patch([NMS], { 'If-Match': '"0"' });
    t.match(late, { status: 412, body: { error: 'other-version' } });
    t.equal(late.headers.get('etag'), '"1"');
    t.match(await send('PUT', { objects: {} }, { 'If-Match': '"7"' }), { status: 412 });
    t.match(await patch([NMS], { 'If-Match': 'W/"1"' }), { status: 400 });
    t.match(await patch([], { 'If-Match': '*' }), { status: 200, body: { version: 2 } });
  });

  t.test('what no Agent would take is refused, with USP’s code and the place', async (t) => {
    t.match(await patch([NMS]), {
      status: 400,
      body: { error: 'bad-template', code: 7025, path: `${CONTROLLERS}2.EndpointID` },
    });
    t.match(await patch([{ set: `${SUBSCRIPTIONS}1.`, values: { NotifType: 'x' } }]), {
      status: 400,
      body: { code: 7012 },
    });
    const numbered = [
      { add: CONTROLLERS, number: 40, values: { EndpointID: 'proto::b' } },
      { add: `${CONTROLLERS}40.MTP.`, values: { 'WebSocket.Host': 'b.example' } },
      { delete: `${CONTROLLERS}40.` },
    ];
    t.match(await patch(numbered), {
      status: 200,
      body: { created: [`${CONTROLLERS}40.`, `${CONTROLLERS}40.MTP.1.`] },
    });
    for (const body of [
      [],
      {},
      { changes: [{ set: 'x', number: 1 }] },
      { changes: [{ delete: 'x', values: {} }] },
      { changes: [1] },
      { changes: [{ add: 1 }] },
      { changes: [{ add: 'x', set: 'y' }] },
    ]) {
      t.match(await send('PATCH', body), { status: 400, body: { error: 'bad-request' } }, JSON.stringify(body));
    }
    t.match(await send('PUT', { objects: { x: { y: {} } } }), { status: 400, body: { error: 'bad-request' } });
    t.match(await call(harness, '/template'), { body: { version: 3 } });
  });

  t.test('it is one tenant’s', async (t) => {
    t.match(await call(harness, '/template?tenant=acme'), { body: { tenant: 'acme', version: 0, objects: {} } });
    t.match(await patch([NMS], {}, '?tenant=acme'), { status: 200, body: { version: 1 } });
    t.match(await call(harness, '/template?tenant=nobody'), { status: 404, body: { error: 'unknown-tenant' } });
    t.match(await call(harness, '/template?tenant=acme&tenant=default'), { status: 404 });
  });

  t.test('a whole document', async (t) => {
    const { body } = await call(harness, '/template');
    t.match(await send('PUT', body), { status: 200, body: { version: 4, created: [] } });
    t.match(await send('PUT', { objects: {} }), { status: 200, body: { version: 5, objects: {} } });
  });

  t.test('from the command line', async (t) => {
    t.match(await causeway(harness, 'template', 'show'), { code: 0, err: /empty/ });
    const added = await causeway(harness, 'template', 'add', CONTROLLERS, 'EndpointID=proto::nms', 'Enable=true');
    t.match(added, { code: 0, out: `${CONTROLLERS}41.\n`, err: /version 6/ });
    t.match(await causeway(harness, 'template', 'set', `${CONTROLLERS}41.Enable=false`), { code: 0 });
    t.match(await causeway(harness, 'template', 'show'), { code: 0, out: /Controller\.41\.Enable = false\n/ });
    t.match(await causeway(harness, 'template', 'show', '--tenant', 'acme'), { code: 0, out: /Controller\.1\.Enable/ });
    t.match(await causeway(harness, 'template', 'delete', `${CONTROLLERS}9.`), { code: 2, err: /no such row/ });
    t.match(await causeway(harness, 'template', 'delete', `${CONTROLLERS}41.`, '--json'), {
      json: { version: 8, objects: {} },
    });
  });
});
