// Controllers of a tenant: a listener that lets one in gives it a row of the template, the same in every Agent.
import { isDeepStrictEqual } from 'node:util';
import type { Standing } from '../../../access/access.ts';
import type { Store } from '../../../store/store.ts';
import { CONTROLLER_TABLE } from './controller-table.ts';
import { credentialRoles, inheritedRoleNames, inheritedRoles } from './inherited-role.ts';
import { aliasFor } from '../definition.ts';
import { FACTORY_ROLE, roleReference, TRUST } from '../controller-trust/paths.ts';
import { overFactory } from '../factory-rows.ts';
import {
  addRow,
  changeRow,
  FIRST_TEMPLATE_ROW,
  formatRows,
  NO_ROWS,
  parseRows,
  rowNumbers,
  type Rows,
  type RowValues,
  rowValues,
  SINGLE,
} from '../rows.ts';
import type { LocalFacts } from '../definition.ts';
import { signerIn } from '../../../access/signer-name.ts';
import { CERTIFICATE_TABLE } from '../certificate/certificate.ts';

/** As many may come at the same moment: each time one of them succeeds. */
const ATTEMPTS = 1000;
/** Template rows are numbered 1 to 9,999 (DESIGN mechanism 5). */
const LAST_TEMPLATE_ROW = 9_999;

type Facts = Pick<LocalFacts, 'rowsOf' | 'valuesOf'>;

/** Of a tenant's template; laid over the factory's rows when something is asked: mostly nothing is. */
function factsOf(template: Rows): Facts {
  let known: Rows | undefined;
  const rows = (): Rows => (known ??= overFactory(template));
  return {
    rowsOf: (table) => rowNumbers(rows(), NO_ROWS, table),
    valuesOf: (table, number) => rowValues(rows(), NO_ROWS, table, number),
  };
}

/**
 * AssignedRole of a new row; a credential that names roles, or has some by a Credential, gives them for as long as it is shown
 * (InheritedRole).
 */
function assignedRole(standing: Standing, names: readonly string[], facts: Facts): string {
  switch (standing) {
    case 'full':
      return roleReference(FACTORY_ROLE.fullAccess);
    case 'untrusted':
      return inheritedRoles(facts, names).length > 0 ? '' : (facts.valuesOf(TRUST, SINGLE)?.['UntrustedRole'] ?? '');
    case 'roles':
      return '';
  }
}

/** AssignedRole as the Agent itself gave it last; in the rows of those whom no listener has let in there is none. */
export const GIVEN_ROLE = 'GivenRole';

/**
 * What a known Controller has, that comes with this credential. An AssignedRole that nobody has changed since the Agent gave it
 * goes with the credential, down but never up to Full Access: whoever has the operator's token may call himself anything.
 */
function roleNow(row: RowValues, standing: Standing, names: readonly string[], facts: Facts): RowValues {
  const given = row[GIVEN_ROLE];
  if (given === undefined || given !== row['AssignedRole'] || standing === 'full') return {};
  const AssignedRole = assignedRole(standing, names, facts);
  return { AssignedRole, [GIVEN_ROLE]: AssignedRole };
}

/**
 * What is kept of the names for when the Controller is told something: of those who signed its certificate all, of the
 * certificate itself only one that has a row. It may be another one every day, and each of a Controller's own.
 */
function keptNames(names: readonly string[], facts: Facts): readonly string[] {
  const own = names.find((name) => signerIn(name) !== undefined);
  if (own === undefined) return names;
  const isKnown = facts
    .rowsOf(CERTIFICATE_TABLE)
    .some((number) => facts.valuesOf(CERTIFICATE_TABLE, number)?.['SHA-256'] === signerIn(own));
  return isKnown ? names : names.filter((name) => name !== own);
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
    const facts = factsOf(rows);
    const names = keptNames(roles, facts);
    const now = row && { ...row, ...roleNow(row, standing, names, facts) };
    if (row && isDeepStrictEqual(inheritedRoleNames(row), names) && isDeepStrictEqual(now, row)) return 'known';
    const AssignedRole = assignedRole(standing, names, facts);
    const number = Number(known ?? rows.next[CONTROLLER_TABLE] ?? FIRST_TEMPLATE_ROW);
    if (number > LAST_TEMPLATE_ROW) return 'too-many';
    const changed = now
      ? changeRow(rows, CONTROLLER_TABLE, number, { ...now, ...credentialRoles(names) })
      : addRow(rows, FIRST_TEMPLATE_ROW, CONTROLLER_TABLE, {
          EndpointID: endpointId,
          Alias: aliasFor(number),
          Enable: 'true',
          ControllerCode: '',
          ProvisioningCode: '',
          // It has found this gateway by itself.
          OnBoardingComplete: 'true',
          AssignedRole,
          [GIVEN_ROLE]: AssignedRole,
          ...credentialRoles(names),
        }).rows;
    const stored = await store.tenants.changeTemplate(tenant, template.version, formatRows(changed));
    if (stored === 'changed') return 'known';
  }
  return 'too-many';
}
