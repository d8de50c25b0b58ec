// A part of a file as chunks, the next one read while its reader still has the last: two buffers, however large the file.
import { open } from 'node:fs/promises';
import { CausewayError } from '../../errors.ts';

export const CHUNK_BYTES = 64 << 10;

/** The file is open from the first chunk until the iteration ends, however it does. */
export async function* readRange(path: string, start: number, end: number): AsyncGenerator<Uint8Array, void> {
  const file = await open(path, 'r');
  const size = Math.min(CHUNK_BYTES, end - start);
  const buffers = [Buffer.allocUnsafeSlow(size), Buffer.allocUnsafeSlow(size)] as const;
  const fill = async (buffer: Buffer, position: number): Promise<Uint8Array> => {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - position), position);
    if (bytesRead === 0) throw new CausewayError('CAUSEWAY_STORE_CORRUPT', 'a file of data.dir/blobs is too short');
    return buffer.subarray(0, bytesRead);
  };
  const ahead = (buffer: Buffer, position: number): Promise<Uint8Array> => {
    const filled = fill(buffer, position);
    // Its reader hears of a failure on coming to it, which may be later than Node waits for somebody to.
    filled.catch(() => undefined);
    return filled;
  };
  let [now, next] = buffers;
  let pending: Promise<Uint8Array> | undefined;
  try {
    pending = start < end ? ahead(now, start) : undefined;
    for (let position = start; pending !== undefined;) {
      const chunk = await pending;
      position += chunk.length;
      [now, next] = [next, now];
      pending = position < end ? ahead(now, position) : undefined;
      yield chunk;
    }
  } finally {
    // Nothing may be read into memory, or from a descriptor, that is somebody else's by then.
    await pending?.catch(() => undefined);
    await file.close();
  }
}
