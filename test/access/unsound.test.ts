// Client certificates of which OpenSSL says only that it does not know their CA: what is wrong with them all the same.
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { shapeOf } from '../../proxy/access/certificate-shape.ts';
import { unsoundness } from '../../proxy/access/unsound.ts';
import { createAuthority, type Issued, missingOpenssl, selfSigned } from '../openssl.ts';

const skip = missingOpenssl();
const faultOf = ({ cert }: Issued, at = Date.now()): string | undefined => unsoundness(new X509Certificate(cert), at);

t.test('what is sound, and what is not', { skip }, async (t) => {
  const authority = createAuthority(t);
  const issued = (...extensions: readonly string[]): Issued =>
    authority.issue('/CN=c', 'URI:urn:bbf:usp:id:self::c', 2, extensions);
  t.equal(faultOf(issued()), undefined);
  t.equal(faultOf(selfSigned(t)), undefined, 'one that has signed itself');
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['keyUsage=critical,digitalSignature', undefined],
    ['keyUsage=critical,digitalSignature,keyEncipherment', undefined],
    ['keyUsage=critical,keyEncipherment', 'key-usage'],
    ['keyUsage=keyCertSign,cRLSign', 'key-usage'],
    ['extendedKeyUsage=clientAuth', undefined],
    ['extendedKeyUsage=serverAuth,clientAuth', undefined],
    ['extendedKeyUsage=anyExtendedKeyUsage', undefined],
    ['extendedKeyUsage=serverAuth', 'key-usage'],
    ['1.2.3.4=ASN1:UTF8String:whatever', undefined],
    ['1.2.3.4=critical,ASN1:UTF8String:whatever', 'critical-extension'],
    ['nameConstraints=critical,permitted;DNS:example.net', 'critical-extension'],
  ];
  for (const [extension, wanted] of cases) t.equal(faultOf(issued(extension)), wanted, extension);
  const [day, now] = [86_400_000, Date.now()];
  t.equal(faultOf(issued(), now - day), 'out-of-date', 'not yet');
  t.equal(faultOf(issued(), now + 3 * day), 'out-of-date', 'not any more');
  const [rsa, weak] = ['2048', '1024'].map((bits) => selfSigned(t, [], ['-newkey', `rsa:${bits}`, '-nodes']));
  t.equal(rsa && faultOf(rsa), undefined);
  t.equal(weak && faultOf(weak), 'weak', 'a key that is too short');
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  t.equal(faultOf(selfSigned(t, [], [...ec, '-sha1'])), 'weak', 'a signature over SHA-1');
});

t.test('what is damaged is read as nothing', { skip }, async (t) => {
  const { raw } = new X509Certificate(selfSigned(t).cert);
  t.ok(shapeOf(raw));
  fc.assert(
    fc.property(fc.nat(raw.length - 1), fc.nat(255), fc.nat(raw.length), (at, byte, length) => {
      const damaged = Buffer.from(raw);
      damaged[at] = byte;
      for (const der of [damaged, raw.subarray(0, length), damaged.subarray(at)]) shapeOf(der);
    }),
    { numRuns: 2000 },
  );
  t.equal(shapeOf(raw.subarray(0, raw.length - 1)), undefined);
  t.equal(shapeOf(Buffer.alloc(0)), undefined);
});
