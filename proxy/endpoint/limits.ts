// What one Controller may take of a node, whatever edge it comes by.
import { Recent } from '../operate/recent.ts';
import { InFlight } from './in-flight.ts';
import { TokenBucket } from './token-bucket.ts';

export interface LimitSettings {
  /** In a second. */
  readonly records: number;
  /** In flight. */
  readonly requests: number;
  readonly connections: number;
  /** When a request is over in any case. */
  readonly requestLifetimeMs: number;
}

/** Controllers whose rate is remembered: who comes back finds it as it was. */
const BUCKETS_KEPT = 10_000;

export class Limits {
  readonly connections: number;
  readonly inFlight: InFlight;
  readonly #records: number;
  readonly #buckets = new Recent<TokenBucket>(BUCKETS_KEPT);

  constructor({ records, requests, connections, requestLifetimeMs }: LimitSettings) {
    this.connections = connections;
    this.inFlight = new InFlight(requests, requestLifetimeMs);
    this.#records = records;
  }

  /** One for all connections of a Controller. */
  bucketOf(tenant: string, controller: string): TokenBucket {
    const name = `${tenant}/${controller}`;
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(this.#records);
    this.#buckets.set(name, bucket);
    return bucket;
  }
}
