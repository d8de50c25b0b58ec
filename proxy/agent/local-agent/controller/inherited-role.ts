// The roles that a Controller's credential named when it came last, by their names, and the certificates of a chain by
// theirs (`access/signer-name.ts`): they stand in its row beside the parameters, since each Agent may call another role by
// that name.
import { rolesOfCertificate } from '../controller-trust/credential.ts';
import { rolesNamed } from '../controller-trust/paths.ts';
import type { LocalFacts } from '../definition.ts';
import type { RowValues } from '../rows.ts';

const NAMES = 'CredentialRoles';

/** JSON in a row: names may hold commas. */
export const credentialRoles = (names: readonly string[]): RowValues => ({ [NAMES]: JSON.stringify(names) });

export function inheritedRoleNames(row: RowValues): readonly string[] {
  const stored = row[NAMES];
  return stored === undefined ? [] : (JSON.parse(stored) as readonly string[]);
}

/** Numbers of the roles that an Agent has for these names. */
export const inheritedRoles = (
  facts: Pick<LocalFacts, 'rowsOf' | 'valuesOf'>,
  names: readonly string[],
): readonly number[] => [...rolesNamed(facts, names), ...rolesOfCertificate(facts, names)];
