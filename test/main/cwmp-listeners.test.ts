// What cwmp.listeners says wrong is told with its place and what to change, before anything listens.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { loadConfig, printConfig } from '../../proxy/config/load.ts';
import { CausewayError } from '../../proxy/errors.ts';
import { cwmpListeners } from '../../proxy/main/cwmp-listeners.ts';
import { checkExposure } from '../../proxy/main/exposure.ts';
import { createAuthority, forLoopback, missingOpenssl } from '../openssl.ts';

type Settings = Readonly<Record<string, string>>;

const load = (listeners: unknown, settings: Settings = {}): ReturnType<typeof loadConfig> =>
  loadConfig({
    file: { name: 'causeway.yaml', text: JSON.stringify({ 'cwmp.listeners': listeners }) },
    environment: {},
    flags: Object.entries(settings),
  });

/** What the start says, '' when it goes on. */
function faultOf(listeners: unknown, settings: Settings = {}): string {
  try {
    const { config } = load(listeners, settings);
    checkExposure(config);
    cwmpListeners(config);
    return '';
  } catch (error) {
    if (error instanceof CausewayError) return error.message;
    throw error;
  }
}

const listen = '127.0.0.1:0';
const PAIR = { 'cwmp.username': 'cpe', 'cwmp.password': 'secret' };

t.test('parts', async (t) => {
  const wants = (listeners: unknown): string => faultOf(listeners).replace('file causeway.yaml: cwmp.listeners ', '');
  t.equal(wants('x'), 'wants a list of sections');
  t.equal(wants(['a']), 'wants [0] to be a section');
  t.match(wants([{}]), /^wants \[0\]\.listen to be host:port/);
  t.match(
    wants([{ listen }, { listen, tsl: {} }]),
    /^wants no \[1\]\.tsl, which is no setting; there are listen, auth/,
  );
  t.match(wants([{ listen, auth: 'ntlm' }]), /^wants \[0\]\.auth to be one of cwmp\.auth, none, basic, digest/);
  t.match(wants([{ listen, tls: { cert: 'a' } }]), /^wants \[0\]\.tls\.key to be text/);
  t.match(
    wants([{ listen, tls: { cert: 'a', key: 'b', minVersion: 1.2 } }]),
    /^wants \[0\]\.tls\.minVersion to be one of/,
  );
  t.equal(faultOf([{ listen }]), '');
});

t.test('as a variable or a flag, the list is one line', async (t) => {
  const flags = [['cwmp.listeners', '[{listen: "127.0.0.1:0", auth: none}]']] as const;
  const loaded = loadConfig({ file: undefined, environment: {}, flags });
  t.match(loaded.config['cwmp.listeners'], [{ listen: { host: '127.0.0.1', port: 0 }, auth: 'none' }]);
  t.match(printConfig(loaded), /cwmp\.listeners +\{"listen"/);
});

t.test('listening nowhere', async (t) => {
  t.match(faultOf([], { 'cwmp.listen': '' }), /set cwmp\.listen, or cwmp\.listeners/);
  t.equal(faultOf([{ listen }], { 'cwmp.listen': '' }), '');
});

t.test('each listener beyond loopback wants credentials', async (t) => {
  const open = '0.0.0.0:0';
  t.match(faultOf([{ listen: open }]), /cwmp\.listeners\[0\] is beyond loopback: set cwmp\.listeners\[0\]\.auth/);
  t.equal(faultOf([{ listen: open }], { insecure: 'true' }), '');
  t.match(faultOf([{ listen: open, auth: 'digest' }]), /cwmp\.listeners\[0\]\.auth is digest: set cwmp\.username/);
  t.equal(faultOf([{ listen: open, auth: 'digest' }], PAIR), '');
  t.match(faultOf([{ listen, trustedProxies: ['x'] }]), /cwmp\.listeners\[0\]\.trustedProxies: x: not-an-address/);
  t.match(faultOf([{ listen, proxyProtocol: true }]), /name the proxies in cwmp\.listeners\[0\]\.trustedProxies/);
});

t.test('Basic in the clear wants a word of the operator', async (t) => {
  const basic = { listen: '0.0.0.0:0', auth: 'basic' };
  t.match(faultOf([basic], PAIR), /cwmp\.listeners\[0\]: Basic without TLS .* cwmp\.listeners\[0\]\.basicOverHttp/);
  t.equal(faultOf([{ ...basic, basicOverHttp: true }], PAIR), '');
  t.equal(faultOf([{ ...basic, listen }], PAIR), '', 'on loopback nothing passes a wire');
  const simple = { ...PAIR, 'cwmp.listen': '0.0.0.0:0', 'cwmp.auth': 'basic', insecure: 'true' };
  t.match(faultOf([], simple), /cwmp\.listen: Basic without TLS .* set cwmp\.basicOverHttp/, 'even with --insecure');
  t.equal(faultOf([], { ...simple, 'cwmp.basicOverHttp': 'true' }), '');
});

t.test('who asks for certificates must be able to get them', async (t) => {
  const certificate = { listen: '0.0.0.0:0', auth: 'certificate' };
  const proxied = { ...certificate, clientCertHeader: 'Client-Cert', trustedProxies: ['10.0.0.1'] };
  t.match(faultOf([certificate]), /cwmp\.listeners\[0\]\.auth is certificate, and none can come: set .*clientCert/);
  t.match(faultOf([{ ...proxied, trustedProxies: [] }]), /name them in cwmp\.listeners\[0\]\.trustedProxies/);
  t.match(faultOf([{ ...proxied, clientCertHeader: 'a b' }]), /is no name of a header/);
  t.equal(faultOf([proxied]), '', 'no user name is wanted');
  t.match(
    faultOf([{ ...proxied, certificateIdentity: ['O={OUI}'] }]),
    /certificateIdentity: "O=\{OUI\}" has no \{SerialNumber\}/,
  );
  t.equal(faultOf([{ ...proxied, certificateIdentity: [] }]), '');
});

t.test('files of TLS', { skip: missingOpenssl() }, async (t: Test) => {
  const authority = createAuthority(t);
  const [one, other] = [forLoopback(authority), forLoopback(authority)];
  const nothing = join(t.testdir(), 'empty.pem');
  writeFileSync(nothing, 'x');
  const good = { cert: one.certFile, key: one.keyFile };
  const fault = (tls: Settings): string => faultOf([{ listen, tls: { ...good, ...tls } }]);
  t.equal(fault({}), '');
  t.match(fault({ cert: '/none.pem' }), /^cwmp\.listeners\[0\]\.tls\.cert: \/none\.pem cannot be read: ENOENT/);
  t.match(fault({ key: nothing }), /^cwmp\.listeners\[0\]\.tls\.key: .*empty\.pem holds nothing of the kind in PEM/);
  t.match(fault({ key: '' }), /^cwmp\.listeners\[0\]\.tls\.key is empty: name a file/);
  t.match(fault({ key: other.keyFile }), /^cwmp\.listeners\[0\]\.tls: key does not belong to cert/);
  t.match(fault({ ciphers: 'NONE-SUCH' }), /^cwmp\.listeners\[0\]\.tls: ciphers: OpenSSL knows none of these/);
  t.match(fault({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' }), /tls\.minVersion is above maxVersion/);
  t.match(fault({ clientCert: 'require' }), /name the CAs of those certificates in cwmp\.listeners\[0\]\.tls\.ca/);
  t.equal(fault({ clientCert: 'require', ca: authority.certFile }), '');
  t.equal(fault({ minVersion: 'TLSv1' }), '');
});
