// The second part: the CPE is told to load the image, in its time window, and what it reports decides how it goes on.
import type { TransferSecrets } from '../../device/transfers/order.ts';
import type { DeviceTransfers } from '../../device/transfers/transfers.ts';
import type { Clock } from '../../operate/clock.ts';
import type { OperationOutcome } from '../../store/operation-steps.ts';
import type { Store } from '../../store/store.ts';
import type { TransferToAsk } from '../../store/transfer-steps.ts';
import { CANCELED } from '../operations/judge-test.ts';
import { transferOutcome } from '../subscriptions/transfer-outcome.ts';
import { emptied, notInstalled, running } from './banks.ts';
import type { Images, OfferedImage } from './images.ts';
import type { Moves, Subject } from './moves.ts';
import { downloadOrder } from './order.ts';
import { DONE, failed, GONE, PASSED } from './outcomes.ts';
import type { Phase } from './task.ts';
import { nextTurn } from './windows.ts';

export interface ImageLoadContext {
  readonly store: Pick<Store, 'operations' | 'transfers'>;
  readonly clock: Clock;
  readonly transfers: Pick<DeviceTransfers, 'begin' | 'cancel' | 'newKey' | 'keepMs'>;
  readonly images: Images;
  readonly moves: Moves;
}

type Waiting = Extract<Phase, { readonly kind: 'wait' }>;
type Loading = Extract<Phase, { readonly kind: 'load' }>;

/** A report is waited for beyond the time that its transfer has. */
const BEYOND_MS = 120_000;

export class ImageLoad {
  readonly #context: ImageLoadContext;

  constructor(context: ImageLoadContext) {
    this.#context = context;
  }

  async lookAtWindow(subject: Subject, { index, tries, at, failure }: Waiting): Promise<void> {
    const { clock, store, transfers, moves } = this.#context;
    const { key, operation, task } = subject;
    const now = clock.now();
    if (at > now) {
      await store.operations.changeOperation(key, operation.number, ['Active'], { dueAt: at });
      return;
    }
    const end = task.windows[index]?.end ?? 0;
    if (now >= end) {
      await this.#again(subject, { index, tries }, failure === '' ? PASSED : failed(failure));
      return;
    }
    const phase: Loading = { kind: 'load', index, tries };
    const begun = await moves.goOn(subject, { ...task, phase }, { transfer: transfers.newKey(), dueAt: end });
    if (begun !== undefined) await this.#ask(begun);
  }

  async lookAtLoad(subject: Subject, phase: Loading): Promise<void> {
    const { clock, store, transfers } = this.#context;
    const { key, operation, task } = subject;
    const end = task.windows[phase.index]?.end ?? 0;
    const transfer = await store.transfers.readTransfer(key, operation.transfer);
    if (transfer === undefined) {
      // The node that wanted it died in between.
      if (clock.now() < end) await this.#ask(subject);
      else await this.#again(subject, phase, PASSED);
      return;
    }
    if (transfer.end !== undefined) {
      await this.#over(subject, phase, transfer);
      return;
    }
    if (clock.now() < operation.dueAt) return;
    // The device has not come in its time. What it has begun it ends.
    if (transfer.state === 'waiting' && (await transfers.cancel(key, operation.transfer)).kind === 'cancelled') {
      await this.#again(subject, phase, PASSED);
      return;
    }
    await store.operations.changeOperation(key, operation.number, ['Active', 'Canceling'], {
      dueAt: Math.max(transfer.expiresAt, clock.now()) + BEYOND_MS,
    });
  }

  /** The transfer is stored under the key that the operation has, once. */
  async #ask(subject: Subject): Promise<void> {
    const { store, transfers } = this.#context;
    const { key, operation, task } = subject;
    const offered = await this.#source(subject);
    if (offered === undefined) {
      await this.#gone(subject);
      return;
    }
    const stored = task.source === 'direct' ? await store.operations.readOperation(key, operation.number) : undefined;
    const { Username, Password }: TransferSecrets =
      stored === undefined || stored.input === ''
        ? { Username: '', Password: '' }
        : (JSON.parse(stored.input) as TransferSecrets);
    const order = downloadOrder(offered.URL, offered.FileSize);
    const begun = await transfers.begin(key, order, { Username, Password }, operation.transfer);
    if (begun.kind === 'refused') await this.#context.moves.end(subject, failed('the device has too many transfers'));
    // The transfer has them now: what is secret stands in one place.
    else if (task.source === 'direct')
      await store.operations.changeOperation(key, operation.number, ['Active'], { status: 'Active' });
  }

  async #source({ key, task }: Subject): Promise<OfferedImage | undefined> {
    if (task.source === 'direct') return { URL: task.TransferURL, FileSize: task.FileSize };
    return this.#context.images.offer(key, task.image, this.#context.transfers.keepMs);
  }

  async #gone(subject: Subject): Promise<void> {
    const { firmware, task } = subject;
    const wasBank = firmware.bank.blob === task.image;
    await this.#context.moves.end(subject, GONE, wasBank ? emptied(firmware) : undefined);
  }

  async #over(subject: Subject, phase: Loading, transfer: TransferToAsk): Promise<void> {
    const { firmware, task, operation } = subject;
    const outcome = transferOutcome(transfer);
    if (outcome.kind === 'done') {
      const after = running(firmware, task.row);
      await this.#context.moves.end(subject, DONE, after === firmware ? undefined : after);
    } else if (operation.status === 'Canceling') await this.#context.moves.end(subject, CANCELED);
    // Cancelled by somebody else is not to be tried again.
    else if (transfer.state === 'cancelled') await this.#context.moves.end(subject, outcome);
    else await this.#again(subject, { ...phase, tries: phase.tries + 1 }, outcome);
  }

  /** Another try where there is one; else that was the end. */
  async #again(
    subject: Subject,
    turn: { readonly index: number; readonly tries: number },
    outcome: OperationOutcome,
  ): Promise<void> {
    const { clock, moves } = this.#context;
    const { task, firmware } = subject;
    const next = nextTurn(task.windows, turn, clock.now());
    const why = outcome.kind === 'failed' ? outcome.err_msg : '';
    if (next.kind === 'wait' && task.source !== 'direct') {
      await moves.goOn(subject, { ...task, phase: { ...next, failure: why } }, { transfer: '', dueAt: next.at });
      return;
    }
    // An image that the device was never asked to load is as good as before.
    const isBad = outcome !== PASSED && firmware.bank.blob !== '' && firmware.bank.blob === task.image;
    await moves.end(subject, outcome, isBad ? notInstalled(firmware, why) : undefined);
  }
}
