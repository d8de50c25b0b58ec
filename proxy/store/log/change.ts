// What a commit is made of, and what it may be.
import { CausewayError } from '../../errors.ts';
import { LONGEST_KEY_BYTES, recordBytes, type RecordPositions, writeRecord } from './format.ts';

/** A text is stored as its UTF-8. `expiresAt` in milliseconds of the clock handed to the log; without it a value stays. */
export type Change =
  | { readonly key: string; readonly value: Buffer | string; readonly expiresAt?: number | undefined }
  | { readonly key: string; readonly value: undefined };

/** A bound against mistakes: the store's values are a few KB. A batch is one frame, and a frame is in memory whole. */
const LARGEST_BATCH_BYTES = 64 << 20;
const SURROGATE = /[\ud800-\udfff]/;

/**
 * Bytes of the records of a batch; throws CAUSEWAY_BUG for what the log does not take. Keys have 1 to 65,535 bytes and no
 * character beyond U+FFFF: so no lone surrogate is lost in UTF-8, and the order of JavaScript's `<` is byte order.
 */
export function measure(batch: readonly Change[]): number {
  let total = 0;
  for (const change of batch) {
    const { key, value } = change;
    const keyBytes = Buffer.byteLength(key);
    if (keyBytes === 0 || keyBytes > LONGEST_KEY_BYTES || (keyBytes !== key.length && SURROGATE.test(key))) {
      throw new CausewayError('CAUSEWAY_BUG', `the store does not take the key ${JSON.stringify(key.slice(0, 100))}`);
    }
    const expiresAt = change.value === undefined ? undefined : change.expiresAt;
    if (expiresAt !== undefined && !(expiresAt > 0)) {
      throw new CausewayError('CAUSEWAY_BUG', `a value cannot expire at ${expiresAt}`);
    }
    const valueBytes = typeof value === 'string' ? Buffer.byteLength(value) : (value?.length ?? 0);
    total += recordBytes(keyBytes, valueBytes, expiresAt ?? 0);
  }
  if (total > LARGEST_BATCH_BYTES) throw new CausewayError('CAUSEWAY_BUG', `a batch of ${total} bytes`);
  return total;
}

/** Writes the record of a change, which `measure` has passed, and tells in `record` where its parts stand. */
export function writeChange(buffer: Buffer, at: number, change: Change, record: RecordPositions): void {
  const expiresAt = change.value === undefined ? 0 : (change.expiresAt ?? 0);
  writeRecord(buffer, at, change.key, change.value, expiresAt, record);
}
