// Documents as one attempt of a step sees them: what is known already, and what the step has written itself. A read of
// something that is not known yet gives nothing and is noted; then the attempt does not count.
import { type Documents, parseDocument, type Stored, type Write } from '../documents/documents.ts';

/** What a lookup says of a key that has to be fetched first. */
export const UNKNOWN = Symbol('unknown');
export type Lookup = (key: string) => string | undefined | typeof UNKNOWN;

export class Transaction implements Documents {
  readonly writes = new Map<string, Write>();
  readonly missing = new Set<string>();
  readonly #lookup: Lookup;

  constructor(lookup: Lookup) {
    this.#lookup = lookup;
  }

  bytes(key: string): Stored | undefined {
    const written = this.writes.get(key);
    if (written !== undefined) return written.value;
    const found = this.#lookup(key);
    if (found !== UNKNOWN) return found;
    this.missing.add(key);
    return undefined;
  }

  text(key: string): string | undefined {
    return this.bytes(key)?.toString();
  }

  read<T extends { readonly v: number }>(key: string): T | undefined {
    const stored = this.bytes(key);
    return stored === undefined ? undefined : parseDocument<T>(key, stored);
  }

  async commit(batch: readonly Write[]): Promise<void> {
    this.commitAhead(batch);
  }

  commitAhead(batch: readonly Write[]): void {
    for (const write of batch) this.writes.set(write.key, write);
  }
}

export type Step<T> = (documents: Documents) => Promise<T>;
/** How an attempt ended; what it threw may be due to what was missing or out of date. */
export type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

export async function attempt<T>(step: Step<T>, transaction: Transaction): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await step(transaction) };
  } catch (error) {
    return { ok: false, error };
  }
}

export function settle<T>(attempted: Attempt<T>): T {
  if (attempted.ok) return attempted.value;
  throw attempted.error;
}

/** A text that may expire, as it is stored: Redis' own expiry follows its own clock, and may come late. */
export const withExpiry = (text: Stored, expiresAt: number | undefined): string =>
  `${expiresAt ?? ''} ${text.toString()}`;

export interface Expiring {
  readonly text: string;
  readonly expiresAt: number | undefined;
}
export function readExpiring(stored: string): Expiring {
  const space = stored.indexOf(' ');
  const expiresAt = space > 0 ? Number(stored.slice(0, space)) : undefined;
  return { text: stored.slice(space + 1), expiresAt };
}

/** Milliseconds that Redis shall keep it, in its words. */
export const lifeOf = (expiresAt: number | undefined, now: number): string =>
  expiresAt === undefined ? '' : String(Math.max(1, Math.ceil(expiresAt - now)));
