import t from 'tap';
import { noPaint } from '../../proxy/cli/output/paint.ts';
import { formatSupported } from '../../proxy/cli/usp/supported.ts';
import type { SupportedObjectResult } from '../../proxy/usp/messages/get-supported-dm.ts';

const object = (supported_obj_path: string, more: Partial<SupportedObjectResult> = {}): SupportedObjectResult => ({
  supported_obj_path,
  access: 'OBJ_READ_ONLY',
  is_multi_instance: supported_obj_path.endsWith('{i}.'),
  supported_commands: [],
  supported_events: [],
  supported_params: [],
  divergent_paths: [],
  unique_key_sets: [],
  ...more,
});

t.test('objects as a tree, with types, access, commands and events', async (t) => {
  const report = formatSupported(
    {
      kind: 'get_supported_dm_resp',
      req_obj_results: [
        {
          req_obj_path: 'Device.T.',
          err_code: 0,
          err_msg: '',
          data_model_inst_uri: '',
          supported_objs: [
            object('Device.T.{i}.Stats.'),
            object('Device.T.{i}.', {
              access: 'OBJ_ADD_DELETE',
              unique_key_sets: [{ key_names: ['Alias'] }, { key_names: ['Port', 'Protocol'] }],
              supported_params: [
                {
                  param_name: 'Port',
                  access: 'PARAM_READ_WRITE',
                  value_type: 'PARAM_UNSIGNED_INT',
                  value_change: 'VALUE_CHANGE_ALLOWED',
                },
                {
                  param_name: 'LastChange',
                  access: 'PARAM_READ_ONLY',
                  value_type: 'PARAM_DATE_TIME',
                  value_change: 'VALUE_CHANGE_WILL_IGNORE',
                },
              ],
              supported_commands: [
                {
                  command_name: 'Test()',
                  input_arg_names: ['Host'],
                  output_arg_names: ['Status'],
                  command_type: 'CMD_ASYNC',
                },
              ],
              supported_events: [{ event_name: 'Push!', arg_names: ['Data'] }],
            }),
            object('Device.T.{i}.Stats.Deep.{i}.'),
          ],
        },
        {
          req_obj_path: 'Device.Nope.',
          err_code: 7026,
          err_msg: 'not in the Supported Data Model',
          data_model_inst_uri: '',
          supported_objs: [],
        },
      ],
    },
    noPaint,
  );
  t.same(report.lines, [
    'Device.T.{i}.  (add, delete; key Alias | Port+Protocol)',
    '  LastChange  r-  dateTime, reports no change',
    '  Port        rw  unsignedInt',
    '  Test()          async command (Host) → Status',
    '  Push!           event (Data)',
    '  Stats.',
    '    Deep.{i}.',
  ]);
  t.same(report.errors, ['Device.Nope.: 7026 invalid path: not in the Supported Data Model']);
});
