// Operate, case by case (facts: usp-agent-requirements §5.8): commands that are RPCs, and those that are parameters.
import t from 'tap';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { operate } from './requests.ts';

const RENEW = 'Device.DHCPv4.Client.1.Renew()';
const NOTHING = { kind: 'req_output_args', output_args: new Map() };
const failure = (err_code: number): unknown => ({
  operation_results: [{ operation_resp: { kind: 'cmd_failure', err_code } }],
});
/** Reboot() and FactoryReset() have arguments since Device:2.18. */
const known = async (version = '2.15'): Promise<AgentAtHand> => {
  const agent = new AgentAtHand({ values: { 'Device.RootDataModelVersion': version } });
  await agent.model();
  return agent;
};

t.test('Reboot: the RPC, and what the next Boot! is to tell', async (t) => {
  const agent = await known('2.18');
  const answer = await agent.ask(
    operate('Device.Reboot()', { Cause: 'LocalReboot', Reason: 'tidy', Bogus: 'x' }, 'k1'),
  );
  t.same(answer, {
    kind: 'operate_resp',
    operation_results: [{ executed_command: 'Device.Reboot()', operation_resp: NOTHING }],
  });
  t.match(agent.cpe.rpcs, [{ method: 'Reboot', request: { CommandKey: /^1[A-Z0-9]{22}$/ } }]);
  t.match(agent.cpe.asked, [
    {
      quiet: { reason: 'reboot', until: agent.cpe.now() + 90_000 },
      expectedBoot: { command_key: 'k1', cause: 'LocalReboot', reason: 'tidy' },
    },
  ]);
});

t.test('FactoryReset, if the CPE has it', async (t) => {
  const agent = await known();
  t.match(await agent.ask(operate('Device.FactoryReset()')), { operation_results: [{ operation_resp: NOTHING }] });
  t.same(agent.cpe.called, ['FactoryReset']);
  t.match(agent.cpe.asked, [
    {
      quiet: { reason: 'factory-reset' },
      expectedBoot: { command_key: 'key', cause: 'RemoteFactoryReset', reason: '' },
    },
  ]);
});

t.test('a command that is a parameter in CWMP is one SetParameterValues', async (t) => {
  const agent = await known();
  t.match(await agent.ask(operate(RENEW)), {
    operation_results: [{ executed_command: RENEW, operation_resp: NOTHING }],
  });
  t.match(agent.cpe.rpcs, [
    {
      method: 'SetParameterValues',
      request: { ParameterList: [{ Name: 'Device.DHCPv4.Client.1.Renew', Value: '1', Type: 'boolean' }] },
    },
  ]);
  const all = await agent.expect('operate_resp', operate('Device.DHCPv4.Client.*.Renew()'));
  t.match(all.operation_results, [{ executed_command: RENEW, operation_resp: NOTHING }], 'the concrete path');
});

t.test('an argument that cannot be is 7027, and nothing is executed (R-OPR.5)', async (t) => {
  const agent = await known('2.19');
  for (const command of ['Device.Reboot()', 'Device.FactoryReset()']) {
    t.match(await agent.ask(operate(command, { Cause: 'Boredom' })), failure(7027));
  }
  t.same(agent.cpe.rpcs, []);
  const older = await known();
  t.match(await older.ask(operate('Device.Reboot()', { Cause: 'Boredom' })), {
    operation_results: [{ operation_resp: NOTHING }],
  });
  t.match(
    older.cpe.asked,
    [{ expectedBoot: { cause: 'RemoteReboot', reason: '' } }],
    'unknown there: ignored (R-OPR.6)',
  );
});

t.test('what is not there is the failure of the command, never an Error (R-OPR.1)', async (t) => {
  const agent = await known();
  t.match(await agent.ask(operate('Device.SelfDestruct()')), {
    operation_results: [{ executed_command: 'Device.SelfDestruct()', operation_resp: { err_code: 7026 } }],
  });
  t.match(await agent.ask(operate('Device.Bogus.Reset()')), failure(7026));
  t.match(await agent.ask(operate('Device.DHCPv4.Client.9.Renew()')), failure(7016));
  t.same(
    (await agent.expect('operate_resp', operate('Device.DHCPv4.Client.[Interface=="x"].Renew()'))).operation_results,
    [],
  );
  t.match(await agent.ask(operate('Device.LocalAgent.Reset()')), failure(7026));
});

t.test('a message that names no command is an Error', async (t) => {
  const agent = await known();
  const isError = (answer: UspBody, err_code: number): unknown => t.match(answer, { kind: 'error', err_code });
  isError(await agent.ask(operate('Device.Time.Enable')), 7026);
  isError(await agent.ask(operate('Device.Boot!')), 7026);
  isError(await agent.ask(operate('Device.[')), 7008);
});

t.test('what the CPE refuses, in its own words', async (t) => {
  const faults = { 9000: 7022, 9001: 7002, 9002: 7003, 9003: 7022, 9004: 7005, 9801: 7022 };
  for (const [fault, code] of Object.entries(faults)) {
    const agent = await known();
    agent.cpe.rules.add({ method: '*', answer: Number(fault) });
    const answer = await agent.ask(operate('Device.Reboot()'));
    t.match(answer, failure(code), fault);
    t.match(answer, { operation_results: [{ operation_resp: { err_msg: new RegExp(`^CWMP ${fault}: `) } }] });
  }
  const agent = await known('2.19');
  agent.cpe.rules.add({ method: 'Reboot', answer: 9003 });
  // The CPE was not told of the Reason: its fault cannot be the Controller's.
  t.match(await agent.ask(operate('Device.Reboot()', { Reason: 'x' })), failure(7022));
  agent.cpe.rules.add({ method: 'SetParameterValues', answer: 'empty' });
  t.match(await agent.ask(operate(RENEW)), failure(7022));
});
