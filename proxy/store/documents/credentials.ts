// CredentialSteps over the documents of one device, where an Inform's own step looks: it costs no further round trip.
import { type CredentialSteps, NO_CREDENTIALS, type StoredCredentials, type StoredPair } from '../credential-steps.ts';
import type { InformToSave, OwnerStep } from '../device-steps.ts';
import type { DeviceKey } from '../store.ts';
import { type Documents, keyOf, remove, write, type Write } from './documents.ts';
import { ownerStep, readState, writeState } from './state.ts';

interface CredentialsDocument {
  readonly v: 1;
  readonly current?: StoredPair;
  readonly next?: StoredPair;
}

const readDocument = (documents: Documents, key: DeviceKey): CredentialsDocument | undefined =>
  documents.read<CredentialsDocument>(keyOf('credentials', key));

export function readCredentials(documents: Documents, key: DeviceKey): StoredCredentials {
  const document = readDocument(documents, key);
  return document === undefined ? NO_CREDENTIALS : { current: document.current, next: document.next };
}

/** Whether the Inform should have come with the device's own credentials, and did not. */
export const lacksOwn = (documents: Documents, { key, wantsOwn }: InformToSave): boolean =>
  wantsOwn === true && readDocument(documents, key)?.current !== undefined;

/** The next pair is the current one as soon as the CPE has shown it; the one before is good no more. */
export function promotion(documents: Documents, { key, presentedPair, at }: InformToSave): readonly Write[] {
  if (presentedPair === undefined) return [];
  const next = readDocument(documents, key)?.next;
  if (next?.id !== presentedPair) return [];
  const document: CredentialsDocument = { v: 1, current: { ...next, at } };
  return [write(keyOf('credentials', key), document)];
}

export class DocumentCredentials implements CredentialSteps {
  readonly #documents: Documents;

  constructor(documents: Documents) {
    this.#documents = documents;
  }

  saveNext(key: DeviceKey, epoch: number, next: StoredPair): Promise<OwnerStep> {
    return ownerStep(this.#documents, key, epoch, (state) => {
      state.version += 1;
      const document: CredentialsDocument = { ...readDocument(this.#documents, key), v: 1, next };
      return [write(keyOf('credentials', key), document)];
    });
  }

  async forgetCredentials(key: DeviceKey): Promise<'forgotten' | 'unknown'> {
    const state = readState(this.#documents, key);
    if (state === undefined || readDocument(this.#documents, key) === undefined) return 'unknown';
    state.version += 1;
    await this.#documents.commit([writeState(key, state), remove(keyOf('credentials', key))]);
    return 'forgotten';
  }
}
