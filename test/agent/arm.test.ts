// Arming: what Subscriptions watch becomes ledger entries and attributes on the CPE (facts: cwmp-usp-translation §5.1).
import t from 'tap';
import { arm } from '../../proxy/agent/subscriptions/arm.ts';
import type { CpeRequest } from '../../proxy/rpc/methods.ts';
import { AgentAtHand, type AgentOptions } from './agent-at-hand.ts';
import { add, create, remove } from './requests.ts';

const TABLE = 'Device.LocalAgent.Subscription.';
const SSID = 'Device.WiFi.SSID.1.SSID';
const CHANNEL = 'Device.WiFi.Radio.1.Channel';

const watching = (ReferenceList: string): ReturnType<typeof add> =>
  add(create(TABLE, { Enable: 'true', NotifType: 'ValueChange', ReferenceList }));
/** An Agent that watches, one Subscription for each list of references; nothing is armed yet. */
async function agentThatWatches(options: AgentOptions, ...references: readonly string[]): Promise<AgentAtHand> {
  const agent = new AgentAtHand(options);
  await agent.model();
  for (const list of references) await agent.expect('add_resp', watching(list));
  return agent;
}
const armed = async (agent: AgentAtHand, force = false): Promise<number> => {
  const model = await agent.model();
  agent.cpe.beginTurn();
  return arm(model, agent.cpe, force);
};
const attributesSet = (agent: AgentAtHand): readonly (readonly [string, number])[] =>
  agent.cpe.rpcs.flatMap(({ method, request }) => {
    if (method !== 'SetParameterAttributes') return [];
    // The method was just compared.
    const { ParameterList } = request as CpeRequest<'SetParameterAttributes'>;
    return ParameterList.map(({ Name, Notification }) => [Name, Notification] as const);
  });

t.test('a parameter: its baseline, its attribute before, and active notification', async (t) => {
  const agent = await agentThatWatches({}, SSID);
  t.equal(await armed(agent), 1);
  t.same(agent.cpe.called, ['GetParameterValues', 'GetParameterAttributes', 'SetParameterAttributes']);
  t.same(
    [...agent.cpe.ledger],
    [[SSID, { value: 'meadow-tiny', notification: 2, before: 0, subscriptions: [10_000] }]],
  );
  await armed(agent);
  t.same(agent.cpe.called, [], 'armed already');
});

t.test('objects, wildcards and searches mean what is below them now', async (t) => {
  const agent = await agentThatWatches(
    {},
    'Device.WiFi.Radio.',
    'Device.IP.Interface.*.Enable,Device.IP.Interface.[Name=="eth0"].MaxMTUSize,Device.Bogus.X',
  );
  await armed(agent);
  const watched = [...agent.cpe.ledger.keys()];
  t.ok(watched.includes(CHANNEL));
  t.same(
    watched.filter((name) => name.startsWith('Device.IP.')),
    ['Device.IP.Interface.1.Enable', 'Device.IP.Interface.2.Enable', 'Device.IP.Interface.1.MaxMTUSize'],
  );
});

t.test('secrets are not watched: their values would be told and stored', async (t) => {
  const agent = await agentThatWatches({}, 'Device.Users.');
  await armed(agent);
  const watched = [...agent.cpe.ledger.keys()];
  t.ok(watched.includes('Device.Users.User.1.Username'));
  t.notOk(watched.includes('Device.Users.User.1.Password'));
});

t.test('a parameter that the CPE refuses is found, and polled instead', async (t) => {
  const agent = await agentThatWatches({}, 'Device.WiFi.');
  agent.cpe.rules.add({ method: 'SetParameterAttributes', when: (path) => path === SSID, answer: 9009 });
  const watched = await armed(agent);
  const { ledger } = agent.cpe;
  t.equal(ledger.get(SSID)?.notification, 0);
  t.equal([...ledger.values()].filter(({ notification }) => notification === 2).length, watched - 1);
});

t.test('a CPE without attributes is asked once, one that refuses them all not for ever', async (t) => {
  for (const [fault, most] of [
    [9000, 1],
    [9009, 99],
  ] as const) {
    const agent = await agentThatWatches({ dump: 'large-tr181' }, 'Device.');
    agent.cpe.readBatch = 4096;
    agent.cpe.rules.add({ method: 'SetParameterAttributes', answer: fault });
    t.ok((await armed(agent)) > 500);
    t.ok(agent.cpe.called.filter((name) => name === 'SetParameterAttributes').length <= most);
    t.ok([...agent.cpe.ledger.values()].every(({ notification }) => notification === 0));
  }
});

t.test('what two Subscriptions watch is let go with the second, in one RPC', async (t) => {
  const agent = await agentThatWatches({}, 'Device.WiFi.Radio.', 'Device.WiFi.');
  await armed(agent);
  const both = agent.cpe.ledger.size;
  await agent.ask(remove(`${TABLE}10001.`));
  await armed(agent);
  t.ok(agent.cpe.ledger.size < both);
  t.same(agent.cpe.ledger.get(CHANNEL)?.subscriptions, [10_000]);
  t.ok(
    attributesSet(agent).every(([name, notification]) => notification === 0 && !name.startsWith('Device.WiFi.Radio.')),
  );
  t.equal(agent.cpe.called.length, 1);
  await agent.ask(remove(`${TABLE}10000.`));
  t.equal(await armed(agent), 0);
  t.same(agent.cpe.called, ['SetParameterAttributes']);
});

t.test('a row that comes later is watched when it is there', async (t) => {
  const agent = await agentThatWatches({}, 'Device.NAT.PortMapping.*.Description');
  t.equal(await armed(agent), 1);
  await agent.expect('add_resp', add(create('Device.NAT.PortMapping.', { Description: 'new' })));
  t.equal(await armed(agent), 2);
  t.same(attributesSet(agent), [['Device.NAT.PortMapping.2.Description', 2]]);
  t.equal(agent.cpe.ledger.get('Device.NAT.PortMapping.2.Description')?.value, 'new');
});

t.test('a CPE that forgot everything: attributes are set again, and the change itself is not forgotten', async (t) => {
  const agent = await agentThatWatches({}, SSID);
  await armed(agent);
  agent.cpe.device.model.write(new Map([[SSID, 'factory']]), 'now');
  await armed(agent, true);
  t.same(attributesSet(agent), [[SSID, 2]]);
  t.same(agent.cpe.revealed, [[SSID, 'factory']], 'the read of the baseline showed it');
  t.equal(agent.cpe.ledger.get(SSID)?.value, 'meadow-tiny', 'so that its event still is a change');
});
