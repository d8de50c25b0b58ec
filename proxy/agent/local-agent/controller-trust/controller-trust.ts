// Device.LocalAgent.ControllerTrust.: which roles count for what. Who is let in at all is decided before there is an Agent
// (`access/`): trust on first use is off, and no Controller switches it on.
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

export const CONTROLLER_TRUST: LocalObject = {
  path: TRUST,
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  parameters: [
    parameter('UntrustedRole', { access: 'readWrite', type: LIST, isReference: true, check: checkRoles }),
    parameter('BannedRole', { access: 'readWrite', isReference: true, check: checkRole }),
    parameter('SecuredRoles', { access: 'readWrite', type: LIST, isReference: true, check: checkRoles }),
    parameter('TOFUAllowed', { type: BOOLEAN, initial: 'false' }),
    parameter('TOFUInactivityTimer', { type: UNSIGNED, initial: '0' }),
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
