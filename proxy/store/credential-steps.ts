// Steps on the credentials that a device has of its own. The store keeps them sealed: what is in a box, and under which
// key, is the device room's (`device/credentials/`). Retiring a pair is no step: the Inform that shows the next one does
// it (`InformToSave.presentedPair`), so that no moment is between.
import type { OwnerStep } from './device-steps.ts';
import type { DeviceKey } from './store.ts';

/** One pair for the ACS and one for Connection Requests, made together. */
export interface StoredPair {
  readonly id: string;
  /** Sealed. */
  readonly box: string;
  /** The current one: when it was first seen. The next one: when it was last sent, or was about to be. */
  readonly at: number;
}

/** Both are good while there are two: nobody knows yet which of them the CPE has. */
export interface StoredCredentials {
  /** The CPE has shown it. */
  readonly current: StoredPair | undefined;
  /** The CPE is being given it. */
  readonly next: StoredPair | undefined;
}

export const NO_CREDENTIALS: StoredCredentials = { current: undefined, next: undefined };

export interface CredentialSteps {
  /** Before the pair leaves. It takes the place of another next one. */
  saveNext(key: DeviceKey, epoch: number, next: StoredPair): Promise<OwnerStep>;
  /** The device has none of its own from now on; anybody may. */
  forgetCredentials(key: DeviceKey): Promise<'forgotten' | 'unknown'>;
}
