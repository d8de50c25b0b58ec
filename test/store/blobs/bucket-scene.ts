// Buckets of blobs for tests.
import type { Test } from 'tap';
import { systemClock, systemRandomness } from '../../../proxy/operate/clock.ts';
import type { Blobs } from '../../../proxy/store/blobs/blobs.ts';
import { type BlobBucketOptions, openBlobBucket } from '../../../proxy/store/blobs/bucket.ts';
import type { BucketAddress } from '../../../proxy/store/blobs/bucket-client.ts';

/** Closed with the test. */
export async function openBucket(
  t: Test,
  address: BucketAddress,
  options: Partial<BlobBucketOptions> = {},
): Promise<Blobs> {
  const blobs = await openBlobBucket(
    { ...address, maxBytes: 64 << 20, totalBytes: 256 << 20, timeoutMs: 10_000, ...options },
    { clock: systemClock, randomness: systemRandomness },
  );
  t.teardown(() => blobs.close());
  return blobs;
}
