// Takes the PROXY header off a new connection, within a bound of time and size, before HTTP sees the rest of its bytes.
import type { Socket } from 'node:net';
import { readProxyHeader } from './proxy-protocol.ts';

export type Announcement =
  /** `source` undefined: the proxy named none. */
  | { readonly kind: 'announced'; readonly source: string | undefined }
  | {
      readonly kind: 'refused';
      readonly reason: 'proxy-header-broken' | 'proxy-header-slow' | 'proxy-header-cut-off';
    }
  /** It went as it came, without a byte: a load balancer looks so whether we are alive. */
  | { readonly kind: 'gone' };

const NOTHING = Buffer.alloc(0);

/**
 * Calls back once. When announced, the socket stands still with what came after the header in it: the caller lets it
 * flow when somebody listens. Called back at once, not later: an error of the socket must find its listener.
 */
export function takeProxyHeader(socket: Socket, limitMs: number, done: (announcement: Announcement) => void): void {
  let received: Buffer = NOTHING;
  const finish = (announcement: Announcement): void => {
    clearTimeout(late);
    socket.off('data', take).off('end', cutOff).off('close', cutOff).off('error', cutOff);
    done(announcement);
  };
  const take = (bytes: Buffer): void => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    const header = readProxyHeader(received);
    if (header.kind === 'incomplete') return;
    if (header.kind === 'broken') {
      finish({ kind: 'refused', reason: 'proxy-header-broken' });
      return;
    }
    socket.pause();
    if (received.length > header.length) socket.unshift(received.subarray(header.length));
    finish({ kind: 'announced', source: header.source });
  };
  const cutOff = (): void =>
    finish(received.length === 0 ? { kind: 'gone' } : { kind: 'refused', reason: 'proxy-header-cut-off' });
  const late = setTimeout(() => finish({ kind: 'refused', reason: 'proxy-header-slow' }), limitMs);
  socket.on('data', take).on('end', cutOff).on('close', cutOff).on('error', cutOff);
}
