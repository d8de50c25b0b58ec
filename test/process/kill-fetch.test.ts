// The gateway dies in the middle of the fetch of an image: the next run fetches it again, the CPE loads it once, and its
// Controller hears of the end once. Time runs faster, since nobody fetches what another may be at still.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { operate } from '../agent/requests.ts';
import { temporaryFolder } from '../gateway/harness.ts';
import { Inbox, subscription } from '../gateway/north-agent-tools.ts';
import { fastGateway } from './gateway-process.ts';
import { AGENT, setScene, until } from './scene.ts';

const SPEED = 15;
const IMAGE = Buffer.alloc(500_000, 'image');
const SHA256 = createHash('sha256').update(IMAGE).digest('hex');
const DOWNLOAD = 'Device.DeviceInfo.FirmwareImage.2.Download()';
const timings = { retryScale: 0.02, transferTime: 10, rebootTime: 20 };
const isHalf = (file: string): boolean => file.endsWith('.part');
/** What runs faster is not to be over sooner than a busy machine answers. */
const PATIENT = { 'request.deadline': '10m', 'request.max': '20m', 'connectionRequest.arrival': '10m' };

interface Origin {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
}
/** Its first answer stands still in the middle. */
async function startOrigin(t: Test): Promise<Origin> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(200, { 'Content-Length': IMAGE.length });
    if (asked > 1) response.end(IMAGE);
    else response.write(IMAGE.subarray(0, IMAGE.length / 2));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/version-9`,
    asked: () => asked,
  };
}

t.test('killed in the middle of a fetch', async (t) => {
  const origin = await startOrigin(t);
  const folder = join(temporaryFolder(t), 'data');
  const settings = { 'files.sources': '127.0.0.1', 'data.dir': folder, ...PATIENT };
  const stored = (): readonly string[] => readdirSync(join(folder, 'blobs'));
  const scene = await setScene(t, { timings }, settings, fastGateway(SPEED));
  const first = scene.cpe.nextSession();
  await scene.cpe.start();
  await first;
  const before = await scene.controller();
  const told = { ID: 'all', NotifType: 'OperationComplete', ReferenceList: DOWNLOAD, Persistent: 'true' };
  await before.request(AGENT, subscription({ ...told, NotifRetry: 'true' }));
  const args = { URL: origin.url, CheckSumAlgorithm: 'SHA-256', CheckSum: SHA256 };
  const begun = await before.request(AGENT, operate(DOWNLOAD, { ...args, AutoActivate: 'true' }, 'k1'));
  t.match(begun, { operation_results: [{ operation_resp: { req_obj_path: 'Device.LocalAgent.Request.1.' } }] });
  await until(async () => stored().find(isHalf), 'the half that came');
  await scene.kill();
  t.equal(stored().filter(isHalf).length, 1);

  await scene.startAgain();
  const after = await scene.controller();
  const inbox = new Inbox(after);
  const end = { kind: 'oper_complete', operation_resp: { kind: 'req_output_args' } };
  t.match(await inbox.nextNotification(), { ...end, command_key: 'k1' });
  t.equal(origin.asked(), 2);
  t.same(stored().filter(isHalf), [], 'the half of it is not left');
  // Were there a second end of the first it would stand before that of the next.
  await after.request(AGENT, operate(DOWNLOAD.replace('2', '1'), { ...args, AutoActivate: 'false' }, 'k2'));
  await after.request(AGENT, subscription({ ...told, ReferenceList: DOWNLOAD.replace('2', '1'), ID: 'next' }));
  t.match(await inbox.nextNotification(), { ...end, command_key: 'k2' });
  t.match(
    await scene.api('/files'),
    { files: [{ devices: 1 }] },
    'what the CPE runs is not kept, what is kept is kept once',
  );
  t.equal(scene.cpe.rpcs.filter(({ method }) => method === 'Download').length, 1);
  t.equal(scene.cpe.get('Device.DeviceInfo.SoftwareVersion'), 'version-9');
  t.same(scene.cpe.complaints, []);
});
