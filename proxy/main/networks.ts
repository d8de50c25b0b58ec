// Settings that list networks.
import type { Config } from '../config/schema.ts';
import { type Network, parseNetwork } from '../access/network.ts';
import { CausewayError } from '../errors.ts';

/** Throws CAUSEWAY_CONFIG_INVALID, naming the setting, for an entry that is no address and no CIDR. */
export const networksOf = (config: Config, setting: 'connectionRequest.networks'): readonly Network[] =>
  parseNetworks(setting, config[setting]);

/** Throws CAUSEWAY_CONFIG_INVALID likewise. */
export function parseNetworks(setting: string, texts: readonly string[]): readonly Network[] {
  return texts.map((text) => {
    const parsed = parseNetwork(text);
    if (parsed.ok) return parsed.network;
    throw new CausewayError('CAUSEWAY_CONFIG_INVALID', `${setting}: ${text}: ${parsed.reason}`);
  });
}
