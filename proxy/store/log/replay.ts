// What a start does with the files of the last run: reads them oldest first into the index, cuts an unfinished write
// from the end of the last, and refuses every other damage.
import { ftruncateSync, unlinkSync } from 'node:fs';
import { type OnLogEvent } from './events.ts';
import {
  END_OF_SEGMENT,
  FRAME_HEADER_BYTES,
  frameSynced,
  newRecordPositions,
  readRecord,
  SEGMENT_HEADER_BYTES,
} from './format.ts';
import { type KeyIndex, NO_SLOT } from './key-index.ts';
import { type FramePosition, scan } from './scan.ts';
import { corrupt, listSegments, openSegment, readFully, type Segment, segmentPath, type Segments } from './segments.ts';
import { isUnfinishedWrite } from './tail.ts';

const WINDOW_BYTES = 4 << 20;

/** A value that has expired is read as deleted: an older segment may still hold another value of its key. */
function applyFrame(frame: FramePosition, segment: Segment, index: KeyIndex, now: number): void {
  const { buffer, offset, start, end } = frame;
  const record = newRecordPositions();
  for (let at = start + FRAME_HEADER_BYTES; at < end; at = record.end) {
    if (!readRecord(buffer, at, end, record)) throw corrupt(segment.path, offset + at - start, 'no record stands here');
    const key = buffer.toString('utf8', record.keyStart, record.valueStart);
    if (record.deletes || (record.expiresAt !== 0 && record.expiresAt <= now)) {
      index.remove(key);
      continue;
    }
    const keyBytes = record.valueStart - record.keyStart;
    const valueBytes = record.end - record.valueStart;
    const valueOffset = offset + record.valueStart - start;
    const slot = index.find(key);
    if (slot === NO_SLOT) index.insert(key, keyBytes, segment.number, valueOffset, valueBytes, record.expiresAt);
    else index.replace(slot, keyBytes, segment.number, valueOffset, valueBytes, record.expiresAt);
  }
}

/** Returns whether the segment is closed by an end mark. Damage is cut where `mayEndTorn` and it is an unfinished write. */
async function replaySegment(
  segment: Segment,
  mayEndTorn: boolean,
  segments: Segments,
  apply: (frame: FramePosition) => void,
  onEvent: OnLogEvent,
): Promise<boolean> {
  let endMark = 0;
  const end = await scan(segment, SEGMENT_HEADER_BYTES, WINDOW_BYTES, (frame) => {
    if (frameSynced(frame.buffer, frame.start) === END_OF_SEGMENT) endMark = frame.offset + FRAME_HEADER_BYTES;
    apply(frame);
    return undefined;
  });
  const bytes = segment.size - end;
  if (bytes > 0) {
    const rest = Buffer.allocUnsafeSlow(bytes);
    await readFully(segment.descriptor, rest, 0, bytes, end);
    if (!mayEndTorn || !isUnfinishedWrite(rest, end, segment.salt)) throw corrupt(segment.path, end, 'a damaged frame');
    ftruncateSync(segment.descriptor, end);
    segments.grow(segment, -bytes);
    segment.synced = end;
    onEvent({ kind: 'tail cut', file: segment.path, offset: end, bytes });
  }
  return endMark === end;
}

/**
 * Fills `segments` and `index` from the files of `folder`. Returns the segment that goes on being appended to, undefined
 * when a new one must be begun.
 */
export async function replay(
  folder: string,
  segments: Segments,
  index: KeyIndex,
  now: number,
  onEvent: OnLogEvent,
): Promise<Segment | undefined> {
  const numbers = listSegments(folder);
  let previous: Segment | undefined;
  let previousIsSealed = true;
  for (const number of numbers) {
    const path = segmentPath(folder, number);
    const isLast = number === numbers.at(-1);
    if (previous !== undefined && number !== previous.number + 1)
      throw corrupt(path, 0, 'the one before it is missing');
    // A segment is begun only after the one before it was closed by an end mark and synced.
    if (previous !== undefined && !previousIsSealed) throw corrupt(previous.path, previous.size, 'it ends too early');
    const segment = openSegment(folder, number);
    if (segment === undefined) {
      if (!isLast) throw corrupt(path, 0, 'the header of the segment is missing');
      unlinkSync(path);
      return undefined;
    }
    segments.add(segment);
    const apply = (frame: FramePosition) => applyFrame(frame, segment, index, now);
    previousIsSealed = await replaySegment(segment, isLast, segments, apply, onEvent);
    previous = segment;
  }
  return previousIsSealed ? undefined : previous;
}
