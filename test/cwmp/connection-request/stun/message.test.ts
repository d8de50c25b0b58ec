import fc from 'fast-check';
import t from 'tap';
import {
  addressBytes,
  readEndpoint,
  readXorEndpoint,
  writeEndpoint,
  writeXorEndpoint,
} from '../../../../proxy/cwmp/connection-request/stun/address.ts';
import { provenForm } from '../../../../proxy/cwmp/connection-request/stun/integrity.ts';
import { readMessage, writeMessage } from '../../../../proxy/cwmp/connection-request/stun/message.ts';
import { attribute, COOKIE_TRANSACTION, message, request } from './requests.ts';

/** The sample request and responses of RFC 5769 §2.1 to §2.3. */
const PASSWORD = 'VOkJxbRl1RmTxUk/WvJxBt';
const SAMPLE_REQUEST = Buffer.from(
  '000100582112a442b7e7a701bc34d686fa87dfae' +
    `80220010${Buffer.from('STUN test client').toString('hex')}` +
    '002400046e0001ff80290008932ff9b151263b36' +
    `00060009${Buffer.from('evtj:h6vY   ').toString('hex')}` +
    '000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf',
  'hex',
);

t.test('the samples of RFC 5769', async (t) => {
  const read = readMessage(SAMPLE_REQUEST);
  if (!read.ok) throw new Error(read.reason);
  t.match(read.message, { type: 1, dialect: 'rfc5389', transaction: COOKIE_TRANSACTION });
  t.equal(read.message.attributes.find(({ type }) => type === 6)?.value.toString(), 'evtj:h6vY');
  t.equal(provenForm(read.message, PASSWORD), 'rfc5389', 'the FINGERPRINT after it does not count');
  t.equal(provenForm(read.message, `${PASSWORD}.`), undefined);
  const ipv4 = { address: '192.0.2.1', port: 32853 };
  const ipv6 = { address: '2001:db8:1234:5678:11:2233:4455:6677', port: 32853 };
  t.equal(writeXorEndpoint(ipv4, COOKIE_TRANSACTION).toString('hex'), '0001a147e112a643');
  t.equal(writeXorEndpoint(ipv6, COOKIE_TRANSACTION).toString('hex'), '0002a1470113a9faa5d3f179bc25f4b5bed2b9d9');
});

t.test('what is no STUN message is told apart', async (t) => {
  const reasonOf = (bytes: Buffer): string => {
    const read = readMessage(bytes);
    return read.ok ? 'ok' : read.reason;
  };
  t.equal(reasonOf(Buffer.alloc(19)), 'too-short');
  t.equal(reasonOf(Buffer.alloc(1025)), 'too-long');
  t.equal(reasonOf(Buffer.from('GET http://10.0.0.1:80?ts=1 HTTP/1.1\r\n\r\n')), 'not-stun');
  t.equal(reasonOf(request(LONG).subarray(0, -1)), 'bad-length');
  t.equal(reasonOf(request(Buffer.from([0, 6, 0, 9, 1, 2, 3, 4]))), 'bad-attribute');
  t.equal(reasonOf(request(Buffer.from([0, 6]))), 'bad-attribute');
  t.equal(reasonOf(request()), 'ok');
});
const LONG = attribute(6, 'a-user');

t.test('an attribute of an odd length is read padded and unpadded, as CPEs send it', async (t) => {
  for (const padding of [Buffer.alloc(0), Buffer.alloc(1)]) {
    const read = readMessage(request(attribute(0xc001, 'dslforum.org/TR-111'), padding, attribute(6, 'user')));
    t.same(read.ok && read.message.attributes.map(({ type, value }) => [type, value.toString()]), [
      [0xc001, 'dslforum.org/TR-111'],
      [6, 'user'],
    ]);
  }
  const modern = message(1, COOKIE_TRANSACTION, attribute(6, 'abc'), attribute(6, 'user'));
  t.match(readMessage(modern), { ok: false, reason: 'bad-attribute' }, 'RFC 5389 pads');
});

t.test('what follows the message in its datagram does not belong to it', async (t) => {
  const whole = request(attribute(6, 'user'));
  const read = readMessage(Buffer.concat([whole, Buffer.from('rest')]));
  t.same(read.ok && read.message.bytes, whole);
});

t.test('any address comes back as it was written', async (t) => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(address, fc.nat(65535), fc.uint8Array({ minLength: 16, maxLength: 16 }), (text, port, transaction) => {
      const bytes = addressBytes(text);
      const plain = readEndpoint(writeEndpoint({ address: text, port }));
      const hidden = readXorEndpoint(writeXorEndpoint({ address: text, port }, transaction), transaction);
      t.same(hidden, plain);
      return plain?.port === port && addressBytes(plain.address)?.equals(bytes ?? Buffer.alloc(0));
    }),
    { numRuns: 300 },
  );
});

t.test('what is written is read again, and no bytes throw', async (t) => {
  const attributes = fc.array(fc.record({ type: fc.nat(65535), value: fc.uint8Array({ maxLength: 40 }) }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(attributes, fc.uint8Array({ minLength: 12, maxLength: 12 }), (list, id) => {
      const transaction = Buffer.concat([COOKIE_TRANSACTION.subarray(0, 4), id]);
      const read = readMessage(writeMessage(1, transaction, list));
      const told = read.ok && read.message.attributes.map(({ type, value }) => [type, Buffer.from(value)]);
      t.same(
        told,
        list.map(({ type, value }) => [type, Buffer.from(value)]),
      );
    }),
    { numRuns: 200 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => typeof readMessage(Buffer.from(bytes)).ok === 'boolean'),
    { numRuns: 2000 },
  );
});
