// Turning a device's stored events into Notify rows, one run after another, in the order in which the events came. The
// store marks the events in the same step, so that nothing is derived twice and nothing is lost in between.
import type { DeviceRecord } from '../store/device-steps.ts';
import type { DeviceKey } from '../store/store.ts';
import type { TemplateRecord } from '../store/tenant-steps.ts';
import type { NamedValue } from './ledger.ts';
import type { DerivedNotifies, DeviceContext } from './settings.ts';

/** A derivation that failed is tried again after this. */
const RETRY_MS = 5000;

export class Derivation {
  readonly #context: DeviceContext;
  readonly #key: DeviceKey;
  readonly #onDerived: (arm: DerivedNotifies['arm']) => void;
  #work: Promise<void> = Promise.resolve();
  /** Nothing is derived before the CPE has said what there is to say. */
  #waits = false;
  /** What it is to be asked meanwhile. */
  #wants: readonly string[] = [];
  /** What it has answered. */
  #read: readonly NamedValue[] = [];
  /** Events up to here need no Notify and wait for the release to be marked. */
  eventsDone = 0;

  /** `onDerived`: rows or ledger of the device have changed in the store. */
  constructor(context: DeviceContext, key: DeviceKey, onDerived: (arm: DerivedNotifies['arm']) => void) {
    this.#context = context;
    this.#key = key;
    this.#onDerived = onDerived;
  }

  /** Resolves when everything asked for so far is derived, or has failed and been logged. */
  get settled(): Promise<void> {
    return this.#work;
  }

  /**
   * With a record and a template that have just been read. What a boot wants read of the CPE is waited for, and `reports` that
   * the CPE has announced with it: their ends are told before it.
   */
  begin(record: DeviceRecord, template: TemplateRecord, reports: boolean): void {
    this.#waits = reports;
    this.#after(async () => {
      this.#wants = await this.#context.needs.bootReads(record, template);
      this.#waits ||= this.#wants.length > 0;
      await this.#derive(record, template);
    });
  }

  /** It goes on when it is told to; known once it is settled. */
  get waits(): boolean {
    return this.#waits;
  }

  /** Parameters, by the CPE's own names, that it waits for. */
  get wants(): readonly string[] {
    return this.#wants;
  }

  /** The CPE has said what there is to say, or is gone. */
  goOn(read: readonly NamedValue[]): void {
    if (!this.#waits) return;
    this.#waits = false;
    this.#wants = [];
    this.#read = read;
    this.again();
  }

  /** Something was raised: looks at the device anew. */
  again(): void {
    this.#after(async () => {
      const { devices, tenants } = this.#context.store;
      const [record, template] = await Promise.all([
        devices.readDevice(this.#key),
        tenants.readTemplate(this.#key.tenant),
      ]);
      if (record !== undefined) await this.#derive(record, template);
    });
  }

  #after(derive: () => Promise<void>): void {
    this.#work = this.#work.then(derive).catch((error: unknown) => this.#failed(error));
  }

  async #failed(error: unknown): Promise<void> {
    const { metrics, log, needs, clock } = this.#context;
    const { device } = this.#key;
    metrics.count('failure', 'derive');
    log.error({ device, err: error }, 'events could not be derived; they stay stored');
    await needs.schedule('events', this.#key, clock.now() + RETRY_MS).catch((unscheduled: unknown) => {
      log.error({ device, err: unscheduled }, 'they are derived with the next session');
    });
  }

  async #derive(record: DeviceRecord, template: TemplateRecord): Promise<void> {
    const last = record.lastEvent;
    if (last <= this.eventsDone || this.#waits) return;
    const { needs, store, settings, metrics } = this.#context;
    const derived = await needs.derive(record, template, this.#read);
    if (derived === undefined) {
      this.eventsDone = last;
      return;
    }
    const { rows } = derived;
    const step = await store.outbox.deriveNotifies(this.#key, last, derived, settings.notifyCap);
    if (step.kind === 'conflict') {
      this.again();
      return;
    }
    if (step.kind !== 'derived') return;
    this.#read = [];
    for (const row of rows) metrics.count('notify', row.retry ? 'derived-retry' : 'derived');
    for (let dropped = 0; dropped < step.dropped; dropped += 1) metrics.count('notify', 'dropped-cap');
    const owed = new Set([...rows.map((row) => row.controller), ...(step.renewed ?? [])]);
    if (owed.size > 0) needs.outboxChanged(this.#key, [...owed]);
    this.#onDerived(derived.arm);
    // What was derived has led to something more.
    if (derived.events !== undefined) this.again();
  }
}
