// Device.LocalAgent.ControllerTrust.Role.{i}.Permission.{i}.: what a role may do with what its Targets name. The Permission
// of the highest Order that covers an element says everything about it (`agent/permissions/`).
import { parsePath } from '../../../path/parse.ts';
import { codes } from '../../../usp/codes.ts';
import { pathsOf } from '../../path-list.ts';
import {
  ALIAS,
  BOOLEAN,
  LIST,
  type LocalObject,
  type LocalParameter,
  type LocalProblem,
  parameter,
  type RowRequest,
  UNSIGNED,
} from '../definition.ts';
import type { RowValues } from '../rows.ts';
import { guardPermission } from './keep-full-access.ts';
import { ROLE_TABLE } from './paths.ts';

const LONGEST_TARGET = 256;
const MOST_TARGETS = 64;
/** Read, write, execute, notify, each a letter or a dash. */
const BITS = /^[r-][w-][x-][n-]$/;

function checkTargets(value: string): LocalProblem | undefined {
  const targets = pathsOf(value);
  if (targets.length > MOST_TARGETS) return { code: codes.invalidValue, why: `more than ${MOST_TARGETS} targets` };
  for (const target of targets) {
    if (target.length > LONGEST_TARGET)
      return { code: codes.invalidValue, why: `a target is over ${LONGEST_TARGET} characters` };
    const parsed = parsePath(target);
    if (!parsed.ok)
      return { code: codes.invalidValue, why: `a target is no path: ${parsed.why} at ${parsed.position}` };
    if (parsed.path.segments.some(({ kind }) => kind === 'reference'))
      return { code: codes.invalidValue, why: 'a target follows no references' };
  }
  return undefined;
}

const bits = (name: string): LocalParameter =>
  parameter(name, {
    access: 'readWrite',
    initial: '----',
    check: (value) =>
      BITS.test(value) ? undefined : { code: codes.invalidValue, why: 'four characters: r, w, x, n or a dash each' },
  });

const orderOf = (row: RowValues): number => Number(row['Order'] ?? 0);

/**
 * A row without an Order counts before all that are there (TP-469 2.22). One whose Order another row has gets the next that
 * is free, though Order is a unique key: TP-469 2.23 adds two with the same and wants both.
 */
function complete(row: RowValues, { others }: RowRequest): RowValues {
  const taken = new Set(others.map(orderOf));
  let order = orderOf(row);
  if (order === 0) order = 1 + Math.max(0, ...taken);
  while (taken.has(order)) order += 1;
  return { ...row, Order: String(order) };
}

export const PERMISSION: LocalObject = {
  path: `${ROLE_TABLE}{i}.Permission.{i}.`,
  creatable: true,
  deletable: true,
  uniqueKeys: [
    { functional: true, names: ['Order'] },
    { functional: false, names: ['Alias'] },
  ],
  parameters: [
    ALIAS,
    parameter('Enable', { access: 'readWrite', type: BOOLEAN, initial: 'false' }),
    parameter('Order', { access: 'readWrite', type: UNSIGNED, initial: '0' }),
    parameter('Targets', { access: 'readWrite', type: LIST, check: checkTargets }),
    bits('Param'),
    bits('Obj'),
    bits('InstantiatedObj'),
    bits('CommandEvent'),
  ],
  events: [],
  complete,
  guard: guardPermission,
  cap: () => 100,
};
