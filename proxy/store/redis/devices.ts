// DeviceSteps on Redis: the steps over documents, run on one device each, and what spans devices, through the indexes.
import type {
  DeviceRecord,
  DeviceSteps,
  InformSaved,
  InformToSave,
  LocalEffects,
  LostRpc,
  NewEvent,
  NewTree,
  OwnerStep,
  Quiet,
  Release,
  Released,
  WakeRecord,
} from '../device-steps.ts';
import { lacksOwn } from '../documents/credentials.ts';
import { DocumentDevices } from '../documents/devices.ts';
import { isStranger } from '../documents/enrolments.ts';
import { elsewhere, isSeen, mayBeElsewhere } from '../documents/homes.ts';
import { readRecord } from '../documents/snapshot.ts';
import { holdersOf, readState } from '../documents/state.ts';
import type { DeviceKey } from '../store.ts';
import type { DeviceRunner, Holding } from './device-runner.ts';
import type { RedisHomes } from './homes.ts';
import type { Indexes } from './indexes.ts';
import { deviceOf } from './layout.ts';

/** Devices looked at together while a list is made. */
const LOOKED_AT = 500;

export class RedisDevices implements DeviceSteps {
  readonly #runner: DeviceRunner;
  readonly #indexes: Indexes;
  readonly #homes: RedisHomes;

  constructor(runner: DeviceRunner, indexes: Indexes, homes: RedisHomes) {
    this.#runner = runner;
    this.#indexes = indexes;
    this.#homes = homes;
  }

