import t, { type Test } from 'tap';
import type { Cpe } from '../cpe/cpe.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { causeway } from '../cli/run-causeway.ts';
import { wayLearnt } from './way-learnt.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';

const PATH = 'Device.DeviceInfo.SoftwareVersion';
const SERVER = 'Device.ManagementServer.';
/** Nothing listens at port 9 of loopback: over HTTP this CPE cannot be reached. */
const UNREACHABLE = 'http://127.0.0.1:9/';

/** A CPE that has told where it listens by UDP; its session is over. */
async function udpCpe(
  t: Test,
  options: Partial<CpeOptions> = {},
  loses: (datagram: Buffer) => boolean = () => false,
): Promise<{ readonly harness: Harness; readonly cpe: Cpe }> {
  const harness = await startHarness(t, { 'stun.listen': '127.0.0.1:0', 'connectionRequest.arrival': '2s' });
  const [address = '', port = ''] = (harness.gateway.addresses.stun ?? '').split(':');
  const cpe = harness.cpe({ stun: { server: { address, port: Number(port) }, loses }, ...options });
  const told = cpe.waitFor('session-ended', ({ events }) => events.some(({ code }) => code === '4 VALUE CHANGE'));
  await cpe.start();
  await told;
  const reported = cpe.nextSession();
  cpe.setLocally(`${SERVER}ConnectionRequestURL`, UNREACHABLE);
  // On loopback there is no NAT to detect; that it has detected none would speak against UDP.
  cpe.setLocally(`${SERVER}NATDetected`, '');
  cpe.inform('2 PERIODIC');
  await reported;
  return { harness, cpe };
}

async function get(t: Test, harness: Harness, cpe: Cpe): Promise<string | undefined> {
  const controller = await harness.controller();
  const answer = await controller.request(agentOf(cpe), { kind: 'get', param_paths: [PATH], max_depth: 0 });
  if (answer.kind !== 'get_resp') return t.fail(JSON.stringify(answer)) ? undefined : '';
  return answer.req_path_results[0]?.resolved_path_results[0]?.result_params.get('SoftwareVersion');
}

t.test('a CPE that HTTP does not reach is woken by UDP, and the way is learnt', async (t) => {
  const { harness, cpe } = await udpCpe(t);
  const woken = cpe.waitFor('session-started', ({ events }) =>
    events.some(({ code }) => code === '6 CONNECTION REQUEST'),
  );
  t.equal(await get(t, harness, cpe), cpe.get(PATH));
  await woken;
  await wayLearnt(harness);
});

t.test('the first datagram is lost, and a repeat wakes', async (t) => {
  let lost = 0;
  const { harness, cpe } = await udpCpe(
    t,
    {},
    (datagram) => datagram.subarray(0, 3).toString() === 'GET' && lost++ === 0,
  );
  t.equal(await get(t, harness, cpe), cpe.get(PATH));
  t.ok(lost > 1);
});

t.test('a CPE with another password drops the request, and the doctor tells each attempt', async (t) => {
  const { harness, cpe } = await udpCpe(t, { connectionRequest: { username: 'acs', password: 'another-secret' } });
  const refused = cpe.waitFor('udp-connection-request');
  const { code, out } = await causeway(harness, 'doctor', 'T0001');
  t.match(await refused, { refused: 'wrong signature' });
  t.equal(code, 1);
  t.match(out, /\nok {2}UDP address +127\.0\.0\.1:\d+, NAT detected: /);
  t.match(out, /binding +the last binding request came from there \d+ s ago/);
  t.match(out, /\nNO {2}Connection Request: refused /);
  t.match(out, /\nok {2}UDP Connection Request: udp-sent /);
  t.match(out, /\nNO {2}Inform +the Connection Request was sent, and no Inform came\n/);
  t.match(out, /\nadvice: see whether the STUNServerAddress/);
  t.notMatch(out, /another-secret|acs-secret/);
});
