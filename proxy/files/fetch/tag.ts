// By what a server tells that a file is the one it gave before: a strong entity tag, which is of one URL and of these very
// bytes (RFC 9110 §8.8.3). A weak one is of other bytes with the same meaning; a time is no proof, since a file that is put
// back is older than the one it replaces, and many servers call that unmodified. Pure.
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Headers } from '../headers.ts';

export interface FileTag {
  /** With its quotes. */
  readonly etag: string;
  /** Digest of the URL that it is of; the URL itself may hold a secret. */
  readonly at: string;
}

const STRONG = /^"[\x21\x23-\x7e\x80-\xff]{1,200}"$/;

const digestOf = (url: URL): string => createHash('sha256').update(url.href).digest('base64url');

/** Undefined where nothing would prove it. */
export const tagOf = (url: URL, { etag }: IncomingHttpHeaders): FileTag | undefined =>
  etag !== undefined && STRONG.test(etag) ? { etag, at: digestOf(url) } : undefined;

/** Two files of a server may have the same tag: it is shown to the URL that it is of, and to no other on the way there. */
export const conditionFor = (url: URL, known: FileTag | undefined): Headers | undefined =>
  known !== undefined && known.at === digestOf(url) ? { 'If-None-Match': known.etag } : undefined;
