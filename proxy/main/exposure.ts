// No open listener beyond loopback without credentials, unless the operator says so in words.
import type { Config } from '../config/schema.ts';
import { CausewayError } from '../errors.ts';
import { asksForCredentials, jwksExposure } from './access.ts';
import { bucketExposure } from './bucket.ts';
import { type WantedListener, wantedListeners } from './cwmp-listeners.ts';
import { isLoopback } from './loopback.ts';

/** Throws CAUSEWAY_CONFIG_INVALID for what --insecure does not help. */
function exposureOf(config: Config, { name, settings, listen, auth, tls, basicOverHttp }: WantedListener): string[] {
  const invalid = (message: string): CausewayError => new CausewayError('CAUSEWAY_CONFIG_INVALID', message);
  const hasPair = auth === 'basic' || auth === 'digest';
  if (hasPair && (config['cwmp.username'] === '' || config['cwmp.password'] === '')) {
    throw invalid(`${settings}.auth is ${auth}: set cwmp.username and cwmp.password, which the CPEs present`);
  }
  if (isLoopback(listen.host)) return [];
  if (auth === 'basic' && tls === undefined && !basicOverHttp) {
    throw invalid(
      `${name}: Basic without TLS sends passwords in the clear: set ${settings}.auth to digest, ` +
        `listen with TLS (cwmp.listeners), or set ${settings}.basicOverHttp`,
    );
  }
  if (auth !== 'none') return [];
  return [`${name} is beyond loopback: set ${settings}.auth to digest, with cwmp.username and cwmp.password`];
}

/** The file server serves nothing without a URL that was given for it. Throws CAUSEWAY_CONFIG_INSECURE naming the settings to change. */
export function checkExposure(config: Config): void {
  const faults = wantedListeners(config).flatMap((listener) => exposureOf(config, listener));
  if (!isLoopback(config['http.listen'].host) && !asksForCredentials(config)) {
    faults.push('http.listen is beyond loopback: set http.token, controllers, http.jwt or http.tls.clientCert');
  }
  faults.push(...bucketExposure(config), ...jwksExposure(config));
  if (faults.length === 0 || config.insecure) return;
  throw new CausewayError('CAUSEWAY_CONFIG_INSECURE', [...faults, 'or start with --insecure, in a lab'].join('\n'));
}
