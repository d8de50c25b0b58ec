// UpstreamSteps over the documents of one device.
import type { OwnerStep } from '../device-steps.ts';
import type { DeviceKey } from '../store.ts';
import {
  NOTHING_UPSTREAM,
  type HandedOver,
  type UpstreamRecord,
  type UpstreamSteps,
  type UpstreamView,
} from '../upstream-steps.ts';
import { type Documents, keyOf, write } from './documents.ts';
import { readRecord } from './snapshot.ts';
import { ownerStep, readState } from './state.ts';

interface UpstreamDocument extends UpstreamRecord {
  readonly v: 1;
}

export class DocumentUpstream implements UpstreamSteps {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  async readUpstream(key: DeviceKey): Promise<UpstreamView | undefined> {
    const device = readRecord(this.#documents, key);
    if (device === undefined) return undefined;
    const { v: _, ...upstream } = this.#documents.read<UpstreamDocument>(keyOf('upstream', key)) ?? {
      v: 1,
      ...NOTHING_UPSTREAM,
    };
    return { device, upstream, calling: readState(this.#documents, key)?.waking !== undefined };
  }

  saveUpstream(key: DeviceKey, epoch: number, upstream: UpstreamRecord): Promise<OwnerStep> {
    const document: UpstreamDocument = { v: 1, ...upstream };
    return ownerStep(this.#documents, key, epoch, () => [write(keyOf('upstream', key), document)]);
  }

  markReleased(key: DeviceKey, epoch: number, released: HandedOver): Promise<OwnerStep> {
    return ownerStep(this.#documents, key, epoch, (state) => {
      state.released = released;
      state.version += 1;
      return [];
    });
  }
}
