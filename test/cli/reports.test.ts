// What the commands say of answers: pure, on answers made by hand.
import t from 'tap';
import { noPaint } from '../../proxy/cli/output/paint.ts';
import { formatAdd } from '../../proxy/cli/usp/add.ts';
import { formatDelete } from '../../proxy/cli/usp/delete.ts';
import { formatGet } from '../../proxy/cli/usp/get.ts';
import { formatInstances } from '../../proxy/cli/usp/instances.ts';
import { commandPath, formatOperate } from '../../proxy/cli/usp/operate.ts';
import { errorLine, errorReport } from '../../proxy/cli/usp/report.ts';
import { formatSet } from '../../proxy/cli/usp/set.ts';

const failed = (err_code: number, err_msg: string) => ({ err_code, err_msg });

t.test('an error has its code, the text of the code, and what the Agent said', async (t) => {
  t.equal(errorLine('Device.X', 7026, 'no such object'), 'Device.X: 7026 invalid path: no such object');
  t.equal(errorLine('Device.X', 7026, ''), 'Device.X: 7026 invalid path');
  t.equal(errorLine('', 7005, 'resources exceeded'), '7005 resources exceeded');
  t.equal(errorLine('', 7801, 'a\nb'), '7801 error defined by the vendor: a\\nb');
});

t.test('an Error message names its parameters, and itself only where it says more', async (t) => {
  const param_errs = [{ param_path: 'Device.X.Y', ...failed(7012, 'too large') }];
  const of = (err_msg: string) => errorReport({ kind: 'error', ...failed(7004, err_msg), param_errs }).errors;
  t.same(of('too large'), ['Device.X.Y: 7012 invalid value: too large']);
  t.same(of('one row could not be undone'), [
    'Device.X.Y: 7012 invalid value: too large',
    '7004 invalid arguments: one row could not be undone',
  ]);
});

t.test('get: aligned, each path once, rows by number, failures beside', async (t) => {
  const table = (number: number) => ({
    resolved_path: `Device.T.${number}.`,
    result_params: new Map([['Name', `row ${number}`]]),
  });
  const results = (requested_path: string, numbers: readonly number[], err_code = 0) => ({
    requested_path,
    ...failed(err_code, ''),
    resolved_path_results: numbers.map(table),
  });
  const report = formatGet(
    {
      kind: 'get_resp',
      req_path_results: [
        results('Device.T.', [10, 9]),
        results('Device.T.9.', [9]),
        results('Device.T.[A==1].', []),
        results('Device.Q', [], 7026),
      ],
    },
    noPaint,
  );
  t.same(report, {
    lines: ['Device.T.9.Name  = row 9', 'Device.T.10.Name = row 10'],
    notes: ['Device.T.[A==1].: nothing found'],
    errors: ['Device.Q: 7026 invalid path'],
  });
});

t.test('set: values after the update, and each parameter that failed', async (t) => {
  const report = formatSet(
    {
      kind: 'set_resp',
      updated_obj_results: [
        {
          requested_path: 'Device.A.',
          oper_status: {
            kind: 'oper_success',
            updated_inst_results: [
              {
                affected_path: 'Device.A.',
                param_errs: [{ param: 'Q', ...failed(7013, '') }],
                updated_params: new Map([['P', '1']]),
              },
            ],
          },
        },
        { requested_path: 'Device.S.*.', oper_status: { kind: 'oper_success', updated_inst_results: [] } },
        {
          requested_path: 'Device.B.',
          oper_status: {
            kind: 'oper_failure',
            ...failed(7021, 'a required parameter failed'),
            updated_inst_failures: [{ affected_path: 'Device.B.', param_errs: [{ param: 'R', ...failed(7012, '') }] }],
          },
        },
        {
          requested_path: 'Device.C.',
          oper_status: { kind: 'oper_failure', ...failed(7016, ''), updated_inst_failures: [] },
        },
      ],
    },
    noPaint,
  );
  t.same(report, {
    lines: ['Device.A.P = 1'],
    notes: ['Device.S.*.: nothing found'],
    errors: [
      'Device.A.Q: 7013 non writeable parameter',
      'Device.B.R: 7012 invalid value',
      'Device.C.: 7016 object does not exist',
    ],
  });
});

