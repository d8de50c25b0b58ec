// Operations on the Agent's firmware banks: an image is fetched, kept, and loaded by the CPE from the gateway's own file
// server, in its time. Each look takes an operation one step further by what stands in the store, so that any node can go
// on with it after any other; due work and the ends of transfers ask for looks (facts: cwmp-usp-translation §8.2).
import type { DeviceTransfers } from '../../device/transfers/transfers.ts';
import type { Clock } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';
import type { OperationRecord } from '../../store/operation-steps.ts';
import type { DeviceKey, Store } from '../../store/store.ts';
import { CANCELED } from '../operations/judge-test.ts';
import { emptied } from './banks.ts';
import { ImageFetch, isToBank } from './fetch-image.ts';
import type { Images } from './images.ts';
import { ImageLoad } from './load-image.ts';
import { Moves, type Subject, subjectsOf } from './moves.ts';

export interface FirmwareContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly transfers: Pick<DeviceTransfers, 'begin' | 'cancel' | 'newKey' | 'keepMs'>;
  readonly images: Images;
  readonly schedule: (kind: string, key: DeviceKey, at: number) => Promise<void>;
  /** A bell: operations of the device are to be looked at. */
  readonly ring: (key: DeviceKey) => Promise<void>;
}

export class Firmware {
  readonly #context: FirmwareContext;
  readonly #moves: Moves;
  readonly #fetch: ImageFetch;
  readonly #load: ImageLoad;

  constructor(context: FirmwareContext) {
    this.#context = context;
    this.#moves = new Moves(context);
    this.#fetch = new ImageFetch({ ...context, moves: this.#moves });
    this.#load = new ImageLoad({ ...context, moves: this.#moves });
  }

  /** Takes every operation on firmware one step further, where there is one to take. */
  async look(key: DeviceKey): Promise<void> {
    for (const subject of await this.#subjects(key)) {
      const { phase } = subject.task;
      if (phase.kind === 'fetch') await this.#fetch.look(subject, phase.tries);
      else if (phase.kind === 'wait') await this.#load.lookAtWindow(subject, phase);
      else await this.#load.lookAtLoad(subject, phase);
    }
  }

  /** Where the CPE has to be asked, it goes on until that says so. */
  async cancel(key: DeviceKey, { number }: OperationRecord): Promise<void> {
    const subject = (await this.#subjects(key)).find(({ operation }) => operation.number === number);
    if (subject === undefined) return;
    const { operation, task, firmware } = subject;
    if (task.phase.kind !== 'load') {
      this.#fetch.stop(subject);
      const isFilling = task.phase.kind === 'fetch' && isToBank(subject);
      await this.#moves.end(subject, CANCELED, isFilling ? emptied(firmware) : undefined);
      return;
    }
    const { store, transfers } = this.#context;
    await store.operations.changeOperation(key, number, ['Active'], { status: 'Canceling' });
    const cancelled = await transfers.cancel(key, operation.transfer);
    if (cancelled.kind === 'refused' && cancelled.reason === 'unknown') await this.#moves.end(subject, CANCELED);
    else await this.look(key);
  }

  async #subjects(key: DeviceKey): Promise<readonly Subject[]> {
    const record = await this.#context.store.devices.readDevice(key);
    return record === undefined ? [] : subjectsOf(record);
  }
}
