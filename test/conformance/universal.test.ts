// The universal metrics find what they are for, and the two decoders agree on kinds that no case happens to send.
import t from 'tap';
import { encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { encodeRecord, plainRecord, type RecordType } from '../../proxy/usp/record.ts';
import { universalFaults } from './universal.ts';

const AGENT = 'ops::02C0DE-Router-T0001';
const CONTROLLER = 'proto::controller-1';

const recordOf = (type: RecordType, from = AGENT): Uint8Array => encodeRecord(plainRecord(CONTROLLER, from, type));
const msgOf = (body: UspBody): Uint8Array =>
  recordOf({ kind: 'no_session_context', payload: encodeMsg({ msg_id: '1', body }) });
const faultsOf = (bytes: Uint8Array): readonly string[] => universalFaults(bytes, 'from the Agent');

const getResp = (resolved_path: string, name = 'Alias'): UspBody => ({
  kind: 'get_resp',
  req_path_results: [
    {
      requested_path: 'Device.WiFi.SSID.[Alias=="home"].',
      err_code: 0,
      err_msg: '',
      resolved_path_results: [{ resolved_path, result_params: new Map([[name, 'home']]) }],
    },
  ],
});
const valueChange = (param_path: string): UspBody => ({
  kind: 'notify',
  subscription_id: 'one',
  send_resp: false,
  notification: { kind: 'value_change', param_path, param_value: '' },
});

t.test('good Records, of kinds that are seldom seen', async (t) => {
  const status = { kind: 'oper_failure', err_code: 7000, err_msg: 'no' } as const;
  const failed = { kind: 'cmd_failure', err_code: 7022, err_msg: '' } as const;
  const bodies: readonly UspBody[] = [
    getResp('Device.WiFi.SSID.1.'),
    valueChange('Device.WiFi.SSID.1.SSID'),
    { kind: 'register_resp', registered_path_results: [{ requested_path: 'Device.A.', oper_status: status }] },
    { kind: 'deregister_resp', deregistered_path_results: [{ requested_path: '', oper_status: status }] },
    { kind: 'operate_resp', operation_results: [{ executed_command: 'Device.Reboot()', operation_resp: failed }] },
    { kind: 'get_supported_protocol_resp', agent_supported_protocol_versions: '1.4' },
    { kind: 'error', err_code: 7004, err_msg: 'ü', param_errs: [{ param_path: 'x', err_code: 7010, err_msg: '' }] },
  ];
  for (const body of bodies) t.same(faultsOf(msgOf(body)), [], body.kind);
  const types: readonly RecordType[] = [
    { kind: 'websocket_connect' },
    { kind: 'uds_connect' },
    { kind: 'mqtt_connect', version: 'V5', subscribed_topic: 'a/b' },
    { kind: 'disconnect', reason: 'why', reason_code: 7106 },
    {
      kind: 'session_context',
      session_id: 2n ** 63n,
      sequence_id: 1n,
      expected_id: 2n,
      retransmit_id: 0n,
      payload_sar_state: 'BEGIN',
      payloadrec_sar_state: 'INPROCESS',
      payload: [new Uint8Array([1, 2]), new Uint8Array()],
    },
  ];
  for (const type of types) t.same(faultsOf(recordOf(type)), [], type.kind);
});

t.test('what is wrong is found', async (t) => {
  t.match(faultsOf(msgOf(getResp('Device.WiFi.SSID.[Alias=="home"].'))), [/resolved_path/]);
  t.match(faultsOf(msgOf(getResp('Device.WiFi.SSID.1'))), [/resolved_path/]);
  t.match(faultsOf(msgOf(getResp('Device.WiFi.SSID.1.', 'Stats.BytesSent'))), [/key/]);
  t.match(faultsOf(msgOf(valueChange('Device.WiFi.SSID.home.'))), [/param_path/]);
  t.match(faultsOf(recordOf({ kind: 'websocket_connect' }, 'nobody')), [/from_id nobody/]);
  const [good, unknown] = [recordOf({ kind: 'websocket_connect' }), Buffer.from([0xfa, 0x01, 0x00])];
  t.match(faultsOf(Buffer.concat([good, unknown])), [/fields that USP 1\.4 does not know/]);
  t.match(faultsOf(good.subarray(0, good.length - 4)), [/no valid Record/]);
});