  saveInform(inform: InformToSave): Promise<InformSaved> {
    const { key, registryCap, incarnation } = inform;
    return this.#runner.run(
      key,
      async (documents) => {
        const claims = mayBeElsewhere(documents, inform);
        const others = claims ? elsewhere(key, await this.#homes.of(key.device)) : undefined;
        if (others !== undefined) return others;
        if (isStranger(documents, inform)) return { kind: 'not-enrolled' };
        if (lacksOwn(documents, inform)) return { kind: 'lacks-own-credentials' };
        if (!isSeen(documents, key) && !(await this.#indexes.admit(key, registryCap))) return { kind: 'registry-full' };
        // Another tenant may have been faster.
        const claimed = claims ? elsewhere(key, await this.#homes.claim(key)) : undefined;
        return claimed ?? new DocumentDevices(documents).saveInform(inform);
      },
      { takes: incarnation },
    );
  }

  saveReport(key: DeviceKey, epoch: number, digest: string, event: NewEvent): Promise<OwnerStep | 'repeat'> {
    return this.#on(key, (devices) => devices.saveReport(key, epoch, digest, event));
  }

  raiseEvents(key: DeviceKey, epoch: number, events: readonly NewEvent[]): Promise<OwnerStep> {
    return this.#on(key, (devices) => devices.raiseEvents(key, epoch, events));
  }

  release(key: DeviceKey, epoch: number, release: Release): Promise<Released> {
    return this.#on(key, (devices) => devices.release(key, epoch, release), { frees: true });
  }

  /** Its owner may live after all and take the device again: who forgets the incarnation takes it out of its index. */
  disown(key: DeviceKey, incarnation: string): Promise<void> {
    return this.#on(key, (devices) => devices.disown(key, incarnation));
  }

  saveLostRpc(key: DeviceKey, epoch: number, lost: LostRpc): Promise<OwnerStep | 'counted'> {
    return this.#on(key, (devices) => devices.saveLostRpc(key, epoch, lost));
  }

  endLoop(key: DeviceKey, epoch: number, subject: string): Promise<OwnerStep> {
    return this.#on(key, (devices) => devices.endLoop(key, epoch, subject));
  }

  clearDoubt(key: DeviceKey, epoch: number): Promise<OwnerStep> {
    return this.#on(key, (devices) => devices.clearDoubt(key, epoch));
  }

  readDevice(key: DeviceKey): Promise<DeviceRecord | undefined> {
    return this.#on(key, (devices) => devices.readDevice(key));
  }

  tenantOf(device: string): Promise<string | undefined> {
    return this.#homes.of(device);
  }

  findDevice(tenant: string, endpointId: string): Promise<DeviceKey | undefined> {
    return this.#indexes.findDevice(tenant, endpointId);
  }

  async listDevices(tenant: string, after: string, limit: number): Promise<readonly DeviceRecord[]> {
    const records: DeviceRecord[] = [];
    let last = after;
    while (records.length < limit) {
      const wanted = Math.min(limit - records.length, LOOKED_AT);
      const names = await this.#indexes.listDevices(tenant, last, wanted);
      const keys = names.map((device) => ({ tenant, device }));
      const found = await Promise.all(
        keys.map((key) => this.#runner.look(key, (documents) => readRecord(documents, key))),
      );
      records.push(...found.filter((record) => record !== undefined));
      if (names.length < wanted) break;
      last = names.at(-1) ?? last;
    }
    return records;
  }

  async ownedBy(incarnation: string): Promise<readonly DeviceKey[]> {
    const keys = (await this.#indexes.held(incarnation)).map(deviceOf);
    const held: DeviceKey[] = [];
    for (let from = 0; from < keys.length; from += LOOKED_AT) {
      const some = keys.slice(from, from + LOOKED_AT);
      const states = await Promise.all(
        some.map((key) => this.#runner.look(key, (documents) => readState(documents, key))),
      );
      held.push(
        ...some.filter((_, index) => {
          const state = states[index];
          return state !== undefined && holdersOf(state).has(incarnation);
        }),
      );
    }
    return held;
  }

  saveTree(key: DeviceKey, epoch: number, tree: NewTree): Promise<OwnerStep> {
    return this.#on(key, (devices) => devices.saveTree(key, epoch, tree));
  }

  saveRemembered(key: DeviceKey, epoch: number, remembered: string): Promise<OwnerStep> {
    return this.#on(key, (devices) => devices.saveRemembered(key, epoch, remembered));
  }

  saveMethods(key: DeviceKey, epoch: number, methods: readonly string[]): Promise<OwnerStep> {
    return this.#on(key, (devices) => devices.saveMethods(key, epoch, methods));
  }

  saveLedger(key: DeviceKey, epoch: number, ledger: string, events?: readonly NewEvent[]): Promise<OwnerStep> {
    return this.#on(key, (devices) => devices.saveLedger(key, epoch, ledger, events));
  }

  raiseNotices(
    key: DeviceKey,
    events: readonly NewEvent[],
    periodic?: { readonly from: number; readonly to: number },
  ): Promise<'done' | 'already'> {
    return this.#on(key, (devices) => devices.raiseNotices(key, events, periodic));
  }

  saveParking(key: DeviceKey, parking: string): Promise<void> {
    return this.#on(key, (devices) => devices.saveParking(key, parking));
  }

  setQuiet(key: DeviceKey, epoch: number, quiet: Quiet | undefined): Promise<OwnerStep> {
    return this.#on(key, (devices) => devices.setQuiet(key, epoch, quiet));
  }

  changeLocal(
    key: DeviceKey,
    localVersion: number,
    local: string,
    also?: LocalEffects,
  ): Promise<'changed' | 'conflict'> {
    return this.#on(key, (devices) => devices.changeLocal(key, localVersion, local, also));
  }

  attach(key: DeviceKey, incarnation: string): Promise<void> {
    return this.#on(key, (devices) => devices.attach(key, incarnation), { takes: incarnation });
  }

  detach(key: DeviceKey, incarnation: string): Promise<void> {
    return this.#on(key, (devices) => devices.detach(key, incarnation), { frees: true });
  }

  beginWake(key: DeviceKey, incarnation: string, at: number, leaseMs: number): Promise<boolean> {
    const begin = (devices: DocumentDevices): Promise<boolean> => devices.beginWake(key, incarnation, at, leaseMs);
    return this.#on(key, begin, { takes: incarnation });
  }

  /** Anybody may end it; so it takes nobody out of an index. */
  endWake(key: DeviceKey, wake: WakeRecord): Promise<void> {
    return this.#on(key, (devices) => devices.endWake(key, wake));
  }

  #on<T>(key: DeviceKey, step: (devices: DocumentDevices) => Promise<T>, holding?: Holding): Promise<T> {
    return this.#runner.run(key, (documents) => step(new DocumentDevices(documents)), holding);
  }
}
