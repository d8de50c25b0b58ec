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
    const chunks: Buffer[] = [];
    let length = 0;
    // The request lives as long as its response is held: what it listens with must not keep the body.
    const finish = (body: Body): void => {
      request.off('data', take).off('end', end).off('close', cutOff).off('error', cutOff);
      resolve(body);
    };
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= cap) return;
      request.pause();
      finish({ kind: 'too-large' });
    };
    const end = (): void => {
      const [first = NOTHING] = chunks;
      finish({ kind: 'whole', bytes: chunks.length > 1 ? Buffer.concat(chunks, length) : first });
    };
    const cutOff = (): void => finish({ kind: 'cut-off' });
    request.on('data', take).on('end', end).on('close', cutOff).on('error', cutOff);
  });
}
