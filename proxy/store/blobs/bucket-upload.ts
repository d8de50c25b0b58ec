// One file on its way into a bucket: by a single PUT what fits into one part, else by a multipart upload. Two parts of it
// are in memory at most: one that fills, and one that is being sent.
import type { PutRefusal } from './blobs.ts';
import type { BucketAnswer, BucketClient, BucketRequest } from './bucket-client.ts';
import { isCompleted, readErrorCode, readUploadId, writeParts } from './bucket-xml.ts';
import type { Sink } from './intake.ts';

export interface BucketUpload extends Sink {
  /** After anything but success, and best effort: the parts and the object go. */
  abandon(): Promise<void>;
}

/** S3 takes no less than 5 MiB for a part that is not the last. */
export const PART_BYTES = 8 << 20;
const FIRST_BYTES = 64 << 10;
/** What servers say when they, or a quota, are full. */
const FULL = new Set(['QuotaExceeded', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded']);

/** `partBytes`: of every part but the last; S3 takes 10,000 parts. */
export function startBucketUpload(client: BucketClient, key: string, partBytes: number): BucketUpload {
  let buffer: Uint8Array<ArrayBuffer> = new Uint8Array(Math.min(FIRST_BYTES, partBytes));
  let filled = 0;
  let uploadId = '';
  const etags: string[] = [];
  let sending: Promise<PutRefusal | undefined> = Promise.resolve(undefined);

  const create = async (): Promise<PutRefusal | undefined> => {
    const request: BucketRequest = { method: 'POST', key, query: { uploads: '' } };
    const answer = await client.ask(request);
    uploadId = readUploadId(answer.text);
    return uploadId === '' ? fault(client, request, answer) : undefined;
  };
  const sendPart = async (body: Uint8Array<ArrayBuffer>): Promise<PutRefusal | undefined> => {
    const query = { partNumber: String(etags.length + 1), uploadId };
    const request: BucketRequest = { method: 'PUT', key, query, body };
    const answer = await client.ask(request);
    const etag = answer.headers.get('etag');
    if (answer.status !== 200 || etag === null) return fault(client, request, answer);
    etags.push(etag);
    return undefined;
  };
  /** Begins to send what is there, once what was sent before has arrived. */
  const flush = async (): Promise<PutRefusal | undefined> => {
    const refusal = (await sending) ?? (uploadId === '' ? await create() : undefined);
    if (refusal !== undefined) return refusal;
    sending = sendPart(buffer.subarray(0, filled));
    // Whoever comes next hears of a failure, which may be later than Node waits for somebody to.
    sending.catch(() => undefined);
    buffer = new Uint8Array(partBytes);
    filled = 0;
    return undefined;
  };
  const complete = async (): Promise<PutRefusal | undefined> => {
    const body = new TextEncoder().encode(writeParts(etags));
    const request: BucketRequest = { method: 'POST', key, query: { uploadId }, body };
    const answer = await client.ask(request);
    return answer.status === 200 && isCompleted(answer.text) ? undefined : fault(client, request, answer);
  };

  return {
    async write(part) {
      for (let at = 0; at < part.length;) {
        if (filled === partBytes) {
          const refusal = await flush();
          if (refusal !== undefined) return refusal;
        }
        if (filled === buffer.length) buffer = grown(buffer, partBytes);
        const piece = part.subarray(at, at + buffer.length - filled);
        buffer.set(piece, filled);
        filled += piece.length;
        at += piece.length;
      }
      return undefined;
    },
    async finish() {
      if (uploadId === '') return putObject(client, key, buffer.subarray(0, filled));
      return (await flush()) ?? (await sending) ?? complete();
    },
    async abandon() {
      await sending.catch(() => undefined);
      if (uploadId !== '') await client.ask({ method: 'DELETE', key, query: { uploadId } }).catch(() => undefined);
      await client.ask({ method: 'DELETE', key }).catch(() => undefined);
    },
  };
}

/** At once, whole or not at all. */
export async function putObject(
  client: BucketClient,
  key: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<PutRefusal | undefined> {
  const request: BucketRequest = { method: 'PUT', key, body };
  const answer = await client.ask(request);
  return answer.status === 200 ? undefined : fault(client, request, answer);
}

/** Throws what is not for want of room. */
function fault(client: BucketClient, request: BucketRequest, answer: BucketAnswer): PutRefusal {
  if (answer.status === 507 || FULL.has(readErrorCode(answer.text))) return 'disk-full';
  throw client.failed(request, answer);
}

function grown(buffer: Uint8Array, limit: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(buffer.length * 2, limit));
  larger.set(buffer);
  return larger;
}
