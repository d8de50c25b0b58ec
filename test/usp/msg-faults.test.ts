// What decodeMsg says of bytes that are no Msg: enough for the endpoint to follow R-MTP.5 and R-ENC.5.
import t from 'tap';
import { decodeMsg, encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { number, part } from './wire.ts';

const header = part(1, part(1, 'id'), number(2, 1));
const request = (...content: Buffer[]): Buffer => Buffer.concat([header, part(2, part(1, ...content))]);
const response = (...content: Buffer[]): Buffer => Buffer.concat([header, part(2, part(2, ...content))]);
const getBody: UspBody = { kind: 'get', param_paths: ['Device.A', 'Device.B'], max_depth: 0 };

const answerable = { ok: false, msg_id: 'id', request: true };

t.test('a oneof without a member that we know (R-ENC.5, R-MSG.1)', async (t) => {
  t.match(decodeMsg(request()), { ...answerable, reason: 'missing', code: 7004 }, 'no request at all');
  t.match(
    decodeMsg(request(part(99, 'x'))),
    { ...answerable, reason: 'unknown-member', code: 7001 },
    'a newer request',
  );
  t.match(decodeMsg(request(part(8, part(1, 'sub')))), { ...answerable, reason: 'missing', code: 7004 }, 'in a Notify');
  t.match(decodeMsg(Buffer.concat([header, part(2)])), { ok: false, msg_id: 'id', request: false, code: 7004 });
  const emptyBodyFirst = Buffer.concat([part(2), header]);
  t.match(decodeMsg(emptyBodyFirst), { ok: false, msg_id: 'id', request: false }, 'what follows is not the body');
  t.match(decodeMsg(response()), { ok: false, reason: 'missing', msg_id: 'id', request: false });
});

t.test('a oneof with two members, or one twice (R-ENC.3)', async (t) => {
  const get = part(1, part(1, 'Device.'));
  const twice = { reason: 'ambiguous', code: 7004 };
  t.match(decodeMsg(request(get, part(6, part(2, 'Device.X.1.')))), { ...answerable, ...twice });
  t.match(decodeMsg(request(get, get)), { ...answerable, ...twice });
  t.match(decodeMsg(Buffer.concat([header, part(2, part(1, get), part(3))])), { ...answerable, ...twice });
});

t.test('header and body stand exactly once (R-MSG.6, R-MSG.7), with a msg_id (R-MSG.8)', async (t) => {
  const body = part(2, part(1, part(1, part(1, 'Device.'))));
  t.match(decodeMsg(body), { ok: false, reason: 'missing', msg_id: undefined, request: true });
  t.match(decodeMsg(header), { ok: false, reason: 'missing', msg_id: 'id', request: false });
  t.match(decodeMsg(Buffer.concat([header, header, body])), { ok: false, reason: 'malformed' });
  t.match(decodeMsg(Buffer.concat([header, body, body])), { ...answerable, reason: 'malformed' });
  t.match(decodeMsg(Buffer.concat([part(1, number(2, 1)), body])), { ok: false, reason: 'missing', msg_id: undefined });
});

t.test('an enumeration with a number that it does not have (R-ENC.2)', async (t) => {
  const strange = part(1, part(1, 'id'), number(2, 23));
  const get = part(2, part(1, part(1, part(1, 'Device.'))));
  t.match(decodeMsg(Buffer.concat([strange, get])), { ...answerable, reason: 'unknown-enum', code: 7004 });
  const newer = Buffer.concat([strange, part(2, part(1, part(12, 'x')))]);
  t.match(decodeMsg(newer), { ...answerable, reason: 'unknown-member', code: 7001 }, 'a newer message says more');
  const supported = part(2, part(1, part(5, part(6, number(3, 11)))));
  t.match(decodeMsg(response(supported)), { ok: false, reason: 'unknown-enum', msg_id: 'id', request: false });
});

t.test('text that is not UTF-8', async (t) => {
  for (const bytes of [[0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80], Array.from({ length: 100 }, () => 0x80)]) {
    const outcome = decodeMsg(request(part(1, part(1, Buffer.from(bytes)))));
    t.match(outcome, { ...answerable, reason: 'malformed', code: 7004, detail: 'a text is not UTF-8' });
  }
});

t.test('a cut message can be answered once its msg_id is whole and its body begun', async (t) => {
  const bytes = Buffer.from(encodeMsg({ msg_id: 'id', body: getBody }));
  const bodyContent = 2 + header.length;
  for (let length = 0; length < bytes.length; length += 1) {
    const outcome = decodeMsg(bytes.subarray(0, length));
    t.equal(outcome.ok, false, `${length} bytes`);
    if (outcome.ok) continue;
    t.equal(outcome.msg_id, length < header.length ? undefined : 'id', `msg_id of ${length} bytes`);
    t.equal(outcome.request, length > bodyContent, `request of ${length} bytes`);
  }
});

t.test('responses and errors are never to be answered', async (t) => {
  for (const body of [part(2, Buffer.from([0xff])), part(3, Buffer.from([0xff]))]) {
    t.match(decodeMsg(Buffer.concat([header, part(2, body)])), { ok: false, request: false });
  }
});

t.test('limits: bytes, and items', async (t) => {
  const bytes = encodeMsg({ msg_id: 'id', body: getBody });
  const limits = { maxBytes: bytes.length, maxElements: 2 };
  t.equal(decodeMsg(bytes, limits).ok, true);
  t.match(decodeMsg(bytes, { ...limits, maxBytes: bytes.length - 1 }), {
    ...answerable,
    reason: 'too-large',
    code: 7005,
  });
  t.match(decodeMsg(bytes, { ...limits, maxElements: 1 }), { ...answerable, reason: 'too-large', code: 7005 });
  const manyObjects = request(part(5, Buffer.alloc(1_000_000, part(2))));
  t.match(decodeMsg(manyObjects), { ok: false, reason: 'too-large', detail: 'too many items' });
});

t.test('the detail quotes nothing of the message', async (t) => {
  const outcome = decodeMsg(request(part(1, part(1, 'secret'), Buffer.from([0x0a, 0x7f]))));
  t.equal(outcome.ok, false);
  t.notMatch(JSON.stringify(outcome), /secret/);
});
