// The UDPConnectionRequestAddress as a CPE reports it: `host:port`, or `host` where the port is 80 (TR-181
// ManagementServer). Pure.
import { parseAddress } from '../../access/network.ts';
import type { Endpoint } from './stun/address.ts';

export type UdpAddressProblem = 'not-an-address' | 'port-zero';

export const udpAddressProblems: Readonly<Record<UdpAddressProblem, string>> = {
  'not-an-address': 'it is no IP address with a port',
  'port-zero': 'its port is 0: the CPE was not listening yet',
};

const AUTHORITY = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::(\d{1,5}))?$/i;
const DEFAULT_PORT = 80;

/** A name is not looked up: what STUN tells a CPE is an address. */
export function parseUdpAddress(
  text: string,
): { readonly ok: true; readonly endpoint: Endpoint } | { readonly ok: false; readonly problem: UdpAddressProblem } {
  const [, ipv6, ipv4, digits] = AUTHORITY.exec(text.trim()) ?? [];
  const address = parseAddress(ipv6 ?? ipv4 ?? '');
  const port = digits === undefined ? DEFAULT_PORT : Number(digits);
  if (address === undefined || port > 65535) return { ok: false, problem: 'not-an-address' };
  if (port === 0) return { ok: false, problem: 'port-zero' };
  return { ok: true, endpoint: { address: address.text, port } };
}
