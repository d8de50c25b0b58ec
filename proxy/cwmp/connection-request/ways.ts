// By which ways a device may be called, and in which order: the way that worked last goes first, and one that was
// accepted and brought no Inform goes last. Pure.

export type Way = 'http' | 'udp';

export interface Reachability {
  readonly ConnectionRequestURL: string;
  readonly UDPConnectionRequestAddress: string;
  /** As the CPE reports it; '' when it has not. */
  readonly NATDetected: string;
}

/** What the last attempt taught. */
export interface Learnt {
  readonly outcome: string;
  readonly way?: string;
  readonly worked?: string;
}

/** In the order in which to try them; never none, for `http` says what is missing. */
export function waysTo(device: Reachability, learnt: Learnt | undefined, hasStun: boolean): readonly Way[] {
  const nat = /^(true|1)$/i.test(device.NATDetected.trim());
  const noNat = /^(false|0)$/i.test(device.NATDetected.trim());
  // Without a NAT the CPE is reached over HTTP, and its UDP address is one of its own network.
  if (!hasStun || device.UDPConnectionRequestAddress === '' || noNat) return ['http'];
  if (device.ConnectionRequestURL === '') return ['udp'];
  const ways: readonly Way[] = nat ? ['udp', 'http'] : ['http', 'udp'];
  const failed = learnt?.outcome === 'arrived' ? undefined : learnt?.way;
  const merit = (way: Way): number => (way === learnt?.worked ? 1 : 0) - (way === failed ? 2 : 0);
  return ways.toSorted((one, other) => merit(other) - merit(one));
}
