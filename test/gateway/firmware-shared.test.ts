// Images of a fleet, through the whole gateway: what two devices are given is fetched and kept once; and a CPE that shows
// banks of its own loads an image that the gateway has checked.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { call } from '../api/api-tools.ts';
import { operate, type Values } from '../agent/requests.ts';
import { causeway, knownCpe } from '../cli/run-causeway.ts';
import type { Cpe } from '../cpe/cpe.ts';
import { type Dump, type DumpRow, dumpOf } from '../cpe/dump.ts';
import { dumpRows, loadDump } from '../cpe/dumps.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { subscription } from './north-agent-tools.ts';
import { commanded } from './operations-scene.ts';

const IMAGES = 'Device.DeviceInfo.FirmwareImage.';
const IMAGE = 'not much of an image';
const SHA256 = createHash('sha256').update(IMAGE).digest('hex');
const TIMINGS = { transferTime: 10, rebootTime: 20 };

interface Origin {
  readonly url: string;
  /** How often it was asked. */
  readonly asked: () => number;
}
async function startOrigin(t: Test): Promise<Origin> {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.end(IMAGE);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

/** What the API says of the files that are kept. */
async function kept(harness: Harness): Promise<readonly unknown[]> {
  return ((await call(harness, '/files')).body as { readonly files: readonly unknown[] }).files;
}

const loads = (cpe: Cpe): readonly { readonly url: string; readonly fileSize: number }[] =>
  cpe.rpcs.flatMap(({ method, arguments: read }) =>
    method === 'Download' ? [read as { readonly url: string; readonly fileSize: number }] : [],
  );

t.test('two devices, one image: kept once, loaded by each, gone with the last', async (t) => {
  const harness = await startHarness(t, { 'files.sources': '127.0.0.1' });
  const origin = await startOrigin(t);
  const promised = { CheckSumAlgorithm: 'SHA-256', CheckSum: SHA256 };
  const args = { URL: `${origin.url}/version-2`, AutoActivate: 'false', ...promised };
  const options = { dump: loadDump('tiny-tr181'), timings: TIMINGS };
  const at = await commanded(harness, options);
  const cpes = [at.cpe, await knownCpe(harness, options)];
  const told = { ID: 'all', NotifType: 'OperationComplete', ReferenceList: 'Device.', Persistent: 'true' };
  await at.controller.request(agentOf(cpes[1] ?? at.cpe), subscription(told));
  const run = async (cpe: Cpe, command: string, args: Values): Promise<void> => {
    await at.controller.request(agentOf(cpe), operate(`${IMAGES}2.${command}`, args, command));
    t.match(await at.complete(), { command_key: command, operation_resp: { kind: 'req_output_args' } });
  };
  for (const cpe of cpes) await run(cpe, 'Download()', args);
  t.equal(origin.asked(), 1);
  t.match(await kept(harness), [{ name: 'version-2', device: null, devices: 2, checksums: { 'SHA-256': SHA256 } }]);
  t.match((await causeway(harness, 'files', 'list')).out, /version-2 .* for 2 devices /);
  for (const [index, cpe] of cpes.entries()) {
    await run(cpe, 'Activate()', {});
    const left = await kept(harness);
    if (index === 0) t.match(left, [{ devices: 1 }]);
    else t.same(left, []);
  }
  const [one, other] = cpes.map(loads);
  t.same([one?.length, other?.length], [1, 1]);
  t.not(one?.[0]?.url, other?.[0]?.url, 'each has a URL of its own');
});

function withOwnBanks(): Dump {
  const row = (path: string, type: DumpRow['type'], value: string): DumpRow => ({
    ...{ path: `${IMAGES}${path}`, type, value, writable: false, facets: {} },
  });
  const banks = ['1', '2'].flatMap((number) => [
    row(`${number}.`, 'object', ''),
    row(`${number}.Status`, 'string', number === '1' ? 'Active' : 'NoImage'),
  ]);
  return dumpOf([...dumpRows('tiny-tr181'), row('', 'object', ''), ...banks]);
}

t.test('a CPE with banks of its own: an image with a CheckSum is checked, and loaded from the gateway', async (t) => {
  const harness = await startHarness(t, { 'files.sources': '127.0.0.1' });
  const origin = await startOrigin(t);
  const at = await commanded(harness, { dump: withOwnBanks(), timings: TIMINGS });
  const download = async (args: Readonly<Record<string, string>>): Promise<unknown> =>
    (await at.operate(`${IMAGES}2.Download()`, { URL: `${origin.url}/version-3`, AutoActivate: 'true', ...args }, 'k'))
      ?.operation_resp;
  const promised = { CheckSumAlgorithm: 'SHA-256', CheckSum: SHA256, FileSize: String(IMAGE.length) };
  const refused = { kind: 'cmd_failure', err_code: 7004 };
  t.match(await download({ ...promised, AutoActivate: 'false' }), refused);
  t.match(await download({ ...promised, CheckSumAlgorithm: 'MD5' }), refused);
  t.match(await download({ ...promised, URL: 'http://images.example.net/x' }), {
    ...refused,
    err_msg: /files\.sources/,
  });
  t.equal(origin.asked(), 0);

  t.match(await download({ ...promised, CheckSum: SHA256.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }), {
    kind: 'req_obj_path',
  });
  t.match(await at.complete(), {
    obj_path: `${IMAGES}2.`,
    operation_resp: { kind: 'cmd_failure', err_code: 7022, err_msg: /wrong-checksum/ },
  });
  t.same(loads(at.cpe), [], 'a wrong one never comes to the CPE');

  await download(promised);
  t.match(await at.complete(), { obj_path: `${IMAGES}2.`, operation_resp: { kind: 'req_output_args' } });
  const [asked] = loads(at.cpe);
  t.ok(asked?.url.startsWith(`http://${harness.gateway.addresses.files}/`));
  t.equal(asked?.fileSize, IMAGE.length);
  t.equal(at.cpe.get('Device.DeviceInfo.SoftwareVersion'), 'version-3');
  t.same(await kept(harness), [], 'nothing is kept of it');

  await download({});
  await at.complete();
  t.ok(loads(at.cpe)[1]?.url.startsWith(origin.url), 'without a CheckSum it fetches itself');
});
