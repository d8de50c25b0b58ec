// Chain mode where the ACS or the session does not go by the book: away, under maintenance, ending early, refusing,
// challenging us; and our own work in the middle of its sessions.
import t from 'tap';
import type { CpeAccess } from '../../proxy/device/access.ts';
import { type Cpe, createCpe } from '../cpe/cpe.ts';
import { type AcsRequest, transferComplete } from '../cpe/acs-requests.ts';
import { loadDump } from '../cpe/dumps.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { getValues, rpc } from '../cpe/scripted-acs.ts';
import { type AcsStub, PATH, startAcsStub, type StubOptions } from './acs-stub.ts';
import { type ChainedGateway, startChainedGateway } from './chained-gateway.ts';

type Test = Parameters<typeof startChainedGateway>[0];

const SOFTWARE = 'Device.DeviceInfo.SoftwareVersion';
const SERIAL = 'EDGE1';
const KEY = { tenant: 'default', device: `02C0DE-Router-${SERIAL}` };
const CREDENTIALS = { username: 'fleet', password: 'fleet-secret' };
const read = (access: CpeAccess): Promise<unknown> => access.read('GetParameterValues', { ParameterNames: [SOFTWARE] });

interface Scene {
  readonly stub: AcsStub;
  readonly gateway: ChainedGateway;
  readonly cpe: Cpe;
}

async function scene(
  t: Test,
  settings: Readonly<Record<string, string>> = {},
  stubOptions: Partial<StubOptions> = {},
  cpeOptions: Partial<CpeOptions> = {},
): Promise<Scene> {
  const stub = await startAcsStub({ plan: () => [], ...stubOptions });
  t.teardown(() => stub.close());
  const gateway = await startChainedGateway(t, stub.url, settings);
  const cpe = createCpe({
    dump: loadDump('tiny-tr181'),
    acsUrl: `${gateway.url}${PATH}`,
    deviceId: { manufacturer: 'Example', oui: '02C0DE', productClass: 'Router', serialNumber: SERIAL },
    connectionRequest: { username: 'acs', password: 'acs-secret' },
    timings: { retryScale: 0.001 },
    ...cpeOptions,
  });
  t.teardown(() => cpe.stop());
  return { stub, gateway, cpe };
}

const ended = (cpe: Cpe, ok: boolean): Promise<{ readonly reason: string }> =>
  cpe.waitFor('session-ended', (session) => session.ok === ok);
const informs = (stub: AcsStub): number => stub.logOf(SERIAL).filter((line) => line.startsWith('---')).length;

/** The end of a download that the ACS asked for. */
const theirTransferComplete = (at = Date.now()): AcsRequest =>
  transferComplete(
    { commandKey: 'theirs', isDownload: true, faultCode: 0, faultText: '', startedAt: at, completedAt: at },
    false,
  );

t.test('what waits for the device is served in the session of the ACS, behind its own RPCs', async (t) => {
  let work: Promise<unknown> | undefined;
  const { cpe, gateway } = await scene(
    t,
    {},
    {
      plan: () => [getValues('Device.Time.NTPServer1'), getValues('Device.Time.NTPServer2')],
      during: async (_serial, method) => {
        if (method === 'GetParameterValuesResponse') work ??= gateway.run(KEY.device, read);
      },
    },
  );
  const session = cpe.nextSession();
  await cpe.start();
  const { rpcs, ok } = await session;
  t.ok(ok);
  t.match(await work, { kind: 'response', value: { ParameterList: [{ Name: SOFTWARE }] } });
  t.same(
    rpcs.map((one) => one.method).filter((method) => method === 'GetParameterValues').length,
    3,
    'two of the ACS, one of ours, in one session',
  );
  t.equal((await gateway.counted('hidden')) + cpe.sessions.length, 1);
});

t.test('each side has its own cookie', async (t) => {
  const seen: string[] = [];
  const { cpe } = await scene(t, {}, { plan: () => [getValues(SOFTWARE)] });
  cpe.on((occurrence) => {
    if (occurrence.kind === 'post') seen.push(JSON.stringify(occurrence.headers));
  });
  const session = cpe.nextSession();
  await cpe.start();
  await session;
  t.match(seen.at(-1), /causeway=/);
  t.notMatch(seen.join('\n'), /oldacs|lb=/);
});

t.test('an ACS that is away: the CPE comes again with what it had to tell', async (t) => {
  const { cpe, stub, gateway } = await scene(t);
  stub.away = true;
  const failed = ended(cpe, false);
  await cpe.start();
  t.match((await failed).reason, '503');
  t.equal(await gateway.store.devices.readDevice(KEY), undefined, 'nothing is stored that the ACS has not taken');
  stub.away = false;
  await ended(cpe, true);
  t.match(stub.logOf(SERIAL)[0], /EventCode=0 BOOTSTRAP .*EventCode=1 BOOT /);
  t.ok((await gateway.counted('unreachable')) > 0);
});

