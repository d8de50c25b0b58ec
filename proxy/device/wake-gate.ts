// One Connection Request for all who wait for a CPE, its exact outcome kept (DESIGN mechanism 4, promise 2). An attempt
// ends with the CPE's Inform, with a reason that trying again cannot cure, or with nobody waiting any more.
import { type Deferred, deferred } from '../operate/deferred.ts';
import type { DeviceRecord } from '../store/device-steps.ts';
import { type DeviceKey, nameOfDevice } from '../store/store.ts';
import { whyReleased } from './release.ts';
import type { DeviceContext, WakeOutcome } from './settings.ts';

export type WakeResult = WakeOutcome & { readonly arrived: boolean };

/** One attempt is over within this and the wait for the Inform. */
const LEASE_MARGIN_MS = 30_000;
/** Pause before a retryable failure is tried again; doubled each time. */
const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 15_000;

const SILENT = 'the CPE accepted the Connection Request and sent no Inform';
/** UDP: nothing told whether it arrived. */
const LOST = 'the Connection Request was sent and no Inform came';

const everyWay = (outcome: WakeOutcome): readonly WakeOutcome[] => [...(outcome.earlier ?? []), outcome];
const reasonOf = ({ outcome, detail }: WakeOutcome): string => `${outcome}: ${detail}`;

export class WakeGate {
  readonly #context: DeviceContext;
  readonly #arrivals = new Map<string, Deferred<true>>();
  readonly #failed: (key: DeviceKey, reason: string) => Promise<void>;
  #stopped = false;

  /** `failed`: those who wait for a device cannot be served, for this reason. */
  constructor(context: DeviceContext, failed: (key: DeviceKey, reason: string) => Promise<void>) {
    this.#context = context;
    this.#failed = failed;
  }

  /** The CPE has opened a session: whoever waits for it knows. */
  arrived(key: DeviceKey): void {
    this.#arrivals.get(nameOfDevice(key))?.resolve(true);
  }

  isCalling(key: DeviceKey): boolean {
    return this.#arrivals.has(nameOfDevice(key));
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Makes the CPE come if requests wait for it and nobody else is trying. Resolves when the trying is over. */
  async wake(key: DeviceKey): Promise<void> {
    if (this.#stopped || this.#arrivals.has(nameOfDevice(key))) return;
    const arrival = deferred<true>();
    this.#arrivals.set(nameOfDevice(key), arrival);
    try {
      await this.#try(key, arrival.promise);
    } finally {
      this.#arrivals.delete(nameOfDevice(key));
    }
  }

  /** An attempt by every way without anybody waiting, for the doctor. */
  async attempt(record: DeviceRecord): Promise<WakeResult> {
    const known = this.#arrivals.get(nameOfDevice(record.key));
    const arrival = known ?? deferred<true>();
    if (known === undefined) this.#arrivals.set(nameOfDevice(record.key), arrival);
    try {
      const earlier: WakeOutcome[] = [];
      for (;;) {
        const tried = earlier.flatMap(({ way = '' }) => way);
        const outcome = whyReleased(record) ?? (await this.#context.needs.wake(record, tried));
        const arrived = outcome.accepted && (await this.#within(this.#context.settings.wakeArrivalMs, arrival.promise));
        await this.#keep(record, outcome, arrived);
        const { earlier: before = [], ...last } = outcome;
        earlier.push(...before);
        if (arrived || outcome.moreWays !== true) return { ...last, earlier, arrived };
        earlier.push(last);
      }
    } finally {
      if (known === undefined) this.#arrivals.delete(nameOfDevice(record.key));
    }
  }

  async #try(key: DeviceKey, arrival: Promise<true>): Promise<void> {
    const { store, clock, incarnation, settings, needs } = this.#context;
    for (let pause = FIRST_PAUSE_MS; !this.#stopped; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const record = await store.devices.readDevice(key);
      if (record === undefined || record.owner !== undefined || record.waiting === 0) return;
      if (record.quiet !== undefined && record.quiet.until > clock.now()) {
        await needs.schedule('wake', key, record.quiet.until);
        return;
      }
      // Asked for each attempt, and only when it is made: a lease that nobody uses would keep everybody from calling.
      const lease = settings.wakeArrivalMs + LEASE_MARGIN_MS;
      if (!(await store.devices.beginWake(key, incarnation, clock.now(), lease))) return;
      const outcome = whyReleased(record) ?? (await needs.wake(record));
      const arrived = outcome.accepted && (await this.#within(settings.wakeArrivalMs, arrival));
      await this.#keep(record, outcome, arrived);
      if (arrived) return;
      if (!outcome.accepted && !everyWay(outcome).some(({ retryable }) => retryable)) {
        await this.#failed(key, everyWay(outcome).map(reasonOf).join('; '));
        return;
      }
      if (await this.#within(pause, arrival)) return;
    }
  }

  #keep({ key, wake }: DeviceRecord, outcome: WakeOutcome, arrived: boolean): Promise<void> {
    const { store, clock, metrics } = this.#context;
    const { way, earlier = [] } = outcome;
    for (const failed of earlier) metrics.count('connection_request', failed.outcome);
    const worked = arrived ? way : wake?.worked;
    const silent = outcome.accepted && !arrived;
    const name = arrived ? 'arrived' : silent ? `${outcome.outcome}-no-inform` : outcome.outcome;
    const before = earlier.map((failed) => `${reasonOf(failed)} `).join('');
    const silence = outcome.outcome === 'udp-sent' ? LOST : SILENT;
    const detail = silent ? silence : arrived ? outcome.detail : before + outcome.detail;
    metrics.count('connection_request', name);
    return store.devices.endWake(key, {
      at: clock.now(),
      outcome: name,
      detail,
      ...(way !== undefined && { way }),
      ...(worked !== undefined && { worked }),
    });
  }

  /** True when the CPE arrives within the time. */
  async #within(ms: number, arrival: Promise<true>): Promise<boolean> {
    const late = deferred<false>();
    const timer = this.#context.clock.after(ms, () => late.resolve(false));
    const result = await Promise.race([arrival, late.promise]);
    timer.cancel();
    return result;
  }
}
