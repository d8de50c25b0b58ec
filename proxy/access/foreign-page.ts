// A page of some site, open in a browser on this machine, reaches loopback too: it is not to manage devices. Its requests
// carry its Origin; where it has its own name resolve to loopback (DNS rebinding) its plain reads carry that name as Host.
import type { Shown } from './shown.ts';

const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;
const LOOPBACK_ADDRESS = /^(?:::ffff:)?127\.|^::1$/;
const SCHEME = /^https?:\/\//i;

const isLoopbackOrigin = (origin: string): boolean =>
  SCHEME.test(origin) && LOOPBACK_HOST.test(origin.replace(SCHEME, ''));

export function foreignPage({ origin, host, reached }: Shown): 'foreign-origin' | 'foreign-host' | undefined {
  if (origin !== undefined && !isLoopbackOrigin(origin)) return 'foreign-origin';
  const onLoopback = LOOPBACK_ADDRESS.test(reached ?? '');
  return onLoopback && host !== undefined && !LOOPBACK_HOST.test(host) ? 'foreign-host' : undefined;
}
