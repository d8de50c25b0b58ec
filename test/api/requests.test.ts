// Requests: what was asked of a device through its mailbox, and what became of it.
import t from 'tap';
import type { RequestSummary } from '../../proxy/api/describe-request.ts';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import { agentOf, CONTROLLER_ID, startHarness } from '../gateway/harness.ts';
import { GET_SOFTWARE, knownCpe, openPeer, recordOf } from '../gateway/north-tools.ts';
import { call } from './api-tools.ts';

t.test('requests', async (t) => {
  const harness = await startHarness(t);
  const deviceId = { oui: '02C0DE', productClass: 'Set Top', serialNumber: 'A-7' };
  const cpe = await knownCpe(harness, { deviceId });
  const device = '02C0DE-Set%20Top-A%2D7';
  const agent = agentOf(cpe);
  const peer = await openPeer(t, harness);
  const listed = async (id = device): Promise<readonly RequestSummary[]> => {
    const { body } = await call(harness, `/devices/${encodeURIComponent(id)}/requests`);
    return (body as { requests: RequestSummary[] }).requests;
  };

  await t.test('a read: its outcome, but never what was read', async (t) => {
    t.match(await peer.ask(agent, GET_SOFTWARE, 'read'), { body: { kind: 'get_resp' } });
    const [request] = await listed();
    t.match(request, {
      device,
      kind: 'usp',
      from_id: CONTROLLER_ID,
      msg_id: 'read',
      state: 'succeeded',
      error: null,
      steps: [],
      enqueuedAt: /^\d{4}-\d\d-\d\dT/,
      deadline: /^\d{4}-\d\d-\d\dT/,
      endedAt: /^\d{4}-\d\d-\d\dT/,
    });
    t.match((await call(harness, `/requests/${encodeURIComponent(request?.id ?? '')}`)).body, { answer: null });
  });

  await t.test('a change: its steps in the list, its answer only where one is asked for', async (t) => {
    const param_settings = [{ param: 'Channel', value: '9', required: true }];
    const update_objs = [{ obj_path: 'Device.WiFi.Radio.1.', param_settings }];
    t.match(await peer.ask(agent, { kind: 'set', allow_partial: false, update_objs }, 'change'), {
      body: { kind: 'set_resp' },
    });
    const [request] = await listed();
    t.match(request, { msg_id: 'change', steps: [{ method: 'SetParameterValues', answered: true }] });
    t.notOk(Object.hasOwn(request ?? {}, 'answer'));
    for (const name of [encodeURIComponent(request?.id ?? ''), request?.id ?? '']) {
      const one = await call(harness, `/requests/${name}`);
      t.match(one, { status: 200, body: { ...request, answer: String } }, name);
      const { answer } = one.body as { answer: string };
      t.match(decodeMsg(Buffer.from(answer, 'base64')), { ok: true, msg: { msg_id: 'change' } });
    }
  });

  await t.test('one that waits', async (t) => {
    const offline = await knownCpe(harness, { connectionRequest: false });
    peer.send(recordOf(agentOf(offline), { msg_id: 'later', body: GET_SOFTWARE }));
    await peer.ask(agentOf(offline), { kind: 'get_supported_protocol', controller_supported_protocol_versions: '' });
    const { serialNumber } = offline.deviceId;
    const [request] = await listed(`02C0DE-Router-${serialNumber}`);
    t.match(request, { msg_id: 'later', state: /^(waiting|running)$/, endedAt: null, error: null });
  });

  await t.test('one that is not there', async (t) => {
    const unknown = 'A'.repeat(20);
    const names = [
      `${device}:${unknown}`,
      `02C0DE-Router-NOBODY:${unknown}`,
      `${device}:`,
      `:${unknown}`,
      `${device}:${unknown}:${unknown}`,
      `${device}:${unknown.toLowerCase()}`,
      `..:${unknown}`,
      'x',
      '%00',
    ];
    for (const name of names) {
      const message = 'no such request; outcomes are kept for 10 minutes';
      const answer = await call(harness, `/requests/${encodeURIComponent(name)}`);
      t.match(answer, { status: 404, body: { error: 'not-found', message } }, name);
    }
  });
  t.same(cpe.complaints, []);
});
