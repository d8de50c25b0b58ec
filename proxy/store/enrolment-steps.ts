// Steps on who may become a device: ids that are enrolled before, or after, a CPE first comes.
import type { DeviceKey } from './store.ts';

export interface Enrolment {
  readonly device: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface EnrolmentSteps {
  /**
   * A device that is enrolled already keeps its time. `claimsTenant`: there are several tenants, and one that belongs to
   * another is left there (`elsewhere`); else it is this tenant's from now on.
   */
  enrol(key: DeviceKey, at: number, claimsTenant?: boolean): Promise<'enrolled' | 'known' | 'elsewhere'>;
  /**
   * Its Informs are refused from now on, where enrolment is asked for; what is stored of it stays, and its tenant with
   * it. One that never came belongs to no tenant any more.
   */
  revoke(key: DeviceKey): Promise<'revoked' | 'unknown'>;
  /** In byte order of their ids, after `after`. */
  listEnrolled(tenant: string, after: string, limit: number): Promise<readonly Enrolment[]>;
}
