// Controllers of a tenant: a listener that lets one in gives it a row of the template, the same in every Agent.
import type { Standing } from '../../../access/access.ts';
import type { Store } from '../../../store/store.ts';
import { CONTROLLER_TABLE } from './controller.ts';
import { aliasFor } from '../definition.ts';
import { addRow, FIRST_TEMPLATE_ROW, formatRows, parseRows } from '../rows.ts';

/** As many may come at the same moment: each time one of them succeeds. */
const ATTEMPTS = 1000;
/** Template rows are numbered 1 to 9,999 (DESIGN mechanism 5). */
const LAST_TEMPLATE_ROW = 9_999;

/** AssignedRole of a new row; a credential that names roles gives them for as long as it is shown (InheritedRole). */
const ASSIGNED_ROLE: Readonly<Record<Standing, string>> = {
  full: 'Device.LocalAgent.ControllerTrust.Role.1',
  roles: '',
  untrusted: '',
};

/** Sees to it that the Controller has a row; `too-many` when the tenant has as many as it may. */
export async function ensureController(
  store: Store,
  tenant: string,
  endpointId: string,
  standing: Standing,
): Promise<'known' | 'disabled' | 'too-many'> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const template = await store.tenants.readTemplate(tenant);
    const rows = parseRows(template.rows);
    const all = Object.values(rows.tables[CONTROLLER_TABLE] ?? {});
    const known = all.find((row) => row?.['EndpointID'] === endpointId);
    if (known) return known['Enable'] === 'false' ? 'disabled' : 'known';
    const number = rows.next[CONTROLLER_TABLE] ?? FIRST_TEMPLATE_ROW;
    if (number > LAST_TEMPLATE_ROW) return 'too-many';
    const values = {
      EndpointID: endpointId,
      Alias: aliasFor(number),
      Enable: 'true',
      ControllerCode: '',
      ProvisioningCode: '',
      // It has found this gateway by itself.
      OnBoardingComplete: 'true',
      AssignedRole: ASSIGNED_ROLE[standing],
    };
    const added = addRow(rows, FIRST_TEMPLATE_ROW, CONTROLLER_TABLE, values);
    const changed = await store.tenants.changeTemplate(tenant, template.version, formatRows(added.rows));
    if (changed === 'changed') return 'known';
  }
  return 'too-many';
}
