// The listeners for CPEs that the configuration asks for: cwmp.listen, and those of cwmp.listeners.
import type { CwmpListenerConfig } from '../config/cwmp-listeners.ts';
import type { ListenAddress } from '../config/kinds.ts';
import type { Config } from '../config/schema.ts';
import { type IdentityPattern, parseIdentityPattern } from '../cwmp/client-certificate.ts';
import type { CwmpListenerSettings } from '../cwmp/cwmp-listener.ts';
import { serverOptions } from '../access/tls.ts';
import { CausewayError } from '../errors.ts';
import { readCertificates } from './certificates.ts';
import { parseNetworks } from './networks.ts';

/** A listener as it is asked for, nothing read yet. */
export interface WantedListener extends Omit<CwmpListenerConfig, 'auth'> {
  readonly name: string;
  readonly auth: CwmpListenerSettings['auth'];
  /** What to set to change `auth` and `basicOverHttp`, and their like. */
  readonly settings: string;
}

/** cwmp.listen first, where it is set. */
export function wantedListeners(config: Config): readonly WantedListener[] {
  const more = config['cwmp.listeners'].map((listener, index): WantedListener => {
    const name = `cwmp.listeners[${index}]`;
    const auth = listener.auth === 'cwmp.auth' ? config['cwmp.auth'] : listener.auth;
    return { ...listener, name, auth, settings: name };
  });
  const listen = config['cwmp.listen'];
  return listen === undefined ? more : [simple(config, listen), ...more];
}

const simple = (config: Config, listen: ListenAddress): WantedListener => ({
  name: 'cwmp.listen',
  settings: 'cwmp',
  listen,
  auth: config['cwmp.auth'],
  tenant: '',
  basicOverHttp: config['cwmp.basicOverHttp'],
  tls: undefined,
  certificateIdentity: [],
  clientCertHeader: '',
  trustedProxies: config['cwmp.trustedProxies'],
  proxied: config['cwmp.proxied'],
  proxyProtocol: config['cwmp.proxyProtocol'],
});

/** Throws CAUSEWAY_CONFIG_INVALID naming what to change. */
export function cwmpListeners(config: Config): readonly CwmpListenerSettings[] {
  const wanted = wantedListeners(config);
  if (wanted.length > 0) return wanted.map(listenerSettings);
  throw new CausewayError('CAUSEWAY_CONFIG_INVALID', 'no CPE could come: set cwmp.listen, or cwmp.listeners');
}

function listenerSettings({ name, settings, tls, ...wanted }: WantedListener): CwmpListenerSettings {
  const { listen, auth, proxied, proxyProtocol } = wanted;
  const trustedProxies = parseNetworks(`${settings}.trustedProxies`, wanted.trustedProxies);
  if (proxyProtocol && trustedProxies.length === 0) {
    throw new CausewayError(
      'CAUSEWAY_CONFIG_INVALID',
      `${settings}.proxyProtocol is on: name the proxies in ${settings}.trustedProxies`,
    );
  }
  checkCertificates(settings, { ...wanted, tls });
  const certificateIdentity = wanted.certificateIdentity.map((text) => identityPattern(settings, text));
  const clientCertHeader = wanted.clientCertHeader.toLowerCase();
  const material = tls === undefined ? undefined : serverOptions(tls, readCertificates(`${name}.tls`, tls));
  const sources = { proxied, proxyProtocol, trustedProxies };
  const tenant = wanted.tenant === '' ? undefined : wanted.tenant;
  return { name, listen, tenant, auth, ...sources, tls: material, clientCertHeader, certificateIdentity };
}

type Certificates = Pick<WantedListener, 'auth' | 'tls' | 'clientCertHeader' | 'trustedProxies'>;

/** Who asks for certificates must be able to get them. */
function checkCertificates(settings: string, { auth, tls, clientCertHeader, trustedProxies }: Certificates): void {
  const invalid = (message: string): CausewayError => new CausewayError('CAUSEWAY_CONFIG_INVALID', message);
  if (clientCertHeader !== '' && !/^[A-Za-z0-9-]+$/.test(clientCertHeader)) {
    throw invalid(`${settings}.clientCertHeader: "${clientCertHeader}" is no name of a header`);
  }
  if (clientCertHeader !== '' && trustedProxies.length === 0) {
    throw invalid(
      `${settings}.clientCertHeader is believed from proxies only: name them in ${settings}.trustedProxies`,
    );
  }
  const asks = tls !== undefined && tls.clientCert !== 'none';
  if (auth !== 'certificate' || asks || clientCertHeader !== '') return;
  throw invalid(
    `${settings}.auth is certificate, and none can come: set ${settings}.tls.clientCert to require, ` +
      `or ${settings}.clientCertHeader where a proxy passes it on`,
  );
}

function identityPattern(settings: string, text: string): IdentityPattern {
  const parsed = parseIdentityPattern(text);
  if (parsed.ok) return parsed.pattern;
  throw new CausewayError('CAUSEWAY_CONFIG_INVALID', `${settings}.certificateIdentity: ${parsed.reason}`);
}
