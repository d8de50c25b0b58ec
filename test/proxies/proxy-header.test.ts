// CPEs that return no cookie, through real HAProxy that passes connections on with a PROXY header: each is known by its
// connection, and where it came from is known too.
import t, { type Test } from 'tap';
import { startHarness } from '../gateway/harness.ts';
import { counters, informText, rawConnection, rpcOf } from '../gateway/south-tools.ts';
import { missingProxy, startTcpHaproxy, TCP_HAPROXY } from './real-proxies.ts';

const CPES = 50;

async function throughHaproxy(t: Test, header: 'send-proxy' | 'send-proxy-v2'): Promise<void> {
  const harness = await startHarness(t, { 'cwmp.trustedProxies': TCP_HAPROXY, 'cwmp.proxyProtocol': 'true' });
  const acsUrl = await startTcpHaproxy(t, harness.acsUrl, header);
  const connections = await Promise.all(Array.from({ length: CPES }, () => rawConnection(t, { acsUrl })));
  const informs = connections.map(async (connection, index) => {
    const id = `inform-${index}`;
    const answer = await connection.exchange(informText({ serial: `H${index}`, id }));
    return rpcOf(answer) === 'InformResponse' && answer.body.includes(`>${id}<`);
  });
  t.ok((await Promise.all(informs)).every(Boolean), 'each is told of its own Inform');
  const asked = await Promise.all(connections.map(async (connection) => rpcOf(await connection.exchange(''))));
  t.ok(
    asked.every((rpc) => rpc === 'GetRPCMethods'),
    'and is in its session, without a cookie',
  );
  const refused = [...(await counters(harness))].filter(([name]) => name.startsWith('cwmp_refused '));
  t.same(refused, []);
}

for (const header of ['send-proxy', 'send-proxy-v2'] as const) {
  t.test(header, { skip: missingProxy('haproxy') }, (t) => throughHaproxy(t, header));
}
