// The body of a CPE's POST, up to a cap.
import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  /** The CPE stopped in the middle (quirk 12). */
  | { readonly kind: 'cut-off' };

const NOTHING = Buffer.alloc(0);

/** Never rejects. A body over the cap is not read further; the connection is of no use afterwards. */
export function readBody(request: IncomingMessage, cap: number): Promise<Body> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > cap) return Promise.resolve({ kind: 'too-large' });
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= cap) return;
      request.pause();
      chunks = [];
      resolve({ kind: 'too-large' });
    });
    request.on('end', () => {
      const [first = NOTHING] = chunks;
      resolve({ kind: 'whole', bytes: chunks.length > 1 ? Buffer.concat(chunks, length) : first });
    });
    request.on('close', () => resolve({ kind: 'cut-off' }));
    request.on('error', () => resolve({ kind: 'cut-off' }));
  });
}