t.test('add and delete: the rows', async (t) => {
  const added = formatAdd(
    {
      kind: 'add_resp',
      created_obj_results: [
        {
          requested_path: 'Device.T.',
          oper_status: {
            kind: 'oper_success',
            instantiated_path: 'Device.T.3.',
            param_errs: [{ param: 'X', ...failed(7010, '') }],
            unique_keys: new Map([['Alias', 'cpe-3']]),
          },
        },
        { requested_path: 'Device.U.', oper_status: { kind: 'oper_failure', ...failed(7019, '') } },
      ],
    },
    noPaint,
  );
  t.same(added, {
    lines: ['Device.T.3.  Alias=cpe-3'],
    notes: [],
    errors: ['Device.T.3.X: 7010 unsupported parameter', 'Device.U.: 7019 non creatable object'],
  });
  const deleted = formatDelete({
    kind: 'delete_resp',
    deleted_obj_results: [
      {
        requested_path: 'Device.T.*.',
        oper_status: {
          kind: 'oper_success',
          affected_paths: ['Device.T.10.', 'Device.T.9.'],
          unaffected_path_errs: [{ unaffected_path: 'Device.T.1.', ...failed(7024, '') }],
        },
      },
      {
        requested_path: 'Device.T.77.',
        oper_status: { kind: 'oper_success', affected_paths: [], unaffected_path_errs: [] },
      },
      { requested_path: 'Device.N.', oper_status: { kind: 'oper_failure', ...failed(7026, '') } },
    ],
  });
  t.same(deleted, {
    lines: ['Device.T.9.', 'Device.T.10.'],
    notes: ['Device.T.77.: nothing there to delete'],
    errors: ['Device.T.1.: 7024 delete failure', 'Device.N.: 7026 invalid path'],
  });
});

t.test('operate: done, going on, or failed', async (t) => {
  t.equal(commandPath('Device.Reboot'), 'Device.Reboot()');
  t.equal(commandPath('Device.Reboot()'), 'Device.Reboot()');
  const report = formatOperate(
    {
      kind: 'operate_resp',
      operation_results: [
        {
          executed_command: 'Device.A()',
          operation_resp: { kind: 'req_output_args', output_args: new Map([['Status', 'Complete']]) },
        },
        {
          executed_command: 'Device.B()',
          operation_resp: { kind: 'req_obj_path', req_obj_path: 'Device.LocalAgent.Request.1.' },
        },
        { executed_command: 'Device.C()', operation_resp: { kind: 'cmd_failure', ...failed(7022, 'busy') } },
      ],
    },
    noPaint,
  );
  t.same(report, {
    lines: ['Device.A() done', '  Status = Complete', 'Device.B() goes on as Device.LocalAgent.Request.1.'],
    notes: [],
    errors: ['Device.C(): 7022 command failure: busy'],
  });
});

t.test('instances: rows with their unique keys', async (t) => {
  const report = formatInstances(
    {
      kind: 'get_instances_resp',
      req_path_results: [
        {
          requested_path: 'Device.T.',
          ...failed(0, ''),
          curr_insts: [
            { instantiated_obj_path: 'Device.T.10.', unique_keys: new Map() },
            { instantiated_obj_path: 'Device.T.2.', unique_keys: new Map([['Alias', 'a\u0007']]) },
          ],
        },
        { requested_path: 'Device.E.', ...failed(0, ''), curr_insts: [] },
      ],
    },
    noPaint,
  );
  t.same(report, { lines: ['Device.T.2.   Alias=a\\x07', 'Device.T.10.'], notes: ['Device.E.: no rows'], errors: [] });
});
