// Controllers of a tenant: a listener that lets one in gives it a row of the template, the same in every Agent.
import { isDeepStrictEqual } from 'node:util';
import type { Standing } from '../../../access/access.ts';
import type { Store } from '../../../store/store.ts';
import { CONTROLLER_TABLE } from './controller.ts';
import { credentialRoles, inheritedRoleNames } from './inherited-role.ts';
import { aliasFor } from '../definition.ts';
import { FACTORY_ROLE, roleReference, TRUST } from '../controller-trust/paths.ts';
import { templateRows } from '../factory-rows.ts';
import { addRow, changeRow, FIRST_TEMPLATE_ROW, formatRows, NO_ROWS, parseRows, rowValues, SINGLE } from '../rows.ts';

/** As many may come at the same moment: each time one of them succeeds. */
const ATTEMPTS = 1000;
/** Template rows are numbered 1 to 9,999 (DESIGN mechanism 5). */
const LAST_TEMPLATE_ROW = 9_999;

/** AssignedRole of a new row; a credential that names roles gives them for as long as it is shown (InheritedRole). */
function assignedRole(standing: Standing, template: string): string {
  switch (standing) {
    case 'full':
      return roleReference(FACTORY_ROLE.fullAccess);
    case 'untrusted':
      return rowValues(templateRows(template), NO_ROWS, TRUST, SINGLE)?.['UntrustedRole'] ?? '';
    case 'roles':
      return '';
  }
}

/**
 * Sees to it that the Controller has a row, which knows the roles that its credential names; `too-many` when the tenant has
 * as many as it may.
 */
export async function ensureController(
  store: Store,
  tenant: string,
  endpointId: string,
  standing: Standing,
  roles: readonly string[] = [],
): Promise<'known' | 'disabled' | 'too-many'> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const template = await store.tenants.readTemplate(tenant);
    const rows = parseRows(template.rows);
    const all = Object.entries(rows.tables[CONTROLLER_TABLE] ?? {});
    const [known, row] = all.find(([, one]) => one?.['EndpointID'] === endpointId) ?? [];
    if (row?.['Enable'] === 'false') return 'disabled';
    if (row && isDeepStrictEqual(inheritedRoleNames(row), roles)) return 'known';
    const number = Number(known ?? rows.next[CONTROLLER_TABLE] ?? FIRST_TEMPLATE_ROW);
    if (number > LAST_TEMPLATE_ROW) return 'too-many';
    const changed = row
      ? changeRow(rows, CONTROLLER_TABLE, number, credentialRoles(roles))
      : addRow(rows, FIRST_TEMPLATE_ROW, CONTROLLER_TABLE, {
          EndpointID: endpointId,
          Alias: aliasFor(number),
          Enable: 'true',
          ControllerCode: '',
          ProvisioningCode: '',
          // It has found this gateway by itself.
          OnBoardingComplete: 'true',
          AssignedRole: assignedRole(standing, template.rows),
          ...credentialRoles(roles),
        }).rows;
    const stored = await store.tenants.changeTemplate(tenant, template.version, formatRows(changed));
    if (stored === 'changed') return 'known';
  }
  return 'too-many';
}
