// A file of a disk on its way in; a disk without room is a refusal, not a failure.
import type { FileHandle } from 'node:fs/promises';
import type { PutRefusal } from './blobs.ts';
import type { Sink } from './intake.ts';

/** EFBIG: a limit on the size of files, which is a quota of its own kind. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** Whether the system refused to write for want of room. */
export const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && FULL.has(String(error.code));

async function unlessFull(run: Promise<void>): Promise<PutRefusal | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    if (isFull(error)) return 'disk-full';
    throw error;
  }
}

/** The file is synced when it is whole; closing it is the caller's. */
export const fileSink = (file: FileHandle): Sink => ({
  write: (part) => unlessFull(file.writeFile(part)),
  finish: () => unlessFull(file.sync()),
});
