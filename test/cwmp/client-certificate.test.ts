// How a certificate names its device, and the spellings in which proxies pass it on.
import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { readCertificate } from '../../proxy/access/certificate.ts';
import {
  certificateInHeader,
  isCertificateOf,
  type IdentityPattern,
  parseIdentityPattern,
} from '../../proxy/cwmp/client-certificate.ts';
import { createAuthority, missingOpenssl } from '../openssl.ts';

const device = { OUI: '02C0DE', ProductClass: 'Router X', SerialNumber: 'S/1' };

function pattern(text: string): IdentityPattern {
  const parsed = parseIdentityPattern(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.pattern;
}

t.test('patterns', async (t) => {
  const reason = (text: string): string => {
    const parsed = parseIdentityPattern(text);
    return parsed.ok ? '' : parsed.reason;
  };
  t.equal(reason('CN={OUI}-{SerialNumber}'), '');
  t.match(reason('{SerialNumber}'), /not of the form/);
  t.match(reason('CN={Serial}'), /there is no \{Serial\}/);
  t.match(reason('O={OUI}'), /has no \{SerialNumber\}/, 'what many have in common proves none of them');
  t.match(reason('CN={SerialNumber} & '), /not of the form/);
});

t.test('names', async (t) => {
  const fits = (names: readonly string[], ...patterns: readonly string[]): boolean =>
    isCertificateOf({ fingerprint: 'f', names }, device, patterns.map(pattern));
  t.ok(fits(['CN=02C0DE-S/1'], 'CN={OUI}-{SerialNumber}'));
  t.ok(fits(['CN=02c0de-S%2F1'], 'CN={OUI}-{SerialNumber}'), 'as TR-069 has it, OUI in either case');
  t.ok(fits(['CN=02C0DE-Router%20X-S%2F1'], 'CN={OUI}-{ProductClass}-{SerialNumber}'));
  t.notOk(fits(['CN=02C0DE-S/2'], 'CN={OUI}-{SerialNumber}'));
  t.notOk(fits(['CN=x02C0DE-S/1'], 'CN={OUI}-{SerialNumber}'), 'whole, not a part');
  t.notOk(fits(['CN=02C0DE-s/1'], 'CN={OUI}-{SerialNumber}'), 'serials differ by case');
  t.notOk(fits(['O=02C0DE-S/1'], 'CN={OUI}-{SerialNumber}'), 'another field');
  t.ok(fits(['CN=S/1', 'O=02C0DE'], 'CN={SerialNumber} & O={OUI}'));
  t.notOk(fits(['CN=S/1', 'O=000000'], 'CN={SerialNumber} & O={OUI}'), 'every part');
  t.ok(fits(['CN=S/1'], 'DNS={SerialNumber}.example', 'CN={SerialNumber}'), 'any pattern');
  t.ok(fits(['DNS=s/1.example'], 'DNS={SerialNumber}.Example'), 'names of hosts in any case');
  t.notOk(
    isCertificateOf({ fingerprint: 'f', names: ['CN=02C0DE-'] }, { ...device, SerialNumber: '' }, [
      pattern('CN={OUI}-{SerialNumber}'),
    ]),
    'no serial, no device',
  );
});

t.test('certificates', { skip: missingOpenssl() }, async (t) => {
  const names = 'DNS:S1.CPE.example,URI:urn:dev:ops:02C0DE-Router-S1,email:a@example.net';
  const { cert } = createAuthority(t).issue('/O=Example, Ltd/OU=one/OU=two/CN=02C0DE-S1', names);
  const x509 = new X509Certificate(cert);
  const read = readCertificate(x509);
  t.same(
    new Set(read.names),
    new Set([
      'O=Example, Ltd',
      'OU=one',
      'OU=two',
      'CN=02C0DE-S1',
      'DNS=s1.cpe.example',
      'URI=urn:dev:ops:02C0DE-Router-S1',
      'email=a@example.net',
    ]),
  );

  const base64 = x509.raw.toString('base64');
  for (const text of [`:${base64}:`, base64, encodeURIComponent(cert)]) {
    t.same(certificateInHeader(text), read, text.slice(0, 12));
  }
  const twice = `${encodeURIComponent(cert)}, ${encodeURIComponent(cert)}`;
  for (const text of ['', '::', ':!:', `${base64}, ${base64}`, twice, 'CN=02C0DE-S1', '%zz', base64.slice(0, 80)]) {
    t.equal(certificateInHeader(text), undefined, text.slice(0, 12));
  }
});
