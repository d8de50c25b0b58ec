// The gateway as benches run it: every room as it ships, but nobody is ever called, so that a request waits for the CPE's
// own Inform. Prints one line of JSON with its addresses.
import { loadConfig } from '../../proxy/config/load.ts';
import { openFiles } from '../../proxy/main/files.ts';
import { bind, formatAddress } from '../../proxy/main/listeners.ts';
import { makeRooms } from '../../proxy/main/rooms.ts';
import { openStore } from '../../proxy/main/store.ts';
import { systemClock as clock, systemRandomness as randomness } from '../../proxy/operate/clock.ts';
import { createHealthServer } from '../../proxy/operate/health.ts';
import { createLog } from '../../proxy/operate/log.ts';
import { createMetrics } from '../../proxy/operate/metrics.ts';

const flags = process.argv.slice(2).map((argument): [string, string] => {
  const equals = argument.indexOf('=');
  return [argument.slice(2, equals), argument.slice(equals + 1)];
});
const { config } = loadConfig({ file: undefined, environment: {}, flags });
const log = createLog('warn');
const metrics = createMetrics();
const store = await openStore(config, clock, log);
const waker = { wake: () => new Promise<never>(() => undefined), listens: () => undefined };
const [cookieKey, nonceKey, sealingKey] = [randomness(32), randomness(32), randomness(32)];
const incarnation = 'BENCHBENCHBENCHB';
const effects = { clock, randomness, log, metrics };
const files = await openFiles({ config, store, ...effects });
const parts = {
  config,
  version: 'bench',
  incarnation,
  store,
  waker,
  files,
  tls: undefined,
  trusted: [],
  cookieKey,
  nonceKey,
  sealingKey,
};
const rooms = makeRooms({ ...parts, ...effects });
const health = createHealthServer(metrics, async () => []);
const anywhere = { host: '127.0.0.1', port: 0 };
const [cwmp = rooms.api] = rooms.cwmp.servers;
const addresses = {
  cwmp: formatAddress(await bind(cwmp, anywhere, 'cwmp.listen')),
  http: formatAddress(await bind(rooms.api, anywhere, 'http.listen')),
  files: formatAddress(await bind(files.server.server, anywhere, 'files.listen')),
  operate: formatAddress(await bind(health, anywhere, 'operate.listen')),
};
files.listens(addresses.files);
await rooms.heartbeat.start();
rooms.due.start();
console.log(JSON.stringify(addresses));
process.on('SIGTERM', () => process.exit(0));
