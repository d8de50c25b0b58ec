// Runs a step on documents that belong to no device, each a key of its own: read, then compare-and-set of the one that
// the step writes. Two round trips; these steps are rare.
import { CausewayError } from '../../errors.ts';
import { type Connection, script } from './connection.ts';
import { documentKey } from './layout.ts';
import { attempt, lifeOf, readExpiring, settle, type Step, Transaction, UNKNOWN, withExpiry } from './transaction.ts';

/** ARGV: the value that was read ('' for none), the value to be, milliseconds that it lives ('' for good). */
const SWAP = script(`
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
`);

export class DocumentRunner {
  readonly #connection: Connection;
  readonly #now: () => number;

  constructor(connection: Connection, now: () => number) {
    this.#connection = connection;
    this.#now = now;
  }

  /** The step runs again when somebody else was faster, within the time of one command. */
  async run<T>(step: Step<T>): Promise<T> {
    const until = performance.now() + this.#connection.timeoutMs;
    /** As they are stored, '' for none. */
    let read = new Map<string, string>();
    while (performance.now() < until) {
      const transaction = new Transaction((key) => {
        const stored = read.get(key);
        if (stored === undefined) return UNKNOWN;
        const { text, expiresAt } = readExpiring(stored);
        return stored === '' || (expiresAt ?? Infinity) <= this.#now() ? undefined : text;
      });
      const attempted = await attempt(step, transaction);
      if (transaction.missing.size > 0) {
        for (const key of transaction.missing) {
          read.set(key, (await this.#connection.send((redis) => redis.get(documentKey(key)))) ?? '');
        }
        continue;
      }
      const [write] = transaction.writes.values();
      if (!attempted.ok || write?.value === undefined) return settle(attempted);
      const value = withExpiry(write.value, write.expiresAt);
      const values = [read.get(write.key) ?? '', value, lifeOf(write.expiresAt, this.#now())];
      if ((await this.#connection.run(SWAP, [documentKey(write.key)], values)) === 1) return attempted.value;
      read = new Map();
    }
    throw new CausewayError('CAUSEWAY_STORE_TIMEOUT', 'a step took longer than redis.timeout');
  }
}
