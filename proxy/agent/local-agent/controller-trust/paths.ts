// Where roles and permissions stand, and the factory's roles by their numbers, which never change.
import { type LocalFacts, type LocalProblem } from '../definition.ts';
import { codes } from '../../../usp/codes.ts';

export const TRUST = 'Device.LocalAgent.ControllerTrust.';
export const ROLE_TABLE = `${TRUST}Role.`;
export const CREDENTIAL_TABLE = `${TRUST}Credential.`;
export const CHALLENGE_TABLE = `${TRUST}Challenge.`;
export const permissionTable = (role: number): string => `${ROLE_TABLE}${role}.Permission.`;

/** A reference as it is stored: without its last dot. */
export const roleReference = (role: number): string => `${ROLE_TABLE}${role}`;

/** What Role.{i} each of the factory's roles is. */
export const FACTORY_ROLE = { fullAccess: 1, readOnly: 2, untrusted: 3, secured: 4, rawModel: 5 } as const;

export const referencesOf = (list: string): readonly string[] =>
  list
    .split(',')
    .map((path) => path.trim().replace(/\.$/, ''))
    .filter((path) => path !== '');

/** The number of the role that a reference names, whether or not it is there. */
function roleNumber(reference: string): number | undefined {
  const number = reference.startsWith(ROLE_TABLE) ? reference.slice(ROLE_TABLE.length).replace(/\.$/, '') : '';
  return /^[1-9]\d*$/.test(number) ? Number(number) : undefined;
}

/** Numbers of the roles that a list of references names. */
export const roleNumbers = (list: string): readonly number[] =>
  referencesOf(list).flatMap((reference) => roleNumber(reference) ?? []);

/** References to roles that are there (strong, R-ARC.12). */
export function checkRoles(value: string, _row: unknown, facts: LocalFacts): LocalProblem | undefined {
  const missing = referencesOf(value).find((reference) => {
    const number = roleNumber(reference);
    return number === undefined || facts.valuesOf(ROLE_TABLE, number) === undefined;
  });
  return missing === undefined ? undefined : { code: codes.invalidValue, why: `there is no role ${missing}` };
}

/** Numbers of the roles that have one of the names. */
export const rolesNamed = (
  facts: Pick<LocalFacts, 'rowsOf' | 'valuesOf'>,
  names: readonly string[],
): readonly number[] =>
  names.length === 0
    ? []
    : facts.rowsOf(ROLE_TABLE).filter((number) => names.includes(facts.valuesOf(ROLE_TABLE, number)?.['Name'] ?? ''));
