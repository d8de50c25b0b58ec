// Connections of a proxy that many CPEs share: the proxy closes them as it likes, which says nothing of a CPE that has
// its time to answer; where it waits for our answer itself, it closes because the CPE has gone.
import t from 'tap';
import { startHarness } from './harness.ts';
import { cookieLine, postText, wholeSession } from './south-http-session.ts';
import {
  counted,
  cpeText,
  openRawSession,
  type RawResponse,
  rawConnection,
  rpcOf,
  untilCounted,
} from './south-tools.ts';

const METHODS = cpeText('<cwmp:GetRPCMethodsResponse><MethodList></MethodList></cwmp:GetRPCMethodsResponse>');
/** Longer than a CPE that closed its own connection may take to come back. */
const AWHILE_MS = 5600;

t.test('closed while the CPE works on our RPC: its answer comes on another', async (t) => {
  const harness = await startHarness(t, { 'cwmp.trustedProxies': '127.0.0.1' });
  const upstream = await rawConnection(t, harness);
  const cookie = await openRawSession(upstream, { serial: 'SLOW' });
  t.equal(rpcOf(await upstream.exchange('', { Cookie: cookie })), 'GetRPCMethods');
  upstream.socket.destroy();
  const grown = await counted(harness, ['cwmp_session_end', 'cwmp_refused'], async () => {
    await new Promise((resolve) => setTimeout(resolve, AWHILE_MS));
    const another = await rawConnection(t, harness);
    t.equal(rpcOf(await another.exchange(METHODS, { Cookie: cookie })), 'GetParameterNames');
  });
  t.same(grown, {});
});

t.test('closed while the CPE is held: it has hung up', async (t) => {
  const harness = await startHarness(t, { 'cwmp.trustedProxies': '127.0.0.1' });
  const upstream = await rawConnection(t, harness);
  const send = async (body: string, cookie: string): Promise<RawResponse> => {
    upstream.send(postText(body, undefined, cookieLine(cookie)));
    return await upstream.response();
  };
  await wholeSession(t, { serial: 'PARK', send });
  await harness.controller({ agent: 'ops::02C0DE-Raw-PARK' });
  for (const [count, leave] of (['destroy', 'resetAndDestroy'] as const).entries()) {
    const connection = await rawConnection(t, harness);
    const cookie = await openRawSession(connection, { serial: 'PARK' });
    connection.post('', { Cookie: cookie });
    await untilCounted(harness, 'cwmp_parked', 1);
    const grown = await counted(harness, ['cwmp_session_end'], async () => {
      connection.socket[leave]();
      await untilCounted(harness, 'cwmp_session_end hung-up', count + 1);
    });
    t.same(grown, { 'cwmp_session_end hung-up': 1 }, leave);
  }
});
