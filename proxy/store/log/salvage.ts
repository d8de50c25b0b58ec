// The way out of CAUSEWAY_STORE_CORRUPT: before the replay, every damaged segment is written anew from its intact
// frames. The price is named, not hidden: a lost frame may have been newer than an intact one, so that an old value or
// a deleted key can come back. The damaged file is kept beside the new one.
import { closeSync, fdatasyncSync, linkSync, openSync, readFileSync, renameSync } from 'node:fs';
import { type OnLogEvent } from './events.ts';
import {
  decodeSegmentHeader,
  encodeSegmentHeader,
  END_OF_SEGMENT,
  findFrame,
  finishFrame,
  FRAME_HEADER_BYTES,
  frameBytes,
  frameIsIntact,
  frameSynced,
  SEGMENT_HEADER_BYTES,
} from './format.ts';
import { listSegments, segmentPath, writeFully } from './segments.ts';
import { isUnfinishedWrite } from './tail.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

interface Findings {
  readonly salt: number;
  /** Frames with records. */
  readonly intact: readonly Buffer[];
  readonly damaged: readonly Range[];
  readonly sealed: boolean;
}

function inspect(file: Buffer): Findings {
  const header = decodeSegmentHeader(file.subarray(0, SEGMENT_HEADER_BYTES));
  // A newer format is no damage; the replay refuses it by its name.
  if (header.kind === 'newer') return { salt: 0, intact: [], damaged: [], sealed: true };
  // Without its salt no frame of a segment can be told from chance.
  if (header.kind === 'damaged')
    return { salt: 0, intact: [], damaged: [{ start: 0, end: file.length }], sealed: false };
  const { salt } = header;
  const intact: Buffer[] = [];
  const damaged: Range[] = [];
  let sealed = false;
  for (let start = SEGMENT_HEADER_BYTES; start < file.length;) {
    const bytes = file.length - start < FRAME_HEADER_BYTES ? 0 : frameBytes(file, start, salt);
    const end = start + bytes;
    if (bytes > 0 && end <= file.length && frameIsIntact(file, start, bytes)) {
      sealed = frameSynced(file, start) === END_OF_SEGMENT;
      if (!sealed) intact.push(file.subarray(start, end));
      start = end;
    } else {
      const next = findFrame(file, start + 1, salt);
      damaged.push({ start, end: next < 0 ? file.length : next });
      start = next < 0 ? file.length : next;
    }
  }
  return { salt, intact, damaged, sealed };
}

/** Writes a sealed segment and puts it in the place of `path` in one step. */
function replaceSegment(path: string, salt: number, frames: readonly Buffer[]): void {
  const endMark = Buffer.alloc(FRAME_HEADER_BYTES);
  finishFrame(endMark, FRAME_HEADER_BYTES, salt, END_OF_SEGMENT);
  const descriptor = openSync(`${path}.new`, 'w', 0o600);
  try {
    let position = 0;
    for (const part of [encodeSegmentHeader(salt), ...frames, endMark]) {
      writeFully(descriptor, part, part.length, position);
      position += part.length;
    }
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(`${path}.new`, path);
}

/** What has to be left out of a segment; nothing when the replay can read it, or cut its unfinished end, by itself. */
function damageOf(file: Buffer, { damaged, sealed, salt }: Findings, isLast: boolean): readonly Range[] {
  const [first] = damaged;
  if (first === undefined) return sealed || isLast ? [] : [{ start: file.length, end: file.length }];
  if (!isLast) return damaged;
  if (first.start === 0) return file.length > SEGMENT_HEADER_BYTES ? damaged : [];
  return isUnfinishedWrite(file.subarray(first.start), first.start, salt) ? [] : damaged;
}

/** Makes the segments of a folder readable from end to end. A missing segment becomes an empty one. */
export function salvage(folder: string, now: number, onEvent: OnLogEvent): void {
  const numbers = listSegments(folder);
  let expected = numbers[0] ?? 1;
  for (const number of numbers) {
    for (; expected < number; expected++) {
      const file = segmentPath(folder, expected);
      replaceSegment(file, 0, []);
      onEvent({ kind: 'salvaged', file, offset: 0, bytes: 0, kept: undefined });
    }
    expected = number + 1;
    const path = segmentPath(folder, number);
    const file = readFileSync(path);
    const findings = inspect(file);
    const damage = damageOf(file, findings, number === numbers.at(-1));
    if (damage.length === 0) continue;
    const kept = `${path}.damaged-${now}`;
    linkSync(path, kept);
    replaceSegment(path, findings.salt, findings.intact);
    for (const { start, end } of damage) {
      onEvent({ kind: 'salvaged', file: path, offset: start, bytes: end - start, kept });
    }
  }
}
