// The second part: the CPE loads the image in its time window, and what it reports decides.
import t, { type Test } from 'tap';
import type { FirmwareTask } from '../../../proxy/agent/firmware/task.ts';
import { EMPTY_BANK } from '../../../proxy/store/firmware-steps.ts';
import { KEY, START } from '../../store/contract/samples.ts';
import { FirmwareAtHand, TASK } from './firmware-at-hand.ts';

const WINDOW = { start: START + 10_000, end: START + 200_000, retries: 1 };
const ACTIVATE: Partial<FirmwareTask> = {
  ...{ TransferURL: '', FileSize: 0, source: 'bank', image: 'b1', windows: [WINDOW] },
  phase: { kind: 'wait', index: 0, tries: 0, at: WINDOW.start, failure: '' },
};
const FULL = { active: 1, bank: { ...EMPTY_BANK, status: 'Available', blob: 'b1', name: 'image-2' } } as const;

/** An Activate() of an image that is in the bank. */
async function activating(t: Test, task: Partial<FirmwareTask> = {}): Promise<FirmwareAtHand> {
  const at = await FirmwareAtHand.open(t);
  await at.begin();
  const [before] = (await at.record()).operations;
  const ends = { kind: 'ends', outcome: { kind: 'done', output_args: {} } } as const;
  const detail = before?.detail ?? '';
  await at.store.firmware.moveFirmware(KEY, { number: 1, detail, at: START, firmware: FULL, operation: ends });
  await at.begin({ ...ACTIVATE, ...task }, 'Activate()');
  return at;
}
/** The first end is that of the Download() before it. */
const ends = async (at: FirmwareAtHand): Promise<readonly string[]> => (await at.ended()).slice(1);
const dueAt = async (at: FirmwareAtHand): Promise<number | undefined> => (await at.record()).operations[0]?.dueAt;

t.test('not before its time; then once, whoever looks', async (t) => {
  const at = await activating(t);
  await at.node().look(KEY);
  t.same([await at.transfer(), await dueAt(at)], [undefined, WINDOW.start]);
  at.now = WINDOW.start;
  await at.node().look(KEY);
  await at.node().look(KEY);
  const transfers = await at.store.transfers.listTransfers(KEY);
  t.equal(transfers.length, 1);
  t.match(JSON.parse(transfers[0]?.order ?? ''), {
    URL: 'http://ours.example/b1',
    FileType: '1 Firmware Upgrade Image',
  });
});

t.test('loaded: the row is what runs, the other one is empty, and the image goes', async (t) => {
  const at = await activating(t);
  at.now = WINDOW.start;
  await at.node().look(KEY);
  await at.endTransfer('succeeded');
  t.equal((await at.record()).operations.length, 1, 'the next look ends it');
  await at.node().look(KEY);
  t.same([await at.bank(), await ends(at), at.left], ['2 runs, NoImage', ['done'], ['b1']]);
});

t.test('a try that failed is made again in the window, and then not any more', async (t) => {
  const at = await activating(t);
  at.now = WINDOW.start;
  await at.node().look(KEY);
  await at.endTransfer('failed');
  await at.node().look(KEY);
  t.same([await ends(at), await dueAt(at)], [[], at.now + 60_000]);
  at.now += 60_000;
  await at.node().look(KEY);
  await at.endTransfer('failed');
  await at.node().look(KEY);
  t.match(await ends(at), [/^7022 CWMP 9010/]);
  t.equal(await at.bank(), '1 runs, InstallationFailed b1', 'the image stays, for another Activate()');
  t.match((await at.record()).firmware.bank.failureLog, /CWMP 9010/);
});

t.test('a device that does not come in its time is not asked any more', async (t) => {
  const at = await activating(t);
  at.now = WINDOW.start;
  await at.node().look(KEY);
  at.now = WINDOW.end;
  await at.node().look(KEY);
  t.match(await ends(at), [/^7022 its time is over/]);
  t.equal((await at.transfer())?.state, 'cancelled');
  t.equal(await at.bank(), '1 runs, Available b1', 'the image is as good as before');
});

t.test('in the next window it is asked again', async (t) => {
  const second = { start: START + 500_000, end: START + 600_000, retries: 0 };
  const at = await activating(t, { windows: [WINDOW, second] });
  at.now = WINDOW.end;
  await at.node().look(KEY);
  t.same([await ends(at), await dueAt(at), await at.transfer()], [[], second.start, undefined]);
  at.now = second.start;
  await at.node().look(KEY);
  t.equal((await at.transfer())?.state, 'waiting');
});

t.test('a node that died before it asked for the transfer, another asks for the same one', async (t) => {
  const at = await activating(t);
  const [operation] = (await at.record()).operations;
  const task = { ...TASK, ...ACTIVATE, phase: { kind: 'load', index: 0, tries: 0 } };
  const change = { detail: JSON.stringify(task), transfer: 'its-key', dueAt: WINDOW.end };
  await at.store.operations.changeOperation(KEY, operation?.number ?? 0, ['Active'], change);
  at.now = WINDOW.start;
  await at.node().look(KEY);
  t.match(await at.transfer(), { CommandKey: 'its-key', state: 'waiting' });
});

t.test('an image that somebody has removed', async (t) => {
  const at = await activating(t);
  at.offers = false;
  at.now = WINDOW.start;
  await at.node().look(KEY);
  t.same([await at.bank(), await ends(at)], ['1 runs, NoImage', ['7022 the image is not there any more']]);
});

t.test('the CPE itself fetches: its URL and its credentials, once, and the row is what runs', async (t) => {
  const direct = { source: 'direct', image: '', TransferURL: 'http://theirs.example/f' } as const;
  const at = await activating(t, direct);
  at.now = WINDOW.start;
  await at.node().look(KEY);
  const key = (await at.transfer())?.CommandKey ?? '';
  const asked = await at.store.transfers.readTransfer(KEY, key);
  t.match(JSON.parse(asked?.order ?? ''), { URL: 'http://theirs.example/f' });
  t.match(JSON.parse(asked?.secrets ?? ''), { Username: 'user', Password: 'secret' });
  t.match(await at.store.operations.readOperation(KEY, 2), { input: '' });
  await at.endTransfer('succeeded');
  await at.node().look(KEY);
  t.equal(await at.bank(), '2 runs, NoImage');
});

t.test('cancelled before its time, and while it waits for the device', async (t) => {
  for (const now of [START, WINDOW.start]) {
    const at = await activating(t);
    at.now = now;
    const node = at.node();
    await node.look(KEY);
    const [operation] = (await at.record()).operations;
    if (operation === undefined) throw new Error('nothing runs');
    await node.cancel(KEY, operation);
    t.same([await at.bank(), await ends(at)], ['1 runs, Available b1', ['7023 the command was cancelled']]);
    t.ok([undefined, 'cancelled'].includes((await at.transfer())?.state));
  }
});

t.test('over what runs: the banks stay as they are', async (t) => {
  const at = await activating(t, { row: 1, image: 'other', source: 'fetch' });
  at.now = WINDOW.start;
  await at.node().look(KEY);
  await at.endTransfer('succeeded');
  await at.node().look(KEY);
  t.same([await at.bank(), await ends(at), at.left], ['1 runs, Available b1', ['done'], ['other']]);
});
