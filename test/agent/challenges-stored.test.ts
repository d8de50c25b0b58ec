// Challenges over a store: what one node has asked another takes the answer to, none of two answers at once is lost, and what
// an untrusted Controller may see of them.
import t from 'tap';
import { ensureController } from '../../proxy/agent/local-agent/controller/controllers.ts';
import { TRUST } from '../../proxy/agent/local-agent/controller-trust/paths.ts';
import { Templates } from '../../proxy/agent/template/templates.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { TENANT } from '../store/contract/samples.ts';
import { AgentOverStore } from './agent-over-store.ts';
import { get, operate, resultOf, set, update } from './requests.ts';

const TABLE = `${TRUST}Challenge.`;
const GUEST = 'proto::guest';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const PASS = base64('open sesame');
const LOCAL = {
  softwareVersion: '0',
  subscriptionCap: 9,
  webSocket: { port: 1, encrypted: false, keepAliveSeconds: 30 },
};

async function scene(t: Parameters<typeof AgentOverStore.open>[0]): Promise<AgentOverStore> {
  const agent = await AgentOverStore.open(t);
  await ensureController(agent.store, TENANT, GUEST, 'untrusted');
  const clock = { now: () => agent.now, after: () => ({ cancel: () => undefined }) };
  const templates = new Templates({ store: agent.store, clock, settings: LOCAL });
  const values = { Enable: 'true', Description: 'Installers', Role: `${TRUST}Role.2`, Value: PASS, Retries: '2' };
  const changed = await templates.change(TENANT, undefined, [{ kind: 'add', path: TABLE, values }]);
  if (changed.kind !== 'changed') throw new Error(JSON.stringify(changed));
  t.notMatch(JSON.stringify(changed.template), PASS, 'the Value is not in the document');
  return agent;
}

const responseIn = (answer: UspBody): unknown =>
  answer.kind === 'operate_resp' ? answer.operation_results[0]?.operation_resp : answer;
async function ask(agent: AgentOverStore): Promise<string> {
  const asked = await agent.answer(operate(`${TRUST}RequestChallenge()`, { ChallengeRef: `${TABLE}1` }), GUEST);
  const response = asked.kind === 'operate_resp' ? asked.operation_results[0]?.operation_resp : undefined;
  return response?.kind === 'req_output_args' ? (response.output_args.get('ChallengeID') ?? '') : '';
}
const answer = async (agent: AgentOverStore, ChallengeID: string, Value: string): Promise<unknown> =>
  responseIn(await agent.answer(operate(`${TRUST}ChallengeResponse()`, { ChallengeID, Value }), GUEST));
const roleOf = async (agent: AgentOverStore): Promise<unknown> => {
  const path = `Device.LocalAgent.Controller.[EndpointID=="${GUEST}"].AssignedRole`;
  const read = await agent.answer(get(path));
  return read.kind === 'get_resp' ? Object.values(resultOf(read))[0]?.['AssignedRole'] : undefined;
};

async function countedAt({ metrics }: AgentOverStore): Promise<ReadonlyMap<string, number>> {
  const lines = (await metrics.text()).matchAll(/^causeway_challenge_total\{outcome="(\w+)"\} (\d+)$/gm);
  return new Map([...lines].map(([, outcome = '', count]) => [outcome, Number(count)]));
}
const upTime = async (agent: AgentOverStore): Promise<object> => {
  const read = await agent.answer(get('Device.LocalAgent.UpTime'), GUEST);
  return read.kind === 'get_resp' ? resultOf(read) : read;
};

t.test('an untrusted Controller sees which there are, and gets its role at any node', async (t) => {
  const agent = await scene(t);
  const seen = await agent.answer(get(`${TABLE}*.`), GUEST);
  t.same(seen.kind === 'get_resp' ? resultOf(seen) : seen, {
    [`${TABLE}1.`]: { Alias: 'cpe-1', Description: 'Installers' },
  });
  t.equal(await roleOf(agent), `${TRUST}Role.3`);
  t.same(await upTime(agent), {}, 'more it may not see');
  const id = await ask(agent);
  t.match(id, /^[A-Z2-7]{26}$/);
  t.match(await answer(agent.beside(), id, PASS), { kind: 'req_output_args' });
  t.equal(await roleOf(agent), `${TRUST}Role.2`);
  t.same(Object.keys(await upTime(agent)), ['Device.LocalAgent.'], 'and may what that allows');
  t.same(agent.submitted, [], 'no CPE is woken');
  t.equal((await agent.store.tenants.readTemplate(TENANT)).rows.includes('attempts'), false, 'each device has its own');
});

t.test('of answers at once each counts', async (t) => {
  const agent = await scene(t);
  const id = await ask(agent);
  const other = agent.beside();
  const tries = await Promise.all([agent, other, agent, other].map((node) => answer(node, id, base64('guess'))));
  const codes = tries.map((one) => (one as { readonly err_code?: number }).err_code).sort();
  t.same(codes, [7002, 7002, 7022, 7022], 'two tries, and then it is locked');
  const outcomes = await Promise.all([agent, other].map(countedAt));
  const sum = (outcome: string): number => outcomes.reduce((all, counts) => all + (counts.get(outcome) ?? 0), 0);
  t.same(['asked', 'failed', 'locked', 'passed'].map(sum), [1, 2, 2, 0], 'and is counted once');
  t.match(await answer(other, id, PASS), { err_code: 7002 });
  other.now += 30_000;
  t.match(await answer(other, id, PASS), { kind: 'req_output_args' });
});

t.test('a Value of the device takes the place of that of the template', async (t) => {
  const agent = await scene(t);
  const own = base64('of this very device');
  t.match(await agent.answer(set(update(`${TABLE}1.`, { Value: own }))), { kind: 'set_resp' });
  const id = await ask(agent);
  t.match(await answer(agent, id, PASS), { err_code: 7022 });
  t.match(await answer(agent, id, own), { kind: 'req_output_args' });
});
