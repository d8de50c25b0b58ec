// Reads a segment front to back through one window of memory and shows each intact frame to a visitor. Replay,
// compaction and salvage see the log through this only.
import { FRAME_HEADER_BYTES, frameBytes, frameIsIntact } from './format.ts';
import { readFully, type Segment } from './segments.ts';

/** Valid during the visit; the window is filled anew afterwards. */
export interface FramePosition {
  buffer: Buffer;
  /** Positions in `buffer`; the header stands at `start`. */
  start: number;
  end: number;
  /** Position of the header in the file. */
  offset: number;
}

/** A visitor that returns a promise holds the scan until it settles. */
export type VisitFrame = (frame: FramePosition) => Promise<void> | undefined;

/** Visits frames from the file position `from` on. Returns the position after the last intact one before any damage. */
export async function scan(segment: Segment, from: number, windowBytes: number, visit: VisitFrame): Promise<number> {
  const { descriptor, salt, size } = segment;
  let buffer = Buffer.allocUnsafeSlow(Math.max(FRAME_HEADER_BYTES, Math.min(windowBytes, size - from)));
  let [offset, at, filled] = [from, 0, 0];
  const frame: FramePosition = { buffer, start: 0, end: 0, offset };

  /** Makes `need` bytes stand at `at`, reading on as far as the window reaches. */
  async function have(need: number): Promise<boolean> {
    if (offset + need > size) return false;
    const wider = need > buffer.length ? Buffer.allocUnsafeSlow(need) : buffer;
    buffer.copy(wider, 0, at, filled);
    buffer = wider;
    filled -= at;
    at = 0;
    const end = Math.min(buffer.length, size - offset);
    filled = await readFully(descriptor, buffer, filled, end, offset + filled);
    return filled >= need;
  }

  for (;;) {
    if (filled - at < FRAME_HEADER_BYTES && !(await have(FRAME_HEADER_BYTES))) return offset;
    const bytes = frameBytes(buffer, at, salt);
    if (bytes === 0 || (filled - at < bytes && !(await have(bytes)))) return offset;
    if (!frameIsIntact(buffer, at, bytes)) return offset;
    frame.buffer = buffer;
    frame.start = at;
    frame.end = at + bytes;
    frame.offset = offset;
    const held = visit(frame);
    if (held !== undefined) await held;
    at += bytes;
    offset += bytes;
  }
}
