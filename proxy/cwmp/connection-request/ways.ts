// By which ways a device may be called, and in which order: the way that worked last goes first, and one that was
// accepted and brought no Inform goes last. Pure.
import { parseUdpAddress } from './udp-address.ts';

export type Way = 'http' | 'udp' | 'xmpp';

export interface Reachability {
  readonly ConnectionRequestURL: string;
  readonly UDPConnectionRequestAddress: string;
  /** As the CPE reports it; '' when it has not. */
  readonly NATDetected: string;
  readonly ConnReqJabberID: string;
  /** Where its last Inform came from. */
  readonly sourceAddress: string;
}

/** What this gateway has beside HTTP. */
export interface Means {
  readonly stun: boolean;
  readonly xmpp: boolean;
}

/** What the last attempt taught. */
export interface Learnt {
  readonly outcome: string;
  readonly way?: string;
  readonly worked?: string;
}

/** In the order in which to try them; never none, for `http` says what is missing. */
export function waysTo(device: Reachability, learnt: Learnt | undefined, means: Means): readonly Way[] {
  const nat = /^(true|1)$/i.test(device.NATDetected.trim());
  const noNat = /^(false|0)$/i.test(device.NATDetected.trim());
  const ways: Way[] = [];
  // A CPE that reports a Jabber ID was set up for it; it is answered at once, through any NAT.
  if (means.xmpp && device.ConnReqJabberID !== '') ways.push('xmpp');
  if (device.ConnectionRequestURL !== '') ways.push('http');
  // Without a NAT the UDP address is one of the CPE's own network, unless a port is forwarded to it from where it is seen.
  const udp = means.stun && device.UDPConnectionRequestAddress !== '' && (!noNat || isForwarded(device));
  if (udp) ways.splice(nat && ways.includes('http') ? ways.indexOf('http') : ways.length, 0, 'udp');
  if (ways.length === 0) return ['http'];
  const failed = learnt?.outcome === 'arrived' ? undefined : learnt?.way;
  const merit = (way: Way): number => (way === learnt?.worked ? 1 : 0) - (way === failed ? 2 : 0);
  return ways.toSorted((one, other) => merit(other) - merit(one));
}

/** The UDP address is the one that the Informs come from: no binding is needed (TR-069 Annex G, port forwarding). */
function isForwarded({ UDPConnectionRequestAddress, sourceAddress }: Reachability): boolean {
  const parsed = parseUdpAddress(UDPConnectionRequestAddress);
  return parsed.ok && parsed.endpoint.address === sourceAddress;
}
