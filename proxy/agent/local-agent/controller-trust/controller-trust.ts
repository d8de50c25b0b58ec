// Device.LocalAgent.ControllerTrust.: which roles count for what, and whether Controllers are trusted on first use. Who is let
// in at all is decided before there is an Agent (`access/`), so that this is said by the template alone.
import { codes } from '../../../usp/codes.ts';
import {
  BOOLEAN,
  type LocalFacts,
  LIST,
  type LocalObject,
  type LocalProblem,
  numberOfEntries,
  parameter,
  UNSIGNED,
} from '../definition.ts';
import { CHALLENGE_RESPONSE } from './challenge-response.ts';
import { guardBannedRole } from './keep-full-access.ts';
import { checkRoles, referencesOf, roleNumbers, TRUST } from './paths.ts';
import { REQUEST_CHALLENGE } from './request-challenge.ts';

/** Of BannedRole. */
function checkRole(value: string, row: unknown, facts: LocalFacts): LocalProblem | undefined {
  if (referencesOf(value).length > 1) return { code: codes.invalidValue, why: 'one role, or none' };
  return guardBannedRole(value) ?? checkRoles(value, row, facts);
}

/** Of a device it would change nothing: Controllers connect to the gateway. */
function checkFirstUse(_value: string, _row: unknown, { record }: LocalFacts): LocalProblem | undefined {
  if (record.key.device === '') return undefined;
  return { code: codes.invalidConfiguration, why: "this is set in the tenant's template, for all its Agents" };
}

export const CONTROLLER_TRUST: LocalObject = {
  path: TRUST,
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  parameters: [
    parameter('UntrustedRole', { access: 'readWrite', type: LIST, isReference: true, check: checkRoles }),
    parameter('BannedRole', { access: 'readWrite', isReference: true, check: checkRole }),
    parameter('SecuredRoles', { access: 'readWrite', type: LIST, isReference: true, check: checkRoles }),
    parameter('TOFUAllowed', { access: 'readWrite', type: BOOLEAN, initial: 'false', check: checkFirstUse }),
    parameter('TOFUInactivityTimer', { access: 'readWrite', type: UNSIGNED, initial: '0', check: checkFirstUse }),
    numberOfEntries('RoleNumberOfEntries', 'Role'),
    numberOfEntries('CredentialNumberOfEntries', 'Credential'),
    numberOfEntries('ChallengeNumberOfEntries', 'Challenge'),
  ],
  commands: [REQUEST_CHALLENGE, CHALLENGE_RESPONSE],
  events: [],
};

/** Numbers of the roles that one of its parameters names. */
export const trustRoles = (
  facts: Pick<LocalFacts, 'read'>,
  name: 'UntrustedRole' | 'BannedRole' | 'SecuredRoles',
): readonly number[] => roleNumbers(facts.read(TRUST + name) ?? '');
