// Show 4 of chain mode: an ACS that knows nothing of Causeway logs the same with and without it, while Causeway does a
// Get, Set, AddObject, IPPing and Download on each CPE, watches a parameter, and calls the CPE for each.
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import type { CpeAccess } from '../../proxy/device/access.ts';
import type { CpeRequest } from '../../proxy/rpc/methods.ts';
import { type Cpe, createCpe } from '../cpe/cpe.ts';
import { dialects } from '../cpe/dialects.ts';
import { loadDump } from '../cpe/dumps.ts';
import { getValues, rpc, setNotification, setValues } from '../cpe/scripted-acs.ts';
import { type AcsStub, PATH, startAcsStub } from './acs-stub.ts';
import { type ChainedGateway, startChainedGateway } from './chained-gateway.ts';

const CREDENTIALS = { username: 'fleet', password: 'fleet-secret' };
const CALLS = { username: 'acs', password: 'acs-secret' };
const PING = 'Device.IP.Diagnostics.IPPing.';
const KEY = 'Device.ManagementServer.ParameterKey';
const TABLE = 'Device.NAT.PortMapping.';
const OUR_TABLE = 'Device.Users.User.';
const NTP1 = 'Device.Time.NTPServer1';
const NTP2 = 'Device.Time.NTPServer2';
const DIALECTS = ['plain', 'easycwmp', 'orange'] as const;

const downloadOf = (CommandKey: string, URL: string): CpeRequest<'Download'> => ({
  CommandKey,
  FileType: '3 Vendor Configuration File',
  URL,
  Username: '',
  Password: '',
  FileSize: 0,
  TargetFileName: '',
  DelaySeconds: 0,
  SuccessURL: '',
  FailureURL: '',
});

/** What the ACS asks in its own life, by the events that a session begins with. */
function plan(files: string): (serial: string, events: readonly string[]) => readonly string[] {
  const called = new Map<string, number>();
  return (serial, events) => {
    const has = (code: string): boolean => events.some((event) => event.startsWith(code));
    const look = getValues('Device.DeviceInfo.SoftwareVersion', KEY);
    if (has('1 ')) {
      const code = setValues([['Device.DeviceInfo.ProvisioningCode', 'old-acs', 'string']], 'acs-1');
      return [look, code, setNotification(2, NTP1), look];
    }
    if (has('6 ')) {
      const times = (called.get(serial) ?? 0) + 1;
      called.set(serial, times);
      const download = rpc('Download', downloadOf('acs-download', `${files}/theirs.conf`));
      if (times === 1) return [look, rpc('AddObject', { ObjectName: TABLE, ParameterKey: 'acs-2' }), look, download];
      const ping = setValues(
        [
          [`${PING}Host`, '192.0.2.7', 'string'],
          [`${PING}DiagnosticsState`, 'Requested', 'string'],
        ],
        'acs-3',
      );
      return [look, rpc('GetAllQueuedTransfers'), ping];
    }
    if (has('8 ')) return [getValues(`${PING}DiagnosticsState`, `${PING}Host`, KEY)];
    const attributes =
      `<cwmp:GetParameterAttributes><ParameterNames soap-enc:arrayType="xsd:string[2]"><string>${NTP1}</string>` +
      `<string>${NTP2}</string></ParameterNames></cwmp:GetParameterAttributes>`;
    if (has('4 ')) return [attributes, getValues('Device.ManagementServer.')];
    return [look];
  };
}

