// Search expressions over rows, case by case (facts: usp-agent-requirements §4.2, §4.3), and what they cost.
import t from 'tap';
import { AgentAtHand } from './agent-at-hand.ts';
import { add, create, get, resultOf } from './requests.ts';

const INTERFACES = 'Device.IP.Interface.';
const agent = new AgentAtHand({
  values: { 'Device.IP.Interface.1.Enable': '1', 'Device.IP.Interface.2.Enable': 'FALSE' },
});
const namesOf = async (path: string, at = agent): Promise<readonly string[]> =>
  Object.values(resultOf(await at.expect('get_resp', get(`${path}.Name`)))).map(({ Name = '' }) => Name);
const codeOf = async (path: string): Promise<number | undefined> =>
  (await agent.expect('get_resp', get(path))).req_path_results[0]?.err_code;

t.test('every operator, by the type of the parameter', async (t) => {
  const mtu = await agent.expect('get_resp', get(`${INTERFACES}*.MaxMTUSize`));
  t.same(
    Object.values(resultOf(mtu)).map(({ MaxMTUSize }) => MaxMTUSize),
    ['1500', '1500'],
  );
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['Enable==true', ['eth0']],
    ['Enable==0', ['eth1']],
    ['Enable!=true', ['eth1']],
    ['Name=="eth0"', ['eth0']],
    ['Name!="eth0"', ['eth1']],
    ['MaxMTUSize==+01500', ['eth0', 'eth1']],
    ['MaxMTUSize<1501', ['eth0', 'eth1']],
    ['MaxMTUSize>1500', []],
    ['MaxMTUSize >= 1500 && Name == "eth1"', ['eth1']],
    ['Name=="eth0"&&Name=="br0"', []],
    ['LowerLayers~="Device.Ethernet.Link.1"', ['eth0']],
    ['LowerLayers~="Device.Ethernet.Link.1."', ['eth0']],
  ];
  for (const [expression, names] of cases) t.same(await namesOf(`${INTERFACES}[${expression}]`), names, expression);
});

t.test('through objects inside the row, and through references', async (t) => {
  t.same(await namesOf(`${INTERFACES}[Stats.BytesSent>=0]`), ['eth0', 'eth1']);
  t.same(await namesOf(`${INTERFACES}[LowerLayers+.Name=="br0"]`), ['eth1']);
  t.same(await namesOf(`${INTERFACES}1.LowerLayers+`), ['wan0'], 'the referred row has a Name of its own');
  t.same(await namesOf(`${INTERFACES}*.LowerLayers#*+.LowerLayers#1+`), ['eth0', 'eth1']);
  t.same(await namesOf(`${INTERFACES}1.LowerLayers#2+`), [], 'a list of one has no second item');
});

t.test('what does not suit the type or the model fails, rows or no rows', async (t) => {
  t.equal(await codeOf(`${INTERFACES}[Enable=="true"].`), 7008);
  t.equal(await codeOf(`${INTERFACES}[Name==eth0].`), 7008);
  t.equal(await codeOf(`${INTERFACES}[Name<"f"].`), 7008);
  t.equal(await codeOf(`${INTERFACES}[LowerLayers<"f"].`), 7008);
  t.equal(await codeOf(`${INTERFACES}[Name~="eth0"].`), 7008);
  t.equal(await codeOf(`${INTERFACES}[].`), 7008);
  t.equal(await codeOf(`${INTERFACES}[Bogus==1].`), 7026);
  t.equal(await codeOf(`${INTERFACES}[IPv4Address.IPAddress=="x"].`), 7026, 'no way into a table');
  t.equal(await codeOf('Device.Time.[Enable==true].'), 7026, 'no table');
  t.equal(await codeOf(`${INTERFACES}1.Name+.`), 0, 'a value that refers to nothing leads nowhere');
});

t.test('a value that a CPE spells as it likes', async (t) => {
  const odd = new AgentAtHand({ values: { 'Device.IP.Interface.1.LowerLayers': ' Device.Ethernet.Link.1. ' } });
  t.same(await namesOf(`${INTERFACES}[LowerLayers~="Device.Ethernet.Link.1"]`, odd), ['eth0']);
  t.same(await namesOf(`${INTERFACES}1.LowerLayers+`, odd), ['wan0']);
});

t.test('a read that fails is the failure of the search, not an empty answer', async (t) => {
  const refusing = new AgentAtHand();
  await refusing.model();
  refusing.cpe.rules.add({ method: 'GetParameterValues', when: (path) => path.endsWith('.Name'), answer: 9001 });
  const { req_path_results } = await refusing.expect('get_resp', get(`${INTERFACES}[Name=="eth0"].Enable`));
  t.match(req_path_results, [{ err_code: 7002, err_msg: /^CWMP 9001/ }]);
});

t.test('rows of LocalAgent are searched alike, and cost nothing', async (t) => {
  const local = new AgentAtHand();
  const row = { NotifType: 'Event', ReferenceList: 'Device.Boot!' };
  await local.expect(
    'add_resp',
    add(create('Device.LocalAgent.Subscription.', { ...row, ID: 'a' }), create('Device.LocalAgent.Subscription.', row)),
  );
  const found = resultOf(
    await local.expect('get_resp', get('Device.LocalAgent.Subscription.[ID=="a"&&Recipient+.Enable==true].NotifType')),
  );
  t.same(found, { 'Device.LocalAgent.Subscription.10000.': { NotifType: 'Event' } });
  t.same(local.cpe.rpcs, []);
});

t.test('rows of many tables are searched in one read', async (t) => {
  const cost = new AgentAtHand();
  await cost.model();
  cost.cpe.beginSession();
  const inner = await cost.expect('get_resp', get(`${INTERFACES}*.IPv4Address.[Enable==true].IPAddress`));
  t.equal(Object.keys(resultOf(inner)).length, 2);
  t.same(cost.cpe.called, ['GetParameterNames', 'GetParameterValues', 'GetParameterValues']);
});
