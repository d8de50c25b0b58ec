// An open log: the index, and what commits and reads do with it.
import { closeSync } from 'node:fs';
import { CausewayError } from '../../errors.ts';
import { type Change, measure, writeChange } from './change.ts';
import { Compaction } from './compaction.ts';
import { type OnLogEvent } from './events.ts';
import { newRecordPositions } from './format.ts';
import { type KeyIndex, NO_SLOT } from './key-index.ts';
import { KeyOrder } from './key-order.ts';
import { type Release } from './lock.ts';
import { type Log, type LogSize } from './log.ts';
import { readValue, type Segment, type Segments } from './segments.ts';
import { ValueCache } from './value-cache.ts';
import { type Sync, Writer } from './writer.ts';

/** Index entries that a commit looks at for each change, for expired ones: housekeeping in step with growth. */
const SWEEP_PER_CHANGE = 4;

export interface LiveLogOptions {
  readonly folder: string;
  readonly sync: Sync;
  readonly clock: () => number;
  readonly onEvent: OnLogEvent;
  readonly segmentBytes: number;
  readonly cacheBytes: number;
}

/** What belongs to the log from its opening on, and ends with it. */
export interface LogFiles {
  readonly folderDescriptor: number;
  readonly segments: Segments;
  /** The segment to append to. */
  readonly active: Segment;
  readonly index: KeyIndex;
  readonly release: Release;
}

export class LiveLog implements Log {
  readonly #files: LogFiles;
  readonly #index: KeyIndex;
  readonly #clock: () => number;
  readonly #cache: ValueCache;
  readonly #writer: Writer;
  readonly #compaction: Compaction;
  readonly #record = newRecordPositions();
  #order: KeyOrder | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LiveLogOptions, files: LogFiles) {
    this.#files = files;
    this.#index = files.index;
    this.#clock = options.clock;
    this.#cache = new ValueCache(options.cacheBytes);
    const onWritten = (): void => this.#compaction.consider();
    const { folderDescriptor, segments, active } = files;
    this.#writer = new Writer({ ...options, folderDescriptor, onWritten }, segments, active);
    this.#compaction = new Compaction({ ...options, ...files, writer: this.#writer, forget: this.#forget });
  }

  get(key: string): Buffer | string | undefined {
    const slot = this.#find(key);
    if (slot === NO_SLOT) return undefined;
    const cached = this.#cache.get(slot);
    if (cached !== undefined) return cached;
    const value = this.#read(slot);
    this.#cache.set(slot, value);
    return value;
  }

  has(key: string): boolean {
    return this.#find(key) !== NO_SLOT;
  }

  keys(prefix: string, after?: string, limit = Infinity): string[] {
    if (this.#order === undefined) {
      this.#order = new KeyOrder(this.#index.keys());
      this.#index.listen(this.#order);
    }
    const found: string[] = [];
    for (const key of this.#order.from(prefix, after)) {
      if (found.length >= limit) break;
      if (this.has(key)) found.push(key);
    }
    return found;
  }

  commit(batch: readonly Change[]): void {
    this.#mustBeOpen();
    const bytes = measure(batch);
    if (bytes === 0) return;
    let place = this.#writer.reserve(bytes);
    for (const change of batch) place = this.#apply(change, place);
    this.#compaction.committed(bytes);
    this.#index.sweep(SWEEP_PER_CHANGE * batch.length, this.#clock(), this.#forget);
  }

  flushed(): Promise<void> {
    const debt = this.#compaction.debt();
    return debt === undefined ? this.#writer.flushed() : this.#writer.flushed().then(() => debt);
  }

  compact(): Promise<void> {
    return this.#compaction.all();
  }

  get size(): LogSize {
    const { segments } = this.#files;
    const { keyCount: keys, liveBytes } = this.#index;
    const deadBytes = segments.bytes + this.#writer.pendingBytes - liveBytes;
    return { keys, segments: segments.count, liveBytes, deadBytes, cacheBytes: this.#cache.bytes };
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    const { segments, release, folderDescriptor } = this.#files;
    try {
      await this.#compaction.stop();
      await this.#writer.close();
    } finally {
      segments.close();
      await release();
      closeSync(folderDescriptor);
    }
  }

  #find(key: string): number {
    this.#mustBeOpen();
    const slot = this.#index.find(key);
    return slot === NO_SLOT || this.#index.isExpired(slot, this.#clock()) ? NO_SLOT : slot;
  }

  #mustBeOpen(): void {
    if (this.#closing !== undefined) throw new CausewayError('CAUSEWAY_BUG', 'a log is used after it was closed');
  }

  #read(slot: number): Buffer {
    const [number, offset] = [this.#index.segmentOf(slot), this.#index.offsetOf(slot)];
    const length = this.#index.lengthOf(slot);
    const pending = this.#writer.pendingValue(number, offset, length);
    if (pending !== undefined) return pending;
    const segment = this.#files.segments.find(number);
    if (segment === undefined) throw new CausewayError('CAUSEWAY_BUG', `segment ${number} holds a value and is gone`);
    return readValue(segment, offset, length);
  }

  /** Returns the place behind the record. */
  #apply(change: Change, place: number): number {
    const { buffer } = this.#writer;
    const record = this.#record;
    writeChange(buffer, place, change, record);
    const slot = this.#index.find(change.key);
    if (change.value === undefined) {
      if (slot !== NO_SLOT) this.#forget(change.key, slot);
      return record.end;
    }
    const keyBytes = record.valueStart - record.keyStart;
    const offset = this.#writer.positionOf(record.valueStart);
    const length = record.end - record.valueStart;
    const { segment } = this.#writer;
    if (slot === NO_SLOT) {
      // The caller's string may be a slice that keeps the whole message it was cut from.
      const key = buffer.toString('utf8', record.keyStart, record.valueStart);
      this.#remember(this.#index.insert(key, keyBytes, segment, offset, length, record.expiresAt), change.value);
    } else {
      this.#index.replace(slot, keyBytes, segment, offset, length, record.expiresAt);
      this.#remember(slot, change.value);
    }
    return record.end;
  }

  /** Bytes stay the caller's, who may change them. */
  #remember(slot: number, value: Buffer | string): void {
    if (typeof value === 'string') this.#cache.set(slot, value);
    else this.#cache.drop(slot);
  }

  readonly #forget = (key: string, slot: number): void => {
    this.#cache.drop(slot);
    this.#index.remove(key);
  };
}
