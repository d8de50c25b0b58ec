// Operations of devices: commands that go on after their answer. They live in the store from the request to the end, which
// is an event there; what ends them is due work, a report of the CPE, or a look at it. No node remembers one.
import type { Clock } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import { hasEvent, tellsBoot } from '../../device/events.ts';
import type { TransferOrder, TransferSecrets } from '../../device/transfers/order.ts';
import type { DeviceTransfers } from '../../device/transfers/transfers.ts';
import type { Submission, Submitted } from '../../device/room.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { OperationOutcome, OperationRecord } from '../../store/operation-steps.ts';
import type { DeviceKey, Store } from '../../store/store.ts';
import { codes } from '../../usp/codes.ts';
import type { CommandFailure, OutputArgs } from '../../usp/messages/operate.ts';
import { commandFailure, NOTHING } from '../commands/answers.ts';
import { Diagnostics, runningTest, type TestedCpe, waitingTests } from './diagnostics.ts';
import { Firmware } from '../firmware/firmware.ts';
import type { Images } from '../firmware/images.ts';
import { FIRST_FIRMWARE } from '../../store/firmware-steps.ts';
import { CANCELED, LATE } from './judge-test.ts';
import type { Begun, DeviceOperations, WantedOperation } from './device-operations.ts';

/** Due work that ends operations, or looks after them; and the mailbox entries that look at the CPE for them. */
export const OPERATION = 'operation';

/** Operations of one device that have not ended. */
const MOST = 32;

export interface OperationsContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly settings: { readonly diagnosticBoundMs: number };
  readonly transfers: Pick<DeviceTransfers, 'begin' | 'cancel' | 'newKey' | 'keepMs'>;
  readonly images: Images;
  readonly submit: (key: DeviceKey, submission: Submission) => Promise<Submitted>;
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
}

/** For a look at the CPE, waking it included. */
const LOOK_MS = 120_000;
const DIAGNOSTICS_COMPLETE = 8;
/** Who asks, in the list of requests: a look that waits already is not asked for twice. */
const OURSELVES = 'causeway';
const NOT_BEGUN: OperationOutcome = {
  kind: 'failed',
  err_code: codes.commandFailure,
  err_msg: 'the transfer has not begun, or nothing is known of its end',
};
const NO_TURN: OperationOutcome = {
  kind: 'failed',
  err_code: codes.commandFailure,
  err_msg: 'the command did not get its turn at the device',
};

export class Operations {
  readonly #context: OperationsContext;
  readonly #firmware: Firmware;

  constructor(context: OperationsContext) {
    this.#context = context;
    this.#firmware = new Firmware({ ...context, ring: (key) => this.ring(key) });
  }

  /** `request`: names the request that begins them, so that it begins none twice; '' for one that runs once. */
  of(key: DeviceKey, request: string): DeviceOperations {
    return {
      now: () => this.#context.clock.now(),
      begin: (wanted) => this.#begin(key, request, wanted),
      cancel: (number) => this.#cancel(key, number),
      list: () => this.#list(key),
      drop: ({ number }) => this.#context.store.operations.dropOperation(key, number),
      diagnostics: this.#diagnostics(key),
      transferKeepMs: this.#context.transfers.keepMs,
      firmware: {
        banks: async () => (await this.#context.store.devices.readDevice(key))?.firmware ?? FIRST_FIRMWARE,
        refusal: (URL) => this.#context.images.refusal(URL),
        ring: () => this.ring(key),
      },
      beginTransfer: (wanted, order, secrets) => this.#beginTransfer(key, request, wanted, order, secrets),
    };
  }

  /** Due work: ends what has come to its time, or looks for its end; says when to look again. */
  async due(key: DeviceKey): Promise<number | undefined> {
    await this.#lookAtFirmware(key);
    const now = this.#context.clock.now();
    for (const operation of await this.#list(key)) if (operation.dueAt <= now) await this.#dueOne(key, operation, now);
    const left = await this.#list(key);
    if (runningTest(left) === undefined && waitingTests(left).length > 0) await this.#lookAt(key);
    return left.length === 0 ? undefined : Math.min(...left.map(({ dueAt }) => dueAt));
  }

  /** The device has come: what it may tell of its tests is asked for before its Inform is answered. Never rejects. */
  async arrived({ key, operations }: DeviceRecord, eventCodes: readonly string[]): Promise<void> {
    const running = runningTest(operations);
    const tells = hasEvent(eventCodes, DIAGNOSTICS_COMPLETE) || tellsBoot(eventCodes);
    const wanted =
      running === undefined ? waitingTests(operations).length > 0 : tells || running.status === 'Canceling';
    if (!wanted) return;
    try {
      await this.#lookAt(key);
    } catch (error) {
      this.#context.metrics.count('failure', 'operations');
      this.#context.log.error({ device: key.device, err: error }, 'tests are looked for another time');
    }
  }

  /** Operations of the device are to be looked at, soon and by whatever node. */
  ring(key: DeviceKey): Promise<void> {
    return this.#context.schedule(OPERATION, key, this.#context.clock.now());
  }

  /** A CPE has its turn for its tests. */
  look(cpe: TestedCpe): Promise<void> {
    return this.#diagnostics(cpe.access.record.key).look(cpe);
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
    const operation = (await this.#list(key)).find((one) => one.number === number);
    if (operation === undefined) return commandFailure(codes.objectDoesNotExist, 'the command has ended');
    if (operation.kind === 'transfer') return this.#cancelTransfer(key, operation);
    if (operation.kind === 'firmware') {
      await this.#firmware.cancel(key, operation);
      return NOTHING;
    }
    if (operation.kind === 'timer' || operation.status === 'Requested') await this.end(key, operation, CANCELED);
    else {
      // The CPE may be called for it, though it runs the test; when it cannot be, the command is over in any case.
      const change = { status: 'Canceling', dueAt: this.#context.clock.now() + LOOK_MS } as const;
      await this.#context.schedule(OPERATION, key, change.dueAt);
      await this.#context.store.operations.changeOperation(key, number, ['Active'], change);
      await this.#lookAt(key);
    }
    return NOTHING;
  }

  async #beginTransfer(
    key: DeviceKey,
    request: string,
    wanted: Pick<WantedOperation, 'command' | 'command_key' | 'from_id'>,
    order: TransferOrder,
    secrets: TransferSecrets,
  ): Promise<Begun> {
    const { transfers, clock, store } = this.#context;
    const dueAt = clock.now() + transfers.keepMs + LOOK_MS;
    const detail = { TransferURL: order.URL };
    const operation = { kind: 'transfer', status: 'Active', transfer: transfers.newKey(), dueAt, detail } as const;
    const begun = await this.#begin(key, request, { ...wanted, ...operation });
    if (!begun.ok) return begun;
    const { number, transfer } = begun.operation;
    // The same request may have come as far as the operation, and no further.
    if (begun.again && (await store.transfers.readTransfer(key, transfer)) !== undefined) return begun;
    const asked = await transfers.begin(key, order, secrets, transfer);
    if (asked.kind === 'begun') return begun;
    await store.operations.dropOperation(key, number);
    return { ok: false, failure: refusals[asked.reason] };
  }

  /** Where the CPE has to be asked, the command goes on until it says so. */
  async #cancelTransfer(key: DeviceKey, operation: OperationRecord): Promise<OutputArgs | CommandFailure> {
    const cancelled = await this.#context.transfers.cancel(key, operation.transfer);
    switch (cancelled.kind) {
      case 'asking':
        await this.#context.store.operations.changeOperation(key, operation.number, ['Active'], {
          status: 'Canceling',
        });
        return NOTHING;
      case 'refused':
        if (cancelled.reason === 'unknown') await this.end(key, operation, CANCELED);
        return cancelled.reason === 'not-cancellable'
          ? commandFailure(codes.requestDenied, 'CWMP has no way to cancel a change of deployment units')
          : cancelled.reason === 'full'
            ? refusals.full
            : NOTHING;
      default:
        return NOTHING;
    }
  }