t.test('an ACS that is away: served alone where that is set', async (t) => {
  const { cpe, stub, gateway } = await scene(t, { 'cwmp.upstreamAway': 'alone' });
  stub.away = true;
  const session = ended(cpe, true);
  await cpe.start();
  await session;
  t.match(await gateway.run(KEY.device, read), { kind: 'response' });
  t.same(stub.logOf(SERIAL), []);
});

t.test('an ACS that answers with a web page, in the Inform and in the middle of a session', async (t) => {
  const { cpe, stub, gateway } = await scene(t, {}, { plan: () => [getValues(SOFTWARE)] });
  let pages = 0;
  stub.spoil = (method) => {
    if (pages >= 2 || (pages === 1 && method !== 'GetParameterValuesResponse')) return undefined;
    pages += 1;
    return 'html';
  };
  const done = ended(cpe, true);
  await cpe.start();
  await done;
  t.equal(await gateway.counted('not-soap'), 2);
  t.same(
    cpe.sessions.map(({ ok }) => ok),
    [false, false, true],
  );
});

t.test('an ACS that ends the session in place of an acknowledgement is told once more', async (t) => {
  const { cpe, stub } = await scene(t);
  const first = ended(cpe, true);
  await cpe.start();
  await first;
  let ends = 1;
  stub.spoil = (method) => (method === 'TransferComplete' && ends-- > 0 ? 'end' : undefined);
  const done = ended(cpe, true);
  cpe.ask(theirTransferComplete());
  await done;
  t.equal(stub.logOf(SERIAL).filter((line) => line.startsWith('TransferComplete(CommandKey=theirs')).length, 1);
});

t.test('an Inform that the ACS refuses is refused, in its own words, and not stored', async (t) => {
  const { cpe, stub, gateway } = await scene(t);
  stub.spoil = () => 'fault';
  const posts: string[] = [];
  cpe.on((occurrence) => {
    if (occurrence.kind === 'post' && occurrence.result.kind === 'answer')
      posts.push(occurrence.result.body.toString());
  });
  const failed = ended(cpe, false);
  await cpe.start();
  await failed;
  t.match(posts[0], /^<OldSoap:Envelope.*<FaultCode>8001<\/FaultCode>/s);
  t.equal(await gateway.store.devices.readDevice(KEY), undefined);
});

t.test('Causeway answers the challenges of the ACS where it has the credentials', async (t) => {
  const own = { 'cwmp.upstreamUsername': CREDENTIALS.username, 'cwmp.upstreamPassword': CREDENTIALS.password };
  const good = await scene(t, own, { credentials: CREDENTIALS });
  const session = good.cpe.nextSession();
  await good.cpe.start();
  t.match(await session, { ok: true });
  t.equal(informs(good.stub), 1);
  const bad = await scene(t, { ...own, 'cwmp.upstreamPassword': 'wrong' }, { credentials: CREDENTIALS });
  const failed = bad.cpe.nextSession();
  await bad.cpe.start();
  t.match((await failed).reason, '503');
  t.ok((await bad.gateway.counted('credentials')) > 0);
});

t.test('a CPE that fishes for the challenge of the ACS gets it', async (t) => {
  const { cpe, stub } = await scene(
    t,
    {},
    { credentials: CREDENTIALS },
    { credentials: CREDENTIALS, http: { opening: 'empty-post', authorizes: 'inform-only' } },
  );
  const statuses: number[] = [];
  cpe.on((occurrence) => {
    if (occurrence.kind === 'post' && occurrence.result.kind === 'answer') statuses.push(occurrence.result.status);
  });
  const session = cpe.nextSession();
  await cpe.start();
  t.match(await session, { ok: true });
  t.same(statuses.slice(0, 3), [401, 200, 200], 'the Inform is let in at once');
  t.equal(informs(stub), 1);
});

t.test('what a CPE has for the ACS in a session of ours gets there, behind the Inform of that session', async (t) => {
  const { cpe, stub, gateway } = await scene(t);
  const first = ended(cpe, true);
  await cpe.start();
  await first;
  cpe.ask({ ...theirTransferComplete(), events: [] });
  const done = ended(cpe, true);
  t.match(await gateway.run(KEY.device, read), { kind: 'response' });
  await done;
  const log = stub.logOf(SERIAL).map((line) => line.slice(0, 30));
  t.match(log.slice(-3), [/^--- Inform/, /^TransferComplete/, '(empty)']);
  t.equal(await gateway.counted('shown-late'), 1);
});

t.test('after a Reboot of the ACS nothing else is asked in that session', async (t) => {
  let work: Promise<unknown> | undefined;
  let reboots = 1;
  const { cpe, gateway } = await scene(
    t,
    {},
    {
      plan: () => (reboots-- > 0 ? [rpc('Reboot', { CommandKey: 'theirs' })] : []),
      during: async (_serial, method) => {
        if (method === 'RebootResponse') work ??= gateway.run(KEY.device, read);
      },
    },
    { timings: { retryScale: 0.001, rebootTime: 50 } },
  );
  const session = cpe.nextSession();
  await cpe.start();
  const { rpcs } = await session;
  t.same(
    rpcs.map(({ method }) => method),
    ['Reboot'],
  );
  t.match(await work, { kind: 'response' }, 'it was served when the CPE was back');
});
