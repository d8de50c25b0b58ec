// Where a CPE's Inform came from, and whose a POST is by that: what trusted proxies say counts, and nobody else's word.
import t from 'tap';
import { startHarness } from './harness.ts';
import { counted, describedDevice, informText, openRawSession, rawConnection, rpcOf } from './south-tools.ts';

const REFUSED = ['cwmp_refused'];

/** The address from which the gateway thinks that an Inform with this header came. */
async function sourceWith(
  t: Parameters<typeof rawConnection>[0],
  harness: Awaited<ReturnType<typeof startHarness>>,
  serial: string,
  forwarded: string | undefined,
): Promise<string> {
  const connection = await rawConnection(t, harness);
  const headers = forwarded === undefined ? {} : { 'X-Forwarded-For': forwarded };
  const answer = await connection.exchange(informText({ serial }), headers);
  if (answer.status !== 200) throw new Error(answer.body);
  return (await describedDevice(harness, `02C0DE-Raw-${serial}`)).lastInform.from;
}

t.test('X-Forwarded-For of somebody whom nobody trusts is nothing', async (t) => {
  const direct = await startHarness(t);
  t.equal(await sourceWith(t, direct, 'A', '203.0.113.7'), '127.0.0.1');
  const elsewhere = await startHarness(t, { 'cwmp.trustedProxies': '192.0.2.0/24' });
  t.equal(await sourceWith(t, elsewhere, 'A', '203.0.113.7'), '127.0.0.1');
  const proxied = await startHarness(t, { 'cwmp.proxied': 'true' });
  t.equal(await sourceWith(t, proxied, 'A', '203.0.113.7'), '', 'and the address of a proxy is not that of its CPEs');
});

t.test('of a trusted proxy it is walked from the right to the first that is not trusted', async (t) => {
  const harness = await startHarness(t, { 'cwmp.trustedProxies': '127.0.0.1,10.0.0.0/8,2001:db8:1::/48' });
  const cases: readonly (readonly [string | undefined, string])[] = [
    ['203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1, 203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['203.0.113.7,10.1.2.3 , 2001:db8:1::5,10.0.0.1', '203.0.113.7'],
    ['2001:DB8:0::7', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['10.9.9.9, 10.1.2.3', '10.9.9.9'],
    ['203.0.113.7, unknown', ''],
    ['203.0.113.7, unknown, 10.1.2.3', ''],
    ['203.0.113.7,', ''],
    ['', ''],
    [undefined, ''],
  ];
  for (const [index, [forwarded, source]] of cases.entries()) {
    t.equal(await sourceWith(t, harness, `W${index}`, forwarded), source, forwarded ?? 'without');
  }
});

t.test('a connection of a trusted proxy tells no CPEs apart; any other does', async (t) => {
  const [trusted, other] = [
    await startHarness(t, { 'cwmp.trustedProxies': '127.0.0.1' }),
    await startHarness(t, { 'cwmp.trustedProxies': '192.0.2.1' }),
  ];
  const shared = await rawConnection(t, trusted);
  const cookie = await openRawSession(shared, { serial: 'A' });
  t.same(await counted(trusted, REFUSED, async () => t.equal((await shared.exchange('')).status, 400)), {
    'cwmp_refused no-session': 1,
  });
  t.equal(rpcOf(await shared.exchange('', { Cookie: cookie })), 'GetRPCMethods');
  const own = await rawConnection(t, other);
  await openRawSession(own, { serial: 'A' });
  t.equal(rpcOf(await own.exchange('')), 'GetRPCMethods');
});

t.test('a CPE is known by its address', async (t) => {
  const settings = { 'cwmp.identifyByAddress': 'true', 'cwmp.trustedProxies': '127.0.0.1' };
  const at = (address: string): Readonly<Record<string, string>> => ({ 'X-Forwarded-For': address });
  const harness = await startHarness(t, settings);
  const inform = async (serial: string, address: string): Promise<void> => {
    const connection = await rawConnection(t, harness);
    t.equal(rpcOf(await connection.exchange(informText({ serial }), at(address))), 'InformResponse');
  };

  t.test('only where that is set', async (t) => {
    const unset = await startHarness(t, { 'cwmp.trustedProxies': '127.0.0.1' });
    const connection = await rawConnection(t, unset);
    await connection.exchange(informText({ serial: 'A' }), at('203.0.113.1'));
    const grown = await counted(unset, REFUSED, async () => {
      t.equal((await connection.exchange('', at('203.0.113.1'))).status, 400);
    });
    t.same(grown, { 'cwmp_refused no-session': 1 });
  });

  t.test('where it has the only open session there', async (t) => {
    await inform('ONE', '203.0.113.1');
    await inform('OTHER', '203.0.113.2');
    const connection = await rawConnection(t, harness);
    t.equal(rpcOf(await connection.exchange('', at('203.0.113.1'))), 'GetRPCMethods');
    const grown = await counted(harness, REFUSED, async () => {
      t.equal((await connection.exchange('', at('203.0.113.3'))).status, 400, 'nobody is there');
      t.equal((await connection.exchange('')).status, 400, 'nobody knows where it is');
    });
    t.same(grown, { 'cwmp_refused no-session': 2 });
  });

  t.test('of two there, to neither; when one is over, to the other', async (t) => {
    await inform('FIRST', '203.0.113.9');
    const second = await rawConnection(t, harness);
    const answer = await second.exchange(informText({ serial: 'SECOND' }), at('203.0.113.9'));
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const connection = await rawConnection(t, harness);
    const grown = await counted(harness, REFUSED, async () => {
      t.match(await connection.exchange('', at('203.0.113.9')), { status: 400, body: 'address-of-several\n' });
    });
    t.same(grown, { 'cwmp_refused address-of-several': 1 });
    t.equal(rpcOf(await second.exchange('', { ...at('203.0.113.9'), Cookie: cookie })), 'GetRPCMethods', 'by cookie');
    t.equal((await second.exchange('<broken', { ...at('203.0.113.9'), Cookie: cookie })).status, 400);
    const again = await rawConnection(t, harness);
    t.equal(rpcOf(await again.exchange('', at('203.0.113.9'))), 'GetRPCMethods', 'the first is alone there');
  });

  t.test('not with a cookie that is not ours, and nothing broken ends the session of another', async (t) => {
    await inform('VICTIM', '203.0.113.20');
    const stranger = await rawConnection(t, harness);
    const forged = { ...at('203.0.113.20'), Cookie: `causeway=${'A'.repeat(48)}` };
    t.equal((await stranger.exchange('', forged)).status, 400);
    t.equal((await stranger.exchange('<broken', at('203.0.113.20'))).status, 400);
    const connection = await rawConnection(t, harness);
    t.equal(rpcOf(await connection.exchange('', at('203.0.113.20'))), 'GetRPCMethods');
  });

  t.test('without a proxy, on new connections; another CPE there begins as any', async (t) => {
    const direct = await startHarness(t, { 'cwmp.identifyByAddress': 'true' });
    const answers: string[] = [];
    for (const body of [informText({ serial: 'A' }), '', informText({ serial: 'B' })]) {
      const connection = await rawConnection(t, direct);
      answers.push(rpcOf(await connection.exchange(body)));
      if (body.includes('>B<')) answers.push(rpcOf(await connection.exchange('')));
    }
    t.same(answers, ['InformResponse', 'GetRPCMethods', 'InformResponse', 'GetRPCMethods'], 'B by its connection');
  });
});
