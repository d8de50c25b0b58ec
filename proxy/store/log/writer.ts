// The growing end of the log. What one turn of the event loop commits gathers in one frame, which is written at the end
// of that turn; whoever asked is told when the kernel has it, or the disk.
//
// Writes are synchronous: handing 1 KB to the page cache costs 2 us, a trip through the thread pool 40 (test/bench/log.ts).
// Syncs take milliseconds and go through the pool; writing goes on meanwhile, and the next sync covers all of it.
import { fdatasyncSync } from 'node:fs';
import { CausewayError } from '../../errors.ts';
import { type OnLogEvent } from './events.ts';
import { END_OF_SEGMENT, finishFrame, FRAME_HEADER_BYTES, SEGMENT_HEADER_BYTES } from './format.ts';
import { createSegment, datasync, type Segment, type Segments, writeFully } from './segments.ts';
import { Waiters } from './waiters.ts';

/** Beyond it a commit is written at once, within the turn: memory stays bounded whatever a turn commits. */
const PENDING_BYTES = 4 << 20;
const FIRST_BUFFER_BYTES = 64 << 10;
const LARGEST_KEPT_BUFFER_BYTES = 1 << 20;
/** What a power cut costs with sync 'none'; and, with both, how old a bit flip may be and pass for a torn end. */
const SYNC_INTERVAL_MS = 1000;

export type Sync = 'none' | 'batch';

export interface WriterOptions {
  readonly folder: string;
  readonly folderDescriptor: number;
  readonly sync: Sync;
  readonly segmentBytes: number;
  readonly onEvent: OnLogEvent;
  /** Called after each frame that was written. */
  readonly onWritten: () => void;
}

/** The change to the next segment, and the descriptor that must have been synced before its next step. */
interface RollOver {
  readonly steps: Generator<number, void>;
  unsynced: number;
}

export class Writer {
  readonly #options: WriterOptions;
  readonly #segments: Segments;
  #active: Segment;

  /** The open frame stands in `#buffer[0, #length)`, its first bytes left free for the header; 0 when none is open. */
  #buffer = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);
  #length = 0;

  /** Frames are counted; the open one has the number `#written + 1`. */
  #written = 0;
  #synced = 0;
  #syncWanted = 0;
  readonly #onWritten = new Waiters();
  readonly #onSynced = new Waiters();

  #syncs = false;
  #syncLoop: Promise<void> = Promise.resolve();
  /** The one sync that the thread pool is busy with. */
  #syncing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #rollOver: RollOver | undefined;
  #failure: CausewayError | undefined;
  #closed = false;

  constructor(options: WriterOptions, segments: Segments, active: Segment) {
    this.#options = options;
    this.#segments = segments;
    this.#active = active;
  }

