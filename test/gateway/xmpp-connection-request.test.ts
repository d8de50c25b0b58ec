import t, { type Test } from 'tap';
import type { Cpe } from '../cpe/cpe.ts';
import type { CpeOptions } from '../cpe/options.ts';
import type { XmppOptions } from '../cpe/xmpp-client.ts';
import { causeway } from '../cli/run-causeway.ts';
import { wayLearnt } from './way-learnt.ts';
import { until } from '../process/scene.ts';
import { missingProsody, type ProsodyServer, startProsody } from '../prosody-server.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';

const PATH = 'Device.DeviceInfo.SoftwareVersion';
const SERVER = 'Device.ManagementServer.';
/** Nothing listens at port 9 of loopback: over HTTP this CPE cannot be reached. */
const UNREACHABLE = 'http://127.0.0.1:9/';
const ACCOUNTS = {
  'acs@xmpp.example': 'acs-xmpp-secret',
  'cpe@xmpp.example': 'cpe-xmpp-secret',
  'cpe@elsewhere.example': 'cpe-xmpp-secret',
};
const skip = missingProsody();

interface Scene {
  readonly prosody: ProsodyServer;
  readonly harness: Harness;
  readonly cpe: Cpe;
}

/** A CPE that has told its Jabber ID; its session is over. */
async function xmppCpe(
  t: Test,
  options: Partial<CpeOptions> = {},
  xmpp: Partial<XmppOptions> = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  const prosody = await startProsody(t, { accounts: ACCOUNTS });
  const harness = await startHarness(t, {
    'xmpp.server': `127.0.0.1:${prosody.port}`,
    'xmpp.jid': 'acs@xmpp.example',
    'xmpp.password': 'acs-xmpp-secret',
    'connectionRequest.arrival': '2s',
    'connectionRequest.timeout': '2s',
    ...settings,
  });
  const server = { address: '127.0.0.1', port: prosody.port };
  const account = { account: 'cpe@xmpp.example', password: 'cpe-xmpp-secret' };
  const cpe = harness.cpe({ xmpp: { server, ...account, ...xmpp }, ...options });
  const told = cpe.waitFor('session-ended');
  await cpe.start();
  await told;
  const reported = cpe.waitFor('session-ended', ({ events }) => events.some(({ code }) => code === '2 PERIODIC'));
  cpe.setLocally(`${SERVER}ConnectionRequestURL`, UNREACHABLE);
  cpe.inform('2 PERIODIC');
  await reported;
  await connected(harness);
  return { prosody, harness, cpe };
}

