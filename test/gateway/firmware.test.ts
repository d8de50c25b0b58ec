// Firmware banks of a CPE that shows none, through the whole gateway (facts: cwmp-usp-translation §8.2; TP-469 9.3 to 9.8
// look at the rest).
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { get, getInstances, getSupportedDm, resultOf, set, update, type Values } from '../agent/requests.ts';
import { loadDump } from '../cpe/dumps.ts';
import { startFileServer } from '../cpe/file-server.ts';
import type { CpeOptions } from '../cpe/options.ts';
import { agentOf, startHarness } from './harness.ts';
import { subscription } from './north-agent-tools.ts';
import { commanded, type Commanded, REQUESTS } from './operations-scene.ts';

const INFO = 'Device.DeviceInfo.';
const IMAGES = `${INFO}FirmwareImage.`;
const IMAGE = 'not much of an image';
const SHA256 = createHash('sha256').update(IMAGE).digest('hex');
const QUICK = { dump: loadDump('tiny-tr181'), timings: { transferTime: 10, rebootTime: 20 } };

interface Scene extends Commanded {
  /** The values of an object. */
  readonly row: (path: string) => Promise<Values>;
}

async function scene(t: Test, sources: string, options: Partial<CpeOptions> = {}): Promise<Scene> {
  const harness = await startHarness(t, { 'files.sources': sources });
  const known = await commanded(harness, { ...QUICK, ...options });
  const row = async (path: string): Promise<Values> => {
    const answer = await known.controller.request(agentOf(known.cpe), get(path));
    return answer.kind === 'get_resp' ? (resultOf(answer)[path] ?? {}) : {};
  };
  return { ...known, row };
}

const loads = ({ cpe }: Scene): readonly unknown[] =>
  cpe.rpcs.filter(({ method }) => method === 'Download').map(({ arguments: read }) => read);

const untouched = await scene(t, '127.0.0.1');

t.test('the table is there as if the CPE had it', async (t) => {
  const at = untouched;
  const version = at.cpe.get(`${INFO}SoftwareVersion`) ?? '?';
  t.match(await at.row(INFO), {
    ActiveFirmwareImage: `${IMAGES}1`,
    BootFirmwareImage: `${IMAGES}1`,
    FirmwareImageNumberOfEntries: '2',
    MaxNumberOfActivateTimeWindows: '5',
  });
  t.same(await at.row(`${IMAGES}1.`), {
    ...{ Alias: 'cpe-1', Name: version, Version: version, Available: 'true', Status: 'Active', BootFailureLog: '' },
  });
  t.match(await at.row(`${IMAGES}2.`), { Alias: 'cpe-2', Available: 'false', Status: 'NoImage', Version: '' });
  const agent = agentOf(at.cpe);
  t.match(await at.controller.request(agent, getInstances(IMAGES)), {
    req_path_results: [
      { curr_insts: [{ instantiated_obj_path: `${IMAGES}1.` }, { unique_keys: new Map([['Alias', 'cpe-2']]) }] },
    ],
  });
  t.match(await at.controller.request(agent, getSupportedDm(`${IMAGES}{i}.`)), {
    req_obj_results: [
      {
        supported_objs: [
          {
            access: 'OBJ_READ_ONLY',
            is_multi_instance: true,
            supported_commands: [
              { command_name: 'Download()', command_type: 'CMD_ASYNC' },
              { command_name: 'Activate()' },
            ],
          },
        ],
      },
    ],
  });
});

t.test('what the CPE boots is what it runs', async (t) => {
  const at = untouched;
  const write = (values: Values, path = INFO): Promise<unknown> =>
    at.controller.request(agentOf(at.cpe), set(update(path, values)));
  t.match(await write({ 'BootFirmwareImage!': `${IMAGES}1` }), { kind: 'set_resp' });
  t.match(await write({ 'BootFirmwareImage!': `${IMAGES}[Alias=="cpe-1"].` }), { kind: 'set_resp' });
  const refused = { kind: 'error', param_errs: [{ err_code: 7012 }] };
  t.match(await write({ 'BootFirmwareImage!': `${IMAGES}2` }), refused);
  t.match(await write({ 'Available!': 'false' }, `${IMAGES}1.`), refused);
  t.match(await write({ 'Available!': 'false' }, `${IMAGES}2.`), { kind: 'set_resp' });
  t.match(await write({ 'Version!': '1' }, `${IMAGES}2.`), { kind: 'error' });
});

t.test('kept, then activated: the CPE loads it from the gateway, and both rows say so', async (t) => {
  const at = await scene(t, '127.0.0.1');
  const files = await startFileServer(t, '/', { '/version-2': IMAGE });
  const changes = { ID: 'changes', NotifType: 'ValueChange', ReferenceList: `${IMAGES}*.Status`, Persistent: 'true' };
  await at.controller.request(agentOf(at.cpe), subscription(changes));
  const changed = async (): Promise<string> => {
    for (;;) {
      const notification = await at.inbox.nextNotification();
      if (notification.kind === 'value_change') return `${notification.param_path}=${notification.param_value}`;
    }
  };
  const access = { Username: 'user', Password: 'pass' };
  const promised = { CheckSumAlgorithm: 'SHA-256', CheckSum: SHA256, FileSize: String(IMAGE.length) };
  const args = { URL: `${files.url}/version-2`, AutoActivate: 'false', ...access, ...promised };
  await at.operate(`${IMAGES}2.Download()`, args, 'k1');
  t.equal(await changed(), `${IMAGES}2.Status=Downloading`);
  t.equal(await changed(), `${IMAGES}2.Status=Available`);
  t.same(loads(at), [], 'the CPE knows nothing of it');
  files.stored.clear();
  await at.operate(`${IMAGES}2.Activate()`, {}, 'k2');
  t.equal(await changed(), `${IMAGES}1.Status=NoImage`);
  t.equal(await changed(), `${IMAGES}2.Status=Active`);
  const [asked] = loads(at) as readonly Readonly<Record<string, unknown>>[];
  t.notOk(String(asked?.['url']).startsWith(files.url), 'not from where it was fetched');
  t.same([asked?.['username'], asked?.['fileSize']], ['', IMAGE.length]);
  t.match(await at.row(`${IMAGES}2.`), { Version: 'version-2', Name: 'version-2' });
  t.match(await at.row(INFO), { ActiveFirmwareImage: `${IMAGES}2`, SoftwareVersion: 'version-2' });
});

