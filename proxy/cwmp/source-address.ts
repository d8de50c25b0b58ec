// Where a CPE's request came from: it decides which address a Connection Request may go to.
import type { IncomingMessage } from 'node:http';

/** Behind a proxy it is the address that the nearest proxy names, never the proxy's own; '' when it names none. */
export function sourceAddressOf({ headers, socket }: IncomingMessage, proxied: boolean): string {
  if (!proxied) return socket.remoteAddress ?? '';
  const forwarded = headers['x-forwarded-for'];
  const chain = Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '');
  return chain.split(',').at(-1)?.trim() ?? '';
}
