// What a Controller may do at one Agent: the union of what its roles allow, those of its row (AssignedRole) and those that
// its credential names (InheritedRole). Pure; compiled once for rows that stay the same.
import { CERTIFICATE_TABLE } from '../local-agent/certificate/certificate.ts';
import { controllerNumber } from '../local-agent/controller/controller.ts';
import { CONTROLLER_TABLE } from '../local-agent/controller/controller-table.ts';
import { inheritedRoleNames, inheritedRoles } from '../local-agent/controller/inherited-role.ts';
import { trustRoles } from '../local-agent/controller-trust/controller-trust.ts';
import { ROLE_TABLE, roleNumbers, TRUST } from '../local-agent/controller-trust/paths.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import type { Rows } from '../local-agent/rows.ts';
import { Recent } from '../../operate/recent.ts';
import { type Bits, bitsOf, EVERYTHING, NO_BITS, NOTHING } from './bits.ts';
import { isRaw } from './raw-place.ts';
import { allowedBy, allowsAll, isAboutRaw, type Kind, type RoleRights, rightsOfRole } from './role-rights.ts';

/**
 * Of elements by their concrete paths, or with `{i}` for a row: then a bit is set where it is for some row. `param` of a
 * parameter, `object` of an object or table, `instance` of a row, `command` of a command or event.
 */
export interface Rights {
  /** Everything is allowed but what lies in the raw place: nobody need ask for other paths. */
  readonly all: boolean;
  /** Some Permission is about the raw place: else it is left out of whatever lies above it. */
  readonly raw: boolean;
  /** Not even a denial by path: this Controller is not served here. */
  readonly refused: boolean;
  /** Secured parameters that may be read are shown (SecuredRoles). */
  readonly secured: boolean;
  param(path: string): Bits;
  object(path: string): Bits;
  instance(path: string): Bits;
  command(path: string): Bits;
}

const uniform = (bits: Bits, all: boolean): Rights => {
  const always = (): Bits => bits;
  return {
    all,
    raw: false,
    refused: !all,
    secured: false,
    param: always,
    object: always,
    instance: always,
    command: always,
  };
};

const ALL = bitsOf(EVERYTHING);
/** Of the Agent itself: it reaches the raw place by its name only. */
export const FULL: Rights = uniform(ALL, true);
const REFUSED: Rights = uniform(NO_BITS, false);

interface Held {
  readonly roles: readonly RoleRights[];
  readonly all: boolean;
  readonly raw: boolean;
  readonly secured: boolean;
}

/** Controllers and what they hold, by rows in which nothing of the device's own says anything about them. */
const held = new WeakMap<Rows, Recent<Held | 'refused'>>();
const MOST_HELD = 10_000;

const isAboutRights = (table: string): boolean =>
  table === CONTROLLER_TABLE || table === CERTIFICATE_TABLE || table.startsWith(TRUST);

/**
 * What the Controller may do at this Agent, by the rows as they stand now. `roles`: names of roles that its credential gives
 * it now; undefined where it does not ask itself (a Notify): then those that it came with last.
 */
export function rightsOf(local: LocalAgent, endpointId: string, roles?: readonly string[]): Rights {
  const holding = holdingOf(local, endpointId, roles);
  if (holding === 'refused') return REFUSED;
  const { all, raw, secured } = holding;
  const bits = (kind: Kind) => (path: string) =>
    all && !isRaw(path)
      ? ALL
      : bitsOf(holding.roles.reduce((mask, role) => mask | allowedBy(role, kind, path, local), NOTHING));
  return {
    all,
    raw,
    refused: false,
    secured,
    param: bits('Param'),
    object: bits('Obj'),
    instance: bits('InstantiatedObj'),
    command: bits('CommandEvent'),
  };
}

function holdingOf(local: LocalAgent, endpointId: string, roles: readonly string[] | undefined): Held | 'refused' {
  // What a device says of its own is looked at anew: its rows are read for each request.
  if (Object.keys(local.own.tables).some(isAboutRights)) return hold(local, endpointId, roles);
  const known = held.get(local.under) ?? new Recent<Held | 'refused'>(MOST_HELD);
  held.set(local.under, known);
  const name = JSON.stringify([endpointId, roles]);
  const before = known.get(name);
  if (before !== undefined) return before;
  const holding = hold(local, endpointId, roles);
  known.set(name, holding);
  return holding;
}

/** A Controller without a row, or whose row is switched off, is not served; nor is one that is banned. */
function hold(local: LocalAgent, endpointId: string, roles: readonly string[] | undefined): Held | 'refused' {
  const number = controllerNumber(local, endpointId);
  const row = number === undefined ? undefined : local.valuesOf(CONTROLLER_TABLE, number);
  if (row?.['Enable'] !== 'true') return 'refused';
  const numbers = new Set([
    ...roleNumbers(row['AssignedRole'] ?? ''),
    ...inheritedRoles(local, roles ?? inheritedRoleNames(row)),
  ]);
  const banned = trustRoles(local, 'BannedRole');
  if (banned.some((role) => numbers.has(role))) return 'refused';
  const enabled = [...numbers].filter((role) => local.valuesOf(ROLE_TABLE, role)?.['Enable'] === 'true');
  const rights = enabled.map((role) => rightsOfRole(local, role));
  return {
    roles: rights,
    all: rights.some(allowsAll),
    raw: rights.some(isAboutRaw),
    secured: trustRoles(local, 'SecuredRoles').some((role) => enabled.includes(role)),
  };
}

/** Whether the Controller may read the parameter, and its object. */
export const mayRead = (rights: Rights, object: string, name: string): boolean =>
  (rights.all && !isRaw(object)) || (rights.object(object).r && rights.param(object + name).r);
