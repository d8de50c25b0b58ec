// The body of a CPE's POST, up to a cap; inflated where it came with a content coding, under the same cap.
import type { IncomingMessage } from 'node:http';
import { createGunzip, createInflate, createInflateRaw, type Gunzip, type Inflate, type InflateRaw } from 'node:zlib';

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  /** The CPE stopped in the middle (quirk 12). */
  | { readonly kind: 'cut-off' }
  /** Its bytes are not of the coding that it names. */
  | { readonly kind: 'broken-coding' };

export type Coding = 'identity' | 'gzip' | 'deflate';

/** What a CPE is told that may be sent, where it sent something else (RFC 9110 §12.5.3). */
export const ACCEPTED_CODINGS = 'gzip, deflate, identity';

type Inflater = Gunzip | Inflate | InflateRaw;

const NOTHING = Buffer.alloc(0);

/** Undefined: a coding, or a row of codings, that nobody here reads. `x-gzip` is gzip (RFC 9110 §8.4.1.3). */
export function codingOf(header: string | undefined): Coding | undefined {
  if (header === undefined) return 'identity';
  switch (header.trim().toLowerCase()) {
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
      return 'deflate';
    default:
      return undefined;
  }
}

/** Never rejects. A body over the cap is not read further; the connection is of no use afterwards. */
export function readBody(request: IncomingMessage, coding: Coding, cap: number): Promise<Body> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > cap) return Promise.resolve({ kind: 'too-large' });
  return coding === 'identity' ? readPlain(request, cap) : readInflated(request, coding, cap);
}

function readPlain(request: IncomingMessage, cap: number): Promise<Body> {
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
    const end = (): void => finish({ kind: 'whole', bytes: joined(chunks, length) });
    const cutOff = (): void => finish({ kind: 'cut-off' });
    request.on('data', take).on('end', end).on('close', cutOff).on('error', cutOff);
  });
}

/**
 * The cap holds on both sides of the inflation: a bomb ends as soon as more than the cap has come out of it, and what
 * inflates to nothing (gzip members without content, one after the other) as soon as more than the cap has gone in.
 */
function readInflated(request: IncomingMessage, coding: 'gzip' | 'deflate', cap: number): Promise<Body> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let [taken, length] = [0, 0];
    let inflater: Inflater | undefined;
    /** The coding came to its end; what follows in the body is passed over. */
    let inflated = false;
    let received = false;
    const finish = (body: Body): void => {
      request.off('data', take).off('end', end).off('close', cutOff).off('error', cutOff);
      if (body.kind !== 'whole') request.pause();
      // What it may still have to say is of no use, an error neither.
      inflater?.removeAllListeners().on('error', () => undefined);
      inflater?.destroy();
      resolve(body);
    };
    const give = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > cap) finish({ kind: 'too-large' });
    };
    const whole = (): void => {
      if (received && inflated) finish({ kind: 'whole', bytes: joined(chunks, length) });
    };
    const start = (first: number): Inflater => {
      const begun = inflaterOf(coding, first);
      begun.on('data', give).on('drain', () => request.resume());
      begun.on('error', () => finish({ kind: 'broken-coding' }));
      return begun.on('end', () => {
        inflated = true;
        request.resume();
        whole();
      });
    };
    const take = (chunk: Buffer): void => {
      taken += chunk.length;
      if (taken > cap) {
        finish({ kind: 'too-large' });
        return;
      }
      inflater ??= start(chunk[0] ?? 0);
      if (!inflated && !inflater.write(chunk)) request.pause();
    };
    const end = (): void => {
      received = true;
      // An empty POST is one, whatever its headers say of it.
      if (inflater === undefined) inflated = true;
      else inflater.end();
      whole();
    };
    const cutOff = (): void => {
      if (!received) finish({ kind: 'cut-off' });
    };
    request.on('data', take).on('end', end).on('close', cutOff).on('error', cutOff);
  });
}

/** `deflate` is the zlib format (RFC 9110 §8.4.1.2); what sends it bare is known by its first byte, no header of zlib. */
function inflaterOf(coding: 'gzip' | 'deflate', first: number): Inflater {
  if (coding === 'gzip') return createGunzip();
  return (first & 0x0f) === 8 ? createInflate() : createInflateRaw();
}

function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [first = NOTHING] = chunks;
  return chunks.length > 1 ? Buffer.concat(chunks, length) : first;
}
