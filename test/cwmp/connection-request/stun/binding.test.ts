import fc from 'fast-check';
import t from 'tap';
import { readEndpoint, readXorEndpoint } from '../../../../proxy/cwmp/connection-request/stun/address.ts';
import {
  answerBinding,
  type BindingAnswer,
  type StunCredentials,
} from '../../../../proxy/cwmp/connection-request/stun/binding.ts';
import { provenForm } from '../../../../proxy/cwmp/connection-request/stun/integrity.ts';
import { readMessage, type StunMessage } from '../../../../proxy/cwmp/connection-request/stun/message.ts';
import {
  attribute,
  BINDING_CHANGE,
  COOKIE_TRANSACTION,
  LISTENS,
  message,
  request,
  signed,
  TRANSACTION,
} from './requests.ts';

const SOURCE = { address: '203.0.113.5', port: 40001 };
const CREDENTIALS: StunCredentials = { username: 'stun-user', password: 'stun-secret' };
const RESPONSE_ADDRESS = 2;
const endpoint = (address: string, port: number): Buffer =>
  Buffer.from([0, 1, port >> 8, port & 255, ...address.split('.').map(Number)]);

const ask = (datagram: Buffer, credentials?: StunCredentials): BindingAnswer =>
  answerBinding(datagram, SOURCE, credentials);

function answerOf(answered: BindingAnswer): StunMessage {
  if (answered.kind === 'ignored') throw new Error(answered.reason);
  const read = readMessage(answered.answer);
  if (!read.ok) throw new Error(read.reason);
  return read.message;
}
const valueOf = (answered: BindingAnswer, type: number): Buffer | undefined =>
  answerOf(answered).attributes.find((candidate) => candidate.type === type)?.value;

t.test('a CPE learns where the world sees it, in its own dialect', async (t) => {
  const classic = ask(request(LISTENS, BINDING_CHANGE));
  t.match(classic, { kind: 'bound', to: SOURCE, listens: true });
  t.match(answerOf(classic), { type: 0x0101, transaction: TRANSACTION });
  t.same(readEndpoint(valueOf(classic, 1) ?? Buffer.alloc(0)), SOURCE);
  const modern = ask(message(1, COOKIE_TRANSACTION));
  t.match(modern, { kind: 'bound', listens: false });
  t.same(readXorEndpoint(valueOf(modern, 0x20) ?? Buffer.alloc(0), COOKIE_TRANSACTION), SOURCE);
  const ipv6 = answerBinding(request(), { address: '2001:db8::5', port: 7 }, undefined);
  t.same(readEndpoint(valueOf(ipv6, 1) ?? Buffer.alloc(0)), { address: '2001:db8::5', port: 7 });
});

t.test('a CPE that leaves the last blank out of CONNECTION-REQUEST-BINDING listens, too', async (t) => {
  t.match(ask(request(attribute(0xc001, 'dslforum.org/TR-111'))), { listens: true });
  t.match(ask(request(attribute(0xc001, 'something else'))), { kind: 'bound', listens: false });
});

t.test('only Binding Requests are answered', async (t) => {
  for (const type of [0x0101, 0x0111, 0x0011, 0x0002, 0x0003]) {
    t.match(ask(message(type, TRANSACTION)), { kind: 'ignored', reason: 'no-request' }, String(type));
  }
});

t.test('what must be understood and is not is named', async (t) => {
  const refused = ask(request(attribute(0x7f00, ''), attribute(0xff00, '')));
  t.match(refused, { kind: 'refused', error: 420 });
  t.match(answerOf(refused), { type: 0x0111, transaction: TRANSACTION });
  t.equal(valueOf(refused, 9)?.toString('latin1'), '\0\0\x04\x14Unknown Attribute   ');
  t.equal(valueOf(refused, 10)?.toString('hex'), '7f007f00', 'twice, for a multiple of four');
});

t.test('CHANGE-REQUEST that wants nothing is fine; one that wants another address is not served', async (t) => {
  t.match(ask(request(attribute(3, Buffer.alloc(4)))), { kind: 'bound' });
  t.match(ask(request(attribute(3, Buffer.from([0, 0, 0, 4])))), { kind: 'refused', error: 420 });
});

t.test('RESPONSE-ADDRESS goes to the same NAT only', async (t) => {
  const other = ask(request(attribute(RESPONSE_ADDRESS, endpoint('203.0.113.5', 40002)), LISTENS));
  t.match(other, { kind: 'bound', to: { address: '203.0.113.5', port: 40002 }, listens: false });
  t.same(readEndpoint(valueOf(other, 11) ?? Buffer.alloc(0)), SOURCE, 'REFLECTED-FROM');
  t.match(ask(request(attribute(RESPONSE_ADDRESS, endpoint('192.0.2.9', 40002)))), { kind: 'refused', error: 420 });
});

t.test('with credentials, every way in which CPEs prove them, answered in kind', async (t) => {
  const name = attribute(6, 'stun-user   ');
  const forms = [
    [{ pads: true, before: false }, 'rfc3489'],
    [{ pads: false, before: false }, 'rfc5389'],
    [{ pads: true, before: true }, 'rfc3489-length-before'],
  ] as const;
  for (const [how, form] of forms) {
    const answered = ask(signed('stun-secret', how, TRANSACTION, name, LISTENS), CREDENTIALS);
    t.match(answered, { kind: 'bound', listens: true }, form);
    t.equal(provenForm(answerOf(answered), 'stun-secret'), form);
  }
});

t.test('with credentials, what does not prove them is refused with the code of its dialect', async (t) => {
  const how = { pads: true, before: false };
  const modern = { pads: false, before: false };
  const name = attribute(6, 'stun-user   ');
  const other = attribute(6, 'another-user');
  const cases: readonly (readonly [string, Buffer, number])[] = [
    ['no proof', request(LISTENS), 401],
    ['no name', signed('stun-secret', how, TRANSACTION), 432],
    ['no name, RFC 5389', signed('stun-secret', modern, COOKIE_TRANSACTION), 400],
    ['another name', signed('stun-secret', how, TRANSACTION, other), 430],
    ['another name, RFC 5389', signed('stun-secret', modern, COOKIE_TRANSACTION, other), 401],
    ['another password', signed('guess', how, TRANSACTION, name), 431],
    ['another password, RFC 5389', signed('guess', modern, COOKIE_TRANSACTION, name), 401],
    ['a short proof', request(name, attribute(8, 'short')), 431],
  ];
  for (const [what, datagram, error] of cases) t.match(ask(datagram, CREDENTIALS), { kind: 'refused', error }, what);
  t.match(ask(signed('whatever', how, TRANSACTION, name)), { kind: 'bound' }, 'not asked for, not looked at');
});

t.test('no datagram throws, and no answer is long', async () => {
  const part = fc.tuple(fc.oneof(fc.nat(16), fc.nat(65535)), fc.uint8Array({ maxLength: 24 }));
  const datagram = fc.oneof(
    fc.array(part, { maxLength: 40 }).map((list) => request(...list.map(([type, value]) => attribute(type, value)))),
    fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(datagram, fc.constantFrom(undefined, CREDENTIALS), (bytes, credentials) => {
      const answered = ask(bytes, credentials);
      return answered.kind === 'ignored' || answered.answer.length <= 128;
    }),
    { numRuns: 2000 },
  );
});
