// Our codec against the one that protobufjs generates, on arbitrary messages and on damaged ones.
import { deepStrictEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { decodeMsg, encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { decodeRecord, encodeRecord, type UspRecord } from '../../proxy/usp/record.ts';
import { arbitraryOf, oracleDecode, oracleReencode, schema } from './oracle.ts';

const msgType = schema('usp-msg-1-4', 'usp.Msg');
const recordType = schema('usp-record-1-4', 'usp_record.Record');
const arbitraryBody = arbitraryOf(schema('usp-msg-1-4', 'usp.Body')) as fc.Arbitrary<UspBody>;
const arbitraryRecord = arbitraryOf(recordType) as fc.Arbitrary<UspRecord>;
const msg_id = 'id';

t.test('any Msg comes back, and reads the same to protobufjs', async (t) => {
  fc.assert(
    fc.property(arbitraryBody, (body) => {
      const bytes = encodeMsg({ msg_id, body });
      deepStrictEqual(decodeMsg(bytes), { ok: true, msg: { msg_id, body } });
      const seen = oracleDecode(msgType, bytes) as { header: { msg_id: string; msg_type: string }; body: unknown };
      deepStrictEqual(seen.body, body);
      equal(seen.header.msg_type, body.kind.toUpperCase().replace('PROTOCOL', 'PROTO'));
      deepStrictEqual(Buffer.from(oracleReencode(msgType, bytes)), Buffer.from(bytes));
    }),
    { numRuns: 300 },
  );
  t.pass('300 messages');
});

t.test('any Record comes back, and reads the same to protobufjs', async (t) => {
  fc.assert(
    fc.property(arbitraryRecord, (record) => {
      const bytes = new Uint8Array(encodeRecord(record));
      deepStrictEqual(decodeRecord(bytes), { ok: true, record });
      deepStrictEqual(oracleDecode(recordType, bytes), record);
      deepStrictEqual(Buffer.from(oracleReencode(recordType, bytes)), Buffer.from(bytes));
    }),
    { numRuns: 300 },
  );
  t.pass('300 Records');
});

/** Cuts, flips and doubles bytes. */
const damage = fc.record(
  { at: fc.nat(), flip: fc.integer({ min: 0, max: 255 }), cut: fc.boolean(), repeat: fc.boolean() },
  { noNullPrototype: true },
);

function damaged(
  bytes: Uint8Array,
  { at, flip, cut, repeat }: { at: number; flip: number; cut: boolean; repeat: boolean },
): Uint8Array {
  const copy = new Uint8Array(bytes);
  const place = at % copy.length;
  copy[place] = (copy[place] ?? 0) ^ flip;
  const part = cut ? copy.subarray(0, place) : copy;
  return repeat ? Buffer.concat([part, part]) : part;
}

t.test('damaged bytes never throw; what is still a Msg is one to protobufjs too', async (t) => {
  let readable = 0;
  fc.assert(
    fc.property(arbitraryBody, damage, (body, how) => {
      const bytes = new Uint8Array(damaged(encodeMsg({ msg_id, body }), how));
      const decoded = decodeMsg(bytes);
      if (!decoded.ok) return;
      readable += 1;
      const seen = oracleDecode(msgType, bytes) as { header: { msg_id: string }; body: unknown };
      deepStrictEqual(decoded.msg, { msg_id: seen.header.msg_id, body: seen.body });
    }),
    { numRuns: 1000 },
  );
  t.ok(readable > 50, `${readable} were still readable`);
});

t.test('damaged Records and noise never throw', async (t) => {
  fc.assert(
    fc.property(arbitraryRecord, damage, (record, how) => {
      const bytes = new Uint8Array(damaged(encodeRecord(record), how));
      const decoded = decodeRecord(bytes);
      if (decoded.ok) deepStrictEqual(decoded.record, oracleDecode(recordType, bytes));
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      decodeMsg(bytes);
      decodeRecord(bytes);
    }),
    { numRuns: 2000 },
  );
  t.pass('3000 inputs');
});
