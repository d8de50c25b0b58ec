// The dials of this node: one for each pair of an Agent that is this node's to dial for and a Controller that its rows want
// dialled. What the rows want comes from outside, in any order and as often as anybody likes; here it is compared with what
// there is.
import type { DialTarget } from '../../agent/local-agent/dial-targets.ts';
import { Recent } from '../../operate/recent.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import { type DeviceKey, nameOfDevice } from '../../store/store.ts';
import { Dial, type DialContext } from './dial.ts';

export interface DiallerContext extends Omit<DialContext, 'ended'> {
  /** Dials of this node, at most. */
  readonly cap: number;
  /** Whether this node dials for the device. */
  readonly isOurs: (device: string) => boolean;
}

/** How new that is from which a device's dials were made. */
interface Versions {
  readonly bootAt: number;
  readonly localVersion: number;
  readonly templateVersion: number;
}
interface Held {
  readonly key: DeviceKey;
  dials: readonly Dial[];
  versions: Versions;
}

/** Devices whose last dial has ended and of which it is known how new that was. */
const LEFT_KEPT = 10_000;

type Seen = Pick<DeviceRecord, 'key' | 'bootAt' | 'localVersion'>;

export class Dialler {
  readonly #context: DialContext;
  readonly #settings: Pick<DiallerContext, 'cap' | 'isOurs'>;
  readonly #devices = new Map<string, Held>();
  readonly #left = new Recent<Versions>(LEFT_KEPT);
  #size = 0;
  #stopped = false;
  /** What is refused for one reason again and again is logged once. */
  readonly #said = new Set<string>();

  constructor(context: DiallerContext) {
    this.#settings = context;
    this.#context = { ...context, ended: (dial) => this.#ended.get(dial)?.() };
  }

  /** For each dial that runs, what takes it out of the list of its device. */
  readonly #ended = new Map<Dial, () => void>();

  get size(): number {
    return this.#size;
  }

  get open(): number {
    let open = 0;
    for (const dial of this.#ended.keys()) if (dial.isOpen) open += 1;
    return open;
  }

  /**
   * What a device's rows want, of its record and its tenant's template as they were read. Anybody may bring it: an Inform, a
   * change of rows, a walk over all devices. A boot of the CPE since the last time starts its Agent's dials anew.
   */
  seen(record: Seen, templateVersion: number, targets: readonly DialTarget[]): void {
    const { key, bootAt, localVersion } = record;
    const name = nameOfDevice(key);
    const known = this.#devices.get(name);
    const wanted = this.#isOff(targets) || !this.#settings.isOurs(key.device) ? [] : targets;
    if (this.#stopped || (known === undefined && wanted.length === 0)) return;
    const versions = { bootAt, localVersion, templateVersion };
    const before = known?.versions ?? this.#left.get(name);
    // Two may have read the device one after the other, and tell it the other way round.
    if (before !== undefined && isOlder(versions, before)) return;
    const held = known ?? { key, dials: [], versions };
    const booted = bootAt > held.versions.bootAt;
    held.versions = versions;
    this.#devices.set(name, held);
    this.#apply(held, wanted);
    if (booted) for (const dial of held.dials) dial.feed({ kind: 'restarted' });
  }

  /** Another node dials for some devices now: theirs are let go. */
  letGo(): void {
    for (const held of [...this.#devices.values()]) {
      if (!this.#settings.isOurs(held.key.device)) this.#apply(held, []);
    }
  }

  /** `Reset()` of the MTP: the connection is made anew, and the count of retries begins anew, where this node dials. */
  reset(key: DeviceKey, controller: string): void {
    this.#find(key, controller)?.feed({ kind: 'restarted' });
  }

  /** CurrentRetryCount of the MTP; undefined when this node does not dial there. */
  retriesOf(key: DeviceKey, controller: string): number | undefined {
    return this.#find(key, controller)?.retries;
  }

  /** Nothing is dialled any more; resolves when all connections are gone. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#context.queue.stop();
    const dials = [...this.#ended.keys()];
    this.#ended.clear();
    this.#devices.clear();
    await Promise.all(dials.map((dial) => dial.stop()));
  }

  #find(key: DeviceKey, controller: string): Dial | undefined {
    return this.#devices.get(nameOfDevice(key))?.dials.find((dial) => dial.controller === controller);
  }

  #apply(held: Held, wanted: readonly DialTarget[]): void {
    for (const dial of held.dials) {
      const target = wanted.find(({ controller }) => controller === dial.controller);
      if (target === undefined) dial.feed({ kind: 'wanted', target });
    }
    for (const target of wanted) {
      const dial = held.dials.find(({ controller }) => controller === target.controller) ?? this.#add(held, target);
      dial?.feed({ kind: 'wanted', target });
    }
    if (held.dials.length === 0) this.#forget(held);
  }

  #forget({ key, versions }: Held): void {
    const name = nameOfDevice(key);
    this.#devices.delete(name);
    this.#left.set(name, versions);
  }

  #add(held: Held, { controller }: DialTarget): Dial | undefined {
    const { metrics } = this.#context;
    if (this.#size >= this.#settings.cap) {
      metrics.count('dial', 'too-many');
      this.#sayOnce('too-many', 'usp.dial.cap is reached: some Agents do not dial their Controllers');
      return undefined;
    }
    const dial = new Dial(this.#context, controller);
    held.dials = [...held.dials, dial];
    this.#size += 1;
    this.#ended.set(dial, () => {
      this.#ended.delete(dial);
      this.#size -= 1;
      held.dials = held.dials.filter((other) => other !== dial);
      if (held.dials.length === 0) this.#forget(held);
    });
    return dial;
  }

  /** Whether nobody may dial anywhere; rows that want it are counted, and the log says once what is missing. */
  #isOff(targets: readonly DialTarget[]): boolean {
    const { policy, metrics } = this.#context;
    if (!policy.isOff || targets.length === 0) return policy.isOff;
    metrics.count('dial', 'dialling-off');
    this.#sayOnce('dialling-off', 'Agents are to dial Controllers, and usp.dial.hosts lists none that they may dial');
    return true;
  }

  #sayOnce(what: string, text: string): void {
    if (this.#said.has(what)) return;
    this.#said.add(what);
    this.#context.log.warn(text);
  }
}

function isOlder(one: Versions, other: Versions): boolean {
  if (one.bootAt !== other.bootAt) return one.bootAt < other.bootAt;
  return one.localVersion < other.localVersion || one.templateVersion < other.templateVersion;
}
