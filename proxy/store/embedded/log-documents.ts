// Documents over the log on disk. Every step of the embedded store runs in one turn of the event loop between its reads
// and its batch, so it is atomic.
import { type Documents, parseDocument, type Stored, type Write } from '../documents/documents.ts';

/** What the embedded store needs of its log (see `../log/`). */
export interface DocumentLog {
  get(key: string): Stored | undefined;
  commit(batch: readonly Write[]): void;
  flushed(): Promise<void>;
  keys(prefix: string, after?: string, limit?: number): string[];
  close(): Promise<void>;
}

export class LogDocuments implements Documents {
  readonly #log: DocumentLog;

  constructor(log: DocumentLog) {
    this.#log = log;
  }

  text(key: string): string | undefined {
    return this.#log.get(key)?.toString();
  }

  bytes(key: string): Stored | undefined {
    return this.#log.get(key);
  }

  read<T extends { readonly v: number }>(key: string): T | undefined {
    const value = this.#log.get(key);
    return value === undefined ? undefined : parseDocument<T>(key, value);
  }

  keys(prefix: string, after?: string, limit?: number): string[] {
    return this.#log.keys(prefix, after, limit);
  }

  commit(batch: readonly Write[]): Promise<void> {
    this.#log.commit(batch);
    return this.#log.flushed();
  }

  commitAhead(batch: readonly Write[]): void {
    this.#log.commit(batch);
  }

  flushed(): Promise<void> {
    return this.#log.flushed();
  }

  close(): Promise<void> {
    return this.#log.close();
  }
}
