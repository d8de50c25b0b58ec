// Unique keys in a Set: two rows never have the same one (7025), and one that only names a row never changes (R-KEY.1).
import t from 'tap';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create, set, setPartly, update } from './requests.ts';

const USERS = 'Device.Users.User.';
const MAPPINGS = 'Device.NAT.PortMapping.';
const keyTakenIn = (answer: UspBody): readonly string[] =>
  answer.kind !== 'error'
    ? []
    : answer.param_errs.flatMap(({ param_path, err_code }) => (err_code === 7025 ? [param_path] : []));

/** Users admin, second and third. */
async function withUsers(): Promise<AgentAtHand> {
  const agent = new AgentAtHand();
  const users = ['second', 'third'].map((Username) => create(USERS, { Username, Enable: 'true' }));
  await agent.expect('add_resp', add(...users));
  return agent;
}
const nameOf = (agent: AgentAtHand, number: number): string | undefined =>
  agent.cpe.device.model.peek(`${USERS}${number}.Username`);

t.test('a key that another row has', async (t) => {
  const agent = await withUsers();
  const taken = update(`${USERS}2.`, { 'Username!': 'admin', 'Language!': 'de' });
  const whole = await agent.ask(set(taken));
  t.match(whole, { kind: 'error', err_code: 7004 });
  t.same(keyTakenIn(whole), [`${USERS}2.Username`]);
  t.match(await agent.ask(setPartly(taken)), {
    updated_obj_results: [
      {
        oper_status: {
          kind: 'oper_failure',
          err_code: 7021,
          updated_inst_failures: [{ affected_path: `${USERS}2.`, param_errs: [{ param: 'Username', err_code: 7025 }] }],
        },
      },
    ],
  });
  t.notOk(agent.cpe.called.includes('SetParameterValues'));
  const optional = await agent.ask(set(update(`${USERS}2.`, { Username: 'admin', 'Language!': 'de' })));
  t.match(optional, {
    updated_obj_results: [
      { oper_status: { updated_inst_results: [{ param_errs: [{ param: 'Username', err_code: 7025 }] }] } },
    ],
  });
  t.same([nameOf(agent, 2), agent.cpe.device.model.peek(`${USERS}2.Language`)], ['second', 'de']);
});

t.test('two rows that get one key in a message', async (t) => {
  const agent = await withUsers();
  t.same(keyTakenIn(await agent.ask(set(update(`${USERS}*.`, { 'Username!': 'same' })))), [
    `${USERS}2.Username`,
    `${USERS}3.Username`,
  ]);
  const [second, third] = [2, 3].map((number) => update(`${USERS}${number}.`, { 'Username!': 'same' }));
  if (second === undefined || third === undefined) return;
  t.same(keyTakenIn(await agent.ask(set(second, third))), [`${USERS}3.Username`]);
  t.same([nameOf(agent, 1), nameOf(agent, 2), nameOf(agent, 3)], ['admin', 'second', 'third']);
  t.match(await agent.ask(setPartly(second, third)), {
    updated_obj_results: [{ oper_status: { kind: 'oper_success' } }, { oper_status: { kind: 'oper_failure' } }],
  });
  t.same([nameOf(agent, 2), nameOf(agent, 3)], ['same', 'third'], 'the first gets it');
});

t.test('what counts is the rows as they will be', async (t) => {
  const agent = await withUsers();
  const exchanged = set(
    update(`${USERS}2.`, { 'Username!': 'third' }),
    update(`${USERS}3.`, { 'Username!': 'second' }),
  );
  t.equal((await agent.ask(exchanged)).kind, 'set_resp');
  t.same([nameOf(agent, 2), nameOf(agent, 3)], ['third', 'second']);
  // The name of the first row would have been free, had it not failed to give it up.
  const chain = setPartly(
    update(`${USERS}1.`, { 'Username!': 'chief', 'Bogus!': '1' }),
    update(`${USERS}2.`, { 'Username!': 'admin' }),
  );
  t.match(await agent.ask(chain), {
    updated_obj_results: [{ oper_status: { kind: 'oper_failure' } }, { oper_status: { kind: 'oper_failure' } }],
  });
  t.equal(nameOf(agent, 2), 'third');
  t.equal((await agent.ask(set(update(`${USERS}1.`, { 'Username!': 'admin' })))).kind, 'set_resp', 'its own name');
});

