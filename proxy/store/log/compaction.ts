// Gives back the space of values that were replaced, deleted or have expired. The log is a ring: always the oldest
// segment is taken, what lives in it is committed anew at the end, and the file is deleted once those copies are on the
// disk itself. So a crash finds the old file, or the copies, or both; and a deletion can be forgotten with its segment,
// for nothing older is left that it could have hidden.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { CausewayError } from '../../errors.ts';
import { type OnLogEvent } from './events.ts';
import { FRAME_HEADER_BYTES, newRecordPositions, readRecord, SEGMENT_HEADER_BYTES } from './format.ts';
import { type KeyIndex, NO_SLOT } from './key-index.ts';
import { type FramePosition, scan } from './scan.ts';
import { corrupt, datasync, type Segment, type Segments } from './segments.ts';
import { Waiters } from './waiters.ts';
import { type Writer } from './writer.ts';

const WINDOW_BYTES = 512 << 10;
/** How long compaction holds the event loop at a time, and how many times as long it then rests. */
const SLICE_MS = 1;
const REST = 4;
/** Bytes that are read through for each that is committed, while compaction is behind: commits wait for it. */
const PACE = 4;

export interface CompactionParts {
  readonly folderDescriptor: number;
  readonly segmentBytes: number;
  readonly segments: Segments;
  readonly index: KeyIndex;
  readonly writer: Writer;
  readonly clock: () => number;
  readonly onEvent: OnLogEvent;
  /** Takes an expired key out of the index. */
  readonly forget: (key: string, slot: number) => void;
}

export class Compaction {
  readonly #parts: CompactionParts;
  readonly #record = newRecordPositions();
  readonly #stop = new AbortController();
  #pause = new AbortController();
  /** How many await the end of a run. */
  #awaited = 0;
  #sliceStart = 0;
  /** Bytes of segments that were read through, ever; and how many commits were promised to wait for. */
  #passed = 0;
  #owed = 0;
  readonly #onPassed = new Waiters();
  #inBackground = false;
  /** Settles when the last of the runs that were asked for has ended; they go one after the other. */
  #runs: Promise<void> = Promise.resolve();

  constructor(parts: CompactionParts) {
    this.#parts = parts;
  }

