// Whether a host of the settings is this machine itself.
import { isIP } from 'node:net';

/** A name, or an address without brackets. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
