// A Controller or user of one tenant tries to reach, see and hear of the devices of another, by every name it can give.
import t from 'tap';
import { add, create, get, set, update } from '../agent/requests.ts';
import { call } from '../api/api-tools.ts';
import { causeway } from '../cli/run-causeway.ts';
import { agentOf, CONTROLLER_ID } from './harness.ts';
import { GET_LOCAL, GET_SOFTWARE, handshake, openPeer, recordOf } from './north-tools.ts';
import { Inbox } from './north-agent-tools.ts';
import { startListeners } from './south-tls-tools.ts';
import { counted, untilCounted } from './south-tools.ts';

const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const BOOT = { NotifType: 'Event', ReferenceList: 'Device.Boot!', Enable: 'true', Persistent: 'true' };

t.test('two tenants', async (t) => {
  const harness = await startListeners(t, [{ tenant: 'acme' }, { tenant: 'beta' }], { tenants: 'acme,beta' });
  const cpeOf = async (place: number) => {
    const cpe = harness.cpe({ acsUrl: harness.urls[place] ?? '' });
    const ended = cpe.nextSession();
    await cpe.start();
    await ended;
    return cpe;
  };
  const [ours, theirs] = [await cpeOf(0), await cpeOf(1)];
  const [mine, foreign] = [agentOf(ours), agentOf(theirs)];
  const device = foreign.slice('ops::'.length);

  await t.test('by to_id', async (t) => {
    const peer = await openPeer(t, harness);
    t.match(await peer.ask(mine, GET_LOCAL), { body: { kind: 'get_resp' } });
    const grown = await counted(harness, ['record_dropped'], async () => {
      for (const to_id of [foreign, foreign.toLowerCase(), `beta/${foreign}`, `../beta/${foreign}`]) {
        peer.send(recordOf(to_id, { msg_id: 'x', body: GET_LOCAL }));
      }
      await peer.ask(mine, GET_LOCAL);
    });
    t.match(grown, { 'record_dropped unknown-to-id': 4 });
    t.same(peer.waiting.length, 0, 'and nothing came back');
  });

  await t.test('by URL, as Endpoint ID or device id', async (t) => {
    for (const name of [foreign, device, encodeURIComponent(foreign)]) {
      const target = `/usp/${name}?eid=${encodeURIComponent(CONTROLLER_ID)}`;
      t.match(await handshake(t, harness, target), { status: 404, body: 'unknown-agent' });
    }
    const nobody = `/usp?eid=${encodeURIComponent(CONTROLLER_ID)}&tenant=gamma`;
    t.match(await handshake(t, harness, nobody), { status: 404, body: 'unknown-tenant' });
  });

  await t.test('by REST, under every resource of a device', async (t) => {
    t.match(await call(harness, '/devices'), { body: { devices: [{ id: mine.slice('ops::'.length) }] } });
    t.match(await call(harness, `/devices?after=02C0DE`), { body: { devices: { length: 1 } } });
    for (const below of ['', '/requests', '/transfers', '/transfers/key']) {
      t.match(await call(harness, `/devices/${device}${below}`), { status: 404 }, below);
    }
    for (const below of ['/doctor', '/release', '/credentials/rotate', '/transfers']) {
      t.match(await call(harness, `/devices/${device}${below}`, { method: 'POST' }), { status: 404 }, below);
    }
    t.match(await call(harness, `/devices/${device}/credentials`, { method: 'DELETE' }), { status: 404 });
    const { body } = await call(harness, `/devices/${device}/requests?tenant=beta`);
    const [request] = (body as { readonly requests: readonly { readonly id: string }[] }).requests;
    const path = `/requests/${encodeURIComponent(request?.id ?? `${device}:none`)}`;
    t.match(await call(harness, path), { status: 404 }, 'nor a request of it');
    t.match(await causeway(harness, 'devices'), { out: /T0001/ });
    t.notMatch(await causeway(harness, 'devices'), { out: /T0002/ });
    t.match(await causeway(harness, 'devices', '--tenant', 'beta'), { out: /T0002/ });
    const usp = ['usp', 'get', 'T0002', 'Device.LocalAgent.EndpointID'] as const;
    t.match(await causeway(harness, ...usp), { code: 2 });
    t.match(await causeway(harness, ...usp, '--tenant', 'beta'), { code: 0, out: new RegExp(foreign) });
  });

  await t.test('files', async (t) => {
    const sent = await fetch(`${harness.apiUrl}/files?name=x.bin&tenant=beta`, { method: 'POST', body: 'secret' });
    const { id } = (await sent.json()) as { readonly id: string };
    t.equal(sent.status, 201);
    t.match(await call(harness, '/files'), { body: { files: { length: 0 } } });
    t.match(await call(harness, '/files?tenant=beta'), { body: { files: [{ id }] } });
    for (const [path, method] of [
      [`/files/${id}`, 'GET'],
      [`/files/${id}/content`, 'GET'],
      [`/files/${id}`, 'DELETE'],
    ] as const) {
      t.match(await call(harness, path, { method }), { status: 404 }, `${method} ${path}`);
    }
    const headers = { 'Content-Type': 'application/json' };
    t.match(await call(harness, `/files/${id}/grants`, { method: 'POST', body: '{}', headers }), { status: 404 });
  });

  await t.test('by search, and by a row for every Agent', async (t) => {
    const controller = await harness.controller();
    const endpoint = 'Device.LocalAgent.EndpointID';
    t.match(await controller.request(mine, get(endpoint)), {
      req_path_results: [{ resolved_path_results: [{ result_params: new Map([['EndpointID', mine]]) }] }],
    });
    const other = await harness.controller({ tenant: 'beta', controller: 'proto::beta-only' });
    await other.request(foreign, get(endpoint));
    const known = JSON.stringify(await call(harness, '/template'));
    t.notMatch(known, /beta-only/, 'the Controllers of another tenant are in no template but its own');
    t.match(await controller.request(mine, get('Device.LocalAgent.Controller.[EndpointID=="proto::beta-only"].')), {
      req_path_results: [{ resolved_path_results: [] }],
    });
  });

  await t.test('by Notify: the same Endpoint ID in both tenants hears of its own tenant only', async (t) => {
    const here = await harness.controller({ tenant: 'acme' });
    const there = await harness.controller({ tenant: 'beta' });
    const [inHere, inThere] = [new Inbox(here), new Inbox(there)];
    const values = (ID: string) => add(create(SUBSCRIPTIONS, { ...BOOT, ID, NotifRetry: 'true' }));
    t.match(await here.request(mine, values('ours')), { kind: 'add_resp' });
    t.match(await there.request(foreign, values('theirs')), { kind: 'add_resp' });
    theirs.inform('1 BOOT');
    t.match(await inThere.next(), { agent: foreign, notify: { subscription_id: 'theirs' } });
    ours.inform('1 BOOT');
    t.match(await inHere.next(), { agent: mine, notify: { subscription_id: 'ours' } });
    await here.close();
    theirs.inform('1 BOOT');
    t.match(await inThere.next(), { agent: foreign });
    // What waits for a Controller that comes is that of its tenant.
    ours.inform('1 BOOT');
    await untilCounted(harness, 'notify derived-retry', 4);
    const again = await harness.controller({ tenant: 'acme' });
    t.match(await new Inbox(again).next(), { agent: mine, notify: { subscription_id: 'ours' } });
    t.equal(inThere.waiting, 0);
  });

  await t.test('a Set for one is none for the other', async (t) => {
    const there = await harness.controller({ tenant: 'beta' });
    const alias = update('Device.LocalAgent.Subscription.10000.', { 'Enable!': 'false' });
    t.match(await there.request(foreign, set(alias)), { kind: 'set_resp' });
    const here = await harness.controller({ tenant: 'acme' });
    const answer = await here.request(mine, get('Device.LocalAgent.Subscription.10000.Enable'));
    t.match(answer, {
      req_path_results: [{ resolved_path_results: [{ result_params: new Map([['Enable', 'true']]) }] }],
    });
  });

  await t.test('a CPE of each tenant is called, and answers who asked', async (t) => {
    const [here, there] = [
      await openPeer(t, harness, { controller: 'proto::both' }),
      await harness.controller({ tenant: 'beta', controller: 'proto::both' }),
    ];
    const [answer, other] = await Promise.all([here.ask(mine, GET_SOFTWARE), there.request(foreign, GET_SOFTWARE)]);
    t.match([answer.body.kind, other.kind], ['get_resp', 'get_resp']);
    t.match(await call(harness, `/devices/${device}/doctor?tenant=beta`, { method: 'POST' }), {
      status: 200,
      body: { device, reachable: true },
    });
  });
  t.same([...ours.complaints, ...theirs.complaints], []);
});
