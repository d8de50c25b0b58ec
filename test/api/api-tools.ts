// Hands for tests of the API: an answer with its status, and requests as no HTTP library would send them.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Harness } from '../gateway/harness.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** `path` after `/api/v1`. */
export async function call(harness: Harness, path: string, options: RequestInit = {}): Promise<ApiAnswer> {
  const response = await fetch(`${harness.apiUrl}${path}`, options);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Sends the request line and headers as they are; resolves with the whole answer once the gateway has closed. */
export async function callRaw(harness: Harness, ...lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(harness.apiUrl);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}
