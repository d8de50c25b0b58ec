// TLS of http.listen, as the settings have it.
import { createTlsServers, type TlsServers } from '../access/tls-server.ts';
import { contextOptions, serverOptions } from '../access/tls.ts';
import type { TlsConfig } from '../config/cwmp-listeners.ts';
import type { Config } from '../config/schema.ts';
import { CausewayError } from '../errors.ts';
import type { Metrics } from '../operate/metrics.ts';
import { readCertificates, type Renewed } from './certificates.ts';

const NAME = 'http.tls';

function wantedTls(config: Config): TlsConfig | undefined {
  const [cert, key, ca] = [config['http.tls.cert'], config['http.tls.key'], config['http.tls.ca']];
  const clientCert = config['http.tls.clientCert'];
  if (cert === '' && key === '' && ca === '' && clientCert === 'none') return undefined;
  if (cert === '') {
    throw new CausewayError(
      'CAUSEWAY_CONFIG_INVALID',
      'http.tls.cert is empty: name a file, or leave out all of http.tls',
    );
  }
  const [minVersion, ciphers] = [config['http.tls.minVersion'], config['http.tls.ciphers']];
  return { cert, key, ca, clientCert, minVersion, maxVersion: 'TLSv1.3', ciphers };
}

/** Undefined: plain HTTP. Throws CAUSEWAY_CONFIG_INVALID naming what to change. */
export function httpTls(config: Config, metrics: Metrics): TlsServers | undefined {
  const tls = wantedTls(config);
  if (tls === undefined) return undefined;
  return createTlsServers(serverOptions(tls, readCertificates(NAME, tls)), (reason) =>
    metrics.count('socket_closed', reason),
  );
}

/** What is to be renewed of it. */
export function renewedHttp(config: Config, servers: TlsServers | undefined): readonly Renewed[] {
  const tls = wantedTls(config);
  if (tls === undefined || servers === undefined) return [];
  const renew = (): void => servers.renew(contextOptions(tls, readCertificates(NAME, tls)));
  return [{ name: 'http.listen', tls, renew }];
}
