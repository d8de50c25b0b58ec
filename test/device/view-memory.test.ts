// What a view remembers of a device, over entries and sessions: stored at once under the owner's epoch, and bounded.
import t from 'tap';
import { RunInterrupted } from '../../proxy/device/access.ts';
import { done, openRoom, type RoomAtHand, until } from './room-at-hand.ts';

/** What each entry of one session finds remembered; it writes what `next` makes of that. */
async function entries(at: RoomAtHand, count: number, next: (text: string) => string): Promise<readonly string[]> {
  const seen: string[] = [];
  at.runs(async (_entry, access) => {
    await access.tree();
    seen.push(access.remembered);
    await access.remember(next(access.remembered));
    return done();
  });
  const before = at.told.length;
  for (let left = count; left > 0; left -= 1) await at.submit();
  const opened = await at.session();
  await until(() => at.told.length === before + count && opened.session.idle, 'all answered');
  await opened.hangUp();
  return seen;
}

t.test('it is there in the next entry, with the next tree and in the next session', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  t.same(await entries(at, 2, (text) => `${text}+`), ['', '+']);
  t.equal((await at.record()).tree?.remembered, '++');
  at.clock.advance(86_400_000);
  t.same(await entries(at, 1, (text) => text), ['++'], 'though the tree was read anew');
});

t.test('more than there is room for counts for the session, is said, and is not stored', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  await entries(at, 1, () => 'short');
  t.same(await entries(at, 2, () => 'x'.repeat(300_000)), ['short', 'x'.repeat(300_000)]);
  t.equal((await at.record()).tree?.remembered, 'short');
  t.ok(at.counted.includes('failure view-memory-full'));
  t.match(at.logged.join(), /more rows than can be remembered/);
});

t.test('who has lost the device writes nothing any more', async (t) => {
  const at = await openRoom(t);
  await at.introduce();
  const failures: unknown[] = [];
  at.runs(async (_entry, access) => {
    await access.tree();
    await at.introduce();
    await access.remember('late').catch((error: unknown) => failures.push(error));
    return done();
  });
  await at.submit();
  await at.session();
  await until(() => failures.length === 1, 'refused');
  t.ok(failures[0] instanceof RunInterrupted);
  t.equal((await at.record()).tree?.remembered, '');
});
