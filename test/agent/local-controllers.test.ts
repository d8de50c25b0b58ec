// Device.LocalAgent.Controller.{i}. and what hangs on it: rows below rows, single objects with values of their own.
import t from 'tap';
import { controllerNumber } from '../../proxy/agent/local-agent/controller/controller.ts';
import { CONTROLLER_TABLE } from '../../proxy/agent/local-agent/controller/controller-table.ts';
import { AgentAtHand, CONTROLLER } from './agent-at-hand.ts';
import { add, create, get, remove, set, update } from './requests.ts';

const OTHER = 'self::second';
const controller = { EndpointID: OTHER, Enable: 'true' };

async function withController(): Promise<{ readonly agent: AgentAtHand; readonly row: string }> {
  const agent = new AgentAtHand();
  await agent.ask(add(create(CONTROLLER_TABLE, controller)));
  return { agent, row: `${CONTROLLER_TABLE}10000.` };
}

t.test('a Controller is added with a way to it, given by a path below the row', async (t) => {
  const { agent, row } = await withController();
  const answer = await agent.ask(
    add(
      create(`${row}MTP.`, {
        Enable: 'true',
        Protocol: 'WebSocket',
        'WebSocket.Host': 'acs.example',
        'WebSocket.Port': '8443',
      }),
    ),
  );
  t.match(answer, {
    created_obj_results: [{ oper_status: { kind: 'oper_success', instantiated_path: `${row}MTP.10000.` } }],
  });
  const local = agent.local();
  t.equal(local.read(`${row}MTP.10000.WebSocket.Host`), 'acs.example');
  t.equal(
    local.read(`${row}MTP.10000.WebSocket.SessionRetryMinimumWaitInterval`),
    '5',
    'what nobody gave is as it begins',
  );
  t.equal(local.read(`${row}MTP.10000.Order`), '1', 'the Agent chooses an Order');
  t.equal(local.read(`${row}MTPNumberOfEntries`), '1');
});

t.test('what is wrong below a row is blamed there, and leaves no row', async (t) => {
  const { agent, row } = await withController();
  const answer = await agent.ask(add(create(`${row}MTP.`, { Protocol: 'WebSocket', 'WebSocket.Port!': '0' })));
  t.match(answer, { kind: 'error', param_errs: [{ param_path: `${row}MTP.WebSocket.Port`, err_code: 7012 }] });
  t.same(agent.local().rowsOf(`${row}MTP.`), []);
});

t.test('single objects and those below rows of the template are set, each device for itself', async (t) => {
  const agent = new AgentAtHand();
  const path = `${CONTROLLER_TABLE}1.TransferCompletePolicy.`;
  t.match(await agent.ask(set(update(path, { ResultTypeFilter: 'Failure' }))), { kind: 'set_resp' });
  t.equal(agent.local().read(`${path}ResultTypeFilter`), 'Failure');
  t.match(await agent.ask(set(update(path, { 'ResultTypeFilter!': 'Never' }))), { kind: 'error', err_code: 7004 });
  await agent.ask(set(update('Device.LocalAgent.', { MaxSubscriptionChangeAdoptionTime: '7' })));
  t.equal(agent.local().read('Device.LocalAgent.MaxSubscriptionChangeAdoptionTime'), '7');
});

t.test('with a Controller go its ways, its BootParameters and its Subscriptions', async (t) => {
  const { agent, row } = await withController();
  await agent.ask(add(create(`${row}BootParameter.`, { ParameterName: 'Device.DeviceInfo.SoftwareVersion' })));
  await agent.ask(
    add(create('Device.LocalAgent.Subscription.', { NotifType: 'Event', ReferenceList: 'Device.Boot!' })),
    OTHER,
  );
  t.same(agent.local().rowsOf('Device.LocalAgent.Subscription.'), [10_000]);
  await agent.ask(remove(row));
  const local = agent.local();
  t.same(local.rowsOf('Device.LocalAgent.Subscription.'), []);
  t.same(local.rowsOf(`${row}BootParameter.`), [], 'nothing is below a row that is not there');
  t.notMatch(JSON.stringify(local.own), 'SoftwareVersion', 'and nothing of it is kept');
  t.match(await agent.ask(get(`${row}MTPNumberOfEntries`)), { req_path_results: [{ err_code: 7026 }] });
});

t.test('what an Agent says of a Controller counts before what its tenant says', async (t) => {
  const agent = new AgentAtHand();
  t.equal(controllerNumber(agent.local(), CONTROLLER), 1);
  t.match(
    await agent.ask(add(create(CONTROLLER_TABLE, { EndpointID: CONTROLLER }))),
    { kind: 'error', param_errs: [{ err_code: 7025 }] },
    'the same Endpoint ID twice is a duplicate key',
  );
});

t.test('an Endpoint ID is one, and does not change', async (t) => {
  const { agent, row } = await withController();
  t.match(await agent.ask(add(create(CONTROLLER_TABLE, { 'EndpointID!': 'nobody' }))), { kind: 'error' });
  t.match(await agent.ask(add(create(CONTROLLER_TABLE, { Enable: 'true' }))), { kind: 'error' });
  t.match(await agent.ask(set(update(row, { 'EndpointID!': 'self::third' }))), {
    kind: 'error',
    param_errs: [{ err_code: 7013 }],
  });
});

t.test('nobody is trusted on first use, and that cannot be changed', async (t) => {
  const agent = new AgentAtHand();
  const tofu = update('Device.LocalAgent.ControllerTrust.', { 'TOFUAllowed!': 'true' });
  t.match(await agent.ask(set(tofu)), { kind: 'error' });
});
