// EnrolmentSteps over the documents of one device, where an Inform's own step looks: it costs no further round trip.
import type { InformToSave } from '../device-steps.ts';
import type { EnrolmentSteps } from '../enrolment-steps.ts';
import type { DeviceKey } from '../store.ts';
import { type Documents, keyOf, remove, write } from './documents.ts';

interface EnrolmentDocument {
  readonly v: 1;
  readonly at: number;
}

export const readEnrolment = (documents: Documents, key: DeviceKey): EnrolmentDocument | undefined =>
  documents.read<EnrolmentDocument>(keyOf('enrolled', key));

/** Whether the Inform is of a device that should be enrolled, and is not. */
export const isStranger = (documents: Documents, { key, mustBeEnrolled }: InformToSave): boolean =>
  mustBeEnrolled === true && readEnrolment(documents, key) === undefined;

export class DocumentEnrolments implements Omit<EnrolmentSteps, 'listEnrolled' | 'enrol'> {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  /** Of a device that is no other tenant's. */
  async enrolHere(key: DeviceKey, at: number): Promise<'enrolled' | 'known'> {
    if (readEnrolment(this.#documents, key) !== undefined) return 'known';
    const document: EnrolmentDocument = { v: 1, at };
    await this.#documents.commit([write(keyOf('enrolled', key), document)]);
    return 'enrolled';
  }

  async revoke(key: DeviceKey): Promise<'revoked' | 'unknown'> {
    if (readEnrolment(this.#documents, key) === undefined) return 'unknown';
    await this.#documents.commit([remove(keyOf('enrolled', key))]);
    return 'revoked';
  }
}
