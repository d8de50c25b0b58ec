// One file on its way in: what comes is counted, hashed and handed on to where it is kept, until it is whole.
import { createHash, type Hash } from 'node:crypto';
import { type Checksum, CHECKSUMS, type PutRefusal } from './blobs.ts';

export type Intake =
  | { readonly kind: 'whole'; readonly size: number; readonly checksums: Readonly<Record<Checksum, string>> }
  | { readonly kind: 'refused'; readonly reason: PutRefusal }
  | { readonly kind: 'cut-off' };

/** Where the bytes go. Each step may say that there is no room; it rejects with whatever else went wrong. */
export interface Sink {
  /** The bytes are the caller's again once this resolves. */
  write(part: Uint8Array): Promise<PutRefusal | undefined>;
  /** Nothing more comes: resolves when all of it is safe. */
  finish(): Promise<PutRefusal | undefined>;
}

/** Hashes are in the hundreds of MB/s: a part this large holds up the event loop for well under a millisecond. */
const PART = 64 << 10;

/** `grow` is asked for every part whether there is room for it. Rejects as the sink does. */
export async function takeIn(
  body: AsyncIterable<Uint8Array>,
  sink: Sink,
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
      const reason = grow(part.length) ?? (await sink.write(part));
      if (reason !== undefined) return refuse(reason);
      for (const [, hash] of hashes) hash.update(part);
      size += part.length;
    }
  }
  const reason = await sink.finish();
  if (reason !== undefined) return { kind: 'refused', reason };
  const checksums = Object.fromEntries(hashes.map(([name, hash]) => [name, hash.digest('hex')]));
  return { kind: 'whole', size, checksums: checksums as Record<Checksum, string> };
}
