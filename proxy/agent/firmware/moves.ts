// One step of an operation on firmware: stored together with the banks, told to whoever wants to hear, and what images
// nobody needs after it are removed.
import type { Clock } from '../../operate/clock.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { FirmwareMove, FirmwareRecord } from '../../store/firmware-steps.ts';
import type { OperationChange, OperationOutcome, OperationRecord } from '../../store/operation-steps.ts';
import type { DeviceKey, Store } from '../../store/store.ts';
import type { Images } from './images.ts';
import { type FirmwareTask, formatTask, isOnFirmware, lastAttemptOf, taskOf } from './task.ts';

/** An operation as it was read, with what belongs to it. */
export interface Subject {
  readonly key: DeviceKey;
  readonly operation: OperationRecord;
  readonly task: FirmwareTask;
  readonly firmware: FirmwareRecord;
}

export const subjectsOf = ({ key, operations, firmware }: DeviceRecord): readonly Subject[] =>
  operations.filter(isOnFirmware).map((operation) => ({ key, operation, task: taskOf(operation), firmware }));

/** Whether the device has the image in its bank, or something is under way that may bring it there. */
export const needsImage = ({ operations, firmware }: DeviceRecord, blob: string): boolean =>
  firmware.bank.blob === blob || operations.some(isOnFirmware);

/** A transfer has ended while an image is on its way: it may be the image's. */
export const hasLoaded = ({ operations, pendingEvents }: DeviceRecord): boolean =>
  operations.some(isOnFirmware) && pendingEvents.some(({ kind }) => kind === 'transfer');

export interface MovesContext {
  readonly store: Pick<Store, 'firmware'>;
  readonly clock: Clock;
  readonly images: Images;
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
}

export class Moves {
  readonly #context: MovesContext;

  constructor(context: MovesContext) {
    this.#context = context;
  }

  /** The subject as it is after it; undefined where somebody else was faster. `firmware` undefined: the banks stay. */
  async goOn(
    subject: Subject,
    task: FirmwareTask,
    change: Omit<OperationChange, 'detail'>,
    firmware?: FirmwareRecord,
  ): Promise<Subject | undefined> {
    const detail = formatTask(task);
    const after = { ...subject, operation: { ...subject.operation, ...change, detail }, task };
    const next = { kind: 'goes-on', change: { ...change, detail } } as const;
    const moved = await this.#move(subject, next, firmware, task.image);
    return moved ? { ...after, firmware: firmware ?? subject.firmware } : undefined;
  }

  /** False where somebody else was faster. */
  end(subject: Subject, outcome: OperationOutcome, firmware?: FirmwareRecord): Promise<boolean> {
    return this.#move(subject, { kind: 'ends', outcome }, firmware, '');
  }

  async #move(
    { key, operation, task, firmware: before }: Subject,
    next: FirmwareMove['operation'],
    firmware: FirmwareRecord | undefined,
    image: string,
  ): Promise<boolean> {
    const { store, clock, images, schedule } = this.#context;
    const { number, detail } = operation;
    const at = clock.now();
    const move = { number, detail, at, firmware, operation: next };
    if ((await store.firmware.moveFirmware(key, move)) === 'stale') return false;
    if (firmware !== undefined || next.kind === 'ends') await schedule('events', key, at);
    const needed = new Set([image, (firmware ?? before).bank.blob]);
    for (const blob of new Set([task.image, before.bank.blob]))
      if (blob !== '' && !needed.has(blob)) await images.leave(key, blob, lastAttemptOf(number));
    return true;
  }
}
