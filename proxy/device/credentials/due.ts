// Whether a device that has come is to be given credentials of its own, or others. Pure.
import type { DeviceRecord } from '../../store/device-steps.ts';
import { hasEvent } from '../events.ts';
import type { OwnPairs } from './pair.ts';

/** What a CPE has shown in its Inform: what all share, or the device's own pair of that id. */
export type Shown = { readonly kind: 'shared' } | { readonly kind: 'own'; readonly pair: string };

/** Of a CPE that did not take what it was given it is not asked for again so soon, unless it tells that it starts anew. */
const AGAIN_MS = 86_400_000;
/** ManagementServer.Username is string(256). */
const LONGEST_USERNAME = 256;
const BOOTSTRAP = 0;

export const isBootstrap = (eventCodes: readonly string[]): boolean => hasEvent(eventCodes, BOOTSTRAP);

/** `serial`: as the Inform has it; a CPE without one is known by its user name, which must stay what it is. */
export const mayHaveOwn = (device: string, serial: string, sharedUsername: string): boolean =>
  device.length <= LONGEST_USERNAME && serial.trim() !== '' && device !== sharedUsername;

export interface Moment {
  readonly shown: Shown;
  readonly eventCodes: readonly string[];
  readonly now: number;
  /** Credentials are good for so long; undefined: for ever. */
  readonly maxAgeMs: number | undefined;
}

export function isDue(
  { credentials: { current, next } }: Pick<DeviceRecord, 'credentials'>,
  pairs: OwnPairs,
  { shown, eventCodes, now, maxAgeMs }: Moment,
): boolean {
  if (shown.kind === 'shared' && isBootstrap(eventCodes)) return true;
  if (next !== undefined) return now - next.at >= AGAIN_MS;
  if (current === undefined || shown.kind === 'shared') return true;
  return pairs.current?.isFresh !== true || (maxAgeMs !== undefined && now - current.at >= maxAgeMs);
}