  /** Begins in the background when there is enough to gain: more dead bytes than live ones, and than a segment has. */
  consider(): void {
    if (this.#inBackground || this.#stopped || !this.#hasMuchToGain(1)) return;
    this.#inBackground = true;
    const end = (): void => {
      this.#inBackground = false;
      this.#pass(this.#owed - this.#passed);
    };
    this.#run(() => this.#hasMuchToGain(1)).then(end, end); // Of a failure, `#run` tells.
  }

  /** Told of every commit. While there is twice as much to gain as makes this begin, commits pay by waiting. */
  committed(bytes: number): void {
    if (this.#inBackground && this.#hasMuchToGain(2)) this.#owed = Math.max(this.#owed, this.#passed) + PACE * bytes;
  }

  /** What an acknowledgement has to wait for; undefined when that is nothing. */
  debt(): Promise<void> | undefined {
    if (!this.#inBackground || this.#owed <= this.#passed) return undefined;
    this.#pause.abort();
    return this.#onPassed.wait(this.#owed);
  }

  /** Compacts every segment but the last that is there now, without rest. */
  async all(): Promise<void> {
    const end = this.#parts.writer.firstUnsealed;
    this.#awaited++;
    this.#pause.abort();
    try {
      await this.#run((oldest) => oldest.number < end);
    } finally {
      this.#awaited--;
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#pause.abort();
    await this.#runs;
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  #hasMuchToGain(factor: number): boolean {
    const { segments, writer, index, segmentBytes } = this.#parts;
    const dead = segments.bytes + writer.pendingBytes - index.liveBytes;
    return dead > factor * Math.max(index.liveBytes, segmentBytes);
  }

  #run(wanted: (oldest: Segment) => boolean): Promise<void> {
    const run = this.#runs.then(() => this.#compactWhile(wanted));
    this.#runs = run.catch((error: unknown) => {
      if (this.#stopped) return;
      this.#stop.abort();
      this.#parts.onEvent({ kind: 'compaction failed', error });
    });
    return run;
  }

  async #compactWhile(wanted: (oldest: Segment) => boolean): Promise<void> {
    const { segments, writer } = this.#parts;
    for (;;) {
      const { oldest } = segments;
      if (this.#stopped || oldest === undefined || oldest.number >= writer.firstUnsealed || !wanted(oldest)) return;
      await this.#compact(oldest);
    }
  }

  async #compact(victim: Segment): Promise<void> {
    const { segments, index, writer, folderDescriptor, onEvent } = this.#parts;
    let copied = 0;
    const passedAtEnd = this.#passed + victim.size;
    if (index.liveIn(victim.number) > 0) {
      this.#sliceStart = performance.now();
      const end = await scan(victim, SEGMENT_HEADER_BYTES, WINDOW_BYTES, async (frame) => {
        copied += await this.#copyLive(frame, victim);
        this.#pass(frame.end - frame.start);
      });
      if (end !== victim.size && !this.#stopped) throw corrupt(victim.path, end, 'a damaged frame');
    }
    if (this.#stopped) return;
    // Also with sync 'none': a power cut may cost the last commits, never values that were safe long ago.
    await writer.synced();
    if (index.liveIn(victim.number) > 0) throw new CausewayError('CAUSEWAY_BUG', `${victim.path} still holds values`);
    await segments.delete(victim);
    this.#pass(passedAtEnd - this.#passed);
    // Before the next is deleted: that one gone and this one back would bring deleted keys to life.
    await datasync(folderDescriptor);
    onEvent({ kind: 'segment compacted', file: victim.path, freed: victim.size - copied, copied });
  }

  #pass(bytes: number): void {
    this.#passed += Math.max(0, bytes);
    this.#onPassed.reached(this.#passed);
  }

  /** Commits the live records of a frame again. Whether one lives is asked in the same turn in which it is copied. */
  async #copyLive(frame: FramePosition, victim: Segment): Promise<number> {
    const { index, writer, clock, forget } = this.#parts;
    const { buffer, start, end, offset } = frame;
    const record = this.#record;
    let copied = 0;
    for (let at = start + FRAME_HEADER_BYTES; at < end; at = record.end) {
      if (performance.now() - this.#sliceStart > SLICE_MS) await this.#rest();
      if (this.#stopped) break;
      if (!readRecord(buffer, at, end, record))
        throw corrupt(victim.path, offset + at - start, 'no record stands here');
      const key = buffer.toString('utf8', record.keyStart, record.valueStart);
      const slot = index.find(key);
      const isHere = slot !== NO_SLOT && index.segmentOf(slot) === victim.number;
      if (!isHere || index.offsetOf(slot) !== offset + record.valueStart - start) continue;
      if (index.isExpired(slot, clock())) {
        forget(key, slot);
        continue;
      }
      const place = writer.reserve(record.end - at);
      buffer.copy(writer.buffer, place, at, record.end);
      index.move(slot, writer.segment, writer.positionOf(place + record.valueStart - at));
      copied += record.end - at;
    }
    return copied;
  }

  /** Lets the loop turn: for long while there is time, once when somebody waits or the disk fills faster than this frees. */
  async #rest(): Promise<void> {
    const used = performance.now() - this.#sliceStart;
    await this.#parts.writer.flushed();
    if (this.#awaited > 0 || this.#stopped || this.#owed > this.#passed || this.#hasMuchToGain(2)) {
      await nextTurn();
    } else {
      this.#pause = new AbortController();
      await delay(REST * used, undefined, { ref: false, signal: this.#pause.signal }).catch(() => undefined);
    }
    this.#sliceStart = performance.now();
  }
}
