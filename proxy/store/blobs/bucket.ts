// Blobs in a bucket of an S3-compatible server, shared by all nodes that have it: `<id>` is the file, `<id>.json` what is
// known of it. A file is there once its JSON is, which is written last and removed first.
import { CausewayError } from '../../errors.ts';
import type { Blob, BlobAbout, Blobs, Put, PutRefusal } from './blobs.ts';
import { type BucketAddress, BucketClient, type BucketEffects, type BucketRequest } from './bucket-client.ts';
import { type BucketListing, documentKey, listBucket, sweepBucket } from './bucket-listing.ts';
import { PART_BYTES, putObject, startBucketUpload } from './bucket-upload.ts';
import { isBlobId, newBlobId, readDocument, writeDocument } from './document.ts';
import { takeIn } from './intake.ts';
import { type Berth, Room, type RoomLimits } from './room.ts';

export interface BlobBucketOptions extends BucketAddress, RoomLimits {
  /** Of one request, its further attempts included, and of a body that stands still. */
  readonly timeoutMs: number;
  /** What was found that is no file of ours, or half of one. */
  readonly onEvent?: (event: BucketEvent) => void;
}
export type BucketEvent =
  | { readonly kind: 'halves removed'; readonly count: number }
  | { readonly kind: 'halves not removed'; readonly why: string }
  | { readonly kind: 'left alone'; readonly file: string; readonly why: string };

/** What other nodes bring is counted this late. */
const COUNTED_MS = 30_000;
/** A file that another node has removed is still known this long; its bytes are not read any more. */
const KNOWN_MS = 10_000;
const KNOWN_CAP = 10_000;
const READ_AT_ONCE = 8;
const PARTS_CAP = 10_000;

/**
 * Rejects with CAUSEWAY_CONFIG_INVALID where the bucket refuses, and with CAUSEWAY_STORE_AWAY or CAUSEWAY_STORE_TIMEOUT
 * where nobody answers; all name the settings.
 */
export async function openBlobBucket(options: BlobBucketOptions, effects: BucketEffects): Promise<Blobs> {
  const client = new BucketClient(options, effects, options.timeoutMs);
  const request: BucketRequest = { method: 'GET', key: '', query: { 'list-type': '2', 'max-keys': '1' } };
  const answer = await client.ask(request);
  if (answer.status !== 200) {
    const failed = client.failed(request, answer);
    throw answer.status < 500 ? new CausewayError('CAUSEWAY_CONFIG_INVALID', failed.message) : failed;
  }
  const listing = await listBucket(client);
  return new BlobBucket(options, effects, client, listing);
}

interface Known {
  readonly blob: Blob;
  readonly seenAt: number;
}

class BlobBucket implements Blobs {
  readonly #options: BlobBucketOptions;
  readonly #effects: BucketEffects;
  readonly #client: BucketClient;
  readonly #room: Room;
  readonly #known = new Map<string, Known>();
  readonly #leftAlone = new Set<string>();
  readonly #swept: Promise<void>;
  #countedAt: number;
  #counting: Promise<BucketListing> | undefined;

  constructor(options: BlobBucketOptions, effects: BucketEffects, client: BucketClient, listing: BucketListing) {
    this.#options = options;
    this.#effects = effects;
    this.#client = client;
    this.#room = new Room(options);
    this.#room.holds(listing.whole.values());
    this.#countedAt = effects.clock.now();
    this.#swept = this.#sweep(listing);
  }

