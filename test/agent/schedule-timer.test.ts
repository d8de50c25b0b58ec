// Device.ScheduleTimer() from the Operate to its OperationComplete, over a real store and without any CPE (TP-469 1.64,
// 1.65, 1.79, 1.91, 1.100, 9.11).
import t from 'tap';
import { decodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { NotifyRequest } from '../../proxy/usp/messages/notify.ts';
import { KEY, START, TENANT } from '../store/contract/samples.ts';
import { AgentOverStore } from './agent-over-store.ts';
import { add, create, get, operate, resultOf, type Values } from './requests.ts';

const TIMER = 'Device.ScheduleTimer()';
const REQUESTS = 'Device.LocalAgent.Request.';
const subscribe = (ReferenceList: string): ReturnType<typeof add> =>
  add(
    create('Device.LocalAgent.Subscription.', {
      ID: ReferenceList,
      Enable: 'true',
      NotifType: 'OperationComplete',
      ReferenceList,
      Persistent: 'true',
    }),
  );
const failure = (err_code: number): unknown => ({
  operation_results: [{ executed_command: TIMER, operation_resp: { kind: 'cmd_failure', err_code } }],
});

/** What the Agent would tell now, and to which Subscription. */
async function told(agent: AgentOverStore): Promise<readonly NotifyRequest[]> {
  const template = await agent.store.tenants.readTemplate(TENANT);
  const derived = await agent.agent.telling.derive(await agent.device(), template);
  return (derived?.rows ?? []).flatMap(({ payload }) => {
    const decoded = decodeMsg(Buffer.from(payload, 'base64'));
    return decoded.ok && decoded.msg.body.kind === 'notify' ? [decoded.msg.body] : [];
  });
}

async function requestRows(agent: AgentOverStore): Promise<Readonly<Record<string, Values>>> {
  const answer = await agent.answer(get(REQUESTS));
  if (answer.kind !== 'get_resp') throw new Error(JSON.stringify(answer));
  return resultOf(answer);
}

t.test('a timer is a row until its time has come, and then an OperationComplete', async (t) => {
  const agent = await AgentOverStore.open(t);
  await agent.answer(subscribe(TIMER));
  await agent.answer(subscribe('Device.'));
  await agent.answer(subscribe('Device.IP.'));
  t.match(await agent.answer(operate(TIMER, { DelaySeconds: '30', Bogus: 'x' }, 'k1')), {
    kind: 'operate_resp',
    operation_results: [
      { executed_command: TIMER, operation_resp: { kind: 'req_obj_path', req_obj_path: `${REQUESTS}1.` } },
    ],
  });
  t.match(await requestRows(agent), {
    [`${REQUESTS}1.`]: {
      Alias: 'cpe-1',
      Originator: 'proto::controller-1',
      Command: TIMER,
      CommandKey: 'k1',
      Status: 'Active',
    },
  });
  t.match(await agent.answer(get('Device.LocalAgent.RequestNumberOfEntries')), {
    req_path_results: [{ resolved_path_results: [{ result_params: new Map([['RequestNumberOfEntries', '1']]) }] }],
  });
  t.same(agent.scheduled.at(-1), ['operation', START + 30_000]);
  agent.now = START + 29_999;
  t.equal(await agent.agent.operations.due(KEY), START + 30_000);
  t.same(await told(agent), []);
  agent.now = START + 30_000;
  t.equal(await agent.agent.operations.due(KEY), undefined);
  t.same(await requestRows(agent), {});
  const notification = {
    kind: 'oper_complete',
    obj_path: 'Device.',
    command_name: 'ScheduleTimer()',
    command_key: 'k1',
    operation_resp: { kind: 'req_output_args', output_args: new Map() },
  };
  t.match(await told(agent), [
    { subscription_id: TIMER, notification },
    { subscription_id: 'Device.', notification },
  ]);
  t.equal((await told(agent)).length, 2, 'and not who refers to something else');
  t.ok(
    agent.scheduled.some(([kind]) => kind === 'events'),
    'whoever derives is rung',
  );
});

t.test('arguments: missing or impossible is 7027 and leaves nothing behind', async (t) => {
  const agent = await AgentOverStore.open(t);
  t.match(await agent.answer(operate(TIMER)), failure(7027));
  for (const DelaySeconds of ['0', '-1', 'soon', '', '4294967296', '1.5'])
    t.match(await agent.answer(operate(TIMER, { DelaySeconds })), failure(7027), DelaySeconds);
  t.same((await agent.device()).operations, []);
  t.same(
    (await agent.device()).pendingEvents.filter(({ kind }) => kind === 'operation'),
    [],
  );
});

t.test('send_resp=false: no answer when it begins, one when it cannot', async (t) => {
  const agent = await AgentOverStore.open(t);
  const silent = { ...operate(TIMER, { DelaySeconds: '1' }), send_resp: false };
  t.same(await agent.handle(silent), { kind: 'silent' });
  t.equal((await agent.device()).operations.length, 1);
  t.match(await agent.answer({ ...operate(TIMER), send_resp: false }), failure(7027));
});

t.test('cancelled: no row, and an OperationComplete that says so', async (t) => {
  const agent = await AgentOverStore.open(t);
  await agent.answer(subscribe(TIMER));
  await agent.answer(operate(TIMER, { DelaySeconds: '30' }, 'k1'));
  t.match(await agent.answer(operate(`${REQUESTS}1.Cancel()`)), {
    operation_results: [{ operation_resp: { kind: 'req_output_args' } }],
  });
  t.match(await told(agent), [
    { notification: { command_key: 'k1', operation_resp: { kind: 'cmd_failure', err_code: 7023 } } },
  ]);
  t.match(await agent.answer(operate(`${REQUESTS}1.Cancel()`)), {
    operation_results: [{ operation_resp: { err_code: 7016 } }],
  });
});

t.test('as many as a device may have, and none more', async (t) => {
  const agent = await AgentOverStore.open(t);
  for (let count = 0; count < 32; count += 1) await agent.answer(operate(TIMER, { DelaySeconds: '30' }));
  t.match(await agent.answer(operate(TIMER, { DelaySeconds: '30' })), failure(7005));
  t.same(Object.keys(await requestRows(agent)).length, 32, 'the same command and key are not merged');
});
