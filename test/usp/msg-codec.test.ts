// What a Msg becomes on the wire and back.
import t from 'tap';
import { decodeMsg, encodeMsg } from '../../proxy/usp/msg-codec.ts';
import type { UspBody } from '../../proxy/usp/msg.ts';
import { sampleBodies } from './samples.ts';
import { number, part, partAt, partsOf, walk } from './wire.ts';

/** Header.msg_type, from TR-369's table and not from our schema. */
const msgTypeNumbers: Record<UspBody['kind'], number> = {
  error: 0,
  get: 1,
  get_resp: 2,
  notify: 3,
  set: 4,
  set_resp: 5,
  operate: 6,
  operate_resp: 7,
  add: 8,
  add_resp: 9,
  delete: 10,
  delete_resp: 11,
  get_supported_dm: 12,
  get_supported_dm_resp: 13,
  get_instances: 14,
  get_instances_resp: 15,
  notify_resp: 16,
  get_supported_protocol: 17,
  get_supported_protocol_resp: 18,
  register: 19,
  register_resp: 20,
  deregister: 21,
  deregister_resp: 22,
};

const encode = (body: UspBody): Buffer => Buffer.from(encodeMsg({ msg_id: 'id', body }));

t.test('every kind of message comes back as it went', async (t) => {
  t.same(new Set(sampleBodies.map((body) => body.kind)), new Set(Object.keys(msgTypeNumbers)), 'all kinds are there');
  for (const body of sampleBodies) {
    t.strictSame(decodeMsg(encode(body)), { ok: true, msg: { msg_id: 'id', body } }, body.kind);
  }
});

t.test('the header says the kind, even where its number is the default (R-MSG.10, R-MTP.4b)', async (t) => {
  for (const body of sampleBodies) {
    const header = walk(partAt(encode(body), 1));
    t.same(
      header.map((field) => [field.number, [...field.content]]),
      [
        [1, [...Buffer.from('id')]],
        [2, [msgTypeNumbers[body.kind]]],
      ],
      body.kind,
    );
  }
});

t.test('the body lies in request, response or error', async (t) => {
  for (const body of sampleBodies) {
    const place = body.kind === 'error' ? 3 : body.kind.endsWith('_resp') ? 2 : 1;
    t.same(
      walk(partAt(encode(body), 2)).map((field) => field.number),
      [place],
      body.kind,
    );
  }
});

t.test('a Get of bytes written by hand', async (t) => {
  const get = part(1, part(1, part(1, 'Device.A.'), part(1, 'Device.B'), Buffer.from([0x15, 2, 0, 0, 0])));
  const bytes = Buffer.concat([part(1, part(1, '42'), number(2, 1)), part(2, get)]);
  const body = { kind: 'get', param_paths: ['Device.A.', 'Device.B'], max_depth: 2 } as const;
  t.same(decodeMsg(bytes), { ok: true, msg: { msg_id: '42', body } });
  t.same(Buffer.from(encodeMsg({ msg_id: '42', body })), bytes);
});

t.test('a GetResp read by hand', async (t) => {
  const result_params = new Map([
    ['__proto__', 'a'],
    ['constructor', ''],
    ['Name', 'Küche'],
  ]);
  const bytes = encode({
    kind: 'get_resp',
    req_path_results: [
      {
        requested_path: 'Device.X.',
        err_code: 7026,
        err_msg: 'm',
        resolved_path_results: [{ resolved_path: 'Device.X.', result_params }],
      },
    ],
  });
  const result = partAt(bytes, 2, 2, 1, 1);
  t.equal(String(partAt(result, 1)), 'Device.X.');
  t.equal(partAt(result, 2).readUInt32LE(), 7026);
  t.equal(String(partAt(result, 3)), 'm');
  t.equal(String(partAt(result, 4, 1)), 'Device.X.');
  const entries = partsOf(partAt(result, 4), 2).map((entry) => [String(partAt(entry, 1)), String(partAt(entry, 2))]);
  t.same(entries, [...result_params]);
});

t.test('msg_type is for information: the body decides (R-MSG.10)', async (t) => {
  const bytes = Buffer.concat([part(1, part(1, 'id'), number(2, 10)), part(2, part(1, part(1, part(1, 'Device.'))))]);
  const decoded = decodeMsg(bytes);
  t.equal(decoded.ok && decoded.msg.body.kind, 'get');
});

t.test('the body may come before the header, and what we do not know anywhere', async (t) => {
  const unknown = [part(99, 'new'), number(77, 5), Buffer.from([0x1d, 1, 2, 3, 4])];
  const get = part(1, ...unknown, part(1, part(1, 'Device.'), ...unknown), ...unknown);
  const bytes = Buffer.concat([...unknown, part(2, get, ...unknown), part(1, part(1, 'id'), ...unknown)]);
  t.strictSame(decodeMsg(bytes), {
    ok: true,
    msg: { msg_id: 'id', body: { kind: 'get', param_paths: ['Device.'], max_depth: 0 } },
  });
});

t.test('a known field of another wire type is an unknown field', async (t) => {
  const bytes = Buffer.concat([part(1, part(1, 'id')), part(2, part(1, part(1, part(1, 'Device.'), part(2, 'deep'))))]);
  const decoded = decodeMsg(bytes);
  t.strictSame(decoded.ok && decoded.msg.body, { kind: 'get', param_paths: ['Device.'], max_depth: 0 });
});

t.test('a map entry without key or value has empty ones; the last of two equal keys wins', async (t) => {
  const entry = (...fields: Buffer[]): Buffer => part(4, ...fields);
  const operate = part(
    7,
    entry(part(2, 'v')),
    entry(part(1, 'k')),
    entry(part(1, 'x'), part(2, '1')),
    entry(part(1, 'x')),
  );
  const decoded = decodeMsg(Buffer.concat([part(1, part(1, 'id')), part(2, part(1, operate))]));
  t.ok(decoded.ok && decoded.msg.body.kind === 'operate');
  if (!decoded.ok || decoded.msg.body.kind !== 'operate') return;
  t.same(
    [...decoded.msg.body.input_args],
    [
      ['', 'v'],
      ['k', ''],
      ['x', ''],
    ],
  );
});

t.test('half a surrogate pair is written as U+FFFD, so that the peer can read the rest', async (t) => {
  for (const text of ['\uD800', 'a\uDC00b', `${'long enough for another branch of the writer '.repeat(2)}\uD83D`]) {
    const decoded = decodeMsg(encode({ kind: 'notify_resp', subscription_id: text }));
    const expected = text.replace(/[\uD800-\uDFFF]/, '\uFFFD');
    t.strictSame(decoded.ok && decoded.msg.body, { kind: 'notify_resp', subscription_id: expected });
  }
});

t.test('what the types forbid is a bug, not bytes', async (t) => {
  const body = { kind: 'get', param_paths: ['Device.', undefined], max_depth: 0 } as unknown as UspBody;
  t.throws(() => encode(body), { code: 'CAUSEWAY_BUG' });
  const plainObject = { kind: 'operate', command: '', command_key: '', send_resp: true, input_args: {} };
  t.throws(() => encode(plainObject as unknown as UspBody), { code: 'CAUSEWAY_BUG' });
});