  async refusal(size: number): Promise<PutRefusal | undefined> {
    if (this.#effects.clock.now() - this.#countedAt > COUNTED_MS) await this.#count();
    return this.#room.refusal(size);
  }

  async put(body: AsyncIterable<Uint8Array>, about: BlobAbout): Promise<Put> {
    const refusal = await this.refusal(0);
    const berth = refusal === 'too-many-files' ? refusal : this.#room.begin();
    if (berth === 'too-many-files') return { kind: 'refused', reason: berth };
    let stored = false;
    try {
      const put = await this.#store(body, about, berth);
      stored = put.kind === 'stored';
      return put;
    } finally {
      berth.leave(stored);
    }
  }

  async #store(body: AsyncIterable<Uint8Array>, about: BlobAbout, { grow }: Berth): Promise<Put> {
    const { clock, randomness } = this.#effects;
    const id = newBlobId(randomness);
    const partBytes = Math.max(PART_BYTES, Math.ceil(this.#options.maxBytes / PARTS_CAP));
    const upload = startBucketUpload(this.#client, id, partBytes);
    let stage: 'bytes' | 'document' | 'stored' = 'bytes';
    try {
      const intake = await takeIn(body, upload, grow);
      if (intake.kind !== 'whole') return intake;
      const { size, checksums } = intake;
      const blob: Blob = { id, ...about, size, checksums, storedAt: clock.now() };
      const document = new TextEncoder().encode(writeDocument(blob));
      stage = 'document';
      const reason = await putObject(this.#client, documentKey(id), document);
      if (reason !== undefined) return { kind: 'refused', reason };
      stage = 'stored';
      this.#learn(blob);
      return { kind: 'stored', blob };
    } finally {
      // It may have arrived although nobody said so.
      if (stage === 'document') {
        await this.#client.ask({ method: 'DELETE', key: documentKey(id) }).catch(() => undefined);
      }
      if (stage !== 'stored') await upload.abandon();
    }
  }

  async find(id: string): Promise<Blob | undefined> {
    if (!isBlobId(id)) return undefined;
    const known = this.#known.get(id);
    if (known !== undefined && this.#effects.clock.now() - known.seenAt < KNOWN_MS) return known.blob;
    return this.#fetch(id, known?.blob.size);
  }

  async list(): Promise<readonly Blob[]> {
    const { whole } = await this.#count();
    for (const id of this.#known.keys()) if (!whole.has(id)) this.#known.delete(id);
    const blobs: Blob[] = [];
    const ids = whole.entries();
    const worker = async (): Promise<void> => {
      // All workers take from one iterator.
      for (const [id, size] of ids) {
        const blob = this.#known.get(id)?.blob ?? (await this.#fetch(id, size));
        if (blob !== undefined) blobs.push(blob);
      }
    };
    await Promise.all(Array.from({ length: READ_AT_ONCE }, worker));
    return blobs.sort((one, other) => one.storedAt - other.storedAt);
  }

  async read(id: string, start: number, end: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    const blob = await this.find(id);
    if (blob === undefined) return undefined;
    if (start >= end) return exactly(0, []);
    const request: BucketRequest = { method: 'GET', key: id, headers: { Range: `bytes=${start}-${end - 1}` } };
    const { status, body } = await this.#client.stream(request);
    if (status === 404) {
      this.#known.delete(id);
      return undefined;
    }
    if (status === 206 || start === 0) return exactly(end - start, body);
    await body[Symbol.asyncIterator]().return?.();
    throw new CausewayError('CAUSEWAY_STORE_AWAY', 'files.bucket: its server does not know Range');
  }

  async remove(id: string): Promise<boolean> {
    const blob = isBlobId(id) ? await this.#fetch(id, undefined) : undefined;
    if (blob === undefined) return false;
    this.#known.delete(id);
    for (const key of [documentKey(id), id]) {
      const request: BucketRequest = { method: 'DELETE', key };
      const answer = await this.#client.ask(request);
      if (![200, 204, 404].includes(answer.status)) throw this.#client.failed(request, answer);
    }
    this.#room.removed(blob.size);
    return true;
  }

  async close(): Promise<void> {
    this.#client.close();
    await this.#swept;
  }

  #count(): Promise<BucketListing> {
    this.#counting ??= listBucket(this.#client)
      .then((listing) => {
        this.#room.holds(listing.whole.values());
        this.#countedAt = this.#effects.clock.now();
        return listing;
      })
      .finally(() => (this.#counting = undefined));
    return this.#counting;
  }

  /** `size`: of the bytes beside it, where that is known already. */
  async #fetch(id: string, size: number | undefined): Promise<Blob | undefined> {
    const request: BucketRequest = { method: 'GET', key: documentKey(id) };
    const answer = await this.#client.ask(request);
    if (answer.status === 404) {
      this.#known.delete(id);
      return undefined;
    }
    if (answer.status !== 200) throw this.#client.failed(request, answer);
    const blob = readDocument(answer.text, id, size);
    if (typeof blob === 'string') {
      this.#tell(id, blob);
      return undefined;
    }
    this.#learn(blob);
    return blob;
  }

  #learn(blob: Blob): void {
    this.#known.delete(blob.id);
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= KNOWN_CAP) this.#known.delete(oldest);
    this.#known.set(blob.id, { blob, seenAt: this.#effects.clock.now() });
  }

  /** Once for each. */
  #tell(id: string, why: string): void {
    if (this.#leftAlone.has(id) || this.#leftAlone.size >= KNOWN_CAP) return;
    this.#leftAlone.add(id);
    this.#options.onEvent?.({ kind: 'left alone', file: documentKey(id), why });
  }

  async #sweep({ halves }: BucketListing): Promise<void> {
    const { onEvent = () => undefined } = this.#options;
    try {
      const count = await sweepBucket(this.#client, halves, this.#effects.clock.now());
      if (count > 0) onEvent({ kind: 'halves removed', count });
    } catch (error) {
      onEvent({ kind: 'halves not removed', why: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** Its reader has promised so many bytes; some servers send more (s3rver: all, asked for the first byte). */
async function* exactly(
  bytes: number,
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  let left = bytes;
  for await (const chunk of body) {
    const wanted = chunk.subarray(0, left);
    left -= wanted.length;
    yield wanted;
    if (left === 0) return;
  }
  if (left > 0) throw new CausewayError('CAUSEWAY_STORE_CORRUPT', 'a file of files.bucket is shorter than it was');
}
