import t from 'tap';
import { isOurKey, keyOfStep } from '../../../proxy/device/journal/keys.ts';
import {
  type InDoubt,
  type InformEvidence,
  judgeInform,
  judgeRows,
  judgeValues,
  wasReset,
} from '../../../proxy/device/journal/proof.ts';
import type { Snapshot } from '../../../proxy/device/journal/snapshot.ts';

const KEY = keyOfStep('ABCDEFGHIJKLMNOPQRST', 2);
const BEFORE = keyOfStep('ABCDEFGHIJKLMNOPQRST', 1);
const values: Snapshot = {
  kind: 'values',
  before: [
    ['a', '1'],
    ['same', 'x'],
  ],
  set: [
    ['a', '2'],
    ['same', 'x'],
  ],
};
const rows: Snapshot = { kind: 'rows', table: 'Device.T.', before: [1, 2] };
const row: Snapshot = { kind: 'row', path: 'Device.T.2.' };
const doubt = (method: string, snapshot: Snapshot): InDoubt => ({
  method,
  key: KEY,
  detail: { snapshot, keyBefore: BEFORE, request: {} },
});
const evidence = (change: Partial<InformEvidence>): InformEvidence => ({
  ParameterKey: '',
  keysSeen: true,
  eventCodes: [],
  commandKeys: [],
  ...change,
});

t.test('keys name request and step, and are told from those of others', async (t) => {
  t.equal(KEY, '1ABCDEFGHIJKLMNOPQRST02');
  t.ok(KEY.length <= 32);
  t.ok(isOurKey(KEY));
  for (const other of ['', '0', 'acs-7', `${KEY}0`, KEY.toLowerCase()]) t.notOk(isOurKey(other), other);
});

t.test(
  'the ParameterKey of the step proves that it was executed; of a new row the number is still to be found',
  async (t) => {
    t.same(judgeInform(doubt('SetParameterValues', values), evidence({ ParameterKey: KEY })), { kind: 'executed' });
    t.same(judgeInform(doubt('DeleteObject', row), evidence({ ParameterKey: KEY })), { kind: 'executed' });
    t.same(judgeInform(doubt('AddObject', rows), evidence({ ParameterKey: KEY })), {
      kind: 'look-at-rows',
      table: 'Device.T.',
      happened: true,
    });
  },
);

t.test('the key of before proves that it was not, but only on a CPE that was seen to report our keys', async (t) => {
  const untouched = evidence({ ParameterKey: BEFORE });
  t.same(judgeInform(doubt('SetParameterValues', values), untouched), { kind: 'not-executed' });
  t.same(judgeInform(doubt('AddObject', rows), untouched), { kind: 'not-executed' });
  const deaf = { ...untouched, keysSeen: false };
  t.same(judgeInform(doubt('SetParameterValues', values), deaf), { kind: 'look-at-values', names: ['a', 'same'] });
  t.same(judgeInform(doubt('AddObject', rows), deaf), {
    kind: 'look-at-rows',
    table: 'Device.T.',
    happened: false,
  });
});

t.test('the key of another writer, or none at all, proves nothing: the CPE is looked at', async (t) => {
  for (const ParameterKey of ['another-acs', undefined]) {
    t.match(judgeInform(doubt('SetParameterValues', values), evidence({ ParameterKey })), { kind: 'look-at-values' });
    t.match(judgeInform(doubt('AddObject', rows), evidence({ ParameterKey })), {
      kind: 'look-at-rows',
      happened: false,
    });
    t.match(judgeInform(doubt('DeleteObject', row), evidence({ ParameterKey })), { kind: 'look-at-rows' });
  }
});

t.test('an empty key: the CPE was reset, where it kept ours before or says so', async (t) => {
  const kept = evidence({ ParameterKey: '' });
  const said = evidence({ ParameterKey: '', keysSeen: false, eventCodes: ['0 BOOTSTRAP'] });
  const silent = evidence({ ParameterKey: '', keysSeen: false });
  for (const [method, snapshot] of [
    ['SetParameterValues', values],
    ['AddObject', rows],
    ['DeleteObject', row],
  ] as const) {
    t.same(judgeInform(doubt(method, snapshot), kept), { kind: 'reset' }, method);
    t.same(judgeInform(doubt(method, snapshot), said), { kind: 'reset' }, method);
    t.match(judgeInform(doubt(method, snapshot), silent), { kind: /^look-at/ }, 'it never kept one');
    t.notOk(
      wasReset(doubt(method, snapshot), evidence({ ParameterKey: 'acs', eventCodes: ['0 BOOTSTRAP'] })),
      'another ACS URL only',
    );
  }
  const cleared = doubt('SetParameterValues', values);
  const detail = { ...cleared.detail, request: { ParameterKey: '' } };
  t.notOk(wasReset({ ...cleared, detail }, kept), 'we have cleared it ourselves');
  t.notOk(wasReset(doubt('FactoryReset', { kind: 'none' }), said), 'which is what it was for');
});

t.test('Reboot and FactoryReset are proven by what follows them, and never sent again', async (t) => {
  const judge = (method: string, change: Partial<InformEvidence>): unknown =>
    judgeInform(doubt(method, { kind: 'none' }), evidence(change)).kind;
  t.equal(judge('Reboot', { eventCodes: ['1 BOOT', 'M Reboot'], commandKeys: ['', KEY] }), 'executed');
  t.equal(judge('Reboot', { eventCodes: ['1 BOOT'] }), 'executed');
  t.equal(judge('Reboot', { eventCodes: ['2 PERIODIC'] }), 'unknown');
  t.equal(judge('FactoryReset', { eventCodes: ['0 BOOTSTRAP', '1 BOOT'] }), 'executed');
  t.equal(judge('FactoryReset', { eventCodes: ['1 BOOT'] }), 'unknown');
});

t.test('what cannot be looked at stays unknown', async (t) => {
  t.equal(judgeInform(doubt('SetParameterAttributes', { kind: 'none' }), evidence({})).kind, 'unknown');
});

t.test('values: all set, none set, or something in between', async (t) => {
  const judge = (a: string, same = 'x'): unknown =>
    judgeValues(values, [
      ['a', a],
      ['same', same],
    ]).kind;
  t.equal(judge('2'), 'executed');
  t.equal(judge('1'), 'not-executed');
  t.equal(judge('3'), 'unknown', 'somebody else has been there');
  t.equal(judgeValues(values, []).kind, 'unknown', 'the CPE does not say');
  const nothing: Snapshot = { kind: 'values', before: [], set: [['a', '2']] };
  t.equal(judgeValues(nothing, [['a', '1']]).kind, 'unknown', 'what it was before is not known');
});

t.test('rows: none more, one more, several more; and the one that was to go', async (t) => {
  t.same(judgeRows(rows, [1, 2]), { kind: 'not-executed' });
  t.same(judgeRows(rows, [1, 2, 5]), { kind: 'executed', InstanceNumber: 5 });
  t.same(judgeRows(rows, [1, 2, 5, 6]), { kind: 'unknown' });
  t.same(judgeRows(rows, [1, 2], true), { kind: 'unknown' }, 'proven, and not listed yet: never sent again');
  t.same(judgeRows(rows, [1, 2, 5], true), { kind: 'executed', InstanceNumber: 5 });
  t.same(judgeRows(rows, [5]), { kind: 'executed', InstanceNumber: 5 });
  t.same(judgeRows(row, [1, 3]), { kind: 'executed' });
  t.same(judgeRows(row, [1, 2]), { kind: 'not-executed' });
});
