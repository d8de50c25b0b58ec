// Device.LocalAgent.ControllerTrust.Credential.{i}.: which role a certificate gives to those who show it, or one that it has
// signed. One whose AllowedUses is MTP-only authenticates no Controller (TR-181), so it gives none a role; of brokers there are
// none here.
import { signerIn } from '../../../access/signer-name.ts';
import { codes } from '../../../usp/codes.ts';
import { checkCertificates, fingerprintReferred } from '../certificate/certificate.ts';
import {
  ALIAS,
  BOOLEAN,
  LIST,
  type LocalFacts,
  type LocalObject,
  type LocalProblem,
  oneOf,
  parameter,
} from '../definition.ts';
import type { RowValues } from '../rows.ts';
import { checkRoles, CREDENTIAL_TABLE, referencesOf, roleNumbers } from './paths.ts';

/** Authenticates connections, and no Controllers. */
export const MTP_ONLY = 'MTP-only';
const FOR_CONTROLLERS = 'MTP-and-USP';
const USES = [MTP_ONLY, FOR_CONTROLLERS, 'MTP-and-broker'] as const;

function checkCertificate(value: string, row: unknown, facts: LocalFacts): LocalProblem | undefined {
  if (referencesOf(value).length !== 1) return { code: codes.invalidValue, why: 'one row of Certificate' };
  return checkCertificates(value, row, facts);
}

const checkRow = (row: RowValues): LocalProblem | undefined =>
  row['Credential'] === ''
    ? { code: codes.invalidValue, why: 'a Credential has a certificate', parameter: 'Credential' }
    : undefined;

/**
 * Roles that a certificate gives. `names`: the certificate and those who signed it, among other names, its own first; the
 * first for which there is a Credential says all (R-SEC.25).
 */
export function rolesOfCertificate(
  facts: Pick<LocalFacts, 'rowsOf' | 'valuesOf'>,
  names: readonly string[],
): readonly number[] {
  const shown = names.flatMap((name) => signerIn(name) ?? []);
  if (shown.length === 0) return [];
  const rows = facts.rowsOf(CREDENTIAL_TABLE).map((number) => facts.valuesOf(CREDENTIAL_TABLE, number));
  const credentials = rows.flatMap((row) => {
    if (row?.['Enable'] !== 'true' || row['AllowedUses'] === MTP_ONLY) return [];
    const fingerprint = fingerprintReferred(facts, row['Credential'] ?? '');
    return fingerprint === undefined ? [] : [{ fingerprint, roles: roleNumbers(row['Role'] ?? '') }];
  });
  for (const one of shown) {
    const credential = credentials.find(({ fingerprint }) => fingerprint === one);
    if (credential !== undefined) return credential.roles;
  }
  return [];
}

export const CREDENTIAL: LocalObject = {
  path: `${CREDENTIAL_TABLE}{i}.`,
  creatable: true,
  deletable: true,
  uniqueKeys: [
    { functional: true, names: ['Credential'] },
    { functional: false, names: ['Alias'] },
  ],
  parameters: [
    ALIAS,
    parameter('Enable', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('Role', { access: 'readWrite', type: LIST, isReference: true, check: checkRoles }),
    parameter('Credential', {
      access: 'readWrite',
      type: { base: 'string', equality: 'path' },
      isReference: true,
      check: checkCertificate,
    }),
    parameter('AllowedUses', { access: 'readWrite', initial: FOR_CONTROLLERS, check: oneOf(USES) }),
  ],
  events: [],
  checkRow,
  cap: () => 64,
};
