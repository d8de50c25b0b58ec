// What hangs on rows hears of a changed tree before the tree is stored: a crash in between leaves it to be told again.
import t from 'tap';
import type { InstanceTree } from '../../proxy/device/instance-tree/tree.ts';
import { answerNothing, done, openRoom } from './room-at-hand.ts';

const TABLE = 'Device.NAT.PortMapping.';
const names = (...rows: readonly number[]): readonly { readonly Name: string; readonly Writable: boolean }[] => [
  { Name: TABLE, Writable: true },
  ...rows.map((row) => ({ Name: `${TABLE}${row}.`, Writable: true })),
];

t.test('a table is asked again, and a row of it has gone', async (t) => {
  const told: (readonly number[] | undefined)[] = [];
  const stored: (string | undefined)[] = [];
  const at = await openRoom(t, {
    settings: { treeFreshMs: 0 },
    behaviour: { park: 'never' },
    forgetGoneRows: async (record, tree: InstanceTree) => {
      told.push(tree.objects.get(TABLE)?.instances);
      stored.push((await at.store.devices.readDevice(record.key))?.tree?.instances);
    },
  });
  at.runs(async (_entry, access) => {
    await access.refresh(TABLE);
    return done();
  });
  await at.introduce();
  await at.submit();
  const session = await at.session((method, request) => {
    if (method !== 'GetParameterNames') return answerNothing(method, request);
    const { ParameterPath } = request as { readonly ParameterPath: string };
    return { kind: 'response', value: { ParameterList: ParameterPath === TABLE ? names(2) : names(1, 2) } };
  });
  await session.over;
  t.same(told, [[1, 2], [2]]);
  t.equal(stored[0], undefined, 'the first tree was not stored yet');
  t.not((await at.record()).tree?.instances, stored[1], 'nor was the second');
});
