// A parked CPE, by the bytes of its held POST: what is on the wire when somebody asks, and how it is let go.
import t, { type Test } from 'tap';
import type { Controller } from '../../proxy/cli/usp/controller.ts';
import { type Harness, startHarness } from './harness.ts';
import {
  counted,
  cpeText,
  openRawSession,
  type RawConnection,
  rawConnection,
  type RawResponse,
  rpcOf,
  untilCounted,
} from './south-tools.ts';

const VERSION = 'Device.DeviceInfo.SoftwareVersion';
const TREE = cpeText(
  `<cwmp:GetParameterNamesResponse><ParameterList>${['Device.', 'Device.DeviceInfo.', VERSION].map((name) => `<ParameterInfoStruct><Name>${name}</Name><Writable>0</Writable></ParameterInfoStruct>`).join('')}</ParameterList></cwmp:GetParameterNamesResponse>`,
);
const METHODS = cpeText('<cwmp:GetRPCMethodsResponse><MethodList></MethodList></cwmp:GetRPCMethodsResponse>');
const VALUES = cpeText(
  `<cwmp:GetParameterValuesResponse><ParameterList><ParameterValueStruct><Name>${VERSION}</Name><Value xsi:type="xsd:string">held</Value></ParameterValueStruct></ParameterList></cwmp:GetParameterValuesResponse>`,
);
const GET = { kind: 'get', param_paths: [VERSION], max_depth: 0 } as const;

interface Parked {
  readonly harness: Harness;
  readonly connection: RawConnection;
  readonly cookie: string;
  readonly controller: Controller;
  readonly agent: string;
}

/** A CPE that is held because a Controller has a socket to its Agent. */
async function park(t: Test, settings: Readonly<Record<string, string>>): Promise<Parked> {
  const harness = await startHarness(t, settings);
  const connection = await rawConnection(t, harness);
  await openRawSession(connection, { serial: 'PARK' });
  for (let answer = await connection.exchange(''); answer.status !== 204;) {
    answer = await connection.exchange(rpcOf(answer) === 'GetParameterNames' ? TREE : METHODS);
  }
  const agent = 'ops::02C0DE-Raw-PARK';
  const controller = await harness.controller({ agent });
  const cookie = await openRawSession(connection, { serial: 'PARK' });
  connection.post('', { Cookie: cookie });
  await untilCounted(harness, 'cwmp_parked', 1);
  return { harness, connection, cookie, controller, agent };
}

const asked = ({ body }: RawResponse): string => /<ParameterNames[^>]*><string>(.*?)<\/string>/.exec(body)?.[1] ?? '';

t.test('a request is on the wire at once, on the POST that is held, and again on the next', async (t) => {
  const { connection, cookie, controller, agent } = await park(t, {});
  for (let round = 0; round < 3; round += 1) {
    const before = connection.socket.bytesRead;
    const got = controller.request(agent, GET);
    const rpc = await connection.response();
    t.ok(connection.socket.bytesRead > before);
    t.equal(rpcOf(rpc), 'GetParameterValues');
    t.equal(asked(rpc), VERSION);
    connection.post(VALUES, { Cookie: cookie });
    t.match(await got, { kind: 'get_resp', req_path_results: [{ err_code: 0 }] });
  }
});

t.test('nobody is attached any more: 204 at once, not when the hold is over', async (t) => {
  const { harness, connection, controller } = await park(t, { 'park.hold': '25s' });
  const grown = await counted(harness, ['cwmp_session_end', 'park_end'], async () => {
    const leftAt = Date.now();
    await controller.close();
    t.match(await connection.response(), { status: 204, body: '' });
    const waited = Date.now() - leftAt;
    t.ok(waited < 5000, `${waited} ms`);
    await untilCounted(harness, 'park_end unattached', 2);
  });
  t.match(grown, { 'cwmp_session_end done': 1, 'park_end unattached': 1 });
});

t.test('a hold that grows too long is broken by a cheap read, and goes on', async (t) => {
  const { harness, connection, cookie } = await park(t, { 'park.hold': '1s' });
  const rpc = await connection.response();
  t.equal(rpcOf(rpc), 'GetParameterValues');
  t.equal(asked(rpc), VERSION);
  connection.post(VALUES, { Cookie: cookie });
  await untilCounted(harness, 'cwmp_rpc response', 3);
  await untilCounted(harness, 'cwmp_parked', 1);
});

t.test('a CPE that hangs up while it is held is gone, and one that asks something meanwhile is answered', async (t) => {
  const { harness, connection, cookie } = await park(t, {});
  const other = await rawConnection(t, harness);
  other.post(cpeText('<cwmp:GetRPCMethods/>'), { Cookie: cookie });
  t.equal((await connection.response()).status, 204, 'the POST that it gave up');
  t.equal(rpcOf(await other.response()), 'GetRPCMethodsResponse');
  other.post('', { Cookie: cookie });
  await untilCounted(harness, 'cwmp_parked', 1);
  const grown = await counted(harness, ['cwmp_session_end'], async () => {
    other.socket.destroy();
    await untilCounted(harness, 'cwmp_session_end hung-up', 1);
  });
  t.same(grown, { 'cwmp_session_end hung-up': 1 });
});

t.test('the gateway stops: held CPEs are let go with 204', async (t) => {
  const { harness, connection } = await park(t, {});
  const stopped = harness.gateway.stop();
  t.match(await connection.response(), { status: 204 });
  t.ok(await stopped, 'in time');
});
