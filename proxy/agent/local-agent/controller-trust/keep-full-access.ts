// That nobody is locked out by a change of roles: the factory's Full Access stays whole, since it is what the operator's
// token gives to a Controller; and a role does not go while it is the only one that somebody has.
import { lastNameOf } from '../../../path/concrete.ts';
import { codes } from '../../../usp/codes.ts';
import { CONTROLLER_TABLE } from '../controller/controller-table.ts';
import { inheritedRoleNames, inheritedRoles } from '../controller/inherited-role.ts';
import type { GuardedChange, LocalFacts, LocalProblem } from '../definition.ts';
import { FACTORY_ROLE, permissionTable, ROLE_TABLE, roleNumbers } from './paths.ts';

const { fullAccess } = FACTORY_ROLE;
const FULL_ACCESS_STAYS: LocalProblem = {
  code: codes.invalidConfiguration,
  why: `Full Access (${ROLE_TABLE}${fullAccess}.) stays as it is: give Controllers another role`,
};

export function guardRole(facts: LocalFacts, role: string, change: GuardedChange): LocalProblem | undefined {
  const number = Number(lastNameOf(role));
  switch (change.kind) {
    case 'add':
      return undefined;
    case 'change':
      return number === fullAccess && change.values['Enable'] === 'false'
        ? { ...FULL_ACCESS_STAYS, parameter: 'Enable' }
        : undefined;
    case 'delete':
      return number === fullAccess ? FULL_ACCESS_STAYS : lastRoleOf(facts, number);
  }
}

/** A Permission of a higher Order would take away from it. */
export function guardPermission(_facts: LocalFacts, path: string, change: GuardedChange): LocalProblem | undefined {
  if (!path.startsWith(permissionTable(fullAccess))) return undefined;
  const isNameOnly = change.kind === 'change' && Object.keys(change.values).every((name) => name === 'Alias');
  return isNameOnly ? undefined : FULL_ACCESS_STAYS;
}

/** Who has it would be refused everything. */
export const guardBannedRole = (value: string): LocalProblem | undefined =>
  roleNumbers(value).includes(fullAccess) ? FULL_ACCESS_STAYS : undefined;

function lastRoleOf(facts: LocalFacts, role: number): LocalProblem | undefined {
  const endpoints = facts.rowsOf(CONTROLLER_TABLE).flatMap((number) => {
    const row = facts.valuesOf(CONTROLLER_TABLE, number) ?? {};
    const roles = [...roleNumbers(row['AssignedRole'] ?? ''), ...inheritedRoles(facts, inheritedRoleNames(row))];
    const hasNoOther = roles.includes(role) && roles.every((other) => other === role);
    return row['Enable'] === 'true' && hasNoOther ? [row['EndpointID'] ?? ''] : [];
  });
  if (endpoints.length === 0) return undefined;
  const [first = '', ...others] = endpoints;
  const who = others.length === 0 ? first : `${first} and ${others.length} more`;
  return { code: codes.invalidConfiguration, why: `it is the only role of ${who}: give them another first` };
}
