// What a Controller has said of a file before it was fetched, against what came. Pure.
import type { Blob, Checksum } from '../../store/blobs/blobs.ts';

export interface Promised {
  /** In bytes; undefined where the Controller does not say. */
  readonly size: number | undefined;
  /** `value` in hexadecimal. */
  readonly checksum: { readonly algorithm: Checksum; readonly value: string } | undefined;
}

export interface BrokenPromise {
  readonly reason: 'wrong-size' | 'wrong-checksum';
  readonly detail: string;
}

/** Undefined where the file is what was promised. */
export function brokenPromise(
  { size, checksum }: Promised,
  blob: Pick<Blob, 'size' | 'checksums'>,
): BrokenPromise | undefined {
  if (size !== undefined && blob.size !== size)
    return { reason: 'wrong-size', detail: `${blob.size} bytes came, ${size} were promised` };
  if (checksum === undefined || blob.checksums[checksum.algorithm] === checksum.value.toLowerCase()) return undefined;
  return { reason: 'wrong-checksum', detail: `its ${checksum.algorithm} is another than the one given` };
}
