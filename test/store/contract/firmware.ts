// The banks that the Agent keeps for a CPE: they change in the step in which the operation on them goes on or ends.
import type { Test } from 'tap';
import { EMPTY_BANK, FIRST_FIRMWARE, type FirmwareRecord } from '../../../proxy/store/firmware-steps.ts';
import type { NewOperation } from '../../../proxy/store/operation-steps.ts';
import type { Store } from '../../../proxy/store/store.ts';
import { claim, CONTROLLER, KEY, keyOf, read, START, transfer, transferEnd } from './samples.ts';
import type { OpenStore } from './subject.ts';

const OPERATION: NewOperation = {
  kind: 'firmware',
  originator: CONTROLLER,
  command: 'Device.DeviceInfo.FirmwareImage.2.Download()',
  command_key: 'k1',
  status: 'Active',
  createdAt: START,
  dueAt: START + 1000,
  transfer: '',
  detail: 'first',
  input: 'a secret',
  token: '',
};
const FULL: FirmwareRecord = { active: 1, bank: { ...EMPTY_BANK, status: 'Available', blob: 'b1', name: 'image' } };
const GOES_ON = { kind: 'goes-on', change: { detail: 'second', status: 'Active', transfer: 't1' } } as const;
const ENDS = { kind: 'ends', outcome: { kind: 'done', output_args: {} } } as const;
const move = { number: 1, detail: 'first', at: START + 5, firmware: FULL, operation: GOES_ON } as const;

const kinds = async (store: Store): Promise<readonly string[]> =>
  (await read(store)).pendingEvents.filter(({ kind }) => kind !== 'inform').map(({ kind }) => kind);

export function firmwareContract(t: Test, openStore: OpenStore): void {
  t.test('an operation goes on and the banks with it, safe and told', async (t) => {
    const { store, reopen } = await openStore(t);
    await claim(store);
    t.same((await read(store)).firmware, FIRST_FIRMWARE, 'a device of which nothing is stored');
    await store.operations.beginOperation(KEY, OPERATION, 2);
    const { version } = await read(store);
    t.equal(await store.firmware.moveFirmware(KEY, move), 'moved');
    t.ok((await read(store)).version > version, 'an owner reads anew');
    const again = await reopen();
    const record = await read(again);
    t.same(record.firmware, FULL);
    t.match(record.operations, [{ number: 1, detail: 'second', transfer: 't1' }]);
    t.match(await again.operations.readOperation(KEY, 1), { input: '' }, 'once it is Active its input is forgotten');
    t.same(await kinds(again), ['firmware']);
    t.same(JSON.parse(record.pendingEvents.at(-1)?.body ?? ''), { before: FIRST_FIRMWARE, after: FULL });
  });

  t.test('nothing happens where somebody else has gone on with it, or it has ended', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.operations.beginOperation(KEY, OPERATION, 2);
    t.equal(await store.firmware.moveFirmware(KEY, { ...move, detail: 'other' }), 'stale');
    t.equal(await store.firmware.moveFirmware(KEY, { ...move, number: 2 }), 'stale');
    t.equal(await store.firmware.moveFirmware(keyOf('B2'), move), 'stale');
    t.same([(await read(store)).firmware, await kinds(store)], [FIRST_FIRMWARE, []]);
    t.equal(await store.firmware.moveFirmware(KEY, { ...move, operation: ENDS }), 'moved');
    t.equal(await store.firmware.moveFirmware(KEY, { ...move, operation: ENDS }), 'stale', 'it ends once');
    t.same((await read(store)).operations, []);
    t.same(await kinds(store), ['firmware', 'operation']);
  });

  t.test('banks that stay as they are, are no event', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.operations.beginOperation(KEY, OPERATION, 2);
    await store.firmware.moveFirmware(KEY, { ...move, firmware: undefined });
    t.same([(await read(store)).firmware, await kinds(store)], [FIRST_FIRMWARE, []]);
  });

  t.test('a transfer that ends leaves the operation there, and names it', async (t) => {
    const { store } = await openStore(t);
    await claim(store);
    await store.operations.beginOperation(KEY, { ...OPERATION, transfer: 't1' }, 2);
    await store.transfers.beginTransfer(KEY, transfer('t1'), 9);
    await store.transfers.endTransfer(KEY, 't1', transferEnd('failed'), ['waiting']);
    const { operations, pendingEvents } = await read(store);
    t.match(operations, [{ number: 1 }], 'it may try again');
    t.match(JSON.parse(pendingEvents.at(-1)?.body ?? ''), { operation: { number: 1, kind: 'firmware' } });
  });
}
