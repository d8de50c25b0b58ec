// What an answer says of a file. Pure.
import type { Blob } from '../store/blobs/blobs.ts';
import { httpDate, type Validators } from './range.ts';

export type Headers = Readonly<Record<string, string>>;

export const validatorsOf = ({ checksums, storedAt, size }: Blob): Validators => ({
  etag: `"${checksums['SHA-256']}"`,
  modifiedAt: storedAt,
  size,
});

export function describe(blob: Blob): Headers {
  const { etag, modifiedAt } = validatorsOf(blob);
  return {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': disposition(blob.name),
    'Accept-Ranges': 'bytes',
    ETag: etag,
    'Last-Modified': httpDate(modifiedAt),
    // The URL lets its bearer in: nobody on the way is to keep what it leads to.
    'Cache-Control': 'private, no-store',
    'X-Content-Type-Options': 'nosniff',
  };
}

/** RFC 6266: for clients that read no more than ASCII, and for the others. */
function disposition(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%/]/g, '_');
  // By way of bytes: half a surrogate pair is nothing that could be encoded.
  const wellFormed = Buffer.from(name, 'utf8').toString('utf8');
  const encoded = encodeURIComponent(wellFormed).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
