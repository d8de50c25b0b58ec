// JSON documents over the log: reads of the moment, and batches that become visible and safe together. Every step of
// the embedded store runs in one turn of the event loop between its reads and its batch, so it is atomic.
import { CausewayError } from '../../errors.ts';
import type { DeviceKey } from '../store.ts';

/** What the embedded store needs of its log (see `../log/`). */
export interface DocumentLog {
  get(key: string): Buffer | undefined;
  commit(batch: readonly LogWrite[]): void;
  flushed(): Promise<void>;
  keys(prefix: string, after?: string, limit?: number): string[];
  close(): Promise<void>;
}
export interface LogWrite {
  readonly key: string;
  readonly value: Buffer | string | undefined;
  /** Milliseconds since the epoch, after which the value is gone. */
  readonly expiresAt?: number;
}

/** Stored documents carry the version that wrote them; a node reads its own and the one before. */
export const DOCUMENT_VERSION = 1;

/** Key classes: one letter each, then tenant, device and what is below it. */
export type KeyClass =
  | 'device'
  | 'state'
  | 'tree'
  | 'local'
  | 'ledger'
  | 'parking'
  | 'methods'
  | 'event'
  | 'request'
  | 'notifies'
  | 'notify'
  | 'outbox'
  | 'due'
  | 'node'
  | 'secret'
  | 'template'
  | 'catalogue'
  | 'model'
  | 'holds';

export const keyOf = (keyClass: KeyClass, key: DeviceKey, below?: string): string =>
  below === undefined ? `${keyClass}/${key.tenant}/${key.device}` : `${keyClass}/${key.tenant}/${key.device}/${below}`;

export class Documents {
  readonly #log: DocumentLog;

  constructor(log: DocumentLog) {
    this.#log = log;
  }

  text(key: string): string | undefined {
    return this.#log.get(key)?.toString('utf8');
  }

  bytes(key: string): Buffer | undefined {
    return this.#log.get(key);
  }

  /** A document whose shape the caller knows, since the same file wrote it. */
  read<T extends { readonly v: number }>(key: string): T | undefined {
    const value = this.#log.get(key);
    if (value === undefined) return undefined;
    const document = JSON.parse(value.toString('utf8')) as T;
    if (document.v > DOCUMENT_VERSION) {
      throw new CausewayError(
        'CAUSEWAY_STORE_VERSION',
        `${key} has version ${document.v}; this Causeway reads up to ${DOCUMENT_VERSION}. Run the newer version.`,
      );
    }
    return document;
  }

  keys(prefix: string, after?: string, limit?: number): string[] {
    return this.#log.keys(prefix, after, limit);
  }

  /** Visible at once; the promise resolves when it is safe. */
  commit(batch: readonly LogWrite[]): Promise<void> {
    this.#log.commit(batch);
    return this.#log.flushed();
  }

  flushed(): Promise<void> {
    return this.#log.flushed();
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}

export const write = (key: string, document: { readonly v: number }, expiresAt?: number): LogWrite =>
  expiresAt === undefined
    ? { key, value: JSON.stringify(document) }
    : { key, value: JSON.stringify(document), expiresAt };
export const writeText = (key: string, value: string): LogWrite => ({ key, value });
export const remove = (key: string): LogWrite => ({ key, value: undefined });
