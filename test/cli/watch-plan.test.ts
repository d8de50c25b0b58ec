import t from 'tap';
import {
  addSubscriptions,
  readPlan,
  rowsAdded,
  rowsStillThere,
  wantedSubscriptions,
} from '../../proxy/cli/usp/watch-plan.ts';
import { backOff } from '../../proxy/cli/usp/back-off.ts';
import { noPaint } from '../../proxy/cli/output/paint.ts';
import { type Seen, sightingJson, sightingText } from '../../proxy/cli/usp/notify-text.ts';

t.test('paths are values, those with a mark and --event are events', async (t) => {
  t.same(readPlan(['Device.A.', 'Device.Boot!', 'Device.B'], ['Boot', 'Device.LocalAgent.Periodic!']), {
    ok: true,
    value: {
      values: ['Device.A.', 'Device.B'],
      events: ['Device.Boot!', 'Device.Boot!', 'Device.LocalAgent.Periodic!'],
    },
  });
  t.match(readPlan([], []), { ok: false, exit: 2, message: /nothing to watch/ });
  t.match(readPlan(['Device.A.[B=="x,y"].C'], []), { ok: false, message: /comma/ });
});

t.test('one Subscription for all values and one for all events, which end by themselves', async (t) => {
  const wanted = wantedSubscriptions({ values: ['Device.A.', 'Device.B'], events: ['Device.Boot!'] }, 'w');
  const { allow_partial, create_objs } = addSubscriptions(wanted, 90);
  t.equal(allow_partial, false);
  const values = create_objs.map(({ param_settings }) =>
    Object.fromEntries(param_settings.map(({ param, value }) => [param, value])),
  );
  const common = { Enable: 'true', Persistent: 'true', TimeToLive: '90' };
  t.same(values, [
    { ...common, ID: 'w-values', NotifType: 'ValueChange', ReferenceList: 'Device.A.,Device.B' },
    { ...common, ID: 'w-events', NotifType: 'Event', ReferenceList: 'Device.Boot!' },
  ]);
  t.equal(wantedSubscriptions({ values: [], events: ['Device.Boot!'] }, 'w').length, 1);
});

t.test('rows are known again after a restart, by number and ID', async (t) => {
  const wanted = wantedSubscriptions({ values: ['Device.A.'], events: ['Device.Boot!'] }, 'w');
  const success = (instantiated_path: string) => ({
    requested_path: 'Device.LocalAgent.Subscription.',
    oper_status: { kind: 'oper_success' as const, instantiated_path, param_errs: [], unique_keys: new Map() },
  });
  const created_obj_results = [
    success('Device.LocalAgent.Subscription.7.'),
    success('Device.LocalAgent.Subscription.8.'),
  ];
  const rows = rowsAdded({ kind: 'add_resp', created_obj_results }, wanted);
  t.same(rows, [
    { path: 'Device.LocalAgent.Subscription.7.', id: 'w-values' },
    { path: 'Device.LocalAgent.Subscription.8.', id: 'w-events' },
  ]);
  const found = (row: string, ID: string) => ({
    requested_path: `${row}ID`,
    err_code: 0,
    err_msg: '',
    resolved_path_results: [{ resolved_path: row, result_params: new Map([['ID', ID]]) }],
  });
  const req_path_results = [
    found('Device.LocalAgent.Subscription.7.', 'w-values'),
    found('Device.LocalAgent.Subscription.8.', 'somebody else'),
  ];
  t.same(rowsStillThere(rows, { kind: 'get_resp', req_path_results }), rows.slice(0, 1));
});

t.test('each try waits longer, up to half a minute', async (t) => {
  t.same(
    [0, 1, 2, 5, 1000].map((attempt) => backOff(attempt, 0)),
    [500, 1000, 2000, 15_000, 15_000],
  );
  t.ok(backOff(1000, 0.999) <= 30_000);
});

t.test('lines of what is seen', async (t) => {
  const seen: readonly (readonly [Seen, string])[] = [
    [{ kind: 'current', param_path: 'Device.A', param_value: '1' }, 'is       Device.A = 1'],
    [{ kind: 'value_change', param_path: 'Device.A', param_value: 'a\nb' }, 'changed  Device.A = a\\nb'],
    [
      { kind: 'event', obj_path: 'Device.', event_name: 'Boot!', params: new Map([['Cause', 'LocalReboot']]) },
      'event    Device.Boot!  Cause=LocalReboot',
    ],
    [{ kind: 'obj_creation', obj_path: 'Device.T.1.', unique_keys: new Map() }, 'created  Device.T.1.'],
    [{ kind: 'obj_deletion', obj_path: 'Device.T.1.' }, 'deleted  Device.T.1.'],
    [
      {
        kind: 'oper_complete',
        obj_path: 'Device.',
        command_name: 'Test()',
        command_key: 'k',
        operation_resp: { kind: 'cmd_failure', err_code: 7023, err_msg: '' },
      },
      'done     Device.Test()  key=k  7023 command canceled',
    ],
  ];
  for (const [one, text] of seen) {
    const sighting = { time: 'NOW', agent: 'os::1', seen: one };
    t.equal(sightingText(sighting, noPaint), `NOW  ${text}`);
    const json = JSON.parse(sightingJson(sighting)) as Record<string, unknown>;
    t.match(json, { time: 'NOW', agent: 'os::1', kind: one.kind });
  }
});
