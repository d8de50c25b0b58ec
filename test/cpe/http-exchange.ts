// One HTTP request and its answer over node:http, with every byte of the request in our hand: header order and case,
// chunks, a wrong length, half a body. Knows no CWMP, no cookies and no authentication.
import * as http from 'node:http';
import * as https from 'node:https';
import { gunzipSync, inflateSync } from 'node:zlib';
import type { Socket } from 'node:net';
import type { Clock } from './clock.ts';

export interface ExchangeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
  /** Writes the body in pieces of this size, chunked. */
  readonly chunkSize?: number;
  /** Writes only this much of the body, then closes the connection. */
  readonly cutAfter?: number;
  /** Milliseconds from the last byte of the request to the last of the answer. */
  readonly heldLimit: number;
  readonly agent: http.Agent | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  /** Name, value, name, value: as written. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly socket: Socket | undefined;
}
export type ExchangeResult =
  | Answer
  /** The answer was held longer than `heldLimit`; the connection is closed. */
  | { readonly kind: 'gave-up'; readonly heldFor: number }
  | { readonly kind: 'closed'; readonly reason: string; readonly reused: boolean }
  | { readonly kind: 'stopped' };

/** The values of a header, whatever the case of its name. */
export const headerValues = (rawHeaders: readonly string[], name: string): string[] =>
  rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name.toLowerCase());

export const createAgent = (url: URL): http.Agent =>
  url.protocol === 'https:'
    ? new https.Agent({ keepAlive: true, maxSockets: 1 })
    : new http.Agent({ keepAlive: true, maxSockets: 1 });

export async function exchange(request: ExchangeRequest): Promise<ExchangeResult> {
  const { url, clock, signal } = request;
  if (signal.aborted) return { kind: 'stopped' };
  return await new Promise((resolve) => {
    const started = clock.now();
    const outgoing = (url.protocol === 'https:' ? https : http).request(url, {
      method: request.method,
      agent: request.agent ?? false,
      headers: request.headers.flat(),
      // A test device trusts the self-signed certificate of the gateway under test.
      ...(url.protocol === 'https:' && { rejectUnauthorized: false }),
    });
    const settle = (result: ExchangeResult): void => {
      cancel();
      signal.removeEventListener('abort', stop);
      resolve(result);
    };
    const giveUp = (): void => {
      settle({ kind: 'gave-up', heldFor: clock.now() - started });
      outgoing.destroy();
    };
    const cancel = clock.after(request.heldLimit, giveUp);
    const stop = (): void => {
      settle({ kind: 'stopped' });
      outgoing.destroy();
    };
    signal.addEventListener('abort', stop, { once: true });
    const fail = (error: Error): void =>
      settle({ kind: 'closed', reason: error.message, reused: outgoing.reusedSocket });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', fail);
      incoming.on('end', () => {
        const body = decode(Buffer.concat(parts), incoming.headers['content-encoding']);
        if (body === undefined) {
          fail(new Error('the body is not what Content-Encoding says'));
          return;
        }
        const { statusCode: status = 0, rawHeaders } = incoming;
        settle({ kind: 'answer', status, rawHeaders, body, socket: outgoing.socket ?? undefined });
      });
    });
    send(outgoing, request);
  });
}

function send(outgoing: http.ClientRequest, { body, chunkSize, cutAfter }: ExchangeRequest): void {
  if (cutAfter !== undefined) {
    outgoing.write(body.subarray(0, cutAfter), () => outgoing.destroy(new Error('cut off as told')));
    return;
  }
  if (chunkSize === undefined) outgoing.end(body);
  else {
    for (let at = 0; at < body.length; at += chunkSize) outgoing.write(body.subarray(at, at + chunkSize));
    outgoing.end();
  }
}

function decode(body: Buffer, encoding: string | undefined): Buffer | undefined {
  try {
    if (encoding === 'gzip') return gunzipSync(body);
    return encoding === 'deflate' ? inflateSync(body) : body;
  } catch {
    return undefined;
  }
}
