// The tenants of devices on the embedded store. Read and claimed within the turn of the step that asks.
import { remove, writeText } from '../documents/documents.ts';
import { firstTenantHas, homeKey } from '../documents/homes.ts';
import { type DeviceKey, FIRST_TENANT } from '../store.ts';
import type { LogDocuments } from './log-documents.ts';

export class EmbeddedHomes {
  readonly #documents: LogDocuments;

  constructor(documents: LogDocuments) {
    this.#documents = documents;
  }

  of(device: string): string | undefined {
    const written = this.#documents.text(homeKey(device));
    return written ?? (firstTenantHas(this.#documents, device) ? FIRST_TENANT : undefined);
  }

  /** Safe before what the step commits after it. */
  claim({ tenant, device }: DeviceKey): void {
    this.#documents.commitAhead([writeText(homeKey(device), tenant)]);
  }

  /** It belongs to no tenant any more, if it belonged to this one. */
  async free({ tenant, device }: DeviceKey): Promise<void> {
    if (this.#documents.text(homeKey(device)) === tenant) await this.#documents.commit([remove(homeKey(device))]);
  }
}
