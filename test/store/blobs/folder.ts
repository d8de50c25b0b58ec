// A folder of blobs for tests, and bodies to put into it.
import { join } from 'node:path';
import type { Test } from 'tap';
import { systemRandomness } from '../../../proxy/operate/clock.ts';
import type { Blob, BlobAbout, Blobs } from '../../../proxy/store/blobs/blobs.ts';
import { type BlobEvent, type BlobFolderOptions, openBlobFolder } from '../../../proxy/store/blobs/directory.ts';

export const ABOUT: BlobAbout = {
  name: 'firmware.bin',
  fileType: '1 Firmware Upgrade Image',
  vendor: 'Example',
  model: 'Router',
  version: '1.0',
  device: '',
};

export interface Folder {
  readonly path: string;
  readonly events: readonly BlobEvent[];
  open(options?: Partial<BlobFolderOptions>): Promise<Blobs>;
}

/** Closed with the test. */
export function blobFolder(t: Test): Folder {
  const path = join(t.testdir(), 'blobs');
  const events: BlobEvent[] = [];
  return {
    path,
    events,
    async open(options = {}) {
      const blobs = await openBlobFolder({
        folder: path,
        maxBytes: 1 << 20,
        totalBytes: 4 << 20,
        now: Date.now,
        randomness: systemRandomness,
        onEvent: (event) => void events.push(event),
        ...options,
      });
      t.teardown(() => blobs.close());
      return blobs;
    },
  };
}

export async function* bodyOf(...parts: readonly (Uint8Array | Error)[]): AsyncGenerator<Uint8Array, void> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}

/** Throws where it is refused. */
export async function store(blobs: Blobs, ...parts: readonly Uint8Array[]): Promise<Blob> {
  const put = await blobs.put(bodyOf(...parts), ABOUT);
  if (put.kind !== 'stored') throw new Error(JSON.stringify(put));
  return put.blob;
}

export async function bytesOf(blobs: Blobs, id: string, start: number, end: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // Copies: a chunk's memory is used again.
  for await (const chunk of (await blobs.read(id, start, end)) ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
