// Records: every type there and back, Required fields on the wire, and what is said of bytes that are no Record.
import t from 'tap';
import { decodeRecord, encodeRecord, plainRecord, type RecordType } from '../../proxy/usp/record.ts';
import { number, part, partAt, walk } from './wire.ts';

const types: readonly RecordType[] = [
  { kind: 'no_session_context', payload: Buffer.from('msg') },
  {
    kind: 'session_context',
    session_id: 2n ** 64n - 1n,
    sequence_id: 2n ** 53n + 1n,
    expected_id: 1n,
    retransmit_id: 0n,
    payload_sar_state: 'INPROCESS',
    payloadrec_sar_state: 'NONE',
    payload: [Buffer.from('a'), Buffer.alloc(0)],
  },
  { kind: 'websocket_connect' },
  { kind: 'mqtt_connect', version: 'V3_1_1', subscribed_topic: 'usp/agent' },
  { kind: 'stomp_connect', version: 'V1_2', subscribed_destination: '/agent' },
  { kind: 'disconnect', reason: 'cpe-lost', reason_code: 7105 },
  { kind: 'uds_connect' },
];
const fieldNumber: Record<RecordType['kind'], number> = {
  no_session_context: 7,
  session_context: 8,
  websocket_connect: 9,
  mqtt_connect: 10,
  stomp_connect: 11,
  disconnect: 12,
  uds_connect: 13,
};
const ids = [part(1, '1.4'), part(2, 'to'), part(3, 'from')];
const bytesOf = (type: RecordType): Buffer => Buffer.from(encodeRecord(plainRecord('to', 'from', type)));

t.test('every record type comes back as it went', async (t) => {
  for (const type of types) {
    const record = {
      ...plainRecord('to', 'from', type),
      payload_security: 'TLS12',
      mac_signature: Buffer.from('mac'),
      sender_cert: Buffer.from('cert'),
    } as const;
    t.strictSame(decodeRecord(Buffer.from(encodeRecord(record))), { ok: true, record }, type.kind);
  }
});

t.test('the numbers of the fields', async (t) => {
  for (const type of types) {
    const fields = walk(bytesOf(type)).map((field) => field.number);
    t.same(fields, [1, 2, 3, fieldNumber[type.kind]], type.kind);
  }
  t.equal(String(partAt(bytesOf({ kind: 'no_session_context', payload: Buffer.from('msg') }), 7, 2)), 'msg');
});

t.test('Required fields are written even when they are the default (R-MTP.4b)', async (t) => {
  const written = (type: RecordType): number[] =>
    walk(partAt(bytesOf(type), fieldNumber[type.kind])).map((field) => field.number);
  t.same(written({ kind: 'mqtt_connect', version: 'V3_1_1', subscribed_topic: '' }), [1, 2]);
  t.same(written({ kind: 'stomp_connect', version: 'V1_2', subscribed_destination: '' }), [1, 2]);
  t.same(written({ kind: 'no_session_context', payload: new Uint8Array() }), [2]);
  t.same(written({ kind: 'disconnect', reason: '', reason_code: 0 }), []);
  const session: RecordType = {
    kind: 'session_context',
    session_id: 0n,
    sequence_id: 0n,
    expected_id: 0n,
    retransmit_id: 0n,
    payload_sar_state: 'NONE',
    payloadrec_sar_state: 'NONE',
    payload: [],
  };
  t.same(written(session), [1, 2, 3]);
  const empty = walk(Buffer.from(encodeRecord(plainRecord('', '', { kind: 'uds_connect' }))));
  t.same(
    empty.map((field) => field.number),
    [1, 2, 3, 13],
  );
});

t.test('a Record without exactly one record type is discarded (R-ENC.4)', async (t) => {
  const discarded = { ok: false, code: 7100, erroneous: undefined };
  t.match(decodeRecord(Buffer.concat(ids)), { ...discarded, reason: 'missing' });
  t.match(decodeRecord(Buffer.alloc(0)), { ...discarded, reason: 'missing' });
  t.match(decodeRecord(Buffer.concat([...ids, part(14, 'x')])), { ...discarded, reason: 'unknown-member' });
  const two = Buffer.concat([...ids, part(7, part(2, 'msg')), part(12)]);
  t.match(decodeRecord(two), { ...discarded, reason: 'ambiguous' });
});

t.test('an unknown number in an enumeration leaves what an Error needs (R-ENC.2, R-MTP.5)', async (t) => {
  const payload = part(7, part(2, 'msg'));
  const outcome = decodeRecord(Buffer.concat([...ids, number(4, 2), payload]));
  t.match(outcome, { ok: false, reason: 'unknown-enum', code: 7104, erroneous: { to_id: 'to', from_id: 'from' } });
  t.equal(!outcome.ok && String(outcome.erroneous?.payload), 'msg');
  const session = Buffer.concat([...ids, part(8, number(5, 9))]);
  t.match(decodeRecord(session), { ok: false, reason: 'unknown-enum', erroneous: undefined });
  const alsoCut = Buffer.concat([...ids, number(4, 2), payload.subarray(0, -1)]);
  t.match(decodeRecord(alsoCut), { ok: false, erroneous: undefined });
});

t.test('fields that came with a newer version are skipped', async (t) => {
  const bytes = Buffer.concat([part(20, 'new'), ...ids, part(7, part(2, 'msg'), part(1, 'new')), number(21, 3)]);
  t.strictSame(decodeRecord(bytes), {
    ok: true,
    record: plainRecord('to', 'from', { kind: 'no_session_context', payload: Buffer.from('msg') }),
  });
});

t.test('absent Required fields are read as empty', async (t) => {
  t.match(decodeRecord(part(9)), { ok: true, record: { version: '', to_id: '', from_id: '' } });
});

t.test('what is not protobuf, not UTF-8 or too large', async (t) => {
  const bytes = bytesOf({ kind: 'no_session_context', payload: Buffer.from('msg') });
  for (let length = 1; length < bytes.length; length += 1) t.equal(decodeRecord(bytes.subarray(0, length)).ok, false);
  t.match(decodeRecord(Buffer.from('<html>')), { ok: false, reason: 'malformed', code: 7100 });
  t.match(decodeRecord(Buffer.concat([part(2, Buffer.from([0xff])), part(9)])), { ok: false, reason: 'malformed' });
  t.match(decodeRecord(Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0x80])), { ok: false, reason: 'malformed' });
  const groups = Buffer.alloc(100_000, 0x8b);
  t.match(decodeRecord(groups), { ok: false, reason: 'malformed' }, 'groups in groups do not overflow the stack');
  t.match(decodeRecord(bytes, { maxBytes: 10, maxElements: 10 }), { ok: false, reason: 'too-large' });
});

t.test('the payload is a view of what came in', async (t) => {
  const bytes = bytesOf({ kind: 'no_session_context', payload: Buffer.from('msg') });
  const decoded = decodeRecord(bytes);
  t.ok(decoded.ok && decoded.record.record_type.kind === 'no_session_context');
  if (!decoded.ok || decoded.record.record_type.kind !== 'no_session_context') return;
  t.equal(decoded.record.record_type.payload.buffer, bytes.buffer);
});
