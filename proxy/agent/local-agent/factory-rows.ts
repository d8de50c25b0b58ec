// What every Agent of every tenant has before anybody has said anything: rows under those of the tenant's template.
import { CONTROLLER_TABLE } from './controller/controller-table.ts';
import { TRUST_ROWS } from './controller-trust/factory.ts';
import { FACTORY_ROLE, roleReference } from './controller-trust/paths.ts';
import { overlay, parseRows, type Rows } from './rows.ts';

export const FACTORY_ROWS: Rows = TRUST_ROWS;

/** The rows that a tenant's devices start from, of its template as it is stored. */
export const templateRows = (stored: string): Rows => overFactory(parseRows(stored));
export const overFactory = (template: Rows): Rows => overlay(FACTORY_ROWS, withAssignedRoles(template));

/**
 * Before there were roles a listener that let a Controller in gave it everything, and a row without a word on roles. Such
 * rows keep that: those that have no AssignedRole at all. Whatever is added today has one, '' where it is none.
 */
function withAssignedRoles(rows: Rows): Rows {
  const controllers = rows.tables[CONTROLLER_TABLE];
  if (controllers === undefined) return rows;
  const AssignedRole = roleReference(FACTORY_ROLE.fullAccess);
  const known = Object.entries(controllers).map(
    ([number, row]) => [number, row === null ? null : { AssignedRole, ...row }] as const,
  );
  return { ...rows, tables: { ...rows.tables, [CONTROLLER_TABLE]: Object.fromEntries(known) } };
}
