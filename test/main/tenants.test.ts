// Names of tenants in the configuration.
import t from 'tap';
import { loadConfig } from '../../proxy/config/load.ts';
import { tenancySettings } from '../../proxy/main/tenants.ts';

const settingsOf = (flags: Readonly<Record<string, string>>) =>
  tenancySettings(loadConfig({ file: undefined, environment: {}, flags: Object.entries(flags) }).config);

t.same(settingsOf({}), { tenants: ['default'], fallback: 'default' });
t.same(settingsOf({ tenants: 'acme, beta,acme' }), { tenants: ['acme', 'beta'], fallback: 'acme' });
t.same(settingsOf({ tenants: 'acme,beta', 'cwmp.tenant': 'beta' }), { tenants: ['acme', 'beta'], fallback: 'beta' });
for (const [flags, message] of [
  [{ tenants: '' }, /one at least/],
  [{ tenants: 'a/b' }, /"a\/b" is no name/],
  [{ tenants: '{x}' }, /is no name/],
  [{ tenants: '-x' }, /is no name/],
  [{ tenants: `x${'y'.repeat(64)}` }, /is no name/],
  [{ 'cwmp.tenant': 'acme' }, /cwmp.tenant: "acme" is none of tenants/],
  [{ 'cwmp.listeners': '[{listen: ":0", tenant: "acme"}]' }, /cwmp.listeners\[0\].tenant: "acme" is none of tenants/],
  [
    { controllers: '[{endpointId: "proto::c", token: "0123456789abcdef", tenant: "acme"}]' },
    /controllers\[0\].tenant: "acme" is none of tenants/,
  ],
] as const) {
  t.throws(() => settingsOf(flags), { code: 'CAUSEWAY_CONFIG_INVALID', message });
}
