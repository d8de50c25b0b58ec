// Whose devices somebody means: the operator may name any tenant, everybody else has one and sees no other.
import type { Principal } from './access.ts';

export type TenantChoice =
  | { readonly ok: true; readonly tenant: string }
  | {
      readonly ok: false;
      readonly reason: 'unknown-tenant' | 'other-tenant';
      readonly status: 403 | 404;
      readonly message: string;
    };

const OTHER: TenantChoice = { ok: false, reason: 'other-tenant', status: 403, message: 'the tenant is not yours' };
const UNKNOWN: TenantChoice = { ok: false, reason: 'unknown-tenant', status: 404, message: 'there is no such tenant' };

/** `asked`: the tenant that the request names; undefined where it names none. */
export function chooseTenant(
  { tenant, standing }: Pick<Principal, 'tenant' | 'standing'>,
  asked: string | undefined,
  isTenant: (name: string) => boolean,
): TenantChoice {
  // Whether there is another is nothing that its neighbour is told.
  if (standing !== 'full' && asked !== undefined && asked !== tenant) return OTHER;
  const chosen = asked ?? tenant;
  return isTenant(chosen) ? { ok: true, tenant: chosen } : UNKNOWN;
}
