// A device of which nothing is stored: whose values a tenant's template is checked with, which is every device's.
import type { DeviceRecord } from './device-steps.ts';
import type { Documents } from './documents/documents.ts';
import { NO_FACTS } from './documents/no-facts.ts';
import { Snapshot } from './documents/snapshot.ts';
import { newState } from './documents/state.ts';

const NO_DOCUMENTS: Documents = {
  text: () => undefined,
  bytes: () => undefined,
  read: () => undefined,
  commit: async () => undefined,
  commitAhead: () => undefined,
};

const NO_IDENTITY = { Manufacturer: '', OUI: '', ProductClass: '', SerialNumber: '', endpointId: '' };

export function blankDevice(tenant: string): DeviceRecord {
  const key = { tenant, device: '' };
  return new Snapshot(NO_DOCUMENTS, key, { v: 1, createdAt: 0, identity: NO_IDENTITY, facts: NO_FACTS }, newState());
}
