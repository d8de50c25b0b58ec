// Why a request was not served in its time, in one sentence for a person (promise 2). Pure.
import type { DeviceRecord, Quiet } from '../store/device-steps.ts';

const DOES: Readonly<Record<Quiet['reason'], string>> = {
  reboot: 'is rebooting',
  'factory-reset': 'is being reset to its factory state',
  diagnostic: 'runs a diagnostic',
};

export interface Waited {
  readonly now: number;
  /** How long the request waited; what was tried before that did not concern it. */
  readonly waitedMs: number;
  /** A Connection Request is under way. */
  readonly calling: boolean;
}

export function whyUnserved(record: DeviceRecord | undefined, { now, waitedMs, calling }: Waited): string {
  if (record === undefined) return 'the device is not known any more';
  const { owner, quiet, wake } = record;
  if (owner !== undefined) return 'the device is busy';
  if (quiet !== undefined && quiet.until > now) {
    return `the device ${DOES[quiet.reason]} and is not called before ${new Date(quiet.until).toISOString()}`;
  }
  const tried = wake !== undefined && wake.outcome !== 'arrived' && wake.at >= now - waitedMs;
  const underWay = calling ? ' (a Connection Request is still under way)' : '';
  return `the device did not come${tried ? ` (${wake.outcome}: ${wake.detail})` : underWay}`;
}
