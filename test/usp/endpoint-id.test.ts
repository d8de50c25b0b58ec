// The grammar of Endpoint IDs, and their way through a URL.
import fc from 'fast-check';
import t from 'tap';
import { decodeEid, eidOfQuery, encodeEid } from '../../proxy/usp/eid.ts';
import { isEndpointId, parseEndpointId } from '../../proxy/usp/endpoint-id.ts';

t.test('ids of every scheme (R-ARC.2a)', async (t) => {
  const good = [
    ...['oui:00256D:my-unique-bbf-id-42', 'oui:00256D0:a', 'oui:00256d012:a', 'cid:3AA3F8:my-unique-usp-id-42'],
    ...['pen:3561:my-unique-bbf-id-42', 'self::my-Agent', 'self:a.b-c_:x', 'user::x', 'os::00256D-0123456789'],
    ...['ops::00256D-STB-0123456789', 'ops::00256D-A%2DB-1', 'uuid::f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    ...['imei::990000862471854', 'proto::my-Agent', 'doc::x', 'fqdn::www.example.org'],
  ];
  for (const id of good) t.match(parseEndpointId(id), { ok: true, id: { scheme: id.split(':')[0] } }, id);
  t.same(parseEndpointId('oui:00256D:a%2Fb'), {
    ok: true,
    id: { scheme: 'oui', authorityId: '00256D', instanceId: 'a%2Fb' },
  });
});

t.test('what is none, and why', async (t) => {
  const bad: readonly (readonly [string, string])[] = [
    ['', 'not-an-endpoint-id'],
    ['ops', 'not-an-endpoint-id'],
    ['ops:00256D-STB-1', 'not-an-endpoint-id'],
    ['ops::a:b', 'not-an-endpoint-id'],
    ['OPS::00256D-STB-1', 'unknown-scheme'],
    ['http:://x', 'unknown-scheme'],
    ['a:b:c:d', 'not-an-endpoint-id'],
    ['constructor::x', 'unknown-scheme'],
    ['ops:00256D:STB-1', 'bad-authority-id'],
    ['oui::x', 'bad-authority-id'],
    ['oui:00256:x', 'bad-authority-id'],
    ['oui:00256DAB:x', 'bad-authority-id'],
    ['cid:3AA3F80:x', 'bad-authority-id'],
    ['pen:abc:x', 'bad-authority-id'],
    ['self:sevench:x', 'bad-authority-id'],
    ['proto:a.b:x', 'bad-authority-id'],
    ['self::', 'bad-instance-id'],
    ['self::a b', 'bad-instance-id'],
    ['self::a%2', 'bad-instance-id'],
    ['self::a%zz', 'bad-instance-id'],
    ['self::a/b', 'bad-instance-id'],
    ['self::ä', 'bad-instance-id'],
    ['self::a\n', 'bad-instance-id'],
    [`self::${'a'.repeat(51)}`, 'instance-id-too-long'],
  ];
  for (const [id, reason] of bad) t.same(parseEndpointId(id), { ok: false, reason }, id);
  t.ok(isEndpointId(`self::${'a'.repeat(50)}`), '50 characters are allowed (R-ARC.6)');
});

t.test('eid in a query (R-WS.10b, R-WS.10c)', async (t) => {
  const eid = 'ops::00AABB-A%2DB-1';
  t.equal(encodeEid(eid), 'ops::00AABB-A%252DB-1');
  const found = { ok: true, eid };
  t.same(eidOfQuery('eid=ops::00AABB-A%252DB-1'), found, 'as the specification encodes it');
  t.same(eidOfQuery('x=1&eid=ops%3A%3A00AABB-A%252DB-1&y'), found, 'as encodeURIComponent does');
  t.same(eidOfQuery('eid=ops::00AABB-A%2DB-1'), found, 'as it is');
  t.same(eidOfQuery('eid=self::my-Controller'), { ok: true, eid: 'self::my-Controller' });
});

t.test('a query without one usable eid', async (t) => {
  t.same(eidOfQuery(''), { ok: false, reason: 'eid-missing' });
  t.same(eidOfQuery('weid=self::a&EID=self::a'), { ok: false, reason: 'eid-missing' });
  t.same(eidOfQuery('eid=self::a&eid=self::b'), { ok: false, reason: 'eid-repeated' });
  for (const raw of ['', 'x', 'self::a+b', 'self::a b', '%', '%25', 'self%3A%3A%ff', '%E0%A4%A']) {
    t.same(eidOfQuery(`eid=${raw}`), { ok: false, reason: 'eid-invalid' }, raw);
  }
});

t.test('an id that ends in an encoded percent sign may be typed as it is', async (t) => {
  t.equal(decodeEid('os::00AABB-100%25'), 'os::00AABB-100%25');
  t.equal(decodeEid('os::00AABB-100%2525'), 'os::00AABB-100%25');
});

t.test('every id survives its encoding, and nothing throws', async (t) => {
  const character = fc.constantFrom('A', 'z', '2', '5', '-', '.', '_', '%2D', '%25', '%C3%A4', '%3A');
  const id = fc.array(character, { minLength: 1, maxLength: 12 }).map((parts) => `self::${parts.join('')}`);
  const property = fc.property(
    id,
    (eid) => decodeEid(encodeEid(eid)) === eid && decodeEid(encodeURIComponent(eid)) === eid,
  );
  t.doesNotThrow(() => fc.assert(property, { numRuns: 500 }));
  t.doesNotThrow(() => fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void eidOfQuery(`eid=${text}`))));
});
