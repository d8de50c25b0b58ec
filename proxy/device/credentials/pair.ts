// The credentials that one device has of its own: what it shows us, and what we show it in Connection Requests. Both have
// its id as their user name, so that nobody has to look for whose they are. Pure.
import { randomName, type Randomness } from '../../operate/clock.ts';
import type { StoredPair } from '../../store/credential-steps.ts';
import type { DeviceRecord } from '../../store/device-steps.ts';
import { type KeyRing, seal, unseal } from './sealing.ts';

export interface OwnPair {
  readonly id: string;
  /** User name of both. */
  readonly username: string;
  readonly acsPassword: string;
  readonly connectionRequestPassword: string;
  /** Sealed under the key that seals now. */
  readonly isFresh: boolean;
}

/** Those of a device that open. */
export interface OwnPairs {
  readonly current: OwnPair | undefined;
  readonly next: OwnPair | undefined;
  /** Boxes that do not open: a key is missing, or somebody has changed them. */
  readonly unopened: number;
}

const ID_LENGTH = 12;
/** Of base32, 130 bits. */
const PASSWORD_LENGTH = 26;

export function makePair(ring: KeyRing, device: string, at: number, randomness: Randomness): StoredPair {
  const secrets = [randomName(randomness, PASSWORD_LENGTH), randomName(randomness, PASSWORD_LENGTH)];
  return { id: randomName(randomness, ID_LENGTH), box: seal(ring, device, secrets.join(' '), randomness), at };
}

function openPair(ring: KeyRing, device: string, stored: StoredPair | undefined): OwnPair | undefined {
  const opened = stored === undefined ? undefined : unseal(ring, device, stored.box);
  if (stored === undefined || opened?.ok !== true) return undefined;
  const [acsPassword = '', connectionRequestPassword = ''] = opened.text.split(' ');
  return { id: stored.id, username: device, acsPassword, connectionRequestPassword, isFresh: opened.isFresh };
}

export function openPairs(ring: KeyRing, { key, credentials }: Pick<DeviceRecord, 'key' | 'credentials'>): OwnPairs {
  const current = openPair(ring, key.device, credentials.current);
  const next = openPair(ring, key.device, credentials.next);
  const stored = [credentials.current, credentials.next].filter((pair) => pair !== undefined).length;
  const opened = [current, next].filter((pair) => pair !== undefined).length;
  return { current, next, unopened: stored - opened };
}
