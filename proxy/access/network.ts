// IP addresses and networks (CIDR), IPv4 and IPv6, in one spelling each. Pure.
import { BlockList, isIPv4, isIPv6, SocketAddress } from 'node:net';

export interface Address {
  readonly family: 'ipv4' | 'ipv6';
  /** Lower case, shortest form, no zone; an IPv4-mapped IPv6 address is the IPv4 address it stands for. */
  readonly text: string;
}

export interface Network {
  readonly address: Address;
  readonly prefix: number;
}

export type NetworkProblem = 'not-an-address' | 'bad-prefix';

const MAPPED = '::ffff:';
const MAPPED_PREFIX = 96;

/** Undefined when the text is no address. Brackets are not part of one; a zone (`%eth0`) is dropped. */
export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { family: 'ipv4', text };
  if (!isIPv6(text)) return undefined;
  const zoneless = text.replace(/%.*$/, '');
  const canonical = new SocketAddress({ family: 'ipv6', address: zoneless }).address;
  const mapped = canonical.startsWith(MAPPED) ? canonical.slice(MAPPED.length) : '';
  return isIPv4(mapped) ? { family: 'ipv4', text: mapped } : { family: 'ipv6', text: canonical };
}

/** `192.0.2.0/24`, `2001:db8::/32`, `::ffff:192.0.2.0/120`, or a bare address. Bits beyond the prefix do not count. */
export function parseNetwork(
  text: string,
): { readonly ok: true; readonly network: Network } | { readonly ok: false; readonly reason: NetworkProblem } {
  const slash = text.indexOf('/');
  const written = slash < 0 ? text : text.slice(0, slash);
  const address = parseAddress(written);
  if (address === undefined) return { ok: false, reason: 'not-an-address' };
  const longest = address.family === 'ipv4' ? 32 : 128;
  if (slash < 0) return { ok: true, network: { address, prefix: longest } };
  const digits = text.slice(slash + 1);
  const mapped = address.family === 'ipv4' && !isIPv4(written);
  const prefix = Number(digits) - (mapped ? MAPPED_PREFIX : 0);
  if (!/^\d{1,3}$/.test(digits) || prefix < 0 || prefix > longest) return { ok: false, reason: 'bad-prefix' };
  return { ok: true, network: { address, prefix } };
}

/** A test for membership in any of the networks. An IPv6 network never holds an IPv4 address, not even `::/0`. */
export function networkSet(networks: readonly Network[]): (address: Address) => boolean {
  // One list a family: a BlockList takes an IPv4 address for a mapped one and finds it in ::/0.
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { address, prefix } of networks) lists[address.family].addSubnet(address.text, prefix, address.family);
  return (address) => lists[address.family].check(address.text, address.family);
}
