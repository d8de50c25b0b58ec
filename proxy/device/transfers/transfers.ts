// Transfers of devices: wanted from the north, asked for when the device has a session, ended by its reports, days later
// and by whatever node (facts: §8). A wish outlives an unreachable device: it is asked for when the device comes.
import { type Clock, randomName, type Randomness } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { DeviceKey, Store } from '../../store/store.ts';
import type { NewTransfer, TransferRecord, TransferState } from '../../store/transfer-steps.ts';
import type { Runner } from '../access.ts';
import { keyOfStep, requestIdLength } from '../journal/keys.ts';
import type { Submission, Submitted } from '../room.ts';
import { formatOrder, formatSecrets } from './ask.ts';
import type { TransferOrder, TransferSecrets } from './order.ts';
import { createTransferRunner, formatTask, TRANSFER, type TransferTask } from './runner.ts';

/** Due work that ends transfers whose time is over. */
export const TRANSFER_DUE = 'transfer';

export interface TransferSettings {
  /** How long a transfer may take from the wish to its end, in milliseconds. */
  readonly keepMs: number;
  /** Transfers of one device that have not ended. */
  readonly cap: number;
}

export interface TransfersContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: TransferSettings;
  readonly submit: (key: DeviceKey, submission: Submission) => Promise<Submitted>;
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
}

export type TransferBegun =
  | { readonly kind: 'begun'; readonly transfer: TransferRecord }
  | { readonly kind: 'refused'; readonly reason: 'full' | 'unknown-device' };
export type TransferCancelled =
  /** It had not been asked for. */
  | { readonly kind: 'cancelled' }
  /** The CPE is asked to give it up; `request` tells what it says. */
  | { readonly kind: 'asking'; readonly request: string }
  | { readonly kind: 'ended'; readonly state: TransferState }
  /** CWMP has no way to cancel a ChangeDUState (A.4.1.9). */
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'not-cancellable' | 'full' };

/** Who asks, in the list of requests: an entry that waits already is not made twice. */
const OURSELVES = 'causeway';

export class DeviceTransfers {
  readonly #context: TransfersContext;
  readonly runner: Runner;

  constructor(context: TransfersContext) {
    this.#context = context;
    const { store, metrics } = context;
    this.runner = createTransferRunner({
      steps: store.transfers,
      answered: ({ end }) => metrics.count('transfer', end?.state ?? 'accepted'),
    });
  }

  get keepMs(): number {
    return this.#context.settings.keepMs;
  }

  /** A CommandKey of the form of every key of ours, and as hard to guess. */
  newKey(): string {
    return keyOfStep(randomName(this.#context.randomness, requestIdLength), 1);
  }

  /** `order` must be free of faults (`faultOf`). The transfer is asked for at once where the device can be reached. */
  async begin(
    key: DeviceKey,
    order: TransferOrder,
    secrets: TransferSecrets,
    CommandKey = this.newKey(),
  ): Promise<TransferBegun> {
    const { store, clock, settings, metrics, schedule } = this.#context;
    const createdAt = clock.now();
    const wanted: NewTransfer = {
      CommandKey,
      kind: order.kind,
      order: formatOrder(order),
      secrets: formatSecrets(secrets),
      createdAt,
      expiresAt: createdAt + settings.keepMs,
    };
    // Before it is stored: what is stored must end.
    await schedule(TRANSFER_DUE, key, wanted.expiresAt);
    const begun = await store.transfers.beginTransfer(key, wanted, settings.cap);
    if (begun !== 'begun') {
      metrics.count('transfer', `refused-${begun}`);
      return { kind: 'refused', reason: begun };
    }
    metrics.count('transfer', 'begun');
    // It is stored: where it gets no turn now, it waits for the next session.
    await this.askWaiting(key);
    const { secrets: _, ...shown } = wanted;
    return {
      kind: 'begun',
      transfer: { ...shown, state: 'waiting', askedAt: undefined, acceptedAt: undefined, end: undefined },
    };
  }

  /** Those that have not ended, then those that have; in each the newest first. */
  list(key: DeviceKey): Promise<readonly TransferRecord[]> {
    return this.#context.store.transfers.listTransfers(key);
  }

  async cancel(key: DeviceKey, CommandKey: string): Promise<TransferCancelled> {
    const { store, clock } = this.#context;
    const end = { state: 'cancelled', at: clock.now(), FaultCode: 0, FaultString: '' } as const;
    const noTimes = { StartTime: '', CompleteTime: '' };
    const step = await store.transfers.endTransfer(key, CommandKey, { ...end, ...noTimes }, ['waiting']);
    if (step.kind === 'unknown') return { kind: 'refused', reason: 'unknown' };
    if (step.kind === 'ended') {
      await this.#ended(key, [step.transfer]);
      return { kind: 'cancelled' };
    }
    if (step.state !== 'asked' && step.state !== 'pending') return { kind: 'ended', state: step.state };
    const transfer = await store.transfers.readTransfer(key, CommandKey);
    if (transfer?.kind === 'change-du-state') return { kind: 'refused', reason: 'not-cancellable' };
    const submitted = await this.#submit(key, { what: 'cancel', CommandKey });
    return submitted.kind === 'refused'
      ? { kind: 'refused', reason: 'full' }
      : { kind: 'asking', request: submitted.id };
  }

  /** What waits for a device asks for its turn, in the session that is open or, one after another, in the next ones. */
  async askWaiting(key: DeviceKey): Promise<void> {
    try {
      const transfers = await this.#context.store.transfers.listTransfers(key);
      const waiting = transfers.filter(({ state }) => state === 'waiting').toReversed();
      for (const { CommandKey } of waiting) await this.#submit(key, { what: 'ask', CommandKey });
    } catch (error) {
      this.#context.metrics.count('failure', 'transfers');
      this.#context.log.error({ device: key.device, err: error }, 'transfers that wait are asked for another time');
    }
  }

  /** Due work: ends what has outlived its time; says when to look again. */
  async expire(key: DeviceKey): Promise<number | undefined> {
    const { ended, next } = await this.#context.store.transfers.expireTransfers(key, this.#context.clock.now());
    if (ended.length > 0) await this.#ended(key, ended);
    return next;
  }

  #submit(key: DeviceKey, task: TransferTask): Promise<Submitted> {
    const msg_id = `${task.what} ${task.CommandKey}`;
    return this.#context.submit(key, {
      kind: TRANSFER,
      payload: formatTask(task),
      origin: { from_id: OURSELVES, to_id: key.device, msg_id },
      returnPath: undefined,
    });
  }

  /** The event that told of it is stored; whoever wants to hear of it is told by due work. */
  async #ended(key: DeviceKey, transfers: readonly TransferRecord[]): Promise<void> {
    const { metrics, clock, schedule } = this.#context;
    for (const { state } of transfers) metrics.count('transfer', state);
    await schedule('events', key, clock.now());
  }
}
