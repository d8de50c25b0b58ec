// A few CPEs by hand: `node dist/test/cpe/run.js --acs http://127.0.0.1:7547/`. One line for each thing that happens.
import { parseArgs } from 'node:util';
import { dialects, type DialectName } from './dialects.ts';
import { createCpe, type Cpe } from './cpe.ts';
import { dumpNames, loadDump } from './dumps.ts';
import type { CpeEvent } from './events.ts';
import type { Occurrence } from './observe.ts';
import type { CpeOptions } from './options.ts';
import { seededRandom } from './random.ts';
import { listenForConnectionRequests, type ConnectionRequestServer } from './connection-request-server.ts';

const HELP = `Runs simulated CPEs against an ACS.

  --acs URL             where they report (http://127.0.0.1:7547/)
  --count N             how many (1)
  --dump NAME           ${dumpNames.join(', ')}, or the path of a dump file (home-router-tr181)
  --dialect NAME        ${Object.keys(dialects).join(', ')} (plain)
  --serial PREFIX       serial numbers are this and six digits (CPE)
  --username, --password          credentials for the ACS
  --cr-auth none|basic|digest     how Connection Requests prove themselves (none)
  --cr-username, --cr-password    credentials for Connection Requests
  --stun HOST:PORT      keeps a binding there, and takes UDP Connection Requests
  --xmpp HOST:PORT      takes Connection Requests over XMPP, with the account of
  --xmpp-account, --xmpp-password
  --periodic SECONDS    PeriodicInformInterval; 0 switches periodic Informs off
  --held-limit SECONDS  how long a held answer is borne (30)
  --cwmp N              speaks urn:dslforum-org:cwmp-1-N, 0 to 4 (2)
  --seed N              the same run again: waits, nonces, results
  --quiet               sessions that fail and complaints only
  --help

They stop on Ctrl-C.`;

const OPTIONS = {
  acs: { type: 'string', default: 'http://127.0.0.1:7547/' },
  count: { type: 'string', default: '1' },
  dump: { type: 'string', default: 'home-router-tr181' },
  dialect: { type: 'string', default: 'plain' },
  serial: { type: 'string', default: 'CPE' },
  username: { type: 'string', default: '' },
  password: { type: 'string', default: '' },
  'cr-auth': { type: 'string', default: 'none' },
  'cr-username': { type: 'string', default: '' },
  'cr-password': { type: 'string', default: '' },
  stun: { type: 'string' },
  xmpp: { type: 'string' },
  'xmpp-account': { type: 'string', default: '' },
  'xmpp-password': { type: 'string', default: '' },
  periodic: { type: 'string' },
  'held-limit': { type: 'string', default: '30' },
  cwmp: { type: 'string', default: '2' },
  seed: { type: 'string' },
  quiet: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function readArguments(args: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] {
  return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
}
type Settings = ReturnType<typeof readArguments>;

const isDialect = (name: string): name is DialectName => Object.hasOwn(dialects, name);
const isAuth = (name: string): name is 'none' | 'basic' | 'digest' => ['none', 'basic', 'digest'].includes(name);

function numberOf(
  settings: Settings,
  name: 'count' | 'held-limit' | 'cwmp' | 'periodic' | 'seed',
  most: number,
): number {
  const text = settings[name] ?? '';
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > most || text === '') {
    throw new Error(`--${name} takes a number from 0 to ${most}, not "${text}"`);
  }
  return number;
}

function serverOf(name: 'stun' | 'xmpp', text: string): { readonly address: string; readonly port: number } {
  const [, address = '', port = ''] = /^([0-9.]+):(\d+)$/.exec(text) ?? [];
  if (address === '') throw new Error(`--${name} takes an IPv4 address and a port, not "${text}"`);
  return { address, port: Number(port) };
}

/** What it does beside HTTP so that it can be woken. */
function wakingOptions({ stun, xmpp, ...settings }: Settings): Pick<CpeOptions, 'stun' | 'xmpp'> {
  const account = { account: settings['xmpp-account'], password: settings['xmpp-password'] };
  return {
    ...(stun !== undefined && { stun: { server: serverOf('stun', stun) } }),
    ...(xmpp !== undefined && { xmpp: { server: serverOf('xmpp', xmpp), ...account } }),
  };
}

/** What is the same for all; throws for a setting that makes no sense, with a text for the user. */
function optionsFor(settings: Settings, server: ConnectionRequestServer): CpeOptions {
  const auth = settings['cr-auth'];
  if (!isDialect(settings.dialect)) throw new Error(`--dialect takes ${Object.keys(dialects).join(', ')}`);
  if (!isAuth(auth)) throw new Error('--cr-auth takes none, basic or digest');
  if (!URL.canParse(settings.acs)) throw new Error(`--acs takes a URL, not "${settings.acs}"`);
  const dump = loadDump(settings.dump);
  const management = `${dump.root}ManagementServer.`;
  const version = ([0, 1, 2, 3, 4] as const).find((known) => known === numberOf(settings, 'cwmp', 4));
  const periodic = settings.periodic === undefined ? undefined : numberOf(settings, 'periodic', 2 ** 31);
  return {
    dump,
    acsUrl: settings.acs,
    dialect: dialects[settings.dialect],
    ...wakingOptions(settings),
    credentials: { username: settings.username, password: settings.password },
    connectionRequest: { server, auth, username: settings['cr-username'], password: settings['cr-password'] },
    timings: { heldLimit: numberOf(settings, 'held-limit', 2 ** 31) * 1000 },
    log: false,
    ...(version !== undefined && { cwmpVersion: version }),
    ...(periodic !== undefined && {
      values: {
        [`${management}PeriodicInformEnable`]: periodic > 0 ? 'true' : 'false',
        ...(periodic > 0 && { [`${management}PeriodicInformInterval`]: String(periodic) }),
      },
    }),
  };
}

