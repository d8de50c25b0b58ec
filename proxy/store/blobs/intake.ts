// One file on its way in: what comes is counted, hashed and written under a temporary name, until it is whole.
import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { type Checksum, CHECKSUMS, type PutRefusal } from './blobs.ts';

export type Intake =
  | { readonly kind: 'whole'; readonly size: number; readonly checksums: Readonly<Record<Checksum, string>> }
  | { readonly kind: 'refused'; readonly reason: PutRefusal }
  | { readonly kind: 'cut-off' };

/** EFBIG: a limit on the size of files, which is a quota of its own kind. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether the system refused to write for want of room. */
export const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && FULL.has(String(error.code));

/** Hashes are in the hundreds of MB/s: a part this large holds up the event loop for well under a millisecond. */
const PART = 64 << 10;

/**
 * `grow` is asked for every part whether there is room for it. Rejects with what the system says, but for a full disk. The
 * file is synced when it is whole.
 */
export async function takeIn(
  body: AsyncIterable<Uint8Array>,
  file: FileHandle,
  grow: (bytes: number) => PutRefusal | undefined,
): Promise<Intake> {
  const hashes = CHECKSUMS.map((name): [Checksum, Hash] => [name, createHash(name)]);
  const parts = body[Symbol.asyncIterator]();
  const refuse = async (reason: PutRefusal): Promise<Intake> => {
    // The sender is to hear of it: whoever feeds the body decides what becomes of the rest.
    await parts.return?.().catch(() => undefined);
    return { kind: 'refused', reason };
  };
  let size = 0;
  for (;;) {
    // What a body throws says only that its sender is gone.
    const next = await parts.next().catch(() => undefined);
    if (next === undefined) return { kind: 'cut-off' };
    if (next.done === true) break;
    for (let at = 0; at < next.value.length; at += PART) {
      const part = next.value.subarray(at, at + PART);
      const reason = grow(part.length) ?? (await write(file, part));
      if (reason !== undefined) return refuse(reason);
      for (const [, hash] of hashes) hash.update(part);
      size += part.length;
    }
  }
  try {
    await file.sync();
  } catch (error) {
    if (isFull(error)) return { kind: 'refused', reason: 'disk-full' };
    throw error;
  }
  const checksums = Object.fromEntries(hashes.map(([name, hash]) => [name, hash.digest('hex')]));
  return { kind: 'whole', size, checksums: checksums as Record<Checksum, string> };
}

async function write(file: FileHandle, part: Uint8Array): Promise<'disk-full' | undefined> {
  try {
    await file.writeFile(part);
    return undefined;
  } catch (error) {
    if (isFull(error)) return 'disk-full';
    throw error;
  }
}
