// Which node does for which devices: each device has one, and a node that comes or goes moves its own share only.
import t from 'tap';
import { Share, shareHolder } from '../../proxy/nodes/share.ts';
import { handClock } from '../mtp/dial/hand-clock.ts';

const DEVICES = Array.from({ length: 3000 }, (_, index) => `02C0DE-Router-${index}`);

t.test('every node says the same, whatever the order, and all have about as many', async (t) => {
  const nodes = ['A', 'B', 'C'];
  const counts = new Map(nodes.map((node) => [node, 0]));
  for (const device of DEVICES) {
    const holder = shareHolder(device, nodes) ?? '';
    if (holder !== shareHolder(device, ['C', 'A', 'B'])) t.fail(`${device} by another order`);
    counts.set(holder, (counts.get(holder) ?? 0) + 1);
  }
  for (const [node, count] of counts) t.ok(count > 850 && count < 1150, `${node} has ${count} of 3000`);
  t.equal(shareHolder('x', []), undefined);
});

t.test('what a node had that is gone is spread; the rest stays', async (t) => {
  const moved = DEVICES.filter((device) => shareHolder(device, ['A', 'B', 'C']) !== shareHolder(device, ['A', 'B']));
  t.ok(moved.every((device) => shareHolder(device, ['A', 'B', 'C']) === 'C'));
});

t.test('alone from the start, a node has all at once', async (t) => {
  const told: string[] = [];
  const share = new Share({
    incarnation: 'A',
    clock: handClock(),
    lost: () => told.push('lost'),
    gained: () => told.push('gained'),
  });
  t.notOk(share.isOurs('x'), 'before anybody has looked, nothing is ours');
  share.seen(['A']);
  t.ok(share.isOurs('x'));
  t.ok(told.includes('gained'));
});

t.test('what moves is let go at once, and taken later: never two at a time', async (t) => {
  const clock = handClock();
  const shareOf = (incarnation: string): Share =>
    new Share({ incarnation, clock, lost: () => undefined, gained: () => undefined });
  const [first, second] = [shareOf('A'), shareOf('B')];
  const holders = (): readonly number[] =>
    DEVICES.map((device) => [first, second].filter((share) => share.isOurs(device)).length);
  first.seen(['A']);
  t.ok(
    holders().every((count) => count === 1),
    'A has all',
  );
  // B has come, and sees A; A sees B a beat later.
  second.seen(['A', 'B']);
  t.ok(
    holders().every((count) => count === 1),
    'B waits',
  );
  clock.advance(2000);
  first.seen(['A', 'B']);
  t.ok(
    holders().every((count) => count <= 1),
    'A has let go of the share of B',
  );
  t.ok(holders().some((count) => count === 0));
  clock.advance(5000);
  t.ok(
    holders().every((count) => count === 1),
    'B has taken it',
  );
  first.seen(['A']);
  t.ok(
    holders().every((count) => count <= 1),
    'B is gone, and A waits before it takes it back',
  );
  second.seen(['B']);
  clock.advance(5000);
  t.ok(DEVICES.every((device) => first.isOurs(device)));
});

t.test('who comes and goes within the wait moves nothing', async (t) => {
  const clock = handClock();
  let gained = 0;
  const share = new Share({ incarnation: 'A', clock, lost: () => undefined, gained: () => (gained += 1) });
  share.seen(['A']);
  share.seen(['A', 'B']);
  clock.advance(4000);
  share.seen(['A']);
  clock.advance(5000);
  t.equal(gained, 2, 'at the start, and when all was as before');
  t.ok(DEVICES.every((device) => share.isOurs(device)));
  share.stop();
});
