// DeviceSteps on the embedded store: the steps over documents, and what spans devices, found by walking the keys.
import type { DeviceRecord, DeviceSteps, InformSaved, InformToSave } from '../device-steps.ts';
import { lacksOwn } from '../documents/credentials.ts';
import { DocumentDevices, endpointKey } from '../documents/devices.ts';
import { isStranger } from '../documents/enrolments.ts';
import { elsewhere, isSeen, mayBeElsewhere } from '../documents/homes.ts';
import { readRecord } from '../documents/snapshot.ts';
import { holdersOf, readState } from '../documents/state.ts';
import type { DeviceKey } from '../store.ts';
import type { EmbeddedHomes } from './homes.ts';
import type { LogDocuments } from './log-documents.ts';

export class EmbeddedDevices extends DocumentDevices implements DeviceSteps {
  readonly #documents: LogDocuments;
  readonly #homes: EmbeddedHomes;
  /** Devices of each tenant, counted once and then kept. */
  readonly #registered = new Map<string, number>();

  constructor(documents: LogDocuments, homes: EmbeddedHomes) {
    super(documents);
    this.#documents = documents;
    this.#homes = homes;
  }

  override async saveInform(inform: InformToSave): Promise<InformSaved> {
    const { key, registryCap } = inform;
    const claims = mayBeElsewhere(this.#documents, inform);
    const others = claims ? elsewhere(key, this.#homes.of(key.device)) : undefined;
    if (others !== undefined) return others;
    if (isStranger(this.#documents, inform)) return { kind: 'not-enrolled' };
    if (lacksOwn(this.#documents, inform)) return { kind: 'lacks-own-credentials' };
    if (!isSeen(this.#documents, key)) {
      const registered = this.#countRegistered(key.tenant);
      if (registered >= registryCap) return { kind: 'registry-full' };
      this.#registered.set(key.tenant, registered + 1);
      if (claims) this.#homes.claim(key);
    }
    return super.saveInform(inform);
  }

  async tenantOf(device: string): Promise<string | undefined> {
    return this.#homes.of(device);
  }

  async findDevice(tenant: string, endpointId: string): Promise<DeviceKey | undefined> {
    const device = this.#documents.text(endpointKey(tenant, endpointId));
    return device === undefined ? undefined : { tenant, device };
  }

  async listDevices(tenant: string, after: string, limit: number): Promise<readonly DeviceRecord[]> {
    const prefix = `device/${tenant}/`;
    return this.#documents
      .keys(prefix, after === '' ? undefined : prefix + after, limit)
      .flatMap((key) => readRecord(this.#documents, { tenant, device: key.slice(prefix.length) }) ?? []);
  }

  async ownedBy(incarnation: string): Promise<readonly DeviceKey[]> {
    return this.#documents.keys('state/').flatMap((path) => {
      const [, tenant = '', device = ''] = path.split('/');
      const state = readState(this.#documents, { tenant, device });
      return state !== undefined && holdersOf(state).has(incarnation) ? [{ tenant, device }] : [];
    });
  }

  #countRegistered(tenant: string): number {
    return this.#registered.get(tenant) ?? this.#documents.keys(`device/${tenant}/`).length;
  }
}
