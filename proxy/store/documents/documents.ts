// JSON documents: what a step reads of one moment, and the batch that it makes visible and safe together. The steps of
// this folder know a store by this interface only, so that both stores run the same ones.
import { CausewayError } from '../../errors.ts';
import type { DeviceKey } from '../store.ts';

/** A stored text, or its UTF-8; `toString()` makes either a text. */
export type Stored = Buffer | string;

export interface Write {
  readonly key: string;
  readonly value: Stored | undefined;
  /** Milliseconds since the epoch, after which the value is gone. */
  readonly expiresAt?: number;
}

/** A step reads first and commits once at most: all it has read is of one moment, and its commit is atomic with it. */
export interface Documents {
  text(key: string): string | undefined;
  bytes(key: string): Stored | undefined;
  /** A document whose shape the caller knows, since the same file wrote it. */
  read<T extends { readonly v: number }>(key: string): T | undefined;
  /** Visible to later reads at once; the promise resolves when it is safe. */
  commit(batch: readonly Write[]): Promise<void>;
  /** As `commit`, for what need not be safe yet: it is before anything that is committed later. */
  commitAhead(batch: readonly Write[]): void;
}

/** Stored documents carry the version that wrote them; a node reads its own and the one before. */
export const DOCUMENT_VERSION = 1;

/** Key classes: one letter each, then tenant, device and what is below it. */
export type KeyClass =
  | 'device'
  | 'enrolled'
  | 'state'
  | 'tree'
  | 'remembered'
  | 'local'
  | 'ledger'
  | 'parking'
  | 'upstream'
  | 'credentials'
  | 'methods'
  | 'event'
  | 'request'
  | 'transfers'
  | 'operations'
  | 'firmware'
  | 'notifies'
  | 'notify';

export const keyOf = (keyClass: KeyClass, key: DeviceKey, below?: string): string =>
  below === undefined ? `${keyClass}/${key.tenant}/${key.device}` : `${keyClass}/${key.tenant}/${key.device}/${below}`;

/** Throws CAUSEWAY_STORE_CORRUPT for what is no JSON: somebody else wrote it. */
export function parseStored(key: string, stored: Stored): unknown {
  try {
    return JSON.parse(stored.toString()) as unknown;
  } catch (error) {
    throw new CausewayError('CAUSEWAY_STORE_CORRUPT', `${key} does not hold what Causeway wrote`, { cause: error });
  }
}

/** Throws CAUSEWAY_STORE_VERSION for what a newer Causeway wrote, CAUSEWAY_STORE_CORRUPT for what none wrote. */
export function parseDocument<T extends { readonly v: number }>(key: string, stored: Stored): T {
  const document = parseStored(key, stored) as Partial<T> | null;
  const version = document?.v;
  if (typeof version !== 'number') {
    throw new CausewayError('CAUSEWAY_STORE_CORRUPT', `${key} does not hold what Causeway wrote`);
  }
  if (version > DOCUMENT_VERSION) {
    throw new CausewayError(
      'CAUSEWAY_STORE_VERSION',
      `${key} has version ${version}; this Causeway reads up to ${DOCUMENT_VERSION}. Run the newer version.`,
    );
  }
  return document as T;
}

export const write = (key: string, document: { readonly v: number }, expiresAt?: number): Write =>
  expiresAt === undefined
    ? { key, value: JSON.stringify(document) }
    : { key, value: JSON.stringify(document), expiresAt };
export const writeText = (key: string, value: string): Write => ({ key, value });
export const remove = (key: string): Write => ({ key, value: undefined });
