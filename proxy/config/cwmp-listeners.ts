// What one entry of cwmp.listeners may say.
import { flag, list, listen, oneOf, type Setting, text } from './kinds.ts';
import { type Section, section, sections } from './sections.ts';

const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;

const tlsFields = {
  cert: text('', 'File with the certificate of this listener and its chain (PEM).'),
  key: text('', 'File with its private key (PEM).'),
  ca: text('', 'File with the CAs whose certificates CPEs may show (PEM).'),
  clientCert: oneOf(['none', 'request', 'require'], 'none', 'Whether a CPE is asked for a certificate.'),
  minVersion: oneOf(VERSIONS, 'TLSv1.2', 'Oldest version of TLS that is spoken.'),
  maxVersion: oneOf(VERSIONS, 'TLSv1.3', 'Newest version of TLS that is spoken.'),
  ciphers: text('', "Cipher suites in OpenSSL's notation; Node's own where it is empty."),
};

const listenerFields = {
  listen: listen(':0', 'Where CPEs open their CWMP sessions; any path.'),
  auth: oneOf(
    ['cwmp.auth', 'none', 'basic', 'digest', 'certificate'],
    'cwmp.auth',
    'How a CPE proves who it is in its Inform.',
  ),
  tenant: text('', 'Tenant whose CPEs come here, and no others do; unless set, any may that are known or enrolled.'),
  basicOverHttp: flag(false, 'Ask for Basic although there is no TLS: passwords pass in the clear.'),
  tls: section(tlsFields, ['cert', 'key'], 'TLS on this listener; plain HTTP without it.'),
  certificateIdentity: list(
    ['CN={OUI}-{SerialNumber}', 'CN={OUI}-{ProductClass}-{SerialNumber}'],
    'How a client certificate names its device; empty where one certificate is shared by many.',
  ),
  clientCertHeader: text(
    '',
    'Header in which trustedProxies pass on the certificate of a CPE, which they have verified.',
  ),
  trustedProxies: list([], 'As cwmp.trustedProxies, for this listener.'),
  proxied: flag(false, 'As cwmp.proxied, for this listener.'),
  proxyProtocol: flag(false, 'As cwmp.proxyProtocol, for this listener.'),
};

export type TlsConfig = Section<typeof tlsFields>;
export type CwmpListenerConfig = Section<typeof listenerFields>;

export const cwmpListeners = (help: string): Setting<readonly CwmpListenerConfig[]> =>
  sections(listenerFields, ['listen'], help);
