// EnrolmentSteps on the embedded store; the list is found by walking the keys.
import { DocumentEnrolments, readEnrolment } from '../documents/enrolments.ts';
import { elsewhere, isSeen } from '../documents/homes.ts';
import type { Enrolment, EnrolmentSteps } from '../enrolment-steps.ts';
import type { DeviceKey } from '../store.ts';
import type { EmbeddedHomes } from './homes.ts';
import type { LogDocuments } from './log-documents.ts';

export class EmbeddedEnrolments extends DocumentEnrolments implements EnrolmentSteps {
  readonly #documents: LogDocuments;
  readonly #homes: EmbeddedHomes;

  constructor(documents: LogDocuments, homes: EmbeddedHomes) {
    super(documents);
    this.#documents = documents;
    this.#homes = homes;
  }

  async enrol(key: DeviceKey, at: number, claimsTenant = false): Promise<'enrolled' | 'known' | 'elsewhere'> {
    if (claimsTenant) {
      if (elsewhere(key, this.#homes.of(key.device)) !== undefined) return 'elsewhere';
      this.#homes.claim(key);
    }
    return this.enrolHere(key, at);
  }

  override async revoke(key: DeviceKey): Promise<'revoked' | 'unknown'> {
    const revoked = await super.revoke(key);
    if (revoked === 'revoked' && !isSeen(this.#documents, key)) await this.#homes.free(key);
    return revoked;
  }

  async listEnrolled(tenant: string, after: string, limit: number): Promise<readonly Enrolment[]> {
    const prefix = `enrolled/${tenant}/`;
    return this.#documents.keys(prefix, after === '' ? undefined : prefix + after, limit).flatMap((path) => {
      const device = path.slice(prefix.length);
      const found = readEnrolment(this.#documents, { tenant, device });
      return found === undefined ? [] : [{ device, at: found.at }];
    });
  }
}
