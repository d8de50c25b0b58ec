// Device.LocalAgent.Controller.{i}.E2ESession.: what may be written, and what counts for whom.
import t from 'tap';
import {
  ownSessionPolicies,
  sessionPolicyOf,
  STANDARD_POLICY,
} from '../../proxy/agent/local-agent/controller/e2e-session.ts';
import { CONTROLLER_TABLE } from '../../proxy/agent/local-agent/controller/controller-table.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { get, operate, resultOf, set, update } from './requests.ts';

const path = `${CONTROLLER_TABLE}1.E2ESession.`;

t.test('as the model has it, until somebody says otherwise', async (t) => {
  const agent = new AgentAtHand();
  const answer = await agent.ask(get(path));
  if (answer.kind !== 'get_resp') throw new Error(answer.kind);
  t.same(resultOf(answer)[path], {
    SessionMode: 'Allow',
    Status: 'Down',
    SessionExpiration: '0',
    SessionRetryMinimumWaitInterval: '5',
    SessionRetryIntervalMultiplier: '2000',
    CurrentRetryCount: '0',
    MaxUSPRecordSize: '0',
    MaxRetransmitTries: '0',
    PayloadSecurity: 'Plaintext',
  });
  const local = agent.local();
  t.equal(sessionPolicyOf(local, local.read(`${CONTROLLER_TABLE}1.EndpointID`) ?? ''), STANDARD_POLICY);
});

t.test('what a Controller writes counts for it alone', async (t) => {
  const agent = new AgentAtHand();
  const values = { SessionMode: 'Require', SessionExpiration: '60', MaxUSPRecordSize: '512', MaxRetransmitTries: '-1' };
  t.match(await agent.ask(set(update(path, values))), { kind: 'set_resp' });
  const local = agent.local();
  const endpointId = local.read(`${CONTROLLER_TABLE}1.EndpointID`) ?? '';
  const policy = { ...STANDARD_POLICY, mode: 'Require', expirationMs: 60_000, maxRecordBytes: 512, maxRetransmits: -1 };
  t.same(sessionPolicyOf(local, endpointId), policy);
  t.equal(sessionPolicyOf(local, 'proto::nobody'), STANDARD_POLICY);
  t.same(ownSessionPolicies(local), new Map([[endpointId, policy]]));
});

t.test('values that cannot be', async (t) => {
  const agent = new AgentAtHand();
  const wrong = {
    SessionMode: 'Sometimes',
    Status: 'Up',
    SessionExpiration: '-1',
    SessionRetryMinimumWaitInterval: '0',
    SessionRetryIntervalMultiplier: '999',
    MaxUSPRecordSize: '511',
    MaxRetransmitTries: '11',
    PayloadSecurity: 'TLS',
    // Deleted from the model (2.18, 2.19).
    Enable: 'true',
    SegmentedPayloadChunkSize: '512',
  };
  for (const [name, value] of Object.entries(wrong)) {
    t.match(await agent.ask(set(update(path, { [`${name}!`]: value }))), { kind: 'error', err_code: 7004 }, name);
  }
  t.match(await agent.ask(operate(`${path}Reset()`)), {
    operation_results: [{ operation_resp: { kind: 'cmd_failure', err_code: 7022 } }],
  });
});
