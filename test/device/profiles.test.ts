// What a profile switches in how a CPE is spoken to.
import t from 'tap';
import { type Answering, answerNothing, done, openRoom } from './room-at-hand.ts';

const TREE: Readonly<Record<string, readonly string[]>> = {
  'Device.': ['Device.DeviceInfo.', 'Device.IP.'],
  'Device.DeviceInfo.': ['Device.DeviceInfo.SoftwareVersion'],
  'Device.IP.': ['Device.IP.Interface.'],
  'Device.IP.Interface.': ['Device.IP.Interface.1.', 'Device.IP.Interface.2.'],
  'Device.IP.Interface.1.': ['Device.IP.Interface.1.Enable'],
  'Device.IP.Interface.2.': ['Device.IP.Interface.2.Enable'],
};

/** A CPE that must not be asked for more than one level. */
const levels =
  (tree: Readonly<Record<string, readonly string[]>>): Answering =>
  (method, request) => {
    if (method !== 'GetParameterNames') return answerNothing(method, request);
    const { ParameterPath, NextLevel } = request as { readonly ParameterPath: string; readonly NextLevel: boolean };
    if (!NextLevel) return { kind: 'lost', written: true, reason: 'closed' };
    const names = tree[ParameterPath];
    if (names === undefined)
      return { kind: 'fault', fault: { FaultCode: 9005, FaultString: '', SetParameterValuesFault: [] } };
    return { kind: 'response', value: { ParameterList: names.map((Name) => ({ Name, Writable: false })) } };
  };

t.test('walk: the tree is found level by level, and refreshed so; the whole is never asked for', async (t) => {
  const at = await openRoom(t, { behaviour: { park: 'never', discovery: 'walk' } });
  const first = await at.session(levels(TREE));
  await first.over;
  t.match((await at.record()).tree, { SoftwareVersion: '1.0' });
  const rowsOf: (readonly number[] | undefined)[] = [];
  at.runs(async (_entry, access) => {
    rowsOf.push((await access.tree())?.objects.get('Device.IP.Interface.')?.instances);
    rowsOf.push((await access.refresh('Device.IP.'))?.objects.get('Device.IP.Interface.')?.instances);
    const gone = await access.refresh('Device.IP.Interface.2.');
    rowsOf.push(gone?.objects.get('Device.IP.Interface.')?.instances);
    return done();
  });
  await at.submit();
  const fewer = { ...TREE, 'Device.IP.Interface.': ['Device.IP.Interface.1.'] };
  const second = await at.session(levels(fewer));
  await second.over;
  t.same(rowsOf, [[1, 2], [1], [1]]);
  t.equal(at.told.length, 1);
  const asked = [...first.rpcs, ...second.rpcs].filter(({ method }) => method === 'GetParameterNames');
  t.ok(asked.length > 0);
  t.ok(asked.every(({ request }) => (request as { readonly NextLevel: boolean }).NextLevel));
});

t.test('walk: what has not changed leaves the tree the very object it was', async (t) => {
  const at = await openRoom(t, { behaviour: { park: 'never', discovery: 'walk' } });
  await (
    await at.session(levels(TREE))
  ).over;
  let same = false;
  at.runs(async (_entry, access) => {
    const tree = await access.tree();
    same = tree !== undefined && (await access.refresh('Device.IP.Interface.')) === tree;
    return done();
  });
  await at.submit();
  await (
    await at.session(levels(TREE))
  ).over;
  t.ok(same);
});