async function fileServer(t: { teardown(run: () => unknown): void }): Promise<string> {
  const server = http.createServer((_request, response) => response.end('Device.Time.LocalTimeZone\tUTC\n'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.closeAllConnections());
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sessionWith = (cpe: Cpe, code: string): Promise<unknown> =>
  cpe.waitFor('session-ended', ({ ok, events }) => ok && events.some((event) => event.code.startsWith(code)));

/** What the ACS and the CPE live through together; `between` is where Causeway does its own. */
async function live(cpe: Cpe, stub: AcsStub, between: (cpe: Cpe) => Promise<void>): Promise<void> {
  const booted = sessionWith(cpe, '1 ');
  await cpe.start();
  await booted;
  await between(cpe);
  const transferred = sessionWith(cpe, '7 ');
  await stub.call(cpe.connectionRequestUrl);
  await transferred;
  await between(cpe);
  const tested = sessionWith(cpe, '8 ');
  await stub.call(cpe.connectionRequestUrl);
  await tested;
  await between(cpe);
  const changed = sessionWith(cpe, '4 ');
  cpe.setLocally(NTP1, 'ntp.changed.example');
  await changed;
  await between(cpe);
  const periodic = sessionWith(cpe, '2 ');
  cpe.inform('2 PERIODIC');
  await periodic;
}

const serialOf = (index: number): string => `CHAIN${index}`;

function cpeFor(index: number, acsUrl: string): Cpe {
  const dialect = dialects[DIALECTS[index % DIALECTS.length] ?? 'plain'];
  return createCpe({
    dump: loadDump('home-router-tr181'),
    acsUrl,
    // The stub calls with Node's own HTTP client, which cannot read some of their replies (quirk 8).
    dialect: { ...dialect, connectionRequestReplies: 'plain' },
    deviceId: { manufacturer: 'Example', oui: '02C0DE', productClass: 'Router', serialNumber: serialOf(index) },
    credentials: CREDENTIALS,
    connectionRequest: { ...CALLS, auth: 'digest' },
    timings: { transferTime: 20, diagnosticTime: 20, retryScale: 0.01 },
    random: () => 0.5,
  });
}

/** Causeway's own work, one thing after the other, each with a Connection Request of its own. */
function ownWork(gateway: ChainedGateway, files: string): (cpe: Cpe) => Promise<void> {
  let count = 0;
  const set = (access: CpeAccess, values: Readonly<Record<string, string>>): Promise<unknown> =>
    access.change({
      method: 'SetParameterValues',
      request: (ParameterKey) => ({
        ParameterList: Object.entries(values).map(([Name, Value]) => ({ Name, Value, Type: 'xsd:string' })),
        ParameterKey,
      }),
      snapshot: { kind: 'none' },
    });
  return async (cpe) => {
    count += 1;
    const device = `02C0DE-Router-${cpe.deviceId.serialNumber}`;
    const run = (job: (access: CpeAccess) => Promise<unknown>): Promise<unknown> => gateway.run(device, job);
    const done = (result: unknown): void => {
      if ((result as { kind?: string } | undefined)?.kind !== 'response') throw new Error(JSON.stringify(result));
    };
    done(await run((access) => access.read('GetParameterValues', { ParameterNames: [KEY] })));
    done(await run((access) => set(access, { [NTP2]: `ntp-${count}.example` })));
    done(
      await run((access) =>
        access.change({
          method: 'AddObject',
          request: (ParameterKey) => ({ ObjectName: OUR_TABLE, ParameterKey }),
          snapshot: { kind: 'none' },
        }),
      ),
    );
    done(
      await run(async (access) => {
        const watch = { value: undefined, notification: 2, before: 0, subscriptions: [1] } as const;
        await access.saveLedger(new Map([[NTP2, watch]]), 'armed');
        const struct = {
          Name: NTP2,
          NotificationChange: true,
          Notification: 2,
          AccessListChange: false,
          AccessList: [],
        };
        return access.change({
          method: 'SetParameterAttributes',
          request: () => ({ ParameterList: [struct] }),
          snapshot: { kind: 'none' },
        });
      }),
    );
    const changed = sessionWith(cpe, '4 ');
    cpe.setLocally(NTP2, `local-${count}.example`);
    await changed;
    const transferred = sessionWith(cpe, '7 ');
    done(
      await run((access) =>
        access.change({
          method: 'Download',
          request: (CommandKey) => downloadOf(CommandKey, `${files}/ours.conf`),
          snapshot: { kind: 'none' },
        }),
      ),
    );
    await transferred;
    const tested = sessionWith(cpe, '8 ');
    done(
      await run((access) => set(access, { [`${PING}Host`]: '192.0.2.9', [`${PING}DiagnosticsState`]: 'Requested' })),
    );
    await tested;
  };
}

/** What two runs cannot have in common: the port at which each simulated CPE happens to listen. */
const normal = (log: readonly string[]): readonly string[] =>
  log.map((line) => line.replaceAll(/http:\/\/127\.0\.0\.1:\d+\//g, 'http://cpe/'));

t.test("the ACS's log is the same with and without Causeway", async (t) => {
  const files = await fileServer(t);
  const count = 4;
  const logs = async (chained: boolean): Promise<readonly (readonly string[])[]> => {
    const stub = await startAcsStub({ plan: plan(files), credentials: CREDENTIALS, connectionRequest: CALLS });
    t.teardown(() => stub.close());
    const gateway = chained ? await startChainedGateway(t, stub.url) : undefined;
    const cpes = Array.from({ length: count }, (_, index) => cpeFor(index, `${gateway?.url ?? stub.url}${PATH}`));
    t.teardown(() => Promise.all(cpes.map((cpe) => cpe.stop())));
    const between = gateway === undefined ? async () => undefined : ownWork(gateway, files);
    await Promise.all(cpes.map((cpe) => live(cpe, stub, between)));
    await Promise.all(cpes.map((cpe) => cpe.stop()));
    t.same(new Set(stub.connectionsOfSessions), new Set([1]), 'each session came on one connection');
    t.same(stub.logOf('unread'), []);
    if (gateway !== undefined) {
      const hidden = await gateway.counted('hidden');
      t.ok(hidden >= count * 4 * 4, `${hidden} sessions were of our own only`);
      t.equal(await gateway.counted('shown'), count * 7);
    }
    return cpes.map((_, index) => normal(stub.logOf(serialOf(index))));
  };
  const direct = await logs(false);
  const chained = await logs(true);
  for (const [index, log] of direct.entries()) {
    t.ok(log.length > 25, `${log.length} lines`);
    t.same(chained[index], log, serialOf(index));
  }
});
