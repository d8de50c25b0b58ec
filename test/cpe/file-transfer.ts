// Fetches or sends one file for a Download or Upload RPC: real HTTP, with the credentials of the RPC when the file
// server asks for them, and the faults of TR-069 A.5.1 for what can go wrong.
import { basicHeader, digestHeader, parseAuthHeader, type Credentials } from './digest.ts';
import { exchange, headerValues, type Answer, type ExchangeResult } from './http-exchange.ts';
import type { Clock } from './clock.ts';
import { randomHex, type Random } from './random.ts';

export interface FileRequest extends Credentials {
  readonly url: string;
  /** What to send; undefined: fetch. */
  readonly upload?: Buffer;
  /** As the RPC announced it; 0 when it did not. */
  readonly fileSize: number;
  readonly timeout: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}
export type FileResult =
  | { readonly kind: 'done'; readonly file: Buffer }
  | { readonly kind: 'failed'; readonly faultCode: number }
  | { readonly kind: 'stopped' };

export async function transferFile(request: FileRequest): Promise<FileResult> {
  const url = new URL(request.url);
  const first = await send(request, url, '');
  const header = first.kind === 'answer' && first.status === 401 ? credentialsFor(first, request, url) : undefined;
  const result = header === undefined ? first : await send(request, url, header);
  switch (result.kind) {
    case 'answer':
      return judge(result, request);
    case 'stopped':
      return { kind: 'stopped' };
    case 'closed':
    case 'gave-up':
      return { kind: 'failed', faultCode: request.upload === undefined ? 9015 : 9011 };
  }
}

async function send(request: FileRequest, url: URL, authorization: string): Promise<ExchangeResult> {
  const body = request.upload ?? Buffer.alloc(0);
  return await exchange({
    method: methodOf(request),
    url,
    headers: [
      ['Host', url.host],
      ['User-Agent', 'causeway-test-cpe'],
      ...(request.upload === undefined ? [] : [['Content-Length', String(body.length)] as const]),
      ...(authorization === '' ? [] : [['Authorization', authorization] as const]),
      ['Connection', 'close'],
    ],
    body,
    heldLimit: request.timeout,
    agent: undefined,
    clock: request.clock,
    signal: request.signal,
  });
}

function judge({ status, body }: Answer, { upload, fileSize }: FileRequest): FileResult {
  if (status === 401 || status === 403) return { kind: 'failed', faultCode: 9012 };
  if (status < 200 || status > 299) return { kind: 'failed', faultCode: upload === undefined ? 9016 : 9011 };
  if (upload === undefined && fileSize > 0 && body.length !== fileSize) return { kind: 'failed', faultCode: 9018 };
  return { kind: 'done', file: upload ?? body };
}

function credentialsFor(answer: Answer, request: FileRequest, url: URL): string | undefined {
  if (request.username === '') return undefined;
  const challenges = headerValues(answer.rawHeaders, 'WWW-Authenticate').map(parseAuthHeader);
  const digest = challenges.find(({ scheme }) => scheme === 'digest');
  if (digest === undefined) return basicHeader(request);
  return digestHeader(digest.parameters, {
    username: request.username,
    password: request.password,
    method: methodOf(request),
    uri: url.pathname + url.search,
    cnonce: randomHex(request.random, 16),
    nc: '00000001',
    qop: 'as-offered',
  });
}

const methodOf = ({ upload }: FileRequest): string => (upload === undefined ? 'GET' : 'PUT');
