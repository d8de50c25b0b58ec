// A Controller that is trusted on first use becomes rows of its tenant's template, all in one change: its certificate, and a
// Controller that has it as Credential and UntrustedRole (TR-369 R-SEC.6, R-SEC.8). From then on that certificate is its own.
import type { FirstUseProof } from '../../access/doors.ts';
import type { Clock } from '../../operate/clock.ts';
import type { Store } from '../../store/store.ts';
import { addCertificate } from '../local-agent/certificate/add-certificate.ts';
import { controllerNumber, FIRST_USE } from '../local-agent/controller/controller.ts';
import { CONTROLLER_TABLE } from '../local-agent/controller/controller-table.ts';
import { GIVEN_ROLE } from '../local-agent/controller/controllers.ts';
import { TRUST } from '../local-agent/controller-trust/paths.ts';
import type { LocalSettings } from '../local-agent/definition.ts';
import { formatRows, parseRows } from '../local-agent/rows.ts';
import { LAST_TEMPLATE_ROW, templateAgent } from './edit.ts';

export interface FirstUseContext {
  readonly store: Pick<Store, 'tenants'>;
  readonly clock: Clock;
  readonly settings: LocalSettings;
}

/** Of one tenant; who wants more deletes some, or adds the others as an operator. */
export const MOST_FIRST_USES = 32;
/** As many may come at the same moment: each time one of them succeeds. */
const ATTEMPTS = 100;

/** `not-first`: meanwhile there is a row of it, or of a certificate with its serial number. */
export async function acceptFirstUse(
  { store, clock, settings }: FirstUseContext,
  tenant: string,
  endpointId: string,
  { certificate }: FirstUseProof,
): Promise<'accepted' | 'not-first' | 'too-many'> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const stored = await store.tenants.readTemplate(tenant);
    const local = templateAgent(parseRows(stored.rows), { tenant, settings, now: clock.now() });
    if (local.read(`${TRUST}TOFUAllowed`) !== 'true' || controllerNumber(local, endpointId) !== undefined)
      return 'not-first';
    const rows = local.rowsOf(CONTROLLER_TABLE);
    const made = rows.filter((number) => local.valuesOf(CONTROLLER_TABLE, number)?.[FIRST_USE] === 'true');
    if (made.length >= MOST_FIRST_USES || (local.own.next[CONTROLLER_TABLE] ?? 0) > LAST_TEMPLATE_ROW)
      return 'too-many';
    const added = addCertificate(local, { Alias: undefined, Certificate: certificate, isKept: true });
    if (!('path' in added)) return 'not-first';
    const AssignedRole = local.read(`${TRUST}UntrustedRole`) ?? '';
    const row = {
      EndpointID: endpointId,
      Enable: 'true',
      Credential: added.path.replace(/\.$/, ''),
      AssignedRole,
      [GIVEN_ROLE]: AssignedRole,
      OnBoardingComplete: 'true',
      [FIRST_USE]: 'true',
    };
    const inserted = local.insert(CONTROLLER_TABLE, row, { controllerPath: '', now: clock.now() });
    if (!('path' in inserted)) return 'not-first';
    const changed = await store.tenants.changeTemplate(tenant, stored.version, formatRows(local.own));
    if (changed === 'changed') return 'accepted';
  }
  return 'too-many';
}
