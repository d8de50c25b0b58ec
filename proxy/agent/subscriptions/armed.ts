// For which Subscriptions the ledger was armed last, as a mark that is stored with it. A mailbox entry that arms may
// expire (a CPE that cannot be called) or never be made (the node died before); the next Inform sees by the mark that
// arming is owed. What was looked for and not found is armed as well: no CPE is asked for it at each Inform.
import { hash } from 'node:crypto';
import type { DeviceRecord } from '../../store/device-steps.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { isLocal } from '../local-agent/root.ts';
import { WATCHING } from './changed.ts';
import { enabledSubscriptions } from './enabled.ts';

/** The CPE has forgotten its attributes: all are owed, whatever the ledger says. */
export const FORGOTTEN = 'forgotten';

/** '' when nobody watches a parameter of the CPE. New software may have what the one before had not. */
export function armedMark({ facts }: DeviceRecord, local: LocalAgent): string {
  const watching = enabledSubscriptions(local)
    .filter(({ notifType, references }) => WATCHING.has(notifType) && !references.every(isLocal))
    .map(({ number, references }) => [number, references]);
  return watching.length === 0 ? '' : hash('sha1', JSON.stringify([facts.SoftwareVersion, watching]), 'base64url');
}
