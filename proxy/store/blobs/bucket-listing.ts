// What lies in a bucket: files that are whole, and what dead nodes have left behind.
import type { BucketClient, BucketRequest } from './bucket-client.ts';
import { type BucketObject, readListing, readUploads } from './bucket-xml.ts';
import { isBlobId } from './document.ts';

export interface BucketListing {
  /** Sizes by id: of files whose bytes and JSON are both there. */
  readonly whole: ReadonlyMap<string, number>;
  /** Bytes without JSON and JSON without bytes: on their way, or left behind. */
  readonly halves: readonly BucketObject[];
}

const JSON_END = '.json';
/** Of another node's upload nobody here knows whether it still runs: none takes a day. */
const LEFT_BEHIND_MS = 86_400_000;
/** A bucket that is shared with others may hold more; files beyond are not seen. */
const PAGES_CAP = 100;

/** Keys are without the prefix. Rejects when the bucket is away. */
export async function listBucket(client: BucketClient): Promise<BucketListing> {
  const objects = new Map<string, BucketObject>();
  let token = '';
  for (let page = 0; page < PAGES_CAP; page += 1) {
    const listed = await askPage(client, token);
    for (const object of listed.objects) {
      const key = object.key.slice(client.prefix.length);
      if (object.key.startsWith(client.prefix)) objects.set(key, { ...object, key });
    }
    if (listed.next === '') break;
    token = listed.next;
  }
  const whole = new Map<string, number>();
  const halves: BucketObject[] = [];
  for (const [key, object] of objects) {
    const isDocument = key.endsWith(JSON_END);
    const id = isDocument ? key.slice(0, -JSON_END.length) : key;
    if (!isBlobId(id)) continue;
    if (!objects.has(isDocument ? id : documentKey(id))) halves.push(object);
    else if (!isDocument) whole.set(id, object.size);
  }
  return { whole, halves };
}

export const documentKey = (id: string): string => `${id}${JSON_END}`;

async function askPage(client: BucketClient, token: string): ReturnType<typeof readPage> {
  return readPage(client, {
    'list-type': '2',
    prefix: client.prefix,
    // What lies in folders below is not ours.
    delimiter: '/',
    ...(token !== '' && { 'continuation-token': token }),
  });
}

async function readPage(
  client: BucketClient,
  query: Readonly<Record<string, string>>,
): Promise<NonNullable<ReturnType<typeof readListing>>> {
  const request: BucketRequest = { method: 'GET', key: '', query };
  const answer = await client.ask(request);
  const page = answer.status === 200 ? readListing(answer.text) : undefined;
  if (page === undefined) throw client.failed(request, answer);
  return page;
}

/** Of what nodes left that died at it; the number of those removed. Rejects when the bucket is away. */
export async function sweepBucket(client: BucketClient, halves: readonly BucketObject[], now: number): Promise<number> {
  const isOld = (at: number): boolean => at < now - LEFT_BEHIND_MS;
  let removed = 0;
  for (const { key, modifiedAt } of halves) {
    if (!isOld(modifiedAt)) continue;
    await client.ask({ method: 'DELETE', key });
    removed += 1;
  }
  const answer = await client.ask({ method: 'GET', key: '', query: { uploads: '', prefix: client.prefix } });
  // Some servers do not list them.
  if (answer.status !== 200) return removed;
  for (const { key, uploadId, initiatedAt } of readUploads(answer.text)) {
    const own = key.slice(client.prefix.length);
    if (!key.startsWith(client.prefix) || !isBlobId(own) || !isOld(initiatedAt)) continue;
    await client.ask({ method: 'DELETE', key: own, query: { uploadId } });
    removed += 1;
  }
  return removed;
}
