// Delete, case by case (facts: usp-agent-requirements §5.7). CWMP cannot undo one: what can be known is checked before.
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create, remove, removePartly } from './requests.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';
const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
/** Port mappings 1 to 3, and Subscriptions 10000 and 10001. */
async function withRows(): Promise<AgentAtHand> {
  const agent = new AgentAtHand();
  await agent.expect('add_resp', add(create(MAPPINGS), create(MAPPINGS), create(SUBSCRIPTIONS), create(SUBSCRIPTIONS)));
  return agent;
}
const mappings = (agent: AgentAtHand): readonly number[] =>
  [1, 2, 3].filter((row) => agent.cpe.device.model.peek(`${MAPPINGS}${row}.Enable`) !== undefined);
const deletions = (agent: AgentAtHand): number => agent.cpe.called.filter((name) => name === 'DeleteObject').length;
const success = (...affected_paths: readonly string[]): unknown => ({
  kind: 'oper_success',
  affected_paths,
  unaffected_path_errs: [],
});

t.test('rows by number, by search, of the CPE and of LocalAgent', async (t) => {
  for (const request of [remove, removePartly]) {
    const agent = await withRows();
    const paths = [`${MAPPINGS}2.`, `${SUBSCRIPTIONS}[ID=="cpe-10000"].`, `${MAPPINGS}3`];
    const { deleted_obj_results } = await agent.expect('delete_resp', request(...paths));
    t.same(
      deleted_obj_results.map(({ requested_path, oper_status }) => [requested_path, oper_status]),
      [
        [paths[0], success(`${MAPPINGS}2.`)],
        [paths[1], success(`${SUBSCRIPTIONS}10000.`)],
        [paths[2], success(`${MAPPINGS}3.`)],
      ],
    );
    t.same(mappings(agent), [1]);
    t.same(agent.local().rowsOf(SUBSCRIPTIONS), [10_001]);
  }
});

t.test('nothing to delete is success: no match, or a row that is not there (TP-469 1.25, 1.90)', async (t) => {
  const agent = await withRows();
  const paths = [`${MAPPINGS}[Description=="none"].`, `${MAPPINGS}9.`, `${SUBSCRIPTIONS}1.`];
  for (const request of [remove, removePartly]) {
    const { deleted_obj_results } = await agent.expect('delete_resp', request(...paths));
    t.same(
      deleted_obj_results.map(({ oper_status }) => oper_status),
      [success(), success(), success()],
    );
  }
  t.equal(deletions(agent), 0);
});

t.test('with allow_partial=false one bad path keeps everything', async (t) => {
  const agent = await withRows();
  const cases = [
    ['Device.Bogus.1.', 7026],
    [MAPPINGS, 7016],
    ['Device.Time.', 7016],
    ['Device.Hosts.Host.1.', 7024],
    ['Device.LocalAgent.MTP.1.', 7024],
    ['Device.[', 7008],
    ['Device.Reboot()', 7026],
  ] as const;
  for (const [path, code] of cases) {
    t.match(
      await agent.ask(remove(`${MAPPINGS}2.`, path, `${SUBSCRIPTIONS}10000.`)),
      { kind: 'error', err_code: 7004, param_errs: [{ param_path: path, err_code: code }] },
      path,
    );
  }
  t.equal(deletions(agent), 0);
  t.same(agent.local().rowsOf(SUBSCRIPTIONS), [10_000, 10_001]);
});

t.test('with allow_partial=true each path stands alone', async (t) => {
  const agent = await withRows();
  const answer = await agent.ask(removePartly('Device.Bogus.1.', `${MAPPINGS}2.`, 'Device.Hosts.Host.*.', MAPPINGS));
  t.match(answer, {
    deleted_obj_results: [
      { oper_status: { kind: 'oper_failure', err_code: 7026 } },
      { oper_status: success(`${MAPPINGS}2.`) },
      { oper_status: { kind: 'oper_failure', err_code: 7024 } },
      { oper_status: { kind: 'oper_failure', err_code: 7016 } },
    ],
  });
});

t.test('of a search some rows go and some do not (R-DEL.3)', async (t) => {
  const faults = { 9000: 7024, 9001: 7002, 9002: 7003, 9003: 7024, 9004: 7005, 9008: 7024, 9801: 7024 };
  for (const [fault, code] of Object.entries(faults)) {
    const agent = await withRows();
    agent.cpe.rules.add({ method: 'DeleteObject', when: (path) => path === `${MAPPINGS}2.`, answer: Number(fault) });
    t.match(await agent.ask(removePartly(`${MAPPINGS}*.`)), {
      deleted_obj_results: [
        {
          oper_status: {
            kind: 'oper_success',
            affected_paths: [`${MAPPINGS}1.`, `${MAPPINGS}3.`],
            unaffected_path_errs: [{ unaffected_path: `${MAPPINGS}2.`, err_code: code, err_msg: /^CWMP \d+/ }],
          },
        },
      ],
    });
  }
});

t.test('a CPE that refuses half-way: the Error says what is gone, and LocalAgent keeps its rows', async (t) => {
  const agent = await withRows();
  // The highest number goes first.
  agent.cpe.rules.add({ method: 'DeleteObject', when: (path) => path === `${MAPPINGS}2.`, answer: 9002 });
  t.match(await agent.ask(remove(`${MAPPINGS}*.`, `${SUBSCRIPTIONS}*.`)), {
    kind: 'error',
    err_code: 7015,
    err_msg: /1 of 3 rows are gone already/,
    param_errs: [{ param_path: `${MAPPINGS}2.`, err_code: 7003 }],
  });
  t.same(mappings(agent), [1, 2]);
  t.same(agent.local().rowsOf(SUBSCRIPTIONS), [10_000, 10_001]);
  agent.cpe.rules.add({ method: 'DeleteObject', answer: 9001 });
  t.match(await agent.ask(remove(`${MAPPINGS}2.`)), { kind: 'error', err_code: 7003 }, 'nothing is gone: its own code');
});

t.test('a row that the CPE does not know any more has gone', async (t) => {
  const agent = await withRows();
  agent.cpe.rules.add({ method: 'DeleteObject', answer: 9005, times: 1 });
  t.match(await agent.ask(remove(`${MAPPINGS}2.`)), {
    deleted_obj_results: [{ oper_status: success(`${MAPPINGS}2.`) }],
  });
});

t.test('a row inside one that goes is told, and costs no RPC of its own', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.ask(remove('Device.IP.Interface.2.IPv4Address.1.', 'Device.IP.Interface.2.'));
  t.match(answer, {
    deleted_obj_results: [
      { oper_status: success('Device.IP.Interface.2.IPv4Address.1.') },
      { oper_status: success('Device.IP.Interface.2.') },
    ],
  });
  t.equal(deletions(agent), 1);
});
