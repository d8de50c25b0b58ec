// What the next Inform's ParameterKey says of a row RPC whose answer was lost, case by case (facts: cwmp-usp-translation
// §12.3). `own`: the key of the RPC; `before`: of what the CPE executed before it; `other`: somebody else's; '': reset.
import t, { type Test } from 'tap';
import type { Change, ChangingMethodName } from '../../../proxy/device/access.ts';
import { keyOfStep } from '../../../proxy/device/journal/keys.ts';
import { type Answering, answerNothing, done, informedValues, openRoom, until } from '../room-at-hand.ts';

const TABLE = 'Device.T.';
const BEFORE = keyOfStep('ABCDEFGHIJKLMNOPQRST', 1);

const adding: Change<'AddObject'> = {
  method: 'AddObject',
  request: (ParameterKey) => ({ ObjectName: TABLE, ParameterKey }),
  snapshot: { kind: 'rows', table: TABLE, before: [1, 2] },
};
const deleting: Change<'DeleteObject'> = {
  method: 'DeleteObject',
  request: (ParameterKey) => ({ ObjectName: `${TABLE}2.`, ParameterKey }),
  snapshot: { kind: 'row', path: `${TABLE}2.` },
};

interface Case {
  readonly key: 'own' | 'before' | 'other' | '';
  /** Rows that the CPE lists when it comes back. */
  readonly rows: readonly number[];
  readonly sent: number;
  readonly told: RegExp | string;
}

/** The CPE comes back after the RPC was written and its answer lost. */
async function recover(
  t: Test,
  change: Change<ChangingMethodName>,
  { key, rows, sent, told }: Case,
  name: string,
): Promise<void> {
  const ours = { ParameterList: informedValues(BEFORE) };
  const at = await openRoom(t);
  await at.introduce(ours);
  at.runs(async (_entry, access) => {
    const answer = await access.change(change);
    return done(answer.kind === 'response' ? JSON.stringify(answer.value) : answer.kind);
  });
  const submitted = await at.submit();
  const answering =
    (isLost: boolean): Answering =>
    (method, request) => {
      if (method === change.method) {
        if (isLost) return { kind: 'lost', written: true, reason: 'closed' };
        const value = method === 'AddObject' ? { Status: 0, InstanceNumber: 9 } : { Status: 0 };
        return { kind: 'response', value };
      }
      const { ParameterPath = '' } = request as { readonly ParameterPath?: string };
      if (method !== 'GetParameterNames' || ParameterPath !== TABLE) return answerNothing(method, request);
      const ParameterList = rows.map((row) => ({ Name: `${TABLE}${row}.`, Writable: true }));
      return { kind: 'response', value: { ParameterList } };
    };
  await (
    await at.session(answering(true), ours)
  ).over;
  const keys = {
    own: keyOfStep(submitted.kind === 'queued' ? submitted.id : '', 1),
    before: BEFORE,
    other: 'acs-7',
    '': '',
  };
  const session = await at.session(answering(false), { ParameterList: informedValues(keys[key]) });
  await until(() => at.told.length === 1, 'an answer');
  t.match(at.told[0]?.answer, told, name);
  t.equal(session.rpcs.filter(({ method }) => method === change.method).length, sent, name);
}

const made = '{"Status":0,"InstanceNumber":5}';
const additions: readonly Case[] = [
  { key: 'own', rows: [1, 2, 5], sent: 0, told: made },
  { key: 'own', rows: [1, 2], sent: 0, told: /^unknown: / },
  { key: 'own', rows: [1, 2, 5, 6], sent: 0, told: /^unknown: / },
  { key: 'before', rows: [1, 2], sent: 1, told: /"InstanceNumber":9/ },
  // The CPE itself has made a row meanwhile: the key says that it was not ours.
  { key: 'before', rows: [1, 2, 5], sent: 1, told: /"InstanceNumber":9/ },
  { key: 'other', rows: [1, 2, 5], sent: 0, told: made },
  { key: 'other', rows: [1, 2], sent: 1, told: /"InstanceNumber":9/ },
  { key: '', rows: [1], sent: 0, told: /^unknown: the device was reset/ },
];
const deletions: readonly Case[] = [
  { key: 'own', rows: [1], sent: 0, told: '{"Status":0}' },
  { key: 'before', rows: [1, 2], sent: 1, told: '{"Status":0}' },
  { key: 'other', rows: [1], sent: 0, told: '{"Status":0}' },
  { key: 'other', rows: [1, 2], sent: 1, told: '{"Status":0}' },
  // A row of the factory's: it is not the one that was to go.
  { key: '', rows: [1, 2], sent: 0, told: /^unknown: the device was reset/ },
];

t.test('AddObject', async (t) => {
  for (const one of additions) await recover(t, adding, one, `${one.key} ${one.rows.join()}`);
});

// What undoes a request is a DeleteObject like any other.
t.test('DeleteObject, and compensation', async (t) => {
  for (const one of deletions) await recover(t, deleting, one, `${one.key} ${one.rows.join()}`);
});
