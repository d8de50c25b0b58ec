// What real CPEs have sent besides Informs, each posted to the gateway where it belongs: as the answer to that very RPC
// where the gateway makes it by itself, else as an answer that nobody waits for. Reports and questions are answered.
// The captures are third-party material; they are read where they lie, if they do.
import t from 'tap';
import { type Captured, readCaptured } from '../soap/captured.ts';
import { startHarness } from './harness.ts';
import {
  counted,
  cpeText,
  goesOn,
  openRawSession,
  type RawConnection,
  rawConnection,
  type RawResponse,
  rpcOf,
} from './south-tools.ts';

const methodOf = ({ body }: Captured): string =>
  /Body[^>]*>\s*<(?:[\w-]+:)?(\w+)/.exec(body.toString('latin1'))?.[1] ?? '';
const captured = readCaptured().filter((message) => !['Inform', ''].includes(methodOf(message)));
const skip = captured.length === 0 ? 'the captures are not here' : false;
/** What a CPE asks or reports by itself. */
const OF_THE_CPE = /^(TransferComplete|AutonomousTransferComplete|RequestDownload|GetRPCMethods)$/;

async function say(connection: RawConnection, { body, contentType }: Captured): Promise<RawResponse> {
  const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
  connection.send(`POST / HTTP/1.1\r\nHost: a\r\n${type}Content-Length: ${body.length}\r\n\r\n`);
  connection.send(body);
  return await connection.response();
}

const METHODS = cpeText(
  '<cwmp:GetRPCMethodsResponse><MethodList><string>GetParameterNames</string></MethodList></cwmp:GetRPCMethodsResponse>',
);

t.test('what captured CPEs answered and reported', { skip, timeout: 120_000 }, async (t) => {
  const harness = await startHarness(t);
  const neighbour = harness.cpe();
  const first = neighbour.nextSession();
  await neighbour.start();
  await first;
  let serial = 0;

  async function session(message: Captured): Promise<RawConnection> {
    const connection = await rawConnection(t, harness);
    const root = /<Name[^>]*>\s*(InternetGatewayDevice)\./.test(message.body.toString('latin1'))
      ? 'InternetGatewayDevice'
      : 'Device';
    const values = { [`${root}.DeviceInfo.SoftwareVersion`]: '1' };
    await openRawSession(connection, { serial: `ANSWERS-${(serial += 1)}`, values });
    return connection;
  }

  for (const message of captured.filter((message) => OF_THE_CPE.test(methodOf(message)))) {
    const method = methodOf(message);
    const connection = await session(message);
    t.equal(rpcOf(await say(connection, message)), `${method}Response`, `${message.name} before the empty POST`);
    t.equal(rpcOf(await connection.exchange('')), 'GetRPCMethods');
    t.equal(rpcOf(await say(connection, message)), `${method}Response`, `${message.name} and with an RPC of ours out`);
    connection.socket.destroy();
  }

  for (const message of captured.filter((message) => !OF_THE_CPE.test(methodOf(message)))) {
    const method = methodOf(message);
    const connection = await session(message);
    t.equal(rpcOf(await connection.exchange('')), 'GetRPCMethods');
    if (method === 'GetParameterNamesResponse') t.equal(rpcOf(await connection.exchange(METHODS)), 'GetParameterNames');
    const expected = /^(GetParameterNamesResponse|GetRPCMethodsResponse|Fault)$/.test(method);
    let answer: RawResponse | undefined;
    const grown = await counted(harness, ['cwmp_refused', 'cwmp_session_end'], async () => {
      answer = await say(connection, message);
    });
    t.match(answer?.status, expected ? /20[04]/ : /204|400/, `${message.name}: ${JSON.stringify(grown)}`);
    if (expected) t.notOk('cwmp_session_end malformed' in grown, `${message.name} was read`);
    connection.socket.destroy();
  }
  await goesOn(t, harness, neighbour);
});