const eventText = (events: readonly CpeEvent[]): string =>
  events.map(({ code, commandKey }) => (commandKey === '' ? code : `${code} (${commandKey})`)).join(' + ') ||
  'no event';

const isSecret = (name: unknown): boolean =>
  typeof name === 'string' && /(password|passphrase|presharedkey)$/i.test(name);

/** The arguments of an RPC, without passwords. */
function argumentText(args: unknown): string {
  if (args === undefined) return '';
  return JSON.stringify(args, (key, value: unknown) => {
    if (isSecret(key)) return '…';
    const isSetting = typeof value === 'object' && value !== null && 'name' in value && 'value' in value;
    return isSetting && isSecret(value.name) ? { ...value, value: '…' } : value;
  });
}

/** A line about an occurrence, or undefined for those that say nothing to a person. */
function lineFor(occurrence: Occurrence): string | undefined {
  switch (occurrence.kind) {
    case 'session-started':
      return `session ${occurrence.session} opens: ${eventText(occurrence.events)}${occurrence.retryCount > 0 ? `, retry ${occurrence.retryCount}` : ''}`;
    case 'rpc':
      return `  ${occurrence.method} → ${occurrence.answer}  ${argumentText(occurrence.arguments)}`;
    case 'held-given-up':
      return `  gave up an answer held for ${occurrence.heldFor} ms`;
    case 'session-ended':
      return `session ${occurrence.session} ${occurrence.ok ? 'ends' : 'fails'}: ${occurrence.reason}, ${occurrence.rpcs.length} RPCs, ${occurrence.endedAt - occurrence.startedAt} ms`;
    case 'retry-planned':
      return `tries again in ${occurrence.wait} ms`;
    case 'connection-request':
      return `Connection Request: ${occurrence.status}${occurrence.inSession ? ', in a session' : ''}`;
    case 'udp-connection-request':
      return `UDP Connection Request: ${occurrence.refused ?? 'taken'}`;
    case 'xmpp-connection-request':
      return `XMPP Connection Request: ${occurrence.refused ?? 'taken'}`;
    case 'values-changed':
      return `${occurrence.by === 'acs' ? 'the ACS' : 'the device'} changed ${occurrence.paths.join(', ')}`;
    case 'diagnostic':
      return `${occurrence.path} ${occurrence.state}`;
    case 'transfer':
      return `transfer ${occurrence.commandKey}: ${occurrence.faultCode === 0 ? `${occurrence.bytes} bytes` : `fault ${occurrence.faultCode}`}`;
    case 'power':
      return occurrence.state === 'on' ? 'is on' : occurrence.state === 'off' ? 'is off' : 'reboots';
    case 'complaint':
      return `complains: ${occurrence.text}`;
    case 'inform-answered':
    case 'waiting-for-acs':
    case 'post':
      return undefined;
  }
}

const matters = (occurrence: Occurrence): boolean =>
  occurrence.kind === 'complaint' || (occurrence.kind === 'session-ended' && !occurrence.ok);

async function run(settings: Settings): Promise<void> {
  const server = await listenForConnectionRequests();
  const options = optionsFor(settings, server);
  const seed = settings.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : numberOf(settings, 'seed', 2 ** 32);
  const cpes: Cpe[] = [];
  for (let index = 1; index <= numberOf(settings, 'count', 100_000); index += 1) {
    const serialNumber = `${settings.serial}${String(index).padStart(6, '0')}`;
    const cpe = createCpe({ ...options, deviceId: { serialNumber }, random: seededRandom(seed + index) });
    cpe.on((occurrence) => {
      const line = settings.quiet && !matters(occurrence) ? undefined : lineFor(occurrence);
      if (line !== undefined) console.log(`${new Date().toISOString().slice(11, 23)} ${serialNumber} ${line}`);
    });
    cpes.push(cpe);
  }
  console.log(
    `${cpes.length} CPEs of ${settings.dump} report to ${settings.acs}; Connection Requests on port ${server.port}; seed ${seed}`,
  );
  process.once('SIGINT', () => void Promise.all(cpes.map(async (cpe) => cpe.stop())).then(async () => server.close()));
  for (const cpe of cpes) await cpe.start();
}

try {
  const settings = readArguments(process.argv.slice(2));
  if (settings.help) console.log(HELP);
  else await run(settings);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error('--help tells what there is to say');
  process.exit(2);
}
