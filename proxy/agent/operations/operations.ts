// Operations of devices: commands that go on after their answer. They live in the store from the request to the end, which
// is an event there; what ends them is due work, a report of the CPE, or a look at it. No node remembers one.
import type { Clock } from '../../operate/clock.ts';
import type { Submission, Submitted } from '../../device/room.ts';
import type { OperationOutcome, OperationRecord } from '../../store/operation-steps.ts';
import type { DeviceKey, Store } from '../../store/store.ts';
import { codes } from '../../usp/codes.ts';
import type { CommandFailure, OutputArgs } from '../../usp/messages/operate.ts';
import { commandFailure, NOTHING } from '../commands/answers.ts';
import type { Begun, DeviceOperations, WantedOperation } from './device-operations.ts';

/** Due work that ends operations, or looks after them; and the mailbox entries that look at the CPE for them. */
export const OPERATION = 'operation';

/** Operations of one device that have not ended. */
const MOST = 32;

export interface OperationsContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly submit: (key: DeviceKey, submission: Submission) => Promise<Submitted>;
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
}

const CANCELED: OperationOutcome = {
  kind: 'failed',
  err_code: codes.commandCanceled,
  err_msg: 'the command was cancelled',
};

export class Operations {
  readonly #context: OperationsContext;

  constructor(context: OperationsContext) {
    this.#context = context;
  }

  /** `request`: names the request that begins them, so that it begins none twice; '' for one that runs once. */
  of(key: DeviceKey, request: string): DeviceOperations {
    return {
      now: () => this.#context.clock.now(),
      begin: (wanted) => this.#begin(key, request, wanted),
      cancel: (number) => this.#cancel(key, number),
    };
  }

  /** Due work: ends what has come to its time; says when to look again. */
  async due(key: DeviceKey): Promise<number | undefined> {
    const { store, clock } = this.#context;
    const record = await store.devices.readDevice(key);
    const now = clock.now();
    for (const operation of record?.operations ?? []) {
      if (operation.dueAt <= now) await this.end(key, operation, { kind: 'done', output_args: {} });
    }
    const left = (await store.devices.readDevice(key))?.operations ?? [];
    return left.length === 0 ? undefined : Math.min(...left.map(({ dueAt }) => dueAt));
  }

  /** Ends it, and sees to it that whoever wants to hear of it does. */
  async end(key: DeviceKey, { number }: OperationRecord, outcome: OperationOutcome): Promise<void> {
    const { store, clock, schedule } = this.#context;
    const now = clock.now();
    if ((await store.operations.endOperation(key, number, outcome, now)) === 'ended')
      await schedule('events', key, now);
  }

  async #begin(key: DeviceKey, request: string, wanted: WantedOperation): Promise<Begun> {
    const { store, clock, schedule } = this.#context;
    const { kind, command, command_key, from_id, status, dueAt, transfer = '', detail = {}, input = {} } = wanted;
    // Before it is stored: what is stored must end.
    await schedule(OPERATION, key, dueAt);
    const begun = await store.operations.beginOperation(
      key,
      {
        kind,
        originator: from_id,
        command,
        command_key,
        status,
        createdAt: clock.now(),
        dueAt,
        transfer,
        detail: JSON.stringify(detail),
        input: JSON.stringify(input),
        token: request === '' ? '' : `${request} ${command}`,
      },
      MOST,
    );
    if (begun.kind === 'begun' || begun.kind === 'known')
      return { ok: true, operation: begun.operation, again: begun.kind === 'known' };
    return { ok: false, failure: refusals[begun.kind] };
  }

  async #cancel(key: DeviceKey, number: number): Promise<OutputArgs | CommandFailure> {
    const record = await this.#context.store.devices.readDevice(key);
    const operation = record?.operations.find((one) => one.number === number);
    if (operation === undefined) return commandFailure(codes.objectDoesNotExist, 'the command has ended');
    await this.end(key, operation, CANCELED);
    return NOTHING;
  }
}

const refusals = {
  full: commandFailure(codes.resourcesExceeded, `a device has at most ${MOST} commands under way`),
  ended: commandFailure(codes.commandFailure, 'the command has ended meanwhile'),
  'unknown-device': commandFailure(codes.internalError, 'the device is not known any more'),
} as const;
