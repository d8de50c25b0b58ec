// Which tenant a device belongs to, where there are several: decided when it is enrolled or first seen, and kept in a
// document of its own, since an Inform names a device and no tenant.
import type { InformSaved, InformToSave } from '../device-steps.ts';
import { type DeviceKey, FIRST_TENANT } from '../store.ts';
import { type Documents, keyOf } from './documents.ts';
import { readEnrolment } from './enrolments.ts';

export const homeKey = (device: string): string => `home/${device}`;

export const isSeen = (documents: Pick<Documents, 'bytes'>, key: DeviceKey): boolean =>
  documents.bytes(keyOf('device', key)) !== undefined;

/** Of a device whose tenant was never written down: it is from when there was one tenant only. */
export const firstTenantHas = (documents: Documents, device: string): boolean => {
  const key = { tenant: FIRST_TENANT, device };
  return isSeen(documents, key) || readEnrolment(documents, key) !== undefined;
};

/** Whether the Inform's step has to look for its device in other tenants: one that is known here is nobody else's. */
export const mayBeElsewhere = (documents: Documents, { key, claimsTenant }: InformToSave): boolean =>
  claimsTenant === true && !isSeen(documents, key);

/** What an Inform comes to whose device belongs to another tenant; undefined where it belongs to none, or to this one. */
export const elsewhere = ({ tenant }: DeviceKey, home: string | undefined): InformSaved | undefined =>
  home === undefined || home === tenant ? undefined : { kind: 'elsewhere', tenant: home };
