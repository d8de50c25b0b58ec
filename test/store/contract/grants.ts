// Leave to load a file, or to bring one: when it is used up, and that nobody uses it once too often.
import type { Test } from 'tap';
import type { Carried, GrantRecord } from '../../../proxy/store/grant-steps.ts';
import { START } from './samples.ts';
import type { OpenStore } from './subject.ts';

const DAY_MS = 86_400_000;
const SIZE = 100;

const GRANT: GrantRecord = {
  kind: 'download',
  device: '02C0DE-Router-T1',
  blob: 'B',
  name: '',
  fileType: '',
  expiresAt: START + DAY_MS,
  count: 1,
  used: 0,
  sent: 0,
  covered: [],
  credentials: '',
};
const carried = (start: number, end: number, received = true): Carried => ({
  start,
  end,
  size: SIZE,
  received,
  underWay: [],
});

export function grantContract(t: Test, openStore: OpenStore): void {
  t.test('a grant is kept until a day after it has expired', async (t) => {
    const { store, clock, reopen } = await openStore(t);
    t.equal(await store.grants.readGrant('G'), undefined);
    await store.grants.saveGrant('G', { ...GRANT, name: 'ü', credentials: 'c' });
    clock.now = START + 2 * DAY_MS - 1;
    const { grants } = await reopen();
    t.same(await grants.readGrant('G'), { ...GRANT, name: 'ü', credentials: 'c' });
    clock.now += 1;
    t.equal(await grants.readGrant('G'), undefined);
    t.equal(await grants.recordCarried('G', carried(0, SIZE)), undefined);
    t.equal(await grants.useGrant('G'), 'used-up');
  });

  const downloads: Readonly<Record<string, readonly [answers: readonly Carried[], used: number]>> = {
    whole: [[carried(0, SIZE)], 1],
    'whole, and nobody knows whether it came': [[carried(0, SIZE, false)], 0],
    'cut and gone on with': [[carried(0, 60, false), carried(55, SIZE)], 1],
    'cut, and gone on with further on than was sent': [[carried(0, 60, false), carried(61, SIZE)], 0],
    'the end alone': [[carried(50, SIZE)], 0],
    'in parts': [[carried(0, 30), carried(30, 70), carried(70, SIZE)], 1],
    'all sent but not received, then a probe': [[carried(0, SIZE, false), carried(0, 1)], 0],
    twice: [[carried(0, SIZE), carried(0, 40, false), carried(0, SIZE)], 2],
    'gone on with before the cut was noticed': [
      [{ ...carried(55, SIZE), underWay: [[0, 60]] }, carried(0, 60, false)],
      1,
    ],
    'gone on with after another that did not get so far': [[{ ...carried(55, SIZE), underWay: [[0, 50]] }], 0],
    'nothing was sent': [[carried(0, 0, false), carried(SIZE, SIZE, false)], 0],
  };
  for (const [what, [answers, used]] of Object.entries(downloads)) {
    t.test(`a download: ${what}`, async (t) => {
      const { store } = await openStore(t);
      await store.grants.saveGrant('G', { ...GRANT, count: 5 });
      for (const answer of answers) await store.grants.recordCarried('G', answer);
      const sent = answers.reduce((sum, { start, end }) => sum + end - start, 0);
      t.match(await store.grants.readGrant('G'), { used, sent });
    });
  }

  t.test('a file of no bytes is whole at once', async (t) => {
    const { store } = await openStore(t);
    await store.grants.saveGrant('G', GRANT);
    t.match(await store.grants.recordCarried('G', { ...carried(0, 0), size: 0 }), { used: 1 });
  });

  t.test('what jumps about is bounded', async (t) => {
    const { store } = await openStore(t);
    await store.grants.saveGrant('G', GRANT);
    for (let part = 0; part < 80; part += 1)
      await store.grants.recordCarried('G', { ...carried(part * 3, part * 3 + 1), size: 1000 });
    t.equal((await store.grants.readGrant('G'))?.covered.length, 64);
    t.match(await store.grants.recordCarried('G', { ...carried(0, 1000), size: 1000 }), { used: 1 });
  });

  t.test('of many uploads at once as many count as may', async (t) => {
    const { store, reopen } = await openStore(t);
    await store.grants.saveGrant('G', { ...GRANT, kind: 'upload', blob: '', count: 2 });
    const uses = await Promise.all(Array.from({ length: 5 }, () => store.grants.useGrant('G')));
    t.same([...uses].sort(), ['used', 'used', 'used-up', 'used-up', 'used-up']);
    t.match(await (await reopen()).grants.readGrant('G'), { used: 2 });
  });
}