  /** The segment that the open frame will be written to. */
  get segment(): number {
    return this.#active.number + (this.#rollOver === undefined ? 0 : 1);
  }
  /** Segments below are complete and never change. */
  get firstUnsealed(): number {
    return this.#active.number;
  }
  get pendingBytes(): number {
    return this.#length;
  }
  /** Where reserved places are; another object after the next `reserve`. */
  get buffer(): Buffer {
    return this.#buffer;
  }
  /** The position in the segment of a place in `buffer`. */
  positionOf(place: number): number {
    return this.#frameStart + place;
  }
  get #frameStart(): number {
    return this.#rollOver === undefined ? this.#active.size : SEGMENT_HEADER_BYTES;
  }

  /** Room for records in the open frame: the place in `buffer` where they go, all in this turn. Throws, or holds. */
  reserve(bytes: number): number {
    if (this.#length > 0 && this.#length + bytes > PENDING_BYTES) this.#writeInThisTurn();
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#length === 0) {
      this.#length = FRAME_HEADER_BYTES;
      setImmediate(this.#endOfTurn);
    }
    const place = this.#length;
    this.#length += bytes;
    if (this.#length > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#length, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, place);
      this.#buffer = larger;
    }
    return place;
  }

  /** A value that is not in its file yet. */
  pendingValue(segment: number, offset: number, length: number): Buffer | undefined {
    const place = offset - this.#frameStart;
    if (this.#length === 0 || place < 0 || segment !== this.segment) return undefined;
    const value = Buffer.allocUnsafeSlow(length);
    this.#buffer.copy(value, 0, place, place + length);
    return value;
  }

  /** Resolves when all that was reserved is as safe as the setting promises. */
  flushed(): Promise<void> {
    if (this.#options.sync === 'batch') return this.#reservedIsSynced();
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return this.#length === 0 ? Promise.resolve() : this.#onWritten.wait(this.#written + 1);
  }

  /** Resolves when all that was reserved is on the disk itself and no sync touches a sealed segment any more. */
  async synced(): Promise<void> {
    await this.#reservedIsSynced();
    await this.#syncing;
  }

  /** Makes all safe; the descriptors may be closed when it has settled. Rejects when the last write fails. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    try {
      if (this.#failure !== undefined) return;
      await this.#reservedIsSynced();
      this.#append(FRAME_HEADER_BYTES, this.#active.synced);
    } finally {
      await this.#syncLoop;
    }
  }

  #reservedIsSynced(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const target = this.#written + (this.#length === 0 ? 0 : 1);
    if (target <= this.#synced) return Promise.resolve();
    this.#syncWanted = target;
    this.#sync();
    return this.#onSynced.wait(target);
  }

  readonly #endOfTurn = (): void => {
    if (this.#length > 0 && this.#rollOver === undefined && this.#failure === undefined) this.#writeFrame();
  };

  #writeFrame(): void {
    if (!this.#append(this.#length, this.#active.synced)) return;
    this.#length = 0;
    if (this.#buffer.length > LARGEST_KEPT_BUFFER_BYTES) this.#buffer = Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES);
    this.#written++;
    this.#onWritten.reached(this.#written);
    this.#timer ??= setTimeout(this.#endOfInterval, SYNC_INTERVAL_MS).unref();
    if (this.#options.sync === 'batch') this.#syncWanted = this.#written;
    if (this.#active.size >= this.#options.segmentBytes) this.#startRollOver();
    this.#sync();
    this.#options.onWritten();
  }

  /** Back-pressure: the turn waits for the disk. */
  #writeInThisTurn(): void {
    try {
      if (this.#rollOver !== undefined) {
        fdatasyncSync(this.#rollOver.unsynced);
        for (const descriptor of this.#rollOver.steps) fdatasyncSync(descriptor);
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#endOfTurn();
  }

  /**
   * Syncs, and adds an empty frame when no other is about to follow: it says that all before it is on the disk, so that
   * damage there is never taken for a torn end.
   */
  readonly #endOfInterval = (): void => {
    this.#timer = undefined;
    const vouch = (): void => {
      if (this.#length > 0 || this.#rollOver !== undefined || this.#closed) return;
      this.#append(FRAME_HEADER_BYTES, this.#active.synced);
    };
    this.#reservedIsSynced().then(vouch, () => undefined); // Of a failure, #fail has told everyone.
  };

  #append(length: number, synced: number): boolean {
    const segment = this.#active;
    try {
      finishFrame(this.#buffer, length, segment.salt, synced);
      writeFully(segment.descriptor, this.#buffer, length, segment.size);
    } catch (error) {
      this.#fail(error);
      return false;
    }
    this.#segments.grow(segment, length);
    return true;
  }

  #sync(): void {
    if (!this.#syncs) this.#syncLoop = this.#syncWhileWanted();
  }

  async #syncWhileWanted(): Promise<void> {
    this.#syncs = true;
    try {
      while (this.#failure === undefined) {
        if (this.#rollOver !== undefined) await this.#finishRollOver(this.#rollOver);
        else if (this.#synced < Math.min(this.#syncWanted, this.#written)) await this.#syncActive();
        else break;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#syncs = false;
  }

  async #syncActive(): Promise<void> {
    const [segment, size, written] = [this.#active, this.#active.size, this.#written];
    await this.#datasync(segment.descriptor);
    segment.synced = Math.max(segment.synced, size);
    this.#reachedSync(written);
  }

  async #finishRollOver(rollOver: RollOver): Promise<void> {
    for (const descriptor of rollOver.steps) {
      rollOver.unsynced = descriptor;
      await this.#datasync(descriptor);
    }
    this.#endOfTurn();
  }

  #datasync(descriptor: number): Promise<void> {
    const syncing = datasync(descriptor);
    this.#syncing = syncing.catch(() => undefined);
    return syncing;
  }

  #reachedSync(written: number): void {
    this.#synced = Math.max(this.#synced, written);
    this.#onSynced.reached(this.#synced);
  }

  /** A segment gets its first frame only when the one before is whole on the disk: only the last can end torn. */
  *#rollOverSteps(): Generator<number, void> {
    const full = this.#active;
    yield full.descriptor;
    full.synced = full.size;
    const next = createSegment(this.#options.folder, full.number + 1);
    this.#segments.add(next);
    yield next.descriptor;
    yield this.#options.folderDescriptor;
    this.#active = next;
    this.#rollOver = undefined;
    this.#reachedSync(this.#written);
  }

  #startRollOver(): void {
    if (this.#closed) return;
    if (!this.#append(FRAME_HEADER_BYTES, END_OF_SEGMENT)) return;
    this.#rollOver = { steps: this.#rollOverSteps(), unsynced: this.#active.descriptor };
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    const why = cause instanceof Error ? cause.message : String(cause);
    const detail = `${this.#active.path}: ${why}; the store refuses everything until it is opened again`;
    this.#failure = new CausewayError('CAUSEWAY_STORE_WRITE_FAILED', detail, { cause });
    this.#onWritten.fail(this.#failure);
    this.#onSynced.fail(this.#failure);
    this.#options.onEvent({ kind: 'write failed', error: this.#failure });
  }
}
