// What Node's HTTP parser refuses: the leftover of a body whose Content-Length was too small (quirk 12), a head without
// end, a request that never comes to its end. Answered and closed; the process and all other connections go on.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

const REFUSALS: Readonly<Record<string, { readonly status: number; readonly reason: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'headers-too-large' },
  // It stopped in the middle of a request.
  HPE_INVALID_EOF_STATE: { status: 400, reason: 'cut-off' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'too-slow' },
};
const NOT_HTTP = { status: 400, reason: 'not-http' };

/** The reason to count, or undefined where the connection has merely broken. */
export function answerBadHttp(error: Error & { readonly code?: string }, socket: Socket): string | undefined {
  const { code = '' } = error;
  const refusal = REFUSALS[code] ?? (code.startsWith('HPE_') ? NOT_HTTP : undefined);
  if (refusal === undefined || socket.destroyed) {
    socket.destroy();
    return undefined;
  }
  const { status, reason } = refusal;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  if (socket.writable) socket.write(head);
  socket.destroySoon();
  return reason;
}
