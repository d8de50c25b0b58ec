// Whether a WebSocket may be opened, by whom and to which Agents; or the HTTP status and the reason that end the upgrade.
import type { IncomingMessage } from 'node:http';
import type { Access, Principal } from '../access/access.ts';
import { shownBy } from '../access/shown.ts';
import { chooseTenant } from '../access/tenant-choice.ts';
import type { Connection } from '../endpoint/connection.ts';
import type { Store } from '../store/store.ts';
import { eidOfQuery } from '../usp/eid.ts';
import type { Refusal } from './refusal.ts';
import { type Target, targetOf, tenantOfQuery } from './target.ts';

/** R-WS.9 */
export const SUBPROTOCOL = 'v1.usp';

export interface AdmissionContext {
  readonly store: Store;
  readonly access: Access;
  /** A Controller has connected: it has a row in every Agent, unless it may not be there. */
  readonly known: (principal: Principal) => Promise<'known' | keyof typeof NOT_KNOWN>;
  /** Which tenants there are. */
  readonly tenancy: { has(tenant: string): boolean };
}

export interface Peer extends Pick<Connection, 'tenant' | 'controller' | 'standing' | 'roles' | 'scope' | 'dialled'> {
  /** When the credential by which it came ends, in milliseconds; absent: never. */
  readonly expiresAt?: number;
  /** By then a first Record must have come (TOFUInactivityTimer); absent: it may take its time. */
  readonly inactivityMs?: number;
}
export type Admitted = { readonly ok: true; readonly peer: Peer } | { readonly ok: false; readonly refusal: Refusal };

const NOT_KNOWN = {
  disabled: 'controller-disabled',
  'too-many': 'too-many-controllers',
  /** Meanwhile another certificate has been trusted on first use, or a row has this one. */
  'not-first': 'certificate-foreign',
} as const;

const refused = (status: Refusal['status'], reason: string): Admitted => ({ ok: false, refusal: { status, reason } });

export async function admitPeer(context: AdmissionContext, request: IncomingMessage): Promise<Admitted> {
  const target = targetOf(request.url ?? '');
  if (target === undefined) return refused(404, 'no-such-path');
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((protocol) => protocol.trim());
  if (!offered.includes(SUBPROTOCOL)) return refused(400, 'no-subprotocol'); // R-WS.12a
  const eid = eidOfQuery(target.query);
  if (!eid.ok) return refused(400, eid.reason);
  const asked = tenantOfQuery(target.query);
  const admission = await context.access.admit(shownBy(request), eid.eid, asked);
  if (admission.kind === 'refused') {
    const { status, reason, retryAfter } = admission;
    return { ok: false, refusal: { status, reason, retryAfter } };
  }
  const choice = chooseTenant(admission.principal, asked, (tenant) => context.tenancy.has(tenant));
  if (!choice.ok) return refused(choice.status, choice.reason);
  const principal = { ...admission.principal, tenant: choice.tenant };
  const { endpointId: controller, firstUse, ...proven } = principal;
  const scope = await scopeOf(context.store, proven.tenant, target);
  if (scope === undefined) return refused(404, 'unknown-agent');
  const known = await context.known(principal);
  if (known !== 'known') return refused(403, NOT_KNOWN[known]);
  const inactivityMs = firstUse?.inactivityMs ?? 0;
  return { ok: true, peer: { ...proven, controller, scope, ...(inactivityMs > 0 && { inactivityMs }) } };
}

async function scopeOf(store: Store, tenant: string, { agent }: Target): Promise<Connection['scope'] | undefined> {
  if (agent === undefined) return { kind: 'all' };
  const key = await store.devices.findDevice(tenant, agent);
  return key === undefined ? undefined : { kind: 'agent', key, endpointId: agent };
}
