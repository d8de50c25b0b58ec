// How the rows of all devices are learnt: at start, when other nodes come or go, and when a template has changed, by walking
// over the devices page by page. Between those, bells tell; what a bell missed is found by a slow walk that never ends.
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { Store } from '../../store/store.ts';
import type { TemplateRecord } from '../../store/tenant-steps.ts';
import type { Clock } from '../../operate/clock.ts';
import type { Log } from '../../operate/log.ts';
import type { Metrics } from '../../operate/metrics.ts';

export interface WalkContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tenants: readonly string[];
  readonly seen: (record: DeviceRecord, template: TemplateRecord) => void;
}

const PAGE = 500;
/** Between pages, so that a walk is not all that a node does. */
const BRISK_MS = 20;
const SLOW_MS = 1000;
/** How often the templates are looked at, one read a tenant: a change is a matter of all devices. */
const LOOK_MS = 5000;
/** From the end of one walk to the next when nothing has happened. */
const REST_LOOKS = 60;

export class TargetWalk {
  readonly #context: WalkContext;
  readonly #versions = new Map<string, number>();
  #again = false;
  #stopped = false;
  #wake: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(context: WalkContext) {
    this.#context = context;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** A bell: all devices are to be looked at, from the first one. */
  again(): void {
    this.#again = true;
    this.#wake();
  }

  /** Resolves when the page in hand is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    let pace = BRISK_MS;
    while (!this.#stopped) {
      this.#again = false;
      await this.#try(() => this.#walk(pace));
      pace = (await this.#rest()) ? BRISK_MS : SLOW_MS;
    }
  }

  /** True when something has happened that is a reason to walk briskly. */
  async #rest(): Promise<boolean> {
    for (let looks = 0; looks < REST_LOOKS && !this.#hasNews(); looks += 1) {
      await this.#pause(LOOK_MS);
      if (!this.#hasNews()) await this.#try(() => this.#lookAtTemplates());
    }
    return this.#hasNews();
  }

  async #walk(paceMs: number): Promise<void> {
    for (const tenant of this.#context.tenants) {
      let after: string | undefined = '';
      while (after !== undefined && !this.#hasNews()) {
        after = await this.#page(tenant, after);
        if (after !== undefined) await this.#pause(paceMs);
      }
    }
  }

  /** The last device of the page; undefined after the last page. */
  async #page(tenant: string, after: string): Promise<string | undefined> {
    const { store, seen } = this.#context;
    const [template, records] = await Promise.all([
      store.tenants.readTemplate(tenant),
      store.devices.listDevices(tenant, after, PAGE),
    ]);
    this.#versions.set(tenant, template.version);
    for (const record of records) seen(record, template);
    return records.length < PAGE ? undefined : records.at(-1)?.key.device;
  }

  async #lookAtTemplates(): Promise<void> {
    const { tenants, store } = this.#context;
    for (const tenant of tenants) {
      const { version } = await store.tenants.readTemplate(tenant);
      if (this.#versions.get(tenant) !== version) this.#again = true;
    }
  }

  #hasNews(): boolean {
    return this.#stopped || this.#again;
  }

  /** Over at once when a bell rings, or has rung. */
  async #pause(ms: number): Promise<void> {
    if (this.#hasNews()) return;
    await new Promise<void>((resolve) => {
      const timer = this.#context.clock.after(ms, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      // With no version known the next look finds one that is new, and all is walked again.
      this.#versions.clear();
      this.#context.metrics.count('failure', 'dial-walk');
      this.#context.log.warn({ err: error }, 'whom Agents are to dial could not be read; it is tried again');
    }
  }
}
