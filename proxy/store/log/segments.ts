// The segment files of one folder: their names, their headers, and the open descriptors. Numbers ascend without gap;
// files are appended at the high end and deleted at the low end, and never changed in between.
import { close, closeSync, fdatasync, fstatSync, openSync, read, readdirSync, readSync, writeSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CausewayError } from '../../errors.ts';
import { decodeSegmentHeader, encodeSegmentHeader, SEGMENT_HEADER_BYTES } from './format.ts';

export const datasync: (descriptor: number) => Promise<void> = promisify(fdatasync);
const readAsync = promisify(read);
const closeAsync = promisify(close);

export interface Segment {
  readonly number: number;
  readonly path: string;
  readonly descriptor: number;
  /** Begins every frame of the file. */
  readonly salt: number;
  /** Bytes handed to the kernel. */
  size: number;
  /** Bytes known to be on the disk itself. */
  synced: number;
}

export const segmentPath = (folder: string, number: number): string =>
  join(folder, `${number.toString().padStart(8, '0')}.log`);

/** Numbers of the segment files in a folder, ascending. */
export function listSegments(folder: string): number[] {
  return readdirSync(folder)
    .filter((name) => /^\d{8,}\.log$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((left, right) => left - right);
}

export function corrupt(path: string, offset: number, what: string): CausewayError {
  return new CausewayError(
    'CAUSEWAY_STORE_CORRUPT',
    `${path} at byte ${offset}: ${what}; restore it, or open with salvage to keep what is readable`,
  );
}

/** Writes all of `buffer[0, length)`; a disk that takes a part of it is asked again, and then says why it is full. */
export function writeFully(descriptor: number, buffer: Buffer, length: number, position: number): void {
  for (let done = 0; done < length;) done += writeSync(descriptor, buffer, done, length - done, position + done);
}

/** Reads until `buffer[from, to)` is full or the file ends, and returns where it stopped. */
export async function readFully(
  descriptor: number,
  buffer: Buffer,
  from: number,
  to: number,
  position: number,
): Promise<number> {
  let at = from;
  while (at < to) {
    const { bytesRead } = await readAsync(descriptor, buffer, at, to - at, position + at - from);
    if (bytesRead === 0) break;
    at += bytesRead;
  }
  return at;
}

/** A new, empty segment. Its header is on the disk only after the file and the folder have been synced. */
export function createSegment(folder: string, number: number): Segment {
  const path = segmentPath(folder, number);
  const salt = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const descriptor = openSync(path, 'wx+', 0o600);
  writeFully(descriptor, encodeSegmentHeader(salt), SEGMENT_HEADER_BYTES, 0);
  return { number, path, descriptor, salt, size: SEGMENT_HEADER_BYTES, synced: SEGMENT_HEADER_BYTES };
}

/** Undefined for a file whose header never reached the disk: its creation was cut off before anything was in it. */
export function openSegment(folder: string, number: number): Segment | undefined {
  const path = segmentPath(folder, number);
  const descriptor = openSync(path, 'r+');
  try {
    const { size } = fstatSync(descriptor);
    const bytes = Buffer.alloc(SEGMENT_HEADER_BYTES);
    const header = decodeSegmentHeader(bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0)));
    switch (header.kind) {
      case 'valid':
        return { number, path, descriptor, salt: header.salt, size, synced: size };
      case 'newer':
        throw new CausewayError('CAUSEWAY_STORE_VERSION', `${path} has format ${header.version}`);
      case 'damaged':
        if (size > SEGMENT_HEADER_BYTES) throw corrupt(path, 0, 'the header of the segment is damaged');
        closeSync(descriptor);
        return undefined;
    }
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** A value of its own memory. */
export function readValue(segment: Segment, offset: number, length: number): Buffer {
  const value = Buffer.allocUnsafeSlow(length);
  for (let done = 0; done < length;) {
    const bytes = readSync(segment.descriptor, value, done, length - done, offset + done);
    if (bytes === 0) throw corrupt(segment.path, offset, 'the file was cut while it was open');
    done += bytes;
  }
  return value;
}

/** The open segments, oldest first. */
export class Segments {
  readonly #open = new Map<number, Segment>();
  #bytes = 0;

  get count(): number {
    return this.#open.size;
  }
  get bytes(): number {
    return this.#bytes;
  }
  get oldest(): Segment | undefined {
    for (const segment of this.#open.values()) return segment;
    return undefined;
  }

  get newest(): Segment | undefined {
    return [...this.#open.values()].at(-1);
  }

  find(number: number): Segment | undefined {
    return this.#open.get(number);
  }
  /** Numbers must be added in ascending order. */
  add(segment: Segment): void {
    this.#open.set(segment.number, segment);
    this.#bytes += segment.size;
  }
  grow(segment: Segment, bytes: number): void {
    segment.size += bytes;
    this.#bytes += bytes;
  }
  /** In the thread pool: the kernel takes tens of milliseconds to let go of a file of 64 MB. */
  async delete(segment: Segment): Promise<void> {
    this.#open.delete(segment.number);
    this.#bytes -= segment.size;
    try {
      await unlink(segment.path);
    } finally {
      await closeAsync(segment.descriptor);
    }
  }
  close(): void {
    for (const { descriptor } of this.#open.values()) closeSync(descriptor);
    this.#open.clear();
  }
}
