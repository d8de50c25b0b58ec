// The device room with transfers in it, and a CPE that is one function.
import type { AcsMethodName, AcsRequest, CpeMethodName } from '../../../proxy/rpc/methods.ts';
import { type DeviceEvent, parseEvent } from '../../../proxy/device/events.ts';
import type { DeviceSession } from '../../../proxy/device/session.ts';
import type { TransferOrder } from '../../../proxy/device/transfers/order.ts';
import { DeviceTransfers } from '../../../proxy/device/transfers/transfers.ts';
import { systemClock, systemRandomness } from '../../../proxy/operate/clock.ts';
import { createLog } from '../../../proxy/operate/log.ts';
import type { TransferRecord } from '../../../proxy/store/transfer-steps.ts';
import {
  type Answering,
  answerNothing,
  KEY,
  openRoom,
  type RoomAtHand,
  type RoomOptions,
  until,
} from '../room-at-hand.ts';

export const SECRETS = { Username: 'user', Password: 's3cret' };
export const DOWNLOAD: TransferOrder = {
  kind: 'download',
  FileType: '1 Firmware Upgrade Image',
  URL: 'http://files.example/fw',
  FileSize: 0,
  TargetFileName: '',
  DelaySeconds: 0,
  SuccessURL: '',
  FailureURL: '',
};

export interface TransfersAtHand extends RoomAtHand {
  readonly transfers: DeviceTransfers;
  /** Events that were to be derived, in their order. */
  readonly events: readonly DeviceEvent[];
  /** A transfer that waits; its key. */
  begin(order?: TransferOrder): Promise<string>;
  transfer(CommandKey: string): Promise<TransferRecord>;
  /** Waits until it is in this state. */
  once(CommandKey: string, state: string): Promise<TransferRecord>;
}

/** A CPE that answers these methods so, and everything else as one that knows nothing. */
export const answers =
  (known: Partial<Record<CpeMethodName, ReturnType<Answering>>>): Answering =>
  (method, request) =>
    Object.hasOwn(known, method) ? known[method] : answerNothing(method, request);

export const faulted = (FaultCode: number, FaultString = ''): ReturnType<Answering> => ({
  kind: 'fault',
  fault: { FaultCode, FaultString, SetParameterValuesFault: [] },
});
export const response = (value: unknown): ReturnType<Answering> =>
  ({ kind: 'response', value }) as ReturnType<Answering>;
export const accepted = response({ Status: 1, StartTime: '', CompleteTime: '' });

/** The CPE reports. */
export const report = <N extends AcsMethodName>(
  session: DeviceSession,
  method: N,
  value: AcsRequest<N>,
): ReturnType<DeviceSession['report']> => session.report(method, value);

export async function openTransfers(
  t: Parameters<typeof openRoom>[0],
  options: Pick<RoomOptions, 'store'> = {},
): Promise<TransfersAtHand> {
  const events: DeviceEvent[] = [];
  const at = await openRoom(t, {
    ...options,
    behaviour: { park: 'never' },
    derive: async ({ pendingEvents }) => {
      events.splice(0, events.length, ...pendingEvents.map(parseEvent));
      return undefined;
    },
  });
  const transfers = new DeviceTransfers({
    store: at.store,
    clock: { ...systemClock, now: () => at.clock.now() },
    randomness: systemRandomness,
    log: createLog('debug', { write: () => undefined }),
    metrics: { count: () => undefined, gauge: () => undefined, text: async () => '' },
    settings: { keepMs: 86_400_000, cap: 4 },
    submit: (key, submission) => at.room.submit(key, submission),
    schedule: async () => undefined,
  });
  at.runs((entry, access) => transfers.runner.run(entry, access));
  const transfer = async (CommandKey: string): Promise<TransferRecord> => {
    const found = (await transfers.list(KEY)).find((one) => one.CommandKey === CommandKey);
    if (found === undefined) throw new Error(`${CommandKey} is not known`);
    return found;
  };
  return {
    ...at,
    get calls() {
      return at.calls;
    },
    transfers,
    events,
    async begin(order = DOWNLOAD) {
      const begun = await transfers.begin(KEY, order, SECRETS);
      if (begun.kind !== 'begun') throw new Error(begun.reason);
      return begun.transfer.CommandKey;
    },
    transfer,
    async once(CommandKey, state) {
      await until(async () => (await transfer(CommandKey)).state === state, `${CommandKey} ${state}`);
      return transfer(CommandKey);
    },
  };
}
