// How often one source is answered. A source address can be forged, so that our answers hit somebody else: one address
// gets no more of them than the CPEs behind one large NAT need. Pure but for what it remembers.
import { parseAddress } from '../../../access/network.ts';
import { addressBytes } from './address.ts';

export interface RateLimitSettings {
  /** Answers a second in the long run. */
  readonly perSecond: number;
  /** Answers at once after a quiet time. */
  readonly burst: number;
  /** Sources remembered; of more, the one not heard for longest is forgotten. */
  readonly sources: number;
}

interface Bucket {
  readonly left: number;
  readonly at: number;
}

/** True when the source may be answered now. IPv6 sources count by their /64, which one host has for itself. */
export function createRateLimit(settings: RateLimitSettings, now: () => number): (address: string) => boolean {
  const buckets = new Map<string, Bucket>();
  return (address) => {
    const source = sourceOf(address);
    const at = now();
    const known = buckets.get(source) ?? { left: settings.burst, at };
    const left = Math.min(settings.burst, known.left + ((at - known.at) / 1000) * settings.perSecond);
    buckets.delete(source);
    buckets.set(source, { left: left < 1 ? left : left - 1, at });
    const oldest = buckets.keys().next();
    if (buckets.size > settings.sources && oldest.done === false) buckets.delete(oldest.value);
    return left >= 1;
  };
}

const sourceOf = (address: string): string =>
  parseAddress(address)?.family === 'ipv6' ? (addressBytes(address)?.toString('hex', 0, 8) ?? address) : address;
