// Rows 8 and 9 of the list of quirks: CPEs whose Connection Request servers are odd, called because a Controller wants
// something of them.
import t, { type Test } from 'tap';
import { type ScriptedReply, startScriptedCpe } from '../cwmp/connection-request/scripted-cpe.ts';
import { type Harness, startHarness } from './harness.ts';
import { cpeText, informText, openRawSession, rawConnection, rpcOf, untilCounted } from './south-tools.ts';

const FAULT = cpeText(
  '<soap-env:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault><FaultCode>9000</FaultCode><FaultString>no</FaultString></cwmp:Fault></detail></soap-env:Fault>',
);

const NAMES = ['Device.', 'Device.DeviceInfo.', 'Device.DeviceInfo.SoftwareVersion'];
const TREE = cpeText(
  `<cwmp:GetParameterNamesResponse><ParameterList>${NAMES.map((name) => `<ParameterInfoStruct><Name>${name}</Name><Writable>0</Writable></ParameterInfoStruct>`).join('')}</ParameterList></cwmp:GetParameterNamesResponse>`,
);

/** A CPE that has been here and left; a Controller that wants it; the requests that reached the CPE's server. */
async function wanted(
  t: Test,
  harness: Harness,
  serial: string,
  replies: readonly ScriptedReply[],
): Promise<readonly string[]> {
  const { url, requests } = await startScriptedCpe(t, replies);
  const values = { 'Device.ManagementServer.ConnectionRequestURL': url };
  const connection = await rawConnection(t, harness);
  await openRawSession(connection, { serial, values });
  for (let answer = await connection.exchange(''); answer.status !== 204;) {
    answer = await connection.exchange(rpcOf(answer) === 'GetParameterNames' ? TREE : FAULT);
  }
  connection.socket.destroy();
  const controller = await harness.controller();
  const get = { kind: 'get', param_paths: ['Device.DeviceInfo.'], max_depth: 0 } as const;
  controller.request(`ops::02C0DE-Raw-${serial}`, get).catch(() => undefined);
  return requests;
}

/** Looks until so many requests have reached the CPE's server. */
async function reached(requests: readonly string[], count: number): Promise<void> {
  for (const start = Date.now(); requests.length < count;) {
    if (Date.now() - start > 10_000) throw new Error(`only ${requests.length} requests: ${requests.join('')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The CPE comes, and there is work for it. */
async function comes(t: Test, harness: Harness, serial: string): Promise<void> {
  const connection = await rawConnection(t, harness);
  t.equal(rpcOf(await connection.exchange(informText({ serial, events: ['6 CONNECTION REQUEST'] }))), 'InformResponse');
  t.match(rpcOf(await connection.exchange('')), /^Get/);
}

t.test('row 8: bare line feeds, a folded challenge, no blank line, parameters without commas', async (t) => {
  const harness = await startHarness(t);
  const challenges = {
    ORANGE:
      'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Digest\n   realm="liveboxrealm",\n   qop="auth",\n   nonce="N8",\n   opaque="O8"',
    NETCWMP:
      'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest qop="auth" nonce="N8" opaque="" realm="cwmpd"\r\nContent-Length: 0\r\n\r\n',
  };
  for (const [serial, challenge] of Object.entries(challenges)) {
    const requests = await wanted(t, harness, serial, [challenge, 'HTTP/1.1 200 OK\nContent-Length: 0']);
    await reached(requests, 2);
    t.match(requests[0], /^GET \/cr HTTP\/1\.1\r\n/);
    t.notMatch(requests[0], /authorization/i);
    t.match(requests[1], /\r\nAuthorization: Digest username="acs"/, 'to the letter, one space');
    t.match(requests[1], /nonce="N8"/);
    await comes(t, harness, serial);
    t.equal(requests.length, 2, `${serial} was called once`);
  }
  await untilCounted(harness, 'connection_request arrived', 2);
});

t.test('row 9: each 401 has its own nonce; 503 is tried again later; a 200 promises nothing', async (t) => {
  const harness = await startHarness(t);
  const challenge = (parameters: string): string =>
    `HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm="r", qop="auth", ${parameters}\r\nContent-Length: 0\r\n\r\n`;
  const requests = await wanted(t, harness, 'ROW9', [
    'HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n',
    challenge('nonce="first"'),
    challenge('nonce="second", stale=true'),
    'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  ]);
  await reached(requests, 4);
  t.match(requests[2], /nonce="first"/);
  t.match(requests[3], /nonce="second"/, 'the latest');
  const { requests: waiting } = (await (await fetch(`${harness.apiUrl}/devices/02C0DE-Raw-ROW9/requests`)).json()) as {
    readonly requests: readonly { readonly state: string }[];
  };
  t.ok(waiting.length > 0, 'accepted is not arrived: the request still waits');
  await comes(t, harness, 'ROW9');
  await untilCounted(harness, 'connection_request arrived', 1);
});
