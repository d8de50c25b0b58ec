// The bytes of the log. A segment file is a header and frames; a frame is what one turn of the event loop committed, and
// so the unit that is written and checked; a record in it puts or deletes one key. All integers are little-endian.
//
//   segment header  "CWAY" | version u32 | salt u32 | crc32 u32 of the twelve bytes before
//   frame           salt u32 | crc32 u32 of all that follows | frame bytes u32 | synced u32 | records
//   record          kind u8 | key bytes u16 | value bytes u32 | expiresAt f64 if kind is 2 | key (UTF-8) | value
//
// The salt is random and never leaves the disk: when a damaged file is searched for its next intact frame, no value that
// a CPE made to look like one is taken for a frame.
import { crc32 } from 'node:zlib';

export const SEGMENT_HEADER_BYTES = 16;
export const FRAME_HEADER_BYTES = 16;
const RECORD_HEADER_BYTES = 7;
const EXPIRY_BYTES = 8;
export const LONGEST_KEY_BYTES = 0xffff;

const SEGMENT_MAGIC = 0x59415743; // "CWAY"
const SEGMENT_VERSION = 1;

/** In place of `synced`: the segment ends with this frame. */
export const END_OF_SEGMENT = 0xffff_ffff;

export type SegmentHeader =
  | { readonly kind: 'valid'; readonly salt: number }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'damaged' };

export function encodeSegmentHeader(salt: number): Buffer {
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  header.writeUInt32LE(SEGMENT_MAGIC, 0);
  header.writeUInt32LE(SEGMENT_VERSION, 4);
  header.writeUInt32LE(salt, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  return header;
}

export function decodeSegmentHeader(header: Buffer): SegmentHeader {
  if (header.length < SEGMENT_HEADER_BYTES || header.readUInt32LE(0) !== SEGMENT_MAGIC) return { kind: 'damaged' };
  if (header.readUInt32LE(12) !== crc32(header.subarray(0, 12))) return { kind: 'damaged' };
  const version = header.readUInt32LE(4);
  return version > SEGMENT_VERSION ? { kind: 'newer', version } : { kind: 'valid', salt: header.readUInt32LE(8) };
}

/** Turns `buffer[0, length)`, whose records stand behind room for the header, into a frame. */
export function finishFrame(buffer: Buffer, length: number, salt: number, synced: number): void {
  buffer.writeUInt32LE(salt, 0);
  buffer.writeUInt32LE(length, 8);
  buffer.writeUInt32LE(synced, 12);
  buffer.writeUInt32LE(crc32(buffer.subarray(8, length)), 4);
}

/** The bytes that the frame at `at` claims to have, header included; 0 where none begins. Needs the whole header. */
export function frameBytes(buffer: Buffer, at: number, salt: number): number {
  if (buffer.readUInt32LE(at) !== salt) return 0;
  const bytes = buffer.readUInt32LE(at + 8);
  return bytes < FRAME_HEADER_BYTES ? 0 : bytes;
}

export function frameIsIntact(buffer: Buffer, at: number, bytes: number): boolean {
  return buffer.readUInt32LE(at + 4) === crc32(buffer.subarray(at + 8, at + bytes));
}

/** How much of the segment was on the disk itself when this frame was written. */
export const frameSynced = (buffer: Buffer, at: number): number => buffer.readUInt32LE(at + 12);

/** Where the next intact frame of a damaged file begins, searched byte by byte from `from`; -1 when there is none. */
export function findFrame(file: Buffer, from: number, salt: number): number {
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(salt);
  for (let at = file.indexOf(mark, from); at >= 0; at = file.indexOf(mark, at + 1)) {
    if (file.length - at < FRAME_HEADER_BYTES) return -1;
    const bytes = frameBytes(file, at, salt);
    if (bytes > 0 && bytes <= file.length - at && frameIsIntact(file, at, bytes)) return at;
  }
  return -1;
}

const PUT = 1;
const PUT_WITH_EXPIRY = 2;
const DELETE = 3;

export function recordBytes(keyBytes: number, valueBytes: number, expiresAt: number): number {
  return RECORD_HEADER_BYTES + (expiresAt === 0 ? 0 : EXPIRY_BYTES) + keyBytes + valueBytes;
}

/** One record as positions in the buffer it was read from; reused from record to record, for replay must not allocate. */
export interface RecordPositions {
  deletes: boolean;
  keyStart: number;
  valueStart: number;
  end: number;
  /** Milliseconds of the clock handed to the log; 0 when the value does not expire. */
  expiresAt: number;
}

export const newRecordPositions = (): RecordPositions => ({
  deletes: false,
  keyStart: 0,
  valueStart: 0,
  end: 0,
  expiresAt: 0,
});

/** Reads the record at `at` of a frame that ends at `frameEnd`; false when what stands there is no record. */
export function readRecord(buffer: Buffer, at: number, frameEnd: number, record: RecordPositions): boolean {
  const kind = buffer[at];
  if (kind !== PUT && kind !== DELETE && kind !== PUT_WITH_EXPIRY) return false;
  record.keyStart = at + RECORD_HEADER_BYTES + (kind === PUT_WITH_EXPIRY ? EXPIRY_BYTES : 0);
  if (record.keyStart > frameEnd) return false;
  record.deletes = kind === DELETE;
  record.expiresAt = kind === PUT_WITH_EXPIRY ? buffer.readDoubleLE(at + RECORD_HEADER_BYTES) : 0;
  record.valueStart = record.keyStart + buffer.readUInt16LE(at + 1);
  record.end = record.valueStart + buffer.readUInt32LE(at + 3);
  return record.end <= frameEnd;
}

/** Writes the record that puts `value` or, where it is undefined, deletes; tells in `record` where its parts stand. */
export function writeRecord(
  buffer: Buffer,
  at: number,
  key: string,
  value: Buffer | string | undefined,
  expiresAt: number,
  record: RecordPositions,
): void {
  record.deletes = value === undefined;
  record.expiresAt = expiresAt;
  record.keyStart = at + RECORD_HEADER_BYTES + (expiresAt === 0 ? 0 : EXPIRY_BYTES);
  record.valueStart = record.keyStart + buffer.write(key, record.keyStart);
  record.end = record.valueStart;
  if (typeof value === 'string') record.end += buffer.write(value, record.valueStart);
  else if (value !== undefined) record.end += value.copy(buffer, record.valueStart);
  buffer[at] = record.deletes ? DELETE : expiresAt === 0 ? PUT : PUT_WITH_EXPIRY;
  buffer.writeUInt16LE(record.valueStart - record.keyStart, at + 1);
  buffer.writeUInt32LE(record.end - record.valueStart, at + 3);
  if (expiresAt !== 0) buffer.writeDoubleLE(expiresAt, at + RECORD_HEADER_BYTES);
}
