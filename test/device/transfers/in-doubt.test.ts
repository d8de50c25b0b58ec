// A Download whose answer was lost is never sent again: the CPE's events and its queue tell what became of it.
import t from 'tap';
import { type Answering, KEY, type SessionAtHand } from '../room-at-hand.ts';
import { accepted, answers, faulted, openTransfers, response, type TransfersAtHand } from './transfers-at-hand.ts';

const lost: ReturnType<Answering> = { kind: 'lost', written: true, reason: 'closed' };
const queue = (...keys: readonly string[]): ReturnType<Answering> =>
  response({ TransferList: keys.map((CommandKey) => ({ CommandKey, State: 1 })) });
const methods = ({ rpcs }: SessionAtHand): readonly string[] => rpcs.map(({ method }) => method);

/** The CPE has closed the connection in place of its DownloadResponse. */
async function cutOff(t: Parameters<typeof openTransfers>[0]): Promise<{ at: TransfersAtHand; key: string }> {
  const at = await openTransfers(t);
  await at.introduce();
  const key = await at.begin();
  await (
    await at.session(answers({ Download: lost }))
  ).over;
  await at.once(key, 'asked');
  return { at, key };
}

t.test('the CPE has it queued', async (t) => {
  const { at, key } = await cutOff(t);
  const session = await at.session(answers({ GetAllQueuedTransfers: queue('other', key), Download: accepted }));
  await at.once(key, 'pending');
  t.match(methods(session), ['GetAllQueuedTransfers']);
});

t.test('a CPE of CWMP 1.0 is asked in its own way', async (t) => {
  const { at, key } = await cutOff(t);
  const known = answers({ GetAllQueuedTransfers: faulted(9000), GetQueuedTransfers: queue(key), Download: accepted });
  const session = await at.session(known);
  await at.once(key, 'pending');
  t.match(methods(session), ['GetAllQueuedTransfers', 'GetQueuedTransfers']);
});

t.test('its Inform tells of it', async (t) => {
  const { at, key } = await cutOff(t);
  const Event = [{ EventCode: 'M Download', CommandKey: key }];
  const session = await at.session(answers({ Download: accepted }), { Event });
  await at.once(key, 'pending');
  t.notOk(methods(session).includes('GetAllQueuedTransfers'));
});

t.test('nobody knows: it stays asked, the request is unknown, and nothing is sent again', async (t) => {
  const { at, key } = await cutOff(t);
  const known = answers({ GetAllQueuedTransfers: queue(), Download: accepted });
  await (
    await at.session(known)
  ).over;
  const [request] = await at.store.mailbox.listRequests(KEY, 1);
  t.match(request, { kind: 'transfer', state: 'unknown', steps: [{ method: 'Download', key }] });
  t.notMatch(JSON.stringify(request), 's3cret', 'the journal keeps no credentials');
  const next = await at.session(known);
  await next.over;
  t.notOk(methods(next).includes('Download'));
  t.equal((await at.transfer(key)).state, 'asked');
});

t.test('cancelled before its turn: it is not sent at all', async (t) => {
  const at = await openTransfers(t);
  await at.introduce();
  const key = await at.begin();
  t.same(await at.transfers.cancel(KEY, key), { kind: 'cancelled' });
  const session = await at.session(answers({ Download: accepted }));
  await session.over;
  t.notOk(methods(session).includes('Download'));
  t.match(await at.store.mailbox.listRequests(KEY, 1), [
    { state: 'failed', outcome: { error: 'the transfer has ended: cancelled' } },
  ]);
});