t.test('a row that is switched off may share a functional key', async (t) => {
  const agent = await withUsers();
  t.equal((await agent.ask(set(update(`${USERS}2.`, { 'Username!': 'admin', 'Enable!': '0' })))).kind, 'set_resp');
  t.equal(nameOf(agent, 2), 'admin');
  const on = await agent.ask(set(update(`${USERS}2.`, { 'Username!': 'admin', 'Enable!': 'true' })));
  t.same(keyTakenIn(on), [`${USERS}2.Username`]);
});

t.test('a key of several parameters counts as a whole', async (t) => {
  const agent = new AgentAtHand();
  const other = { Enable: 'true', ExternalPort: '8080', Protocol: 'UDP', RemoteHost: '' };
  await agent.expect('add_resp', add(create(MAPPINGS, other)));
  t.same(keyTakenIn(await agent.ask(set(update(`${MAPPINGS}2.`, { 'Protocol!': 'TCP' })))), [`${MAPPINGS}2.Protocol`]);
  const both = await agent.ask(set(update(`${MAPPINGS}2.`, { 'Protocol!': 'TCP', 'ExternalPort!': '+08081' })));
  t.equal(both.kind, 'set_resp');
});

t.test('an Alias never changes, in tables where no standard calls it a key either', async (t) => {
  // TR-181 2.15 has no Alias for Hosts any more; this CPE still has, and lets itself be told another.
  const HOSTS = 'Device.Hosts.Host.';
  const agent = new AgentAtHand();
  const one = await agent.ask(set(update(`${HOSTS}2.`, { 'Alias!': 'found' })));
  t.match(one, { kind: 'error', err_code: 7004, param_errs: [{ param_path: `${HOSTS}2.Alias`, err_code: 7013 }] });
  const both = await agent.ask(set(update(`${HOSTS}[AddressSource=="Static"].`, { 'Alias!': 'found' })));
  t.match(both, { kind: 'error', param_errs: [{ err_code: 7013 }, { err_code: 7013 }] });
  t.equal(agent.cpe.device.model.peek(`${HOSTS}2.Alias`), 'cpe-2');
});

t.test('only a Set that touches a key reads keys', async (t) => {
  const agent = await withUsers();
  await agent.ask(set(update(`${USERS}2.`, { 'Username!': 'other', 'Language!': 'de', 'Enable!': 'true' })));
  agent.cpe.beginSession();
  await agent.ask(set(update(`${USERS}2.`, { 'Language!': 'en', 'Enable!': 'true' })));
  t.same(agent.cpe.called, ['SetParameterValues']);
  agent.cpe.beginSession();
  await agent.ask(set(update(`${USERS}2.`, { 'Username!': 'again' })));
  t.same(agent.cpe.called, ['GetParameterNames', 'GetParameterValues', 'SetParameterValues']);
});

t.test('a long chain of rows that pass their names on is not followed for ever', async (t) => {
  const agent = new AgentAtHand();
  const users = Array.from({ length: 40 }, (_, index) => create(USERS, { Username: `user-${index}`, Enable: 'true' }));
  await agent.expect('add_resp', add(...users));
  // Each takes the name of the one before it, and the first does not give up its own.
  const chain = users.map((_, index) =>
    update(`${USERS}${index + 2}.`, { 'Username!': index === 0 ? 'admin' : `user-${index - 1}` }),
  );
  const answer = await agent.expect('set_resp', setPartly(...chain));
  const failed = answer.updated_obj_results.filter(({ oper_status }) => oper_status.kind === 'oper_failure');
  t.ok(failed.length >= 16, String(failed.length));
  t.match(failed[0], { requested_path: `${USERS}2.` });
});
