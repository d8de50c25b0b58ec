// The roles that a Controller's credential named when it came last, by their names: they stand in its row beside the
// parameters, since each Agent may call another role by that name.
import type { RowValues } from '../rows.ts';

const NAMES = 'CredentialRoles';

/** JSON in a row: names may hold commas. */
export const credentialRoles = (names: readonly string[]): RowValues => ({ [NAMES]: JSON.stringify(names) });

export function inheritedRoleNames(row: RowValues): readonly string[] {
  const stored = row[NAMES];
  return stored === undefined ? [] : (JSON.parse(stored) as readonly string[]);
}
