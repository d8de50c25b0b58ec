// Which addresses a Connection Request may go to. The URL comes from the CPE, so without a policy any device could make
// the gateway send requests into its own network (SSRF, freeacs#341). By default the only address is the one from which
// the CPE's last Inform came. Pure; it is asked before connecting and again about the address really connected to.
import { networkSet, parseAddress, parseNetwork, type Address, type Network } from '../../access/network.ts';

export type AddressRefusal =
  | 'not-an-address'
  | 'own-listener'
  | 'cloud-metadata'
  | 'unspecified'
  | 'multicast'
  | 'link-local'
  | 'loopback'
  | 'not-the-inform-source';

export const addressRefusals: Readonly<Record<AddressRefusal, string>> = {
  'not-an-address': 'it is no IP address',
  'own-listener': 'it is a listener of this gateway: the ACS URL was probably set as the ConnectionRequestURL',
  'cloud-metadata': 'it is the metadata service of a cloud',
  unspecified: 'it is the unspecified address: the CPE did not know its own address yet',
  multicast: 'it is a multicast or broadcast address',
  'link-local': 'it is link-local: it means another host on every link',
  loopback: 'it is a loopback address, and the last Inform did not come from loopback',
  'not-the-inform-source':
    'it is neither the address from which the last Inform came nor in a network that the settings allow',
};

export type AddressVerdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: AddressRefusal };
export type AddressCheck = (address: string, port: number) => AddressVerdict;

export interface Listener {
  /** As bound; `0.0.0.0` and `::` stand for every address of this machine. */
  readonly address: string;
  readonly port: number;
}

export interface AddressPolicySettings {
  /** Allowed besides the Inform's source, for CPEs whose Inform passes a proxy or another uplink. */
  readonly networks: readonly Network[];
  /** Every listener of this gateway, and the addresses at which a proxy or NAT shows them. */
  readonly ownListeners: readonly Listener[];
  /** Addresses of this machine's interfaces: what a listener on a wildcard address covers, besides loopback. */
  readonly ownAddresses: readonly string[];
}

const NAT64 = '64:ff9b::';
const isNat64 = networksOf(`${NAT64}/96`);
const isLoopback = networksOf('127.0.0.0/8', '::1/128');

/** Refused whatever the settings say, in this order. */
const NEVER: readonly (readonly [AddressRefusal, (address: Address) => boolean])[] = [
  ['cloud-metadata', networksOf('169.254.169.254', 'fd00:ec2::254')],
  ['unspecified', networksOf('0.0.0.0/8', '::/128')],
  ['multicast', networksOf('224.0.0.0/4', '255.255.255.255', 'ff00::/8')],
  ['link-local', networksOf('169.254.0.0/16', 'fe80::/10')],
];

/**
 * The check for one CPE. `sourceAddress` is where its last authenticated Inform came from: behind a proxy that is the
 * address the trusted proxy names, never the proxy's own, or every CPE could point at the proxy's host.
 */
export function createAddressPolicy(
  settings: AddressPolicySettings,
): (sourceAddress: string | undefined) => AddressCheck {
  const isConfigured = networkSet(settings.networks);
  const isOwnListener = ownListenerTest(settings);
  return (sourceAddress) => {
    const source = sourceAddress === undefined ? undefined : parseAddress(sourceAddress);
    return (text, port) => {
      const address = parseAddress(text);
      if (address === undefined) return refuse('not-an-address');
      // A NAT64 address reaches the IPv4 address inside it, so that one must pass, too.
      const reached = embeddedIpv4(address) ?? address;
      if (isOwnListener(reached, port)) return refuse('own-listener');
      const never = NEVER.find(([, matches]) => matches(reached));
      if (never !== undefined) return refuse(never[0]);
      if (isLoopback(reached)) {
        return source !== undefined && isLoopback(source) ? { allowed: true } : refuse('loopback');
      }
      if (address.text === source?.text || isConfigured(address)) return { allowed: true };
      return refuse('not-the-inform-source');
    };
  };
}

function refuse(reason: AddressRefusal): AddressVerdict {
  return { allowed: false, reason };
}

function ownListenerTest(settings: AddressPolicySettings): (address: Address, port: number) => boolean {
  const own = new Set(settings.ownAddresses.flatMap((text) => parseAddress(text)?.text ?? []));
  const listeners = settings.ownListeners.map(({ address, port }) => ({ bound: parseAddress(address)?.text, port }));
  return (address, port) =>
    listeners.some((listener) => {
      if (listener.port !== port) return false;
      if (listener.bound === address.text) return true;
      const everywhere = listener.bound === '0.0.0.0' || listener.bound === '::';
      return everywhere && (own.has(address.text) || isLoopback(address));
    });
}

/** RFC 6052: 64:ff9b::/96 with the IPv4 address in its last 32 bits. */
function embeddedIpv4(address: Address): Address | undefined {
  if (!isNat64(address)) return undefined;
  const tail = address.text.slice(NAT64.length);
  return parseAddress(`::ffff:${tail.includes(':') ? tail : `0:${tail || '0'}`}`);
}

function networksOf(...texts: readonly string[]): (address: Address) => boolean {
  return networkSet(
    texts.flatMap((text) => {
      const parsed = parseNetwork(text);
      return parsed.ok ? [parsed.network] : [];
    }),
  );
}
