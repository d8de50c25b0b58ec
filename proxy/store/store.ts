// The store is a list of domain steps. Each is atomic on one device and costs one round trip; there is no get and no
// set. What spans devices (indexes, due work, outboxes) is idempotent and can be rebuilt from the devices.
// Two implementations, one contract: `embedded/` (a log on disk) and, for several nodes, Redis.
import type { CatalogueSteps } from './catalogue-steps.ts';
import type { CredentialSteps } from './credential-steps.ts';
import type { DeviceSteps } from './device-steps.ts';
import type { DueSteps } from './due-steps.ts';
import type { EnrolmentSteps } from './enrolment-steps.ts';
import type { FirmwareSteps } from './firmware-steps.ts';
import type { GrantSteps } from './grant-steps.ts';
import type { ImageSteps } from './image-steps.ts';
import type { MailboxSteps } from './mailbox-steps.ts';
import type { NodeSteps } from './node-steps.ts';
import type { OperationSteps } from './operation-steps.ts';
import type { OutboxSteps } from './outbox-steps.ts';
import type { TenantSteps } from './tenant-steps.ts';
import type { TransferSteps } from './transfer-steps.ts';
import type { UpstreamSteps } from './upstream-steps.ts';

/** A device's name in the store: its tenant is part of every key. */
export interface DeviceKey {
  readonly tenant: string;
  readonly device: string;
}

/** Who has all devices while no other tenants are set; those that no other tenant is written down for are its. */
export const FIRST_TENANT = 'default';

/** As the key of a map. */
export const nameOfDevice = ({ tenant, device }: DeviceKey): string => `${tenant}/${device}`;

export interface Store {
  readonly devices: DeviceSteps;
  readonly mailbox: MailboxSteps;
  readonly transfers: TransferSteps;
  readonly operations: OperationSteps;
  readonly firmware: FirmwareSteps;
  readonly images: ImageSteps;
  readonly outbox: OutboxSteps;
  readonly enrolments: EnrolmentSteps;
  readonly credentials: CredentialSteps;
  readonly tenants: TenantSteps;
  readonly catalogues: CatalogueSteps;
  readonly upstream: UpstreamSteps;
  readonly grants: GrantSteps;
  readonly due: DueSteps;
  readonly nodes: NodeSteps;
  /** Resolves once the store answers; rejects with CAUSEWAY_STORE_AWAY or CAUSEWAY_STORE_TIMEOUT. */
  ping(): Promise<void>;
  /** Ends with every acknowledged step safe. Idempotent. */
  close(): Promise<void>;
}
