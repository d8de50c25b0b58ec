// Reports of a CPE's own, such as TransferComplete: what tells one that is repeated because our answer was lost from
// one that is new (DESIGN mechanism 6). Pure.
import { hash } from 'node:crypto';
import type { AcsMethodName } from '../rpc/methods.ts';
import type { ReportBody } from './events.ts';

/** A stored event waits until its Notifies are derived: what a report holds is kept as long, in the device's own share. */
export const LARGEST_REPORT = 256 * 1024;

/** Of these a CPE tells when and how the work ended: two that are the same tell of the same work, in whatever session. */
const TELL_OF_ENDED_WORK: ReadonlySet<AcsMethodName> = new Set([
  'TransferComplete',
  'AutonomousTransferComplete',
  'DUStateChangeComplete',
  'AutonomousDUStateChangeComplete',
]);
/** 132 of 256 bits: the last sixteen of each device are stored. */
const DIGEST_LENGTH = 22;

/** Equal for a report and its repeat. Of the other methods (Kicked, RequestDownload) only one session repeats itself. */
export function reportDigest({ method, value }: ReportBody, epoch: number): string {
  const told = TELL_OF_ENDED_WORK.has(method) ? [method, value] : [method, value, epoch];
  return hash('sha256', JSON.stringify(told), 'base64url').slice(0, DIGEST_LENGTH);
}
