// Unique keys of new rows (R-ADD.5; facts: usp-agent-requirements §4.4): given, made up by the Agent, or taken already.
import t from 'tap';
import { AgentAtHand, OTHER_CONTROLLER } from './agent-at-hand.ts';
import { add, addPartly, create } from './requests.ts';

const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const MAPPINGS = 'Device.NAT.PortMapping.';
const BOOT = { NotifType: 'Event', ReferenceList: 'Device.Boot!' };
const taken = { kind: 'error', err_code: 7004, param_errs: [{ err_code: 7025 }] };

t.test('what a Controller leaves out, the Agent makes up, each its own (TP-469 1.81)', async (t) => {
  const agent = new AgentAtHand();
  // What the Agent would call the next row is what a Controller has called this one.
  await agent.expect('add_resp', add(create(SUBSCRIPTIONS, { ...BOOT, ID: 'cpe-10001', Alias: 'cpe-10001' })));
  const { created_obj_results } = await agent.expect(
    'add_resp',
    add(create(SUBSCRIPTIONS, BOOT), create(SUBSCRIPTIONS)),
  );
  const keys = created_obj_results.map(({ oper_status }) =>
    oper_status.kind === 'oper_success' ? Object.fromEntries(oper_status.unique_keys) : {},
  );
  t.same(keys, [
    { Alias: 'cpe-10001-1', Recipient: 'Device.LocalAgent.Controller.1', ID: 'cpe-10001-1' },
    { Alias: 'cpe-10002', Recipient: 'Device.LocalAgent.Controller.1', ID: 'cpe-10002' },
  ]);
});

t.test('an ID is unique for its Controller, not for all of them', async (t) => {
  const agent = new AgentAtHand();
  const row = add(create(SUBSCRIPTIONS, { ...BOOT, ID: 'same' }));
  await agent.expect('add_resp', row);
  t.match(await agent.ask(row), taken);
  t.match(await agent.ask(addPartly(create(SUBSCRIPTIONS, { ...BOOT, ID: 'same' }))), {
    created_obj_results: [{ oper_status: { kind: 'oper_failure', err_code: 7025 } }],
  });
  const { created_obj_results } = await agent.expect('add_resp', row, OTHER_CONTROLLER);
  t.match(created_obj_results, [{ oper_status: { kind: 'oper_success' } }]);
  t.equal(agent.local().read(`${SUBSCRIPTIONS}10001.Recipient`), 'Device.LocalAgent.Controller.2');
});

t.test('a key counts as required, whatever the message says (TP-469 1.88)', async (t) => {
  const agent = new AgentAtHand();
  for (const Alias of ['1st', '', 'x'.repeat(65), '-a']) {
    for (const table of [SUBSCRIPTIONS, MAPPINGS]) {
      t.match(await agent.ask(add(create(table, { Alias }))), {
        kind: 'error',
        err_code: 7004,
        param_errs: [{ param_path: `${table}Alias`, err_code: 7012 }],
      });
    }
  }
  t.match(await agent.ask(add(create(SUBSCRIPTIONS, { ...BOOT, ID: '' }))), { kind: 'error' });
  t.same(agent.own.tables, {});
});

t.test('keys that a row of the CPE has, or that the message gives twice', async (t) => {
  const agent = new AgentAtHand();
  const web = { Enable: 'true', RemoteHost: '', ExternalPort: '8080', Protocol: 'TCP' };
  t.match(await agent.ask(add(create(MAPPINGS, web))), taken);
  t.match(await agent.ask(add(create(MAPPINGS, { Alias: 'cpe-1' }))), taken);
  const twice = ['first', 'second'].map((Description) => create(MAPPINGS, { ...web, ExternalPort: '81', Description }));
  t.match(await agent.ask(add(...twice)), taken);
  t.notOk(agent.cpe.called.includes('AddObject'));
  t.match(await agent.ask(addPartly(...twice)), {
    created_obj_results: [{ oper_status: { kind: 'oper_success' } }, { oper_status: { err_code: 7025 } }],
  });
  const off = { ...web, Enable: 'false' };
  t.equal(
    (await agent.ask(add(create(MAPPINGS, off)))).kind,
    'add_resp',
    'rows that are off may share a functional key',
  );
});
