// The roles that every Agent has from the factory. Their numbers are what Controllers' rows refer to: they never change.
import { RAW_PLACE } from '../../../mapping/rules/mirror.ts';
import { aliasFor } from '../definition.ts';
import { type Rows, type RowValues, SINGLE } from '../rows.ts';
import { CHALLENGE_TABLE, FACTORY_ROLE, permissionTable, ROLE_TABLE, roleReference, TRUST } from './paths.ts';

/** Rows of a tenant's template come after these, so that later versions have room for more of the factory's. */
const FIRST_OF_TEMPLATE = 100;

const role = (number: number, Name: string): RowValues => ({ Alias: aliasFor(number), Enable: 'true', Name });

const NOTHING = '----';

/** Order 0, the lowest there is: whatever is added to the role counts before it. */
function permission(order: number, targets: readonly string[], allowed: Partial<RowValues>): RowValues {
  return {
    Alias: aliasFor(order + 1),
    Enable: 'true',
    Order: String(order),
    Targets: targets.join(','),
    ...{ Param: NOTHING, Obj: NOTHING, InstantiatedObj: NOTHING, CommandEvent: NOTHING, ...allowed },
  };
}

const FULL_ACCESS = permission(0, ['Device.'], {
  Param: 'rwxn',
  Obj: 'rwxn',
  InstantiatedObj: 'rwxn',
  CommandEvent: 'rwxn',
});

/**
 * It sees everything but what is secured, and may be told of it. It writes nothing, no Subscription either: who writes those
 * of others may have their Controllers' actions triggered. A role for watchers is the operator's to make.
 */
const READ_ONLY = permission(0, ['Device.'], {
  Param: 'r--n',
  Obj: 'r--n',
  InstantiatedObj: 'r--n',
  CommandEvent: 'r--n',
});

/** Who it speaks to, and nothing for which a CPE would be called. */
const AGENT_ITSELF = permission(0, ['Device.LocalAgent.'], { Obj: 'r---' });
const AGENT_BASICS = permission(
  1,
  ['EndpointID', 'SoftwareVersion', 'SupportedProtocols'].map((name) => `Device.LocalAgent.${name}`),
  { Param: 'r---' },
);

/** The way out of it: which Challenges there are, and to pass one. An Agent has none before somebody adds it. */
const CHALLENGES = permission(
  2,
  [
    ...['Alias', 'Description'].map((name) => `${CHALLENGE_TABLE}*.${name}`),
    ...['RequestChallenge()', 'ChallengeResponse()'].map((name) => `${TRUST}${name}`),
  ],
  { Param: 'r---', CommandEvent: '--x-' },
);

/** What of a translated CPE's own model has no other place. To let it be written takes a role that says so. */
const RAW_MODEL = permission(0, [RAW_PLACE], { Param: 'r--n', Obj: 'r--n', InstantiatedObj: 'r--n' });

const table = (...rows: readonly RowValues[]): Readonly<Record<number, RowValues>> =>
  Object.fromEntries(rows.map((row, index) => [index + 1, row]));

const { fullAccess, readOnly, untrusted, secured, rawModel } = FACTORY_ROLE;

export const TRUST_ROWS: Rows = {
  tables: {
    [TRUST]: {
      [SINGLE]: { UntrustedRole: roleReference(untrusted), BannedRole: '', SecuredRoles: roleReference(secured) },
    },
    [ROLE_TABLE]: table(
      role(fullAccess, 'Full Access'),
      role(readOnly, 'Read Only'),
      role(untrusted, 'Untrusted'),
      // It allows nothing by itself: beside another role it shows the secured values of what that one may read.
      role(secured, 'Secured'),
      role(rawModel, 'Raw Model'),
    ),
    [permissionTable(fullAccess)]: table(FULL_ACCESS),
    [permissionTable(readOnly)]: table(READ_ONLY),
    [permissionTable(rawModel)]: table(RAW_MODEL),
    [permissionTable(untrusted)]: table(AGENT_ITSELF, AGENT_BASICS, CHALLENGES),
  },
  next: Object.fromEntries(
    [ROLE_TABLE, ...Object.values(FACTORY_ROLE).map(permissionTable)].map((path) => [path, FIRST_OF_TEMPLATE]),
  ),
};