async function metric(harness: Harness, name: string): Promise<number> {
  const text = await (await fetch(`${harness.operateUrl}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
  return Number(line?.split(' ')[1] ?? 0);
}

const connected = (harness: Harness, value = 1): Promise<true> =>
  until(
    async () => ((await metric(harness, 'causeway_xmpp_connected')) === value ? true : undefined),
    `causeway_xmpp_connected is ${value}`,
  ).catch((cause: unknown) => {
    throw new Error(harness.log.filter((line) => line.includes('the XMPP server')).join(''), { cause });
  });

async function get(t: Test, harness: Harness, cpe: Cpe): Promise<string | undefined> {
  const controller = await harness.controller();
  const answer = await controller.request(agentOf(cpe), { kind: 'get', param_paths: [PATH], max_depth: 0 });
  if (answer.kind !== 'get_resp') return t.fail(JSON.stringify(answer)) ? undefined : '';
  return answer.req_path_results[0]?.resolved_path_results[0]?.result_params.get('SoftwareVersion');
}

t.test('a CPE that reports a Jabber ID is woken over XMPP, and the way is learnt', { skip }, async (t) => {
  const { harness, cpe } = await xmppCpe(t);
  const woken = cpe.waitFor('xmpp-connection-request');
  t.equal(await get(t, harness, cpe), cpe.get(PATH));
  t.match(await woken, { refused: undefined });
  await wayLearnt(harness);
  t.notMatch(harness.log.join(''), /xmpp-secret/);
});

t.test('the doctor tells how it went, and waits for the Inform', { skip }, async (t) => {
  const { harness } = await xmppCpe(t);
  const { code, out } = await causeway(harness, 'doctor', 'T0001');
  t.equal(code, 0, out);
  t.match(out, / jid +cpe@xmpp\.example\/cpe\n/);
  t.match(out, / server +connected as acs@xmpp\.example\/causeway-/);
  t.match(out, / reply +result\n/);
  t.match(out, /\nok {2}XMPP Connection Request: xmpp-accepted /);
  t.notMatch(out, /secret/);
});

t.test('a CPE with another password says so', { skip }, async (t) => {
  const { harness, cpe } = await xmppCpe(t, { connectionRequest: { username: 'acs', password: 'another-secret' } });
  const refused = cpe.waitFor('xmpp-connection-request');
  const { code, out } = await causeway(harness, 'doctor', 'T0001');
  t.match(await refused, { refused: 'wrong credentials' });
  t.equal(code, 1);
  t.match(out, /\nNO {2}XMPP Connection Request: not-authorized /);
  t.match(out, /\nNO {2}Connection Request: refused /, 'and HTTP is tried, too');
  t.notMatch(out, /another-secret|acs-secret/);
});

t.test('a CPE that does not allow us is as one that is not there', { skip }, async (t) => {
  const { harness } = await xmppCpe(t, { values: { [`${SERVER}ConnReqAllowedJabberIDs`]: 'other@xmpp.example' } });
  const { out } = await causeway(harness, 'doctor', 'T0001');
  t.match(out, /\nNO {2}XMPP Connection Request: cpe-offline /);
  t.match(out, /service-unavailable/);
});

t.test('a CPE that is off is told apart', { skip }, async (t) => {
  const { harness, cpe } = await xmppCpe(t);
  await cpe.stop();
  const { code, out } = await causeway(harness, 'doctor', 'T0001');
  t.equal(code, 1);
  t.match(out, /\nNO {2}XMPP Connection Request: cpe-offline /);
});

t.test('a CPE that never answers is waited for no longer than the setting says', { skip }, async (t) => {
  const { harness } = await xmppCpe(t, {}, { ignores: () => true }, { 'connectionRequest.timeout': '1s' });
  const { out } = await causeway(harness, 'doctor', 'T0001');
  t.match(out, /\nNO {2}XMPP Connection Request: xmpp-timeout /);
});

t.test('a CPE of a foreign domain is not asked, unless the domain is named', { skip }, async (t) => {
  const foreign = { account: 'cpe@elsewhere.example' };
  const { harness, cpe } = await xmppCpe(t, {}, foreign);
  const asked: string[] = [];
  cpe.on(({ kind }) => void asked.push(kind));
  const { out } = await causeway(harness, 'doctor', 'T0001');
  t.match(out, /\nNO {2}XMPP Connection Request: jid-not-allowed .*elsewhere\.example/);
  t.notOk(asked.includes('xmpp-connection-request'));

  const named = await xmppCpe(t, {}, foreign, { 'xmpp.domains': 'Elsewhere.example' });
  t.equal(await get(t, named.harness, named.cpe), named.cpe.get(PATH));
});

t.test('Prosody is killed and comes back: so does the gateway, which was ready all the time', { skip }, async (t) => {
  const { prosody, harness, cpe } = await xmppCpe(t);
  await prosody.kill();
  await connected(harness, 0);
  t.equal((await fetch(`${harness.operateUrl}/readyz`)).status, 200);
  const { out } = await causeway(harness, 'doctor', 'T0001');
  t.match(out, /\nNO {2}XMPP Connection Request: not-connected /);

  const before = prosody.log.length;
  await prosody.restart();
  await connected(harness);
  const woken = cpe.waitFor('xmpp-connection-request');
  await until(async () => (prosodyHas(prosody, before, 'cpe@xmpp.example') ? true : undefined), 'the CPE is back, too');
  t.equal(await get(t, harness, cpe), cpe.get(PATH));
  await woken;
});

t.test(
  'wrong credentials of the gateway itself are said, and two nodes do not displace each other',
  { skip },
  async (t) => {
    const { prosody, harness, cpe } = await xmppCpe(t);
    const more = { 'xmpp.server': `127.0.0.1:${prosody.port}`, 'xmpp.jid': 'acs@xmpp.example' };
    const wrong = await startHarness(t, { ...more, 'xmpp.password': 'not-that' });
    await until(async () => wrong.log.find((line) => line.includes('login-refused')), 'the refusal is logged');
    t.equal((await fetch(`${wrong.operateUrl}/readyz`)).status, 200);

    const second = await startHarness(t, { ...more, 'xmpp.password': 'acs-xmpp-secret' });
    await connected(second);
    t.equal(await metric(harness, 'causeway_xmpp_connected'), 1);
    t.equal(await get(t, harness, cpe), cpe.get(PATH));
  },
);

/** Whether an account has logged in since the log had that many pieces. */
const prosodyHas = ({ log }: ProsodyServer, since: number, account: string): boolean =>
  log.slice(since).join('').includes(`Authenticated as ${account}`);
