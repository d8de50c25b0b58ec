// No open listener beyond loopback without credentials, unless the operator says so in words.
import { isIP } from 'node:net';
import type { ListenAddress } from '../config/kinds.ts';
import type { Config } from '../config/schema.ts';
import { CausewayError } from '../errors.ts';

export const isLoopback = ({ host }: ListenAddress): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/** Throws CAUSEWAY_CONFIG_INSECURE naming the settings to change. */
export function checkExposure(config: Config): void {
  const faults: string[] = [];
  if (config['cwmp.auth'] !== 'none' && (config['cwmp.username'] === '' || config['cwmp.password'] === '')) {
    throw new CausewayError(
      'CAUSEWAY_CONFIG_INVALID',
      `cwmp.auth is ${config['cwmp.auth']}: set cwmp.username and cwmp.password, which the CPEs present`,
    );
  }
  if (!isLoopback(config['cwmp.listen']) && config['cwmp.auth'] === 'none') {
    faults.push('cwmp.listen is beyond loopback: set cwmp.auth to digest, with cwmp.username and cwmp.password');
  }
  if (!isLoopback(config['http.listen']) && config['http.token'] === '') {
    faults.push('http.listen is beyond loopback: set http.token');
  }
  if (faults.length === 0 || config.insecure) return;
  throw new CausewayError('CAUSEWAY_CONFIG_INSECURE', [...faults, 'or start with --insecure, in a lab'].join('\n'));
}