t.test('where the gateway may not fetch the CPE does, unless it is to be checked or kept', async (t) => {
  const at = await scene(t, 'images.example.net');
  const files = await startFileServer(t, '/', { '/version-3': IMAGE });
  const URL = `${files.url}/version-3`;
  for (const wanted of [
    { AutoActivate: 'false' },
    { AutoActivate: 'true', CheckSumAlgorithm: 'SHA-1', CheckSum: 'ab' },
  ]) {
    const refused = await at.operate(`${IMAGES}2.Download()`, { URL, ...wanted });
    t.match(refused?.operation_resp, { kind: 'cmd_failure', err_code: 7004, err_msg: /files\.sources/ });
  }
  const access = { Username: 'user', Password: 'pass' };
  const begun = await at.operate(`${IMAGES}2.Download()`, { URL, AutoActivate: 'true', ...access }, 'k3');
  t.match(begun?.operation_resp, { kind: 'req_obj_path' });
  t.match(await at.complete(), { command_key: 'k3', operation_resp: { kind: 'req_output_args' } });
  t.match(loads(at), [{ url: URL, username: 'user' }]);
  t.match(await at.row(INFO), { ActiveFirmwareImage: `${IMAGES}2`, SoftwareVersion: 'version-3' });
});

t.test('what cannot be is refused at once', async (t) => {
  const at = untouched;
  const code = async (command: string, args: Values): Promise<unknown> => {
    const result = await at.operate(`${IMAGES}${command}`, args);
    return result?.operation_resp.kind === 'cmd_failure' ? result.operation_resp.err_code : result;
  };
  const URL = 'http://127.0.0.1:1/image';
  t.equal(await code('1.Download()', { URL, AutoActivate: 'false' }), 7004, 'what runs has no place to keep one');
  t.equal(await code('2.Download()', { URL, CheckSum: 'ab', CheckSumAlgorithm: 'MD5' }), 7004);
  t.equal(await code('2.Download()', { AutoActivate: 'true' }), 7027);
  t.equal(await code('2.Activate()', {}), 7002, 'there is no image');
  t.equal(await code('1.Activate()', {}), 7002, 'it runs');
  t.equal(await code('3.Activate()', {}), 7016);
  t.same(loads(at), []);
});

t.test('one at a time; and a fetch that is cancelled leaves nothing', async (t) => {
  const at = await scene(t, '127.0.0.1');
  const server = createServer((_request, response) => void response.writeHead(200).write('the first bytes'));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  const asked = new Promise((resolve) => server.once('request', resolve));
  const args = { URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slow`, AutoActivate: 'false' };
  await at.operate(`${IMAGES}2.Download()`, args, 'k4');
  await asked;
  t.match(await at.row(`${IMAGES}2.`), { Status: 'Downloading', Name: 'slow' });
  const second = await at.operate(`${IMAGES}2.Download()`, args, 'k5');
  t.match(second?.operation_resp, { kind: 'cmd_failure', err_code: 7005 });
  await at.operate(`${REQUESTS}1.Cancel()`);
  t.match(await at.complete(), { command_key: 'k4', operation_resp: { kind: 'cmd_failure', err_code: 7023 } });
  t.match(await at.row(`${IMAGES}2.`), { Status: 'NoImage', Name: '' });
  t.same(await at.row(`${REQUESTS}1.`), {});
});

t.test('an image that the CPE cannot load: why stands in its row', async (t) => {
  const at = await scene(t, '127.0.0.1', { faults: [{ method: 'Download', answer: 9001 }] });
  const files = await startFileServer(t, '/locked/', { '/version-4': IMAGE });
  await at.operate(`${IMAGES}2.Download()`, { URL: `${files.url}/version-4`, AutoActivate: 'true' }, 'k6');
  t.match(await at.complete(), { command_key: 'k6', operation_resp: { kind: 'cmd_failure', err_code: 7022 } });
  t.match(await at.row(`${IMAGES}2.`), {
    Status: 'InstallationFailed',
    Available: 'true',
    BootFailureLog: /^CWMP 9001/,
  });
  t.match(await at.row(INFO), { ActiveFirmwareImage: `${IMAGES}1` });
});

t.test('of a CPE whose root is another likewise', async (t) => {
  const at = await scene(t, '127.0.0.1', { dump: loadDump('home-router-tr098') });
  const files = await startFileServer(t, '/locked/', { '/version-5': IMAGE });
  await at.operate(`${IMAGES}2.Download()`, { URL: `${files.url}/version-5`, AutoActivate: 'true' }, 'k7');
  t.match(await at.complete(), { command_key: 'k7', operation_resp: { kind: 'req_output_args' } });
  t.match(await at.row(INFO), { ActiveFirmwareImage: `${IMAGES}2`, SoftwareVersion: 'version-5' });
  t.match(await at.row(`${IMAGES}1.`), { Alias: 'cpe-1', Status: 'NoImage' });
});
