// Which tenant somebody may mean.
import t from 'tap';
import { chooseTenant } from '../../proxy/access/tenant-choice.ts';

const isTenant = (name: string): boolean => ['acme', 'beta'].includes(name);
const operator = { tenant: 'acme', standing: 'full' } as const;
const user = { tenant: 'acme', standing: 'roles' } as const;

t.same(chooseTenant(operator, undefined, isTenant), { ok: true, tenant: 'acme' });
t.same(chooseTenant(operator, 'beta', isTenant), { ok: true, tenant: 'beta' });
t.match(chooseTenant(operator, 'gamma', isTenant), { ok: false, reason: 'unknown-tenant', status: 404 });
t.match(chooseTenant(operator, '', isTenant), { ok: false, reason: 'unknown-tenant' });
t.same(chooseTenant(user, undefined, isTenant), { ok: true, tenant: 'acme' });
t.same(chooseTenant(user, 'acme', isTenant), { ok: true, tenant: 'acme' });
for (const asked of ['beta', 'gamma', '']) {
  t.match(
    chooseTenant(user, asked, isTenant),
    { ok: false, reason: 'other-tenant', status: 403 },
    'whether it is there or not',
  );
}
const untrusted = { tenant: 'gamma', standing: 'untrusted' } as const;
t.match(
  chooseTenant(untrusted, undefined, isTenant),
  { ok: false, reason: 'unknown-tenant' },
  'a credential of no tenant',
);
