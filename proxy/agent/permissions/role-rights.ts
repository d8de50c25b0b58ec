// What one role allows: of its enabled Permissions that cover an element, the one of the highest Order says everything
// (facts: usp-agent-requirements §10.1). Pure.
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { permissionTable } from '../local-agent/controller-trust/paths.ts';
import type { LocalFacts } from '../local-agent/definition.ts';
import type { RowValues } from '../local-agent/rows.ts';
import { pathsOf } from '../path-list.ts';
import { EVERYTHING, type Mask, maskOf, NOTHING } from './bits.ts';
import { isRaw } from './raw-place.ts';
import { compileTarget, type Coverage, type Target } from './target.ts';

/** The strings of a Permission. */
export type Kind = 'Param' | 'Obj' | 'InstantiatedObj' | 'CommandEvent';
const KINDS: readonly Kind[] = ['Param', 'Obj', 'InstantiatedObj', 'CommandEvent'];

interface Permission {
  readonly order: number;
  readonly targets: readonly Target[];
  readonly masks: Readonly<Record<Kind, Mask>>;
  /** It covers whatever there is. */
  readonly whole: boolean;
  /** It names the raw place, or a part of it. */
  readonly raw: boolean;
}

/** Highest Order first. */
export type RoleRights = readonly Permission[];

const compiled = new WeakMap<RowValues, Permission>();

function compile(row: RowValues): Permission {
  const known = compiled.get(row);
  if (known !== undefined) return known;
  const targets = pathsOf(row['Targets'] ?? '');
  const mask = (kind: Kind): Mask => maskOf(row[kind] ?? '');
  const permission: Permission = {
    order: Number(row['Order'] ?? 0),
    targets: targets.flatMap((target) => compileTarget(target) ?? []),
    masks: {
      Param: mask('Param'),
      Obj: mask('Obj'),
      InstantiatedObj: mask('InstantiatedObj'),
      CommandEvent: mask('CommandEvent'),
    },
    whole: targets.some((target) => target === 'Device.' || target === 'Device'),
    raw: targets.some(isRaw),
  };
  compiled.set(row, permission);
  return permission;
}

export function rightsOfRole(local: Pick<LocalAgent, 'rowsOf' | 'valuesOf'>, role: number): RoleRights {
  const table = permissionTable(role);
  return local
    .rowsOf(table)
    .map((number) => local.valuesOf(table, number))
    .flatMap((row) => (row?.['Enable'] === 'true' ? [compile(row)] : []))
    .sort((one, other) => other.order - one.order);
}

/** Whether there is nothing that the role does not allow. */
export function allowsAll([first]: RoleRights): boolean {
  return first?.whole === true && KINDS.every((kind) => first.masks[kind] === EVERYTHING);
}

export const isAboutRaw = (role: RoleRights): boolean => role.some(({ raw }) => raw);

function coverageOf({ targets }: Permission, element: string, local: Pick<LocalFacts, 'read'>): Coverage {
  let coverage: Coverage = 'no';
  for (const target of targets) {
    const one = target(element, local);
    if (one === 'yes') return 'yes';
    if (one === 'maybe') coverage = 'maybe';
  }
  return coverage;
}

/**
 * Where a Permission may cover the element or not, and that cannot be known: of a concrete element only what is allowed
 * either way; of one with `{i}` what is allowed for any row, since each row is asked for by itself later.
 */
export function allowedBy(role: RoleRights, kind: Kind, element: string, local: Pick<LocalFacts, 'read'>): Mask {
  const anyRow = element.includes('{');
  let allowed = anyRow ? NOTHING : EVERYTHING;
  const take = (mask: Mask): Mask => (anyRow ? allowed | mask : allowed & mask);
  for (const permission of role) {
    const coverage = coverageOf(permission, element, local);
    if (coverage === 'no') continue;
    allowed = take(permission.masks[kind]);
    if (coverage === 'yes') return allowed;
  }
  return take(NOTHING);
}
