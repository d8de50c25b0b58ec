// The storage engine under the embedded store: a crash-safe map from keys to bytes in one folder, after the model of
// Bitcask. Values lie on disk in append-only segments, where each lies is in memory. What one turn of the event loop
// commits is one frame (writer.ts), dead bytes are given back (compaction.ts), a start reads all segments (replay.ts).
//
// Disk: compaction runs while dead bytes are over D = max(live bytes, segmentBytes); over 2 D it does not rest, and
// `flushed` waits for it in proportion to what was committed. So files take at most the live bytes, 3 D and two segments,
// as long as callers await `flushed` (test/store/log/compaction.test.ts).
import { closeSync, fdatasyncSync, mkdirSync, openSync } from 'node:fs';
import { CausewayError } from '../../errors.ts';
import { type Change } from './change.ts';
import { type LogEvent, type OnLogEvent } from './events.ts';
import { KeyIndex } from './key-index.ts';
import { LiveLog, type LiveLogOptions, type LogFiles } from './live-log.ts';
import { lockFolder, type Release } from './lock.ts';
import { replay } from './replay.ts';
import { salvage } from './salvage.ts';
import { createSegment, type Segment, Segments } from './segments.ts';
import { type Sync } from './writer.ts';

export type { Change, LogEvent };

export interface LogOptions {
  /** Made when it is not there. On a disk of this machine: two machines on one network folder do not see each other. */
  readonly folder: string;
  /**
   * What `flushed` waits for. 'none': the kernel has it, safe against kill -9; the disk follows within a second. 'batch':
   * the disk itself has it, safe against power loss.
   */
  readonly sync: Sync;
  /** Milliseconds; compared with `expiresAt`. */
  readonly clock: () => number;
  readonly onEvent?: OnLogEvent;
  /** Size at which a segment is closed: 4 KB to 1 GB; 64 MB when left out. */
  readonly segmentBytes?: number;
  /** Memory for recently read values; 8 MB when left out. */
  readonly cacheBytes?: number;
  /** Opens a damaged log with what is readable of it (salvage.ts). Never by default: old values may come back. */
  readonly salvage?: boolean;
}

export interface LogSize {
  readonly keys: number;
  readonly segments: number;
  /** What all values with their keys would take, packed. */
  readonly liveBytes: number;
  /** The rest of what the files take: replaced, deleted and expired values, frame headers. */
  readonly deadBytes: number;
  readonly cacheBytes: number;
}

export interface Log {
  /**
   * The value, as it was committed or as its bytes; neither to be written to: it may be handed out again. Throws
   * CAUSEWAY_STORE_CORRUPT when its file is cut.
   */
  get(key: string): Buffer | string | undefined;
  has(key: string): boolean;
  /** Keys that begin with `prefix` and are greater than `after`, in byte order. The first call orders all keys. */
  keys(prefix: string, after?: string, limit?: number): string[];
  /**
   * All changes or none, seen by `get` at once. Throws CAUSEWAY_STORE_WRITE_FAILED, with nothing changed, after a write
   * has failed: then nothing is accepted until the log is opened again. Reads go on, and see what was not acknowledged.
   */
  commit(batch: readonly Change[]): void;
  /** Resolves when all committed so far is safe as `sync` says; rejects with CAUSEWAY_STORE_WRITE_FAILED. */
  flushed(): Promise<void>;
  /** Compacts all that is there now. Never needed: it happens by itself. */
  compact(): Promise<void>;
  readonly size: LogSize;
  /** Makes all safe, releases folder and lock. Repeated, it returns the same promise. */
  close(): Promise<void>;
}

const DEFAULT_SEGMENT_BYTES = 64 << 20;
const DEFAULT_CACHE_BYTES = 8 << 20;

/** The segment to append to: the last one, or a new one that is on the disk before anything is written to it. */
async function openSegments(options: LiveLogOptions, files: Omit<LogFiles, 'active'>): Promise<Segment> {
  const { folder, clock, onEvent } = options;
  const { segments, index, folderDescriptor } = files;
  const open = await replay(folder, segments, index, clock(), onEvent);
  const { newest } = segments;
  if (newest !== undefined) fdatasyncSync(newest.descriptor);
  if (open !== undefined) return open;
  const active = createSegment(folder, (newest?.number ?? 0) + 1);
  segments.add(active);
  fdatasyncSync(active.descriptor);
  fdatasyncSync(folderDescriptor);
  return active;
}

function complete(options: LogOptions): LiveLogOptions {
  const { segmentBytes = DEFAULT_SEGMENT_BYTES, cacheBytes = DEFAULT_CACHE_BYTES } = options;
  if (!(segmentBytes >= 4096 && segmentBytes <= 1 << 30)) {
    throw new CausewayError('CAUSEWAY_CONFIG_INVALID', `segments of ${segmentBytes} bytes; 4 KB to 1 GB are possible`);
  }
  const { folder, sync, clock, onEvent = () => undefined } = options;
  return { folder, sync, clock, onEvent, segmentBytes, cacheBytes };
}

/**
 * Throws CAUSEWAY_STORE_LOCKED while a live process has the folder, CAUSEWAY_STORE_CORRUPT with file and position when
 * data that was safe cannot be read, CAUSEWAY_STORE_VERSION for a format newer than this code, and
 * CAUSEWAY_STORE_WRITE_FAILED when the system refuses folder or files.
 */
export async function openLog(options: LogOptions): Promise<Log> {
  const completed = complete(options);
  const { folder, clock, onEvent } = completed;
  const segments = new Segments();
  let folderDescriptor: number | undefined;
  let release: Release | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    folderDescriptor = openSync(folder, 'r');
    release = await lockFolder({ folder, folderDescriptor, onEvent });
    if (options.salvage === true) salvage(folder, clock(), onEvent);
    const files = { segments, index: new KeyIndex(), folderDescriptor, release };
    return new LiveLog(completed, { ...files, active: await openSegments(completed, files) });
  } catch (error) {
    segments.close();
    await release?.();
    if (folderDescriptor !== undefined) closeSync(folderDescriptor);
    if (error instanceof CausewayError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new CausewayError('CAUSEWAY_STORE_WRITE_FAILED', `${folder} cannot be opened: ${why}`, { cause: error });
  }
}
