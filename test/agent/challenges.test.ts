// Challenges: what a Controller is asked, and what its answer makes of its roles (TR-369 "Challenges", R-SEC.16, R-SEC.17).
import t from 'tap';
import { TRUST } from '../../proxy/agent/local-agent/controller-trust/paths.ts';
import type { OperationResult } from '../../proxy/usp/messages/operate.ts';
import { AgentAtHand, CONTROLLER, OTHER_CONTROLLER } from './agent-at-hand.ts';
import { add, create, get, operate, remove, resultOf, set, update, type Values } from './requests.ts';

const TABLE = `${TRUST}Challenge.`;
const ROW = `${TABLE}10000`;
const ROLES = `${TRUST}Role.`;
const ME = 'Device.LocalAgent.Controller.1.';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const PASS = base64('open sesame');

type Response = OperationResult['operation_resp'];
async function run(agent: AgentAtHand, command: string, args: Values, from: string): Promise<Response | undefined> {
  const answer = await agent.ask(operate(TRUST + command, args), from);
  return answer.kind === 'operate_resp' ? answer.operation_results[0]?.operation_resp : undefined;
}
const request = (agent: AgentAtHand, args: Values = {}, from = CONTROLLER): Promise<Response | undefined> =>
  run(agent, 'RequestChallenge()', { ChallengeRef: ROW, ...args }, from);
const respond = (
  agent: AgentAtHand,
  ChallengeID: string,
  Value: string,
  from = CONTROLLER,
): Promise<Response | undefined> => run(agent, 'ChallengeResponse()', { ChallengeID, Value }, from);
const idIn = (response: Response | undefined): string =>
  response?.kind === 'req_output_args' ? (response.output_args.get('ChallengeID') ?? '') : '';
const DONE = { kind: 'req_output_args' };
const refusal = (err_code: number): object => ({ kind: 'cmd_failure', err_code });

async function challenged(values: Values = {}): Promise<AgentAtHand> {
  const agent = new AgentAtHand();
  const row = { Enable: 'true', Value: PASS, Role: `${ROLES}1`, Instruction: base64('Say it'), ...values };
  await agent.expect('add_resp', add(create(TABLE, row)));
  await agent.expect('set_resp', set(update(ME, { AssignedRole: `${ROLES}3` })));
  return agent;
}

t.test('the right answer gives the Role in place of UntrustedRole, once', async (t) => {
  const agent = await challenged();
  const asked = await request(agent);
  const ChallengeID = idIn(asked);
  t.same(asked, {
    kind: 'req_output_args',
    output_args: new Map([
      ['Instruction', base64('Say it')],
      ['InstructionType', 'text/plain'],
      ['ValueType', 'text/plain'],
      ['ChallengeID', ChallengeID],
    ]),
  });
  t.match(await respond(agent, ChallengeID, PASS), DONE);
  t.equal(agent.local().read(`${ME}AssignedRole`), `${ROLES}1`);
  t.match(await respond(agent, ChallengeID, PASS), refusal(7004), 'it is used up');
  t.same(
    agent.told.map(([outcome]) => outcome),
    ['asked', 'passed', 'unknown'],
  );
  t.same(agent.cpe.called, [], 'no CPE is asked');
});

t.test('other roles stay, and none is there twice', async (t) => {
  const agent = await challenged({ Role: `${ROLES}1,${ROLES}2` });
  await agent.ask(set(update(ME, { AssignedRole: `${ROLES}2,${ROLES}4` })));
  t.match(await respond(agent, idIn(await request(agent)), PASS), DONE);
  t.equal(agent.local().read(`${ME}AssignedRole`), `${ROLES}2,${ROLES}4,${ROLES}1`);
});

t.test('nobody reads the Value', async (t) => {
  const agent = await challenged();
  const answer = await agent.expect('get_resp', get(`${ROW}.`, `${TABLE}[Value=="${PASS}"].Alias`));
  t.match(resultOf(answer)[`${ROW}.`], {
    Value: '',
    Enable: 'true',
    Type: 'Passphrase',
    Retries: '5',
    LockoutPeriod: '30',
  });
  t.same(resultOf(answer, 1), {}, 'not even by a search for it');
  await agent.ask(set(update(`${ROW}.`, { Value: base64('another') })));
  const id = idIn(await request(agent));
  t.match(await respond(agent, id, PASS), refusal(7022));
  t.match(await respond(agent, id, base64('another')), DONE, 'but it can be written');
});

t.test('a question is for one Controller, which is asked one thing at a time', async (t) => {
  const agent = await challenged();
  await agent.ask(add(create(TABLE, { Enable: 'true', Value: PASS, Role: `${ROLES}2` })));
  const id = idIn(await request(agent));
  t.match(await respond(agent, id, PASS, OTHER_CONTROLLER), refusal(7004), 'another Controller answers');
  t.match(await request(agent, { ChallengeRef: `${TABLE}10001.` }), refusal(7002), 'the first is to be answered');
  t.match(await request(agent, { ChallengeRef: `${TABLE}10001.` }, OTHER_CONTROLLER), DONE);
  const again = idIn(await request(agent));
  t.not(again, id);
  t.match(await respond(agent, id, PASS), refusal(7004), 'asked again, the answer goes under the new name');
  t.match(await respond(agent, again, PASS), DONE);
  t.match(await request(agent, { ChallengeRef: `${TABLE}10001.` }), DONE, 'then the next may come');
});

