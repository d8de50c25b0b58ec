// `npm run demo`: a gateway, three simulated CPEs, and a Controller that reads, writes, watches, tests and reboots one of them
// through a WebSocket. Every value is compared with what the CPE itself holds. Exits 0 when all agree; `-- --keep` leaves all
// up, `-- --root tr098` takes CPEs with the root InternetGatewayDevice., of which the Controller sees nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Controller } from '../../proxy/cli/usp/controller.ts';
import { type Cpe, createCpe } from '../cpe/cpe.ts';
import { loadDump } from '../cpe/dumps.ts';
import { type GatewayProcess, startGatewayProcess } from '../process/gateway-process.ts';
import { firstGet, firstSet, ping, portMapping, reboot, type Scene, tr098Name, watchValue } from './steps.ts';

const LIMIT_MS = 55_000;
const CREDENTIALS = { username: 'acs', password: 'demo-secret' };
const HELP = `npm run demo [-- --keep] [--root tr098]

Starts the gateway on free ports and three simulated CPEs, then works with one of them through a USP
WebSocket (reads, sets, adds and deletes, watches, pings, reboots), and compares each value with what
the CPE really holds.

  --keep         leave gateway and CPEs running, to play with (Ctrl-C ends them)
  --root tr098   CPEs with the root InternetGatewayDevice., seen as Device:2 all the same
`;

type Root = 'tr181' | 'tr098';

let checks = 0;
let failures = 0;

function check(what: string, seen: unknown, held: unknown): void {
  checks += 1;
  const same = seen === held;
  if (!same) failures += 1;
  console.log(
    `  ${same ? 'ok  ' : 'FAIL'} ${what}: ${JSON.stringify(seen)}${same ? '' : ` but the CPE holds ${JSON.stringify(held)}`}`,
  );
}

const deviceId = (
  number: number,
): { manufacturer: string; oui: string; productClass: string; serialNumber: string } => ({
  manufacturer: 'Example',
  oui: '02C0DE',
  productClass: 'HomeRouter',
  serialNumber: `DEMO${number}`,
});
const agentOf = (number: number): string => `ops::02C0DE-HomeRouter-DEMO${number}`;

async function startCpe(number: number, acsUrl: string, root: Root): Promise<Cpe> {
  const cpe = createCpe({
    dump: loadDump(number === 2 ? `tiny-${root}` : `home-router-${root}`),
    timings: { diagnosticTime: 300, rebootTime: 500 },
    acsUrl,
    deviceId: deviceId(number),
    connectionRequest: CREDENTIALS,
  });
  const firstSession = cpe.nextSession();
  await cpe.start();
  const { rpcs } = await firstSession;
  console.log(
    `  CPE ${deviceId(number).serialNumber} has informed; the gateway asked ${rpcs.map(({ method }) => method).join(', ')}`,
  );
  return cpe;
}

async function run(keep: boolean, root: Root): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-demo-'));
  let gateway: GatewayProcess | undefined;
  const cpes: Cpe[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(cpes.map((cpe) => cpe.stop()));
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    console.log('Starting the gateway');
    gateway = await startGatewayProcess({
      'data.dir': join(folder, 'data'),
      'park.poll': '2s',
      'connectionRequest.username': CREDENTIALS.username,
      'connectionRequest.password': CREDENTIALS.password,
      ...(keep
        ? {
            'cwmp.listen': '127.0.0.1:7547',
            'http.listen': '127.0.0.1:8080',
            'operate.listen': '127.0.0.1:9090',
            'files.listen': '127.0.0.1:7548',
          }
        : {}),
    });
    const { cwmp, http } = gateway.addresses;
    console.log(`  CWMP http://${cwmp}/  USP ws://${http}/usp  API http://${http}/api/v1`);
    for (const number of [1, 2, 3]) cpes.push(await startCpe(number, `http://${cwmp}/`, root));
    const [cpe] = cpes;
    if (cpe === undefined) throw new Error('no CPE');
    const controller = await Controller.connect({ url: `ws://${http}`, controller: 'self::demo', agent: agentOf(1) });
    const cpeName = root === 'tr098' ? tr098Name : (path: string) => path;
    const scene: Scene = { controller, agent: agentOf(1), cpe, cpeName, check };
    for (const step of [firstGet, firstSet, portMapping, watchValue, ping, reboot]) await step(scene);
    console.log(`\n${checks - failures} of ${checks} checks hold: each value is what the CPE itself has`);
    if (keep) await playtime(http);
    await controller.close();
  } finally {
    await end();
  }
}

async function playtime(http: string): Promise<void> {
  console.log(`\nLeft running. Try:
  npx causeway devices --gateway http://${http}
  npx causeway usp get DEMO1 'Device.WiFi.SSID.*.'  --gateway http://${http}
  npx causeway doctor DEMO2 --gateway http://${http}
Ctrl-C ends it.`);
  await new Promise<void>((resolve) => process.once('SIGINT', () => resolve()));
}

const args = process.argv.slice(2);
if (args.includes('--help')) console.log(HELP);
else {
  const keep = args.includes('--keep');
  const limit = setTimeout(() => {
    console.error(`the demo did not end within ${LIMIT_MS / 1000} s`);
    process.exit(1);
  }, LIMIT_MS);
  if (keep) clearTimeout(limit);
  run(keep, args.includes('tr098') ? 'tr098' : 'tr181').then(
    () => process.exit(failures === 0 ? 0 : 1),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
