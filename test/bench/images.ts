// What a fleet costs the server of its image: so many devices are asked to Download() one URL at the same moment, and keep
// it. Requests and bytes at the server, files and bytes that are kept, and the time until the last device has it.
// `node dist/test/bench/images.js [devices] [MiB] [ETag: yes|no]`
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatTask } from '../../proxy/agent/firmware/task.ts';
import { Operations, OPERATION } from '../../proxy/agent/operations/operations.ts';
import { loadConfig } from '../../proxy/config/load.ts';
import { openFiles } from '../../proxy/main/files.ts';
import { createImages } from '../../proxy/main/images.ts';
import { openStore } from '../../proxy/main/store.ts';
import { DueWork } from '../../proxy/nodes/due.ts';
import { systemClock as clock, systemRandomness as randomness } from '../../proxy/operate/clock.ts';
import { createLog } from '../../proxy/operate/log.ts';
import { createMetrics } from '../../proxy/operate/metrics.ts';
import type { NewOperation } from '../../proxy/store/operation-steps.ts';
import type { DeviceKey } from '../../proxy/store/store.ts';
import { inform, keyOf } from '../store/contract/samples.ts';
import { table } from './measure.ts';

const [devices = 1000, mebibytes = 5] = process.argv.slice(2, 4).map(Number);
const hasTags = process.argv[4] !== 'no';
const IMAGE = randomBytes(mebibytes << 20);
const TAG = '"one"';

const origin = { requests: 0, unchanged: 0, bytes: 0 };
const server = createServer((request, response) => {
  origin.requests += 1;
  if (hasTags && request.headers['if-none-match'] === TAG) {
    origin.unchanged += 1;
    response.writeHead(304, { ETag: TAG }).end();
    return;
  }
  origin.bytes += IMAGE.length;
  response.writeHead(200, { 'Content-Length': IMAGE.length, ...(hasTags && { ETag: TAG }) }).end(IMAGE);
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/image.bin`;

const folder = mkdtempSync(join(tmpdir(), 'causeway-bench-'));
const { config } = loadConfig({
  file: undefined,
  environment: {},
  flags: [
    ['data.dir', join(folder, 'data')],
    ['files.sources', '127.0.0.1'],
    ['files.total', '30GB'],
  ],
});
const effects = { clock, randomness, log: createLog('warn'), metrics: createMetrics() };
const store = await openStore(config, clock, effects.log);
const files = await openFiles({ config, store, ...effects });
files.listens('127.0.0.1:1');
const unused = (): never => {
  throw new Error('no CPE is asked for anything here');
};
const due: DueWork = new DueWork({
  ...effects,
  store,
  handlers: { [OPERATION]: (key) => operations.due(key) },
});
const operations: Operations = new Operations({
  ...effects,
  store,
  settings: { diagnosticBoundMs: 60_000 },
  transfers: { keepMs: 86_400_000, begin: unused, cancel: unused, newKey: unused },
  images: createImages(files),
  submit: unused,
  schedule: (kind, key, at) => (kind === OPERATION ? due.schedule(kind, key, at) : Promise.resolve()),
});

const download: NewOperation = {
  kind: 'firmware',
  originator: 'proto::bench',
  command: 'Device.DeviceInfo.FirmwareImage.2.Download()',
  command_key: '',
  status: 'Active',
  createdAt: clock.now(),
  dueAt: clock.now(),
  transfer: '',
  detail: formatTask({
    ...{ TransferURL: URL, FileSize: IMAGE.length, CheckSumAlgorithm: '', CheckSum: '', row: 2, name: 'image.bin' },
    ...{ source: 'fetch', image: '', windows: [], phase: { kind: 'fetch', tries: 0 } },
  }),
  input: JSON.stringify({ Username: '', Password: '' }),
  token: '',
};
const keys: readonly DeviceKey[] = Array.from({ length: devices }, (_, index) => keyOf(`B${index}`));
for (const key of keys) await store.devices.saveInform(inform({ key, registryCap: devices }));

const began = performance.now();
for (const key of keys) {
  await store.operations.beginOperation(key, download, 32);
  await due.schedule(OPERATION, key, clock.now());
}
due.start();
const waits = async (): Promise<readonly DeviceKey[]> => {
  const records = await Promise.all(keys.map((key) => store.devices.readDevice(key)));
  return records.flatMap((record) => (record !== undefined && record.operations.length > 0 ? [record.key] : []));
};
while ((await waits()).length > 0) await new Promise((resolve) => setTimeout(resolve, Math.max(20, devices / 2)));
const tookS = (performance.now() - began) / 1000;

const kept = await files.blobs.list();
const records = await Promise.all(keys.map((key) => store.devices.readDevice(key)));
const have = records.filter((record) => record?.firmware.bank.status === 'Available').length;
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
table(
  [`${devices} devices, ${mebibytes} MiB`, ''],
  [
    ['devices that have it', String(have)],
    ['requests at the server', `${origin.requests}, of these unchanged ${origin.unchanged}`],
    ['MB that it sent', megabytes(origin.bytes)],
    ['files kept', String(kept.length)],
    ['MB kept', megabytes(kept.reduce((sum, { size }) => sum + size, 0))],
    ['seconds', tookS.toFixed(1)],
  ],
);
await due.stop();
await files.blobs.close();
await store.close();
server.close();
server.closeAllConnections();
rmSync(folder, { recursive: true, force: true });
