// Giving a device up at the end of its session: what outcomes the store still owes are settled first, what parking has
// learnt is kept, and the store is asked until it takes the release.
import type { DeviceKey } from '../store/store.ts';
import type { Derivation } from './derivation.ts';
import { formatParking, noteHangUp, parseParking } from './hold-learning.ts';
import type { LossReason } from './link.ts';
import type { DeviceContext } from './settings.ts';
import { settle, type Unsettled } from './turn.ts';

/** How the session came to its end, by the south edge. */
export interface SessionEnd {
  readonly reason: 'done' | LossReason;
  /** How long the CPE had been held when it hung up; undefined when it was not held. */
  readonly heldMs: number | undefined;
}

/** The session that gives its device up. */
interface Owner {
  readonly key: DeviceKey;
  readonly epoch: number;
  readonly derivation: Derivation;
  /** Once: the device is given up, or another session has it; `waiting` requests want the CPE back. */
  readonly over: (waiting: number) => void;
}

export class GivingUp {
  readonly #context: DeviceContext;
  readonly #owner: Owner;
  /** Outcomes that the store could not take yet. */
  readonly #unsettled: Unsettled[] = [];
  #end: SessionEnd | undefined;
  #released = false;

  constructor(context: DeviceContext, owner: Owner) {
    this.#context = context;
    this.#owner = owner;
  }

  /** The south edge has closed the session. */
  ended(end: SessionEnd): void {
    this.#end = end;
  }

  /** An outcome that is to be settled before the device is given up. */
  owe(unsettled: Unsettled): void {
    this.#unsettled.push(unsettled);
  }

  async settleOwed(): Promise<void> {
    const { key, epoch } = this.#owner;
    for (let owed = this.#unsettled[0]; owed !== undefined; owed = this.#unsettled[0]) {
      await settle(this.#context, key, epoch, owed);
      this.#unsettled.shift();
    }
  }

  /** False when requests wait, unless forced. */
  async release(force: boolean): Promise<boolean> {
    if (this.#released) return true;
    await this.settleOwed();
    const { key, epoch, derivation, over } = this.#owner;
    const hungUpAfter = this.#end?.reason === 'closed' ? this.#end.heldMs : undefined;
    const clean = this.#end === undefined || this.#end.reason === 'done';
    const step = await this.#context.store.devices.release(key, epoch, {
      eventsDone: derivation.eventsDone,
      clean,
      force,
      ...(hungUpAfter === undefined ? {} : { parking: await this.#parkingAfterHangUp(hungUpAfter) }),
    });
    if (step.kind === 'waiting') return false;
    this.#released = true;
    over(step.kind === 'released' ? step.waiting : 0);
    return true;
  }

  async #parkingAfterHangUp(heldMs: number): Promise<string> {
    const { store, clock } = this.#context;
    const record = await store.devices.readDevice(this.#owner.key);
    return formatParking(noteHangUp(parseParking(record?.parking ?? ''), clock.now(), heldMs));
  }
}
