// Signatures over Records (facts: usp-agent-requirements §2.4): good ones, and every way in which one can be bad.
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import t from 'tap';
import { decodeRecord, encodeRecord, plainRecord, type UspRecord } from '../../proxy/usp/record.ts';
import { signatureFault, signedBytes } from '../../proxy/usp/record-signature.ts';
import { createAuthority, type Issued, missingOpenssl } from '../openssl.ts';

const CONTROLLER = 'self::signer-1';
const AGENT = 'ops::02C0DE-Router-S1';
/** Certificates made in this test are good by then. */
const NOW = Date.now() + 60_000;
const DAY = 24 * 3600 * 1000;
const plain = plainRecord(AGENT, CONTROLLER, { kind: 'no_session_context', payload: Buffer.from('payload') });
const session: UspRecord = {
  ...plain,
  record_type: {
    kind: 'session_context',
    session_id: 0x0102030405060708n,
    sequence_id: 2n,
    expected_id: 3n,
    retransmit_id: 0n,
    payload_sar_state: 'BEGIN',
    payloadrec_sar_state: 'COMPLETE',
    payload: [Buffer.from('payload')],
  },
};

function signed(record: UspRecord, { key, cert }: Pick<Issued, 'key' | 'cert'>): UspRecord {
  const unsigned = { ...record, sender_cert: Buffer.from(cert) };
  const options = { key: createPrivateKey(key), dsaEncoding: 'der' } as const;
  return { ...unsigned, mac_signature: sign('sha256', signedBytes(unsigned), options) };
}

t.test('the bytes that are signed: fields by number, nothing between them', async (t) => {
  const cert = Buffer.from('cert');
  t.equal(
    signedBytes({ ...plain, sender_cert: cert }).toString('latin1'),
    `1.4${AGENT}${CONTROLLER}\0\0\0\0cert`,
    'neither payload nor signature',
  );
  t.equal(
    signedBytes({ ...session, payload_security: 'TLS12', sender_cert: cert }).toString('hex'),
    Buffer.from(`1.4${AGENT}${CONTROLLER}`).toString('hex') +
      '00000001' +
      cert.toString('hex') +
      '0102030405060708' +
      '0000000000000002' +
      '0000000000000003' +
      '0000000000000000' +
      '00000001' +
      '00000003',
  );
});

t.test('with certificates', { skip: missingOpenssl() }, async (t) => {
  const authority = createAuthority(t);
  const trusted = [new X509Certificate(authority.cert)];
  const own = authority.issue('/CN=signer', `URI:urn:bbf:usp:id:${CONTROLLER}`);
  const good = signed(plain, own);
  const faultOf = (record: UspRecord, now = NOW): string => signatureFault(record, trusted, now) ?? 'good';

  t.equal(faultOf(good), 'good');
  t.equal(faultOf(signed(session, own)), 'good', 'of a session too');
  const decoded = decodeRecord(encodeRecord(good));
  t.equal(decoded.ok && faultOf(decoded.record), 'good', 'as it comes over the wire');
  t.equal(signatureFault(good, [new X509Certificate(own.cert)], NOW), undefined, 'a certificate trusted by itself');
  const upper = authority.issue('/CN=signer', `URI:URN:BBF:usp:id:${CONTROLLER},DNS:x.example`);
  t.equal(faultOf(signed(plain, upper)), 'good', 'the head of a URN is in any case');

  const other = createAuthority(t, '/CN=Other CA');
  const cases: readonly (readonly [string, UspRecord, string])[] = [
    ['another to_id', { ...good, to_id: `${AGENT}2` }, 'wrong-signature'],
    ['another version', { ...good, version: '1.3' }, 'wrong-signature'],
    ['another signature', { ...good, mac_signature: Buffer.from('signed') }, 'wrong-signature'],
    ['another key', { ...signed(plain, { ...own, key: authority.key }) }, 'wrong-signature'],
    ['nothing after it', { ...good, sender_cert: Buffer.from(`${own.cert}\n`) }, 'wrong-signature'],
    ['no certificate', { ...good, sender_cert: new Uint8Array() }, 'no-certificate'],
    [
      'what looks like one',
      { ...good, sender_cert: Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----') },
      'no-certificate',
    ],
    ['another CA', signed(plain, other.issue('/CN=signer', `URI:urn:bbf:usp:id:${CONTROLLER}`)), 'untrusted'],
    ['without a name', signed(plain, authority.issue('/CN=self::signer-1')), 'other-endpoint'],
    ['another name', signed(plain, authority.issue('/CN=x', 'URI:urn:bbf:usp:id:self::signer-2')), 'other-endpoint'],
    ['a name that begins like it', signed({ ...plain, from_id: 'self::sign' }, own), 'other-endpoint'],
  ];
  for (const [name, record, fault] of cases) t.equal(faultOf(record), fault, name);
  t.equal(faultOf(good, NOW + 3 * DAY), 'untrusted', 'it has expired');
  t.equal(faultOf(good, NOW - 3 * DAY), 'untrusted', 'it is not good yet');
  const fromIssued = signed(plain, { key: own.key, cert: `${own.cert}${authority.cert}` });
  t.equal(faultOf(fromIssued), 'good', 'with its chain');
  const byLeaf = `${other.issue('/CN=x', `URI:urn:bbf:usp:id:${CONTROLLER}`).cert}${own.cert}${authority.cert}`;
  t.equal(faultOf(signed(plain, { key: own.key, cert: byLeaf })), 'untrusted', 'a chain that does not hold');
});
