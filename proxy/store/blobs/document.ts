// The JSON that lies beside the bytes of a file, and what the names of both are made of. Pure.
import { randomName, type Randomness } from '../../operate/clock.ts';
import type { Blob } from './blobs.ts';

const ID = /^[A-Z2-7]{20}$/;
const ID_LENGTH = 20;

export const isBlobId = (text: string): boolean => ID.test(text);
export const newBlobId = (randomness: Randomness): string => randomName(randomness, ID_LENGTH);

/** Of a shared file the version says so: one that knows no sharing would take it for a single device's, and remove it. */
const versionOf = ({ shared }: Blob): number => (shared === true ? 2 : 1);

export const writeDocument = (blob: Blob): string => JSON.stringify({ v: versionOf(blob), ...blob });

/** Or why it is none. `size`: of the bytes beside it, where that is known. */
export function readDocument(text: string, id: string, size: number | undefined): Blob | string {
  try {
    const { v, ...blob } = JSON.parse(text) as Blob & { readonly v: number };
    if (!Number.isInteger(v)) return 'it is not what Causeway wrote';
    if (v > 2) return 'a newer version of Causeway wrote it';
    if (blob.id !== id) return 'it is of another file';
    return size === undefined || blob.size === size ? blob : `the file has ${size} bytes`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
