// Plausible values for the steps of the store, so that a test writes down only what it is about.
import type { Test } from 'tap';
import type {
  DeviceIdentity,
  DeviceRecord,
  InformToSave,
  NewEvent,
  Release,
  TreeRecord,
} from '../../../proxy/store/device-steps.ts';
import type {
  MailboxCaps,
  MailboxEntry,
  OutcomeState,
  RequestOutcome,
  RequestStep,
} from '../../../proxy/store/mailbox-steps.ts';
import type { Derived, NotifyRow } from '../../../proxy/store/outbox-steps.ts';
import type { DeviceKey, Store } from '../../../proxy/store/store.ts';
import type {
  EndedTransferState,
  NewTransfer,
  TransferEnd,
  TransferReport,
} from '../../../proxy/store/transfer-steps.ts';

/** The moment at which the tests' clocks stand first. */
export const START = 1_700_000_000_000;
export const TENANT = 'default';
export const CAPS: MailboxCaps = { entries: 64 };
export const CONTROLLER = 'proto::controller-1';
export const MAX_MS = 120_000;

export const keyOf = (serial = 'A1', tenant = TENANT): DeviceKey => ({ tenant, device: `02C0DE-Router-${serial}` });
export const KEY = keyOf();

export const identityOf = ({ device }: DeviceKey): DeviceIdentity => ({
  Manufacturer: 'Example',
  OUI: '02C0DE',
  ProductClass: 'Router',
  SerialNumber: device.slice('02C0DE-Router-'.length),
  endpointId: `ops::${device}`,
});

export const event = (body = '{"events":[],"values":[]}', at = START): NewEvent => ({ kind: 'inform', at, body });
export const report = (body: string, at = START): NewEvent => ({ kind: 'report', at, body });

/** A periodic Inform of a node `n1`; every field can be said otherwise. */
export function inform(change: Partial<InformToSave> = {}): InformToSave {
  const key = change.key ?? KEY;
  return {
    key,
    identity: identityOf(key),
    facts: { root: 'Device.', SoftwareVersion: '1.0', cwmpVersion: 2, sourceAddress: '192.0.2.1', username: '' },
    incarnation: 'n1',
    at: START,
    eventCodes: ['2 PERIODIC'],
    digest: 'digest',
    retryCount: 0,
    boot: false,
    endsQuiet: false,
    ourKey: false,
    event: event(),
    registryCap: 1000,
    ...change,
  };
}

/** Saves an Inform that must be accepted, and returns the record. */
export async function claim(store: Store, change: Partial<InformToSave> = {}): Promise<DeviceRecord> {
  const saved = await store.devices.saveInform(inform(change));
  if (saved.kind !== 'saved') throw new Error(saved.kind);
  return saved.record;
}

/** The epoch of a device that `n1` has just claimed. */
export const claimed = async (store: Store, change: Partial<InformToSave> = {}): Promise<number> =>
  (await claim(store, change)).epoch;

export async function read(store: Store, key: DeviceKey = KEY): Promise<DeviceRecord> {
  const record = await store.devices.readDevice(key);
  if (record === undefined) throw new Error(`${key.device} is not known`);
  return record;
}

export const giveUp = (change: Partial<Release> = {}): Release => ({
  eventsDone: 0,
  clean: true,
  force: false,
  ...change,
});

export const origin = (msg_id: string): NonNullable<MailboxEntry['origin']> => ({
  from_id: CONTROLLER,
  to_id: `ops::${KEY.device}`,
  msg_id,
});

export const entry = (id: string, change: Partial<MailboxEntry> = {}): MailboxEntry => ({
  id,
  kind: 'usp',
  payload: `payload of ${id}`,
  origin: undefined,
  returnPath: `path of ${id}`,
  enqueuedAt: START,
  deadline: START + 30_000,
  ...change,
});

export const step = (number: number, change: Partial<RequestStep> = {}): RequestStep => ({
  step: number,
  method: 'SetParameterValues',
  key: `key-${number}`,
  detail: '{"values":[]}',
  at: START,
  result: undefined,
  ...change,
});

export const outcome = (state: OutcomeState = 'succeeded', at = START): RequestOutcome => ({
  state,
  at,
  error: state === 'succeeded' ? '' : `it has ${state}`,
  answer: state === 'succeeded' ? 'YW5zd2Vy' : '',
});

export const transfer = (CommandKey: string, change: Partial<NewTransfer> = {}): NewTransfer => ({
  CommandKey,
  kind: 'download',
  order: `order of ${CommandKey}`,
  secrets: `secrets of ${CommandKey}`,
  createdAt: START,
  expiresAt: START + 1000,
  ...change,
});

export const transferEnd = (state: EndedTransferState = 'succeeded', at = START): TransferEnd => ({
  state,
  at,
  FaultCode: state === 'failed' ? 9010 : 0,
  FaultString: state === 'failed' ? 'File transfer failure' : '',
  StartTime: '2026-01-01T00:00:00Z',
  CompleteTime: '',
});

/** What a TransferComplete tells; `ours`: its CommandKey has the form of ours. */
export const transferReport = (CommandKey: string, ours = false, end = transferEnd()): TransferReport => ({
  CommandKey,
  ours,
  kinds: ['download', 'upload', 'schedule-download'],
  end,
});

export const tree = (instances = '1,2'): TreeRecord => ({
  catalogue: 'a-hash',
  instances,
  SoftwareVersion: '1.0',
  at: START,
});

/** `sequence`: of the event that the row tells. */
export function row(sequence: number, change: Partial<NotifyRow> = {}): NotifyRow {
  const subscription = change.subscription ?? 1;
  const id = change.id ?? `${sequence}.${subscription}.0`;
  return {
    id,
    msg_id: `notify-${id}`,
    controller: CONTROLLER,
    subscription,
    retry: true,
    createdAt: START,
    expiresAt: START + 600_000,
    payload: Buffer.from(id).toString('base64'),
    attempts: 0,
    nextAt: 0,
    ...change,
  };
}

export const derived = (rows: readonly NotifyRow[], change: Partial<Derived> = {}): Derived => ({
  rows,
  ledger: undefined,
  local: undefined,
  ...change,
});

/** Drops the Notifies of a Subscription, as a change of the rows does. */
export async function silence(store: Store, key: DeviceKey, subscription: number, controller?: string): Promise<void> {
  const { local, localVersion } = await read(store, key);
  const silenced = [controller === undefined ? { subscription } : { subscription, controller }];
  await store.devices.changeLocal(key, localVersion, local, { events: [], silenced });
}

/** Raises an event at a device that is owned under `epoch`, and derives rows from it; resolves with its sequence. */
export async function deriveFrom(
  t: Test,
  store: Store,
  rowsOf: (sequence: number) => readonly NotifyRow[],
  key: DeviceKey = KEY,
  cap = 1000,
): Promise<number> {
  const { epoch } = await read(store, key);
  t.equal(await store.devices.raiseEvents(key, epoch, [report('{}')]), 'done');
  const sequence = (await read(store, key)).pendingEvents.at(-1)?.sequence ?? 0;
  t.match(await store.outbox.deriveNotifies(key, sequence, derived(rowsOf(sequence)), cap), { kind: 'derived' });
  return sequence;
}
