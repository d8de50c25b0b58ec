// One Msg body of every kind, each field with a value that is not its default.
import type { UspBody } from '../../proxy/usp/msg.ts';

const failure = { kind: 'oper_failure', err_code: 7004, err_msg: 'no' } as const;
const param_errs = [{ param: 'Alias', err_code: 7012, err_msg: 'bad' }];

export const sampleBodies: readonly UspBody[] = [
  {
    kind: 'error',
    err_code: 7004,
    err_msg: 'no',
    param_errs: [{ param_path: 'Device.X.1.Y', err_code: 7010, err_msg: 'unknown' }],
  },
  { kind: 'get', param_paths: ['Device.DeviceInfo.', 'Device.IP.Interface.*.Status'], max_depth: 2 },
  {
    kind: 'get_resp',
    req_path_results: [
      {
        requested_path: 'Device.DeviceInfo.',
        err_code: 0,
        err_msg: '',
        resolved_path_results: [
          {
            resolved_path: 'Device.DeviceInfo.',
            result_params: new Map([
              ['SerialNumber', '0123'],
              ['UpTime', '5'],
            ]),
          },
        ],
      },
      { requested_path: 'Device.Nowhere', err_code: 7026, err_msg: 'invalid path', resolved_path_results: [] },
    ],
  },
  { kind: 'get_instances', obj_paths: ['Device.IP.Interface.'], first_level_only: true },
  {
    kind: 'get_instances_resp',
    req_path_results: [
      {
        requested_path: 'Device.IP.Interface.',
        err_code: 0,
        err_msg: '',
        curr_insts: [{ instantiated_obj_path: 'Device.IP.Interface.1.', unique_keys: new Map([['Alias', 'cpe-1']]) }],
      },
    ],
  },
  {
    kind: 'get_supported_dm',
    obj_paths: ['Device.'],
    first_level_only: true,
    return_commands: true,
    return_events: true,
    return_params: true,
    return_unique_key_sets: true,
  },
  {
    kind: 'get_supported_dm_resp',
    req_obj_results: [
      {
        req_obj_path: 'Device.IP.Interface.{i}.',
        err_code: 0,
        err_msg: '',
        data_model_inst_uri: 'urn:broadband-forum-org:tr-181-2-16-0',
        supported_objs: [
          {
            supported_obj_path: 'Device.IP.Interface.{i}.',
            access: 'OBJ_ADD_DELETE',
            is_multi_instance: true,
            supported_commands: [
              {
                command_name: 'Reset()',
                input_arg_names: ['In'],
                output_arg_names: ['Out'],
                command_type: 'CMD_ASYNC',
              },
            ],
            supported_events: [{ event_name: 'Gone!', arg_names: ['Why'] }],
            supported_params: [
              {
                param_name: 'Alias',
                access: 'PARAM_READ_WRITE',
                value_type: 'PARAM_UNSIGNED_LONG',
                value_change: 'VALUE_CHANGE_WILL_IGNORE',
              },
            ],
            divergent_paths: ['Device.X.'],
            unique_key_sets: [{ key_names: ['Alias'] }, { key_names: ['Name'] }],
          },
        ],
      },
    ],
  },
  { kind: 'get_supported_protocol', controller_supported_protocol_versions: '1.3,1.4' },
  { kind: 'get_supported_protocol_resp', agent_supported_protocol_versions: '1.4' },
  {
    kind: 'add',
    allow_partial: true,
    create_objs: [{ obj_path: 'Device.X.', param_settings: [{ param: 'Alias', value: 'a', required: true }] }],
  },
  {
    kind: 'add_resp',
    created_obj_results: [
      { requested_path: 'Device.X.', oper_status: failure },
      {
        requested_path: 'Device.X.',
        oper_status: {
          kind: 'oper_success',
          instantiated_path: 'Device.X.1.',
          param_errs,
          unique_keys: new Map([['Alias', 'a']]),
        },
      },
    ],
  },
  {
    kind: 'set',
    allow_partial: true,
    update_objs: [{ obj_path: 'Device.X.1.', param_settings: [{ param: 'Alias', value: 'b', required: true }] }],
  },
  {
    kind: 'set_resp',
    updated_obj_results: [
      {
        requested_path: 'Device.X.1.',
        oper_status: { ...failure, updated_inst_failures: [{ affected_path: 'Device.X.1.', param_errs }] },
      },
      {
        requested_path: 'Device.X.1.',
        oper_status: {
          kind: 'oper_success',
          updated_inst_results: [
            { affected_path: 'Device.X.1.', param_errs, updated_params: new Map([['Alias', 'b']]) },
          ],
        },
      },
    ],
  },
  { kind: 'delete', allow_partial: true, obj_paths: ['Device.X.1.'] },
  {
    kind: 'delete_resp',
    deleted_obj_results: [
      { requested_path: 'Device.X.1.', oper_status: failure },
      {
        requested_path: 'Device.X.1.',
        oper_status: {
          kind: 'oper_success',
          affected_paths: ['Device.X.1.'],
          unaffected_path_errs: [{ unaffected_path: 'Device.X.2.', err_code: 7024, err_msg: 'kept' }],
        },
      },
    ],
  },
  {
    kind: 'operate',
    command: 'Device.Reboot()',
    command_key: 'key',
    send_resp: true,
    input_args: new Map([['Cause', 'RemoteReboot']]),
  },
  {
    kind: 'operate_resp',
    operation_results: [
      {
        executed_command: 'Device.A()',
        operation_resp: { kind: 'req_obj_path', req_obj_path: 'Device.LocalAgent.Request.1.' },
      },
      {
        executed_command: 'Device.B()',
        operation_resp: { kind: 'req_output_args', output_args: new Map([['Status', 'Complete']]) },
      },
      {
        executed_command: 'Device.C()',
        operation_resp: { kind: 'cmd_failure', err_code: 7022, err_msg: 'failed' },
      },
    ],
  },
  {
    kind: 'notify',
    subscription_id: 'sub',
    send_resp: true,
    notification: {
      kind: 'event',
      obj_path: 'Device.',
      event_name: 'Boot!',
      params: new Map([['Cause', 'LocalReboot']]),
    },
  },
  {
    kind: 'notify',
    subscription_id: 'sub',
    send_resp: true,
    notification: {
      kind: 'oper_complete',
      obj_path: 'Device.',
      command_name: 'A()',
      command_key: 'key',
      operation_resp: { kind: 'cmd_failure', err_code: 7023, err_msg: 'cancelled' },
    },
  },
  {
    kind: 'notify',
    subscription_id: '',
    send_resp: true,
    notification: {
      kind: 'on_board_req',
      oui: '00256D',
      product_class: 'STB',
      serial_number: '1',
      agent_supported_protocol_versions: '1.4',
    },
  },
  { kind: 'notify_resp', subscription_id: 'sub' },
  { kind: 'register', allow_partial: true, reg_paths: [{ path: 'Device.X.' }] },
  {
    kind: 'register_resp',
    registered_path_results: [
      { requested_path: 'Device.X.', oper_status: { kind: 'oper_success', registered_path: 'Device.X.' } },
    ],
  },
  { kind: 'deregister', paths: ['Device.X.'] },
  {
    kind: 'deregister_resp',
    deregistered_path_results: [
      { requested_path: 'Device.X.', oper_status: { kind: 'oper_success', deregistered_path: ['Device.X.'] } },
    ],
  },
];