t.test('a question expires', async (t) => {
  const agent = await challenged();
  const cases = [
    [{}, 900],
    [{ RequestExpiration: '5' }, 5],
  ] as const;
  for (const [args, seconds] of cases) {
    const id = idIn(await request(agent, args));
    agent.cpe.clock.advance(seconds * 1000 - 1);
    t.match(await respond(agent, id, base64('wrong')), refusal(7022), 'not yet');
    agent.cpe.clock.advance(1);
    t.match(await respond(agent, id, PASS), refusal(7004), `after ${seconds} s`);
  }
  const id = idIn(await request(agent, { RequestExpiration: '0' }));
  agent.cpe.clock.advance(365 * 86_400_000);
  t.match(await respond(agent, id, PASS), DONE, '0: never');
});

t.test('failures in a row lock it, whoever fails', async (t) => {
  const agent = await challenged({ Retries: '3', LockoutPeriod: '60' });
  const [mine, theirs] = [idIn(await request(agent)), idIn(await request(agent, {}, OTHER_CONTROLLER))];
  for (const [id, from] of [
    [mine, CONTROLLER],
    [theirs, OTHER_CONTROLLER],
    [mine, CONTROLLER],
  ] as const) {
    t.match(await respond(agent, id, base64('guess'), from), refusal(7022));
  }
  agent.cpe.clock.advance(59_999);
  t.match(await respond(agent, mine, PASS), refusal(7002), 'the right answer too');
  t.match(await respond(agent, theirs, PASS, OTHER_CONTROLLER), refusal(7002));
  t.match(await request(agent), refusal(7002));
  agent.cpe.clock.advance(1);
  t.match(await respond(agent, mine, base64('guess')), refusal(7022), 'after it the count begins anew');
  t.match(await respond(agent, mine, PASS), DONE);
  const next = idIn(await request(agent));
  await respond(agent, next, base64('guess'));
  await respond(agent, next, base64('guess'));
  t.match(await respond(agent, next, PASS), DONE, 'and so it does after a success');
});

t.test('without a lockout one question allows so many tries', async (t) => {
  const agent = await challenged({ Retries: '2', LockoutPeriod: '0' });
  const id = idIn(await request(agent));
  t.match(await respond(agent, id, base64('guess')), refusal(7022));
  t.match(await respond(agent, id, base64('guess')), refusal(7022));
  t.match(await respond(agent, id, PASS), refusal(7004));
  t.match(await respond(agent, idIn(await request(agent)), PASS), DONE, 'it can be asked for again at once');
});

t.test('what cannot be asked or answered', async (t) => {
  const agent = await challenged();
  for (const [args, code] of [
    [{ ChallengeRef: `${TABLE}7` }, 7012],
    [{ ChallengeRef: 'Device.LocalAgent.Controller.1' }, 7012],
    [{ RequestExpiration: '-1' }, 7027],
    [{ RequestExpiration: 'soon' }, 7027],
    [{ RequestExpiration: '2147483648' }, 7027],
  ] as const) {
    t.match(await request(agent, args), refusal(code), JSON.stringify(args));
  }
  t.match(await run(agent, 'RequestChallenge()', {}, CONTROLLER), refusal(7027), 'ChallengeRef is mandatory');
  const id = idIn(await request(agent));
  t.match(await respond(agent, id, 'not base64!'), refusal(7027));
  t.match(await respond(agent, id, ''), refusal(7022), 'nothing is no answer');
  await agent.ask(set(update(`${ROW}.`, { Enable: 'false' })));
  t.match(await request(agent), refusal(7012), 'it is switched off');
  t.match(await respond(agent, id, PASS), refusal(7004));
  await agent.ask(set(update(`${ROW}.`, { Enable: 'true', Value: '' })));
  t.match(await request(agent), refusal(7022), 'it has no Value');
});

t.test('what a row cannot have', async (t) => {
  const agent = await challenged();
  for (const [values, code] of [
    [{ 'ValueType!': 'image/jpeg' }, 7012],
    [{ 'Type!': 'Picture' }, 7012],
    [{ 'InstructionType!': 'audio/ogg' }, 7012],
    [{ 'LockoutPeriod!': '-1' }, 7012],
    [{ 'Value!': 'plain text' }, 7011],
    [{ 'Role!': `${ROLES}77` }, 7012],
  ] as const) {
    const answer = await agent.ask(set(update(`${ROW}.`, values)));
    t.match(answer, { kind: 'error', param_errs: [{ err_code: code }] }, JSON.stringify(values));
  }
  await agent.ask(add(create(ROLES, { Name: 'guest' })));
  await agent.ask(set(update(`${ROW}.`, { Role: `${ROLES}10000` })));
  await agent.ask(remove(`${ROLES}10000.`));
  t.equal(agent.local().read(`${ROW}.Role`), '', 'a Role that goes is given no more (R-ARC.12)');
  t.match(await request(agent), refusal(7022));
});

t.test('of many who are asked, those who were asked first ask again', async (t) => {
  const agent = await challenged();
  const first = idIn(await request(agent));
  for (let one = 0; one < 16; one += 1) await request(agent, {}, `proto::${one}`);
  t.match(await respond(agent, first, PASS), refusal(7004));
  t.ok(JSON.stringify(agent.own).length < 4096, 'what is kept stays small');
});
