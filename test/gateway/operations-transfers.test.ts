// Transfers as commands: the end of the transfer is the end of the command, and an event for whoever wants to hear of
// transfers (TP-469 1.64, CV-OP; facts: cwmp-usp-translation §8.1).
import t from 'tap';
import type { EventNotification } from '../../proxy/usp/messages/notify.ts';
import { get, resultOf } from '../agent/requests.ts';
import { agentOf, startHarness } from './harness.ts';
import { subscription } from './north-agent-tools.ts';
import { commanded, type Commanded, REQUESTS } from './operations-scene.ts';
import { startTransferFiles } from './transfer-scene.ts';

const CONFIG = 'Device.DeviceInfo.VendorConfigFile.1.';
const LOG = 'Device.DeviceInfo.VendorLogFile.1.';
const quick = { timings: { transferTime: 10, rebootTime: 20 } };
const ACCESS = { Username: 'user', Password: 'pass' };

async function hearing(t: Parameters<typeof startHarness>[0]): Promise<Commanded> {
  const scene = await commanded(await startHarness(t), quick);
  const ReferenceList = 'Device.LocalAgent.TransferComplete!';
  await scene.controller.request(
    agentOf(scene.cpe),
    subscription({ ID: 'transfers', NotifType: 'Event', ReferenceList, Persistent: 'true' }),
  );
  return scene;
}

async function transferComplete({ inbox }: Commanded): Promise<EventNotification> {
  const notification = await inbox.nextNotification();
  if (notification.kind !== 'event') throw new Error(JSON.stringify(notification));
  return notification;
}

t.test('Upload(): the log goes to the server, and both are told', async (t) => {
  const scene = await hearing(t);
  const files = await startTransferFiles(t);
  const URL = `${files.url}/log.txt`;
  t.match(await scene.operate(`${LOG}Upload()`, { URL, ...ACCESS }, 'k1'), {
    operation_resp: { kind: 'req_obj_path', req_obj_path: `${REQUESTS}1.` },
  });
  t.match(await scene.complete(), {
    obj_path: LOG,
    command_name: 'Upload()',
    command_key: 'k1',
    operation_resp: { kind: 'req_output_args', output_args: new Map() },
  });
  const { obj_path, event_name, params } = await transferComplete(scene);
  t.same([obj_path, event_name], ['Device.LocalAgent.', 'TransferComplete!']);
  const { StartTime, CompleteTime, ...told } = Object.fromEntries(params);
  t.match([StartTime, CompleteTime], [/^20.*Z$/, /^20.*Z$/]);
  t.same(told, {
    Command: `${LOG}Upload()`,
    CommandKey: 'k1',
    Requestor: 'proto::controller-1',
    TransferType: 'Upload',
    Affected: LOG,
    TransferURL: URL,
    FaultCode: '0',
    FaultString: '',
    CheckSumAlgorithm: '',
    CheckSum: '',
  });
  const { arguments: asked } = scene.cpe.rpcs.find(({ method }) => method === 'Upload') ?? { arguments: undefined };
  t.match(asked, { fileType: '4 Vendor Log File 1' });
  const rows = await scene.controller.request(agentOf(scene.cpe), get(REQUESTS));
  t.same(rows.kind === 'get_resp' && resultOf(rows), {});
});

t.test('Restore() of what is not there: 7022 in both, and the CPE’s own words', async (t) => {
  const scene = await hearing(t);
  const files = await startTransferFiles(t);
  await scene.operate(`${CONFIG}Restore()`, { URL: `${files.url}/missing.cfg`, ...ACCESS }, 'k2');
  const { operation_resp } = await scene.complete();
  t.match(operation_resp, { kind: 'cmd_failure', err_code: 7022, err_msg: /^CWMP 9016: / });
  const { params } = await transferComplete(scene);
  t.same([params.get('TransferType'), params.get('FaultCode')], ['Download', '7022']);
});

t.test('what CWMP cannot do is refused, and nothing is left of it', async (t) => {
  const scene = await hearing(t);
  const URL = 'http://127.0.0.1/config';
  const code = async (command: string, args: Readonly<Record<string, string>>): Promise<unknown> => {
    const result = await scene.operate(command, args);
    return result?.operation_resp.kind === 'cmd_failure' ? result.operation_resp.err_code : result;
  };
  t.equal(await code(`${CONFIG}Restore()`, { URL, ...ACCESS, CheckSumAlgorithm: 'SHA-1', CheckSum: 'AB' }), 7004);
  t.equal(await code(`${CONFIG}Backup()`, { URL: 'http://user:pass@127.0.0.1/', ...ACCESS }), 7004);
  t.equal(await code(`${CONFIG}Backup()`, { URL: 'gopher://127.0.0.1/', ...ACCESS }), 7004);
  t.equal(await code(`${CONFIG}Backup()`, { URL }), 7027);
  t.same(
    scene.cpe.rpcs.filter(({ method }) => /load$/.test(method)),
    [],
  );
  const rows = await scene.controller.request(agentOf(scene.cpe), get(REQUESTS));
  t.same(rows.kind === 'get_resp' && resultOf(rows), {});
});