  async #dueOne(key: DeviceKey, operation: OperationRecord, now: number): Promise<void> {
    if (operation.kind === 'timer') await this.end(key, operation, { kind: 'done', output_args: {} });
    // It was looked at before this: nothing more is to be done about it soon.
    else if (operation.kind === 'firmware') await this.#putOff(key, operation, now);
    // Its transfer would have expired before, had it ever begun.
    else if (operation.kind === 'transfer') await this.end(key, operation, NOT_BEGUN);
    else if (operation.status === 'Requested') await this.end(key, operation, NO_TURN);
    else if (operation.status === 'Canceling') await this.end(key, operation, CANCELED);
    // An odd number of looks: the last one was asked for, and the CPE was not there to be looked at.
    else if (operation.looks % 2 === 1) await this.end(key, operation, LATE);
    else {
      const change = { looks: operation.looks + 1, dueAt: now + LOOK_MS };
      await this.#context.store.operations.changeOperation(key, operation.number, ['Active'], change);
      await this.#lookAt(key);
    }
  }

  /** What holds the images may be away: the device's other operations do not wait for it. */
  async #lookAtFirmware(key: DeviceKey): Promise<void> {
    const { schedule, clock, metrics, log } = this.#context;
    try {
      await this.#firmware.look(key);
    } catch (error) {
      metrics.count('failure', 'firmware');
      log.error({ device: key.device, err: error }, 'images are looked after another time');
      await schedule(OPERATION, key, clock.now() + LOOK_MS);
    }
  }

  async #putOff(key: DeviceKey, { number }: OperationRecord, now: number): Promise<void> {
    await this.#context.store.operations.changeOperation(key, number, ['Active', 'Canceling'], {
      dueAt: now + LOOK_MS,
    });
  }

  async #lookAt(key: DeviceKey): Promise<void> {
    const origin = { from_id: OURSELVES, to_id: key.device, msg_id: OPERATION };
    await this.#context.submit(key, { kind: OPERATION, payload: '', origin, returnPath: undefined });
  }

  async #list(key: DeviceKey): Promise<readonly OperationRecord[]> {
    return (await this.#context.store.devices.readDevice(key))?.operations ?? [];
  }

  #diagnostics(key: DeviceKey): Diagnostics {
    const { store, settings, schedule } = this.#context;
    return new Diagnostics({
      steps: store.operations,
      boundMs: settings.diagnosticBoundMs,
      schedule: (at) => schedule(OPERATION, key, at),
      end: (operation, outcome) => this.end(key, operation, outcome),
    });
  }
}

const refusals = {
  full: commandFailure(codes.resourcesExceeded, `a device has at most ${MOST} commands under way`),
  ended: commandFailure(codes.commandFailure, 'the command has ended meanwhile'),
  'unknown-device': commandFailure(codes.internalError, 'the device is not known any more'),
} as const;
