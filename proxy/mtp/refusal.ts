// An upgrade that is not to be: an HTTP answer on the bare socket, which is gone then whatever its peer does.
import type { Duplex } from 'node:stream';

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 429 | 503;
  /** Short, of letters and hyphens: the body of the answer, and what is counted. */
  readonly reason: string;
  /** In seconds. */
  readonly retryAfter?: number | undefined;
}

const STATUS_TEXT: Readonly<Record<Refusal['status'], string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
};

/** What the status asks for (RFC 9110 §15.5.2, RFC 6455 §4.4). */
const HEADERS: Partial<Readonly<Record<Refusal['status'], string>>> = {
  400: 'Sec-WebSocket-Version: 13\r\n',
  401: 'WWW-Authenticate: Bearer\r\n',
};

export function refuse(socket: Duplex, { status, reason, retryAfter }: Refusal): void {
  // The HTTP server has let go of the socket: nobody else would close one whose peer keeps its half open.
  socket.once('finish', () => socket.destroy());
  const later = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_TEXT[status]}\r\n${HEADERS[status] ?? ''}${later}Content-Type: text/plain\r\n` +
      `Content-Length: ${reason.length}\r\nConnection: close\r\n\r\n${reason}`,
  );
}
