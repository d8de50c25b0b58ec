// Which tenants there are, by the configuration.
import type { Config } from '../config/schema.ts';
import type { TenancySettings } from '../device/tenancy.ts';
import { CausewayError } from '../errors.ts';
import { wantedListeners } from './cwmp-listeners.ts';

/** A part of keys in the store, and of URLs. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Throws CAUSEWAY_CONFIG_INVALID for a name that is none, or that is not in the list. */
export function tenancySettings(config: Config): TenancySettings {
  const invalid = (message: string): CausewayError => new CausewayError('CAUSEWAY_CONFIG_INVALID', message);
  const { tenants } = config;
  const [first] = tenants;
  if (first === undefined) throw invalid('tenants: one at least is wanted, such as default');
  for (const tenant of tenants) {
    if (!NAME.test(tenant)) {
      throw invalid(`tenants: "${tenant}" is no name of up to 64 letters, digits, dots, hyphens and underscores`);
    }
  }
  const named = [
    { setting: 'cwmp.tenant', tenant: config['cwmp.tenant'] },
    ...wantedListeners(config).map(({ name, tenant }) => ({ setting: `${name}.tenant`, tenant })),
    ...config.controllers.map(({ tenant }, index) => ({ setting: `controllers[${index}].tenant`, tenant })),
  ];
  for (const { setting, tenant } of named) {
    if (tenant !== '' && !tenants.includes(tenant)) throw invalid(`${setting}: "${tenant}" is none of tenants`);
  }
  return { tenants: [...new Set(tenants)], fallback: config['cwmp.tenant'] === '' ? first : config['cwmp.tenant'] };
}
