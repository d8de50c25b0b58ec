// What a tenant's rows say of client certificates that no CA of the settings has signed (`access/doors.ts`): those in a
// Controller's Credential are that Controller's; those of a ControllerTrust.Credential that may authenticate Controllers
// (AllowedUses) are of authorities. Rows of a device say nothing: a connection is made with the gateway. Pure.
import { X509Certificate } from 'node:crypto';
import type { Door, TenantTrust } from '../../../access/doors.ts';
import { CONTROLLER_TABLE } from '../controller/controller-table.ts';
import { MTP_ONLY } from '../controller-trust/credential.ts';
import { CREDENTIAL_TABLE, referencesOf, TRUST } from '../controller-trust/paths.ts';
import { NO_ROWS, rowNumbers, type Rows, rowValues, type RowValues, SINGLE } from '../rows.ts';
import { CERTIFICATE_TABLE, certificateReference, DER } from './certificate.ts';

/** `rows`: those of a tenant's template over the factory's. */
export function trustOf(rows: Rows): TenantTrust {
  const enabled = (table: string): readonly (readonly [number, RowValues])[] =>
    rowNumbers(rows, NO_ROWS, table).flatMap((number) => {
      const row = rowValues(rows, NO_ROWS, table, number);
      return row?.['Enable'] === 'true' ? [[number, row] as const] : [];
    });
  const certificates = new Map(
    enabled(CERTIFICATE_TABLE).flatMap(([number, row]) => {
      const certificate = certificateIn(row);
      return certificate === undefined ? [] : [[certificateReference(number), certificate] as const];
    }),
  );
  const doors = (row: RowValues, endpointId: string | undefined): readonly Door[] =>
    referencesOf(row['Credential'] ?? '').flatMap((reference) => {
      const certificate = certificates.get(reference);
      return certificate === undefined ? [] : [{ certificate, endpointId }];
    });
  const trust = rowValues(rows, NO_ROWS, TRUST, SINGLE) ?? {};
  const firstUse = {
    isKnown: (endpointId: string) =>
      rowNumbers(rows, NO_ROWS, CONTROLLER_TABLE).some(
        (number) => rowValues(rows, NO_ROWS, CONTROLLER_TABLE, number)?.['EndpointID'] === endpointId,
      ),
    inactivityMs: Number(trust['TOFUInactivityTimer'] ?? 0) * 1000,
  };
  return {
    doors: [
      ...enabled(CONTROLLER_TABLE).flatMap(([, row]) => doors(row, row['EndpointID'])),
      ...enabled(CREDENTIAL_TABLE)
        .filter(([, row]) => row['AllowedUses'] !== MTP_ONLY)
        .flatMap(([, row]) => doors(row, undefined)),
    ],
    firstUse: trust['TOFUAllowed'] === 'true' ? firstUse : undefined,
  };
}

/** Undefined for a row of a version that kept fingerprints alone. */
function certificateIn(row: RowValues): X509Certificate | undefined {
  const der = row[DER];
  return der === undefined ? undefined : new X509Certificate(Buffer.from(der, 'base64'));
}
