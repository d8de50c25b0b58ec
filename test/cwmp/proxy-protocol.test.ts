// PROXY headers by their bytes: what is read, what is refused, and that nothing is decided before it is sure.
import fc from 'fast-check';
import t from 'tap';
import { readProxyHeader } from '../../proxy/cwmp/proxy-protocol.ts';

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

/** Version 2: command byte, family byte, and what follows; the length is right unless given. */
function binary(command: number, family: number, rest: Buffer, length = rest.length): Buffer {
  const fixed = Buffer.from([command, family, length >> 8, length & 0xff]);
  return Buffer.concat([SIGNATURE, fixed, rest]);
}
const IPV4 = Buffer.from([203, 0, 113, 7, 10, 0, 0, 1, 0x12, 0x34, 0x1d, 0x7b]);
const IPV6 = Buffer.concat([
  Buffer.from('20010db8000000000000000000000007', 'hex'),
  Buffer.from('20010db8000000000000000000000001', 'hex'),
  Buffer.from([0x12, 0x34, 0x1d, 0x7b]),
]);

const GOOD: readonly (readonly [Buffer, string | undefined])[] = [
  [Buffer.from('PROXY TCP4 203.0.113.7 10.0.0.1 4660 7547\r\n'), '203.0.113.7'],
  [Buffer.from('PROXY TCP6 2001:DB8:0::7 2001:db8::1 4660 7547\r\n'), '2001:db8::7'],
  [Buffer.from('PROXY TCP6 ::ffff:203.0.113.7 ::1 0 65535\r\n'), '203.0.113.7'],
  [Buffer.from('PROXY UNKNOWN\r\n'), undefined],
  [Buffer.from('PROXY UNKNOWN ffff:: whatever stands here\r\n'), undefined],
  [binary(0x21, 0x11, IPV4), '203.0.113.7'],
  [binary(0x21, 0x21, IPV6), '2001:db8::7'],
  [binary(0x21, 0x11, Buffer.concat([IPV4, Buffer.from('04000301020304', 'hex')])), '203.0.113.7'],
  [binary(0x21, 0x31, Buffer.alloc(216)), undefined],
  [binary(0x21, 0x00, Buffer.alloc(0)), undefined],
  [binary(0x20, 0x00, Buffer.alloc(0)), undefined],
  [binary(0x20, 0x11, IPV4), undefined],
];

t.test('a header is read to its last byte, and not one further', async (t) => {
  for (const [bytes, source] of GOOD) {
    const whole = { kind: 'whole', length: bytes.length, source };
    t.strictSame(readProxyHeader(bytes), whole, bytes.toString('hex'));
    t.strictSame(readProxyHeader(Buffer.concat([bytes, Buffer.from('POST / HTTP/1.1\r\n')])), whole);
    const beginnings = Array.from({ length: bytes.length }, (_, length) => readProxyHeader(bytes.subarray(0, length)));
    t.ok(beginnings.every(({ kind }) => kind === 'incomplete'));
  }
});

t.test('what is none is refused as soon as that is sure', async (t) => {
  const broken = [
    'POST / HTTP/1.1\r\n',
    'G',
    'PROXY  TCP4 1.1.1.1 1.1.1.1 1 1\r\n',
    'PROXY TCP4 1.1.1.1 1.1.1.1 1\r\n',
    'PROXY TCP4 1.1.1.1 1.1.1.1 1 1 1\r\n',
    'PROXY TCP4 1.1.1.1 1.1.1.1 01 1\r\n',
    'PROXY TCP4 1.1.1.1 1.1.1.1 1 65536\r\n',
    'PROXY TCP4 1.1.1.256 1.1.1.1 1 1\r\n',
    'PROXY TCP4 ::1 ::1 1 1\r\n',
    'PROXY TCP6 1.1.1.1 1.1.1.1 1 1\r\n',
    'PROXY TCP5 1.1.1.1 1.1.1.1 1 1\r\n',
    'PROXY \r\n',
    `PROXY UNKNOWN ${'x'.repeat(92)}\r\n`,
    `PROXY ${'x'.repeat(101)}`,
  ].map((text) => Buffer.from(text));
  const binaries = [
    binary(0x11, 0x11, IPV4),
    binary(0x22, 0x11, IPV4),
    binary(0x21, 0x11, IPV4.subarray(1)),
    binary(0x21, 0x21, IPV6.subarray(1)),
    binary(0x21, 0x11, IPV4, 4097),
  ];
  for (const bytes of [...broken, ...binaries]) {
    t.equal(readProxyHeader(bytes).kind, 'broken', bytes.toString('hex'));
  }
  t.equal(readProxyHeader(Buffer.from(`PROXY UNKNOWN ${'x'.repeat(91)}`)).kind, 'incomplete');
  t.equal(readProxyHeader(Buffer.from(`PROXY UNKNOWN ${'x'.repeat(91)}\r\n`)).kind, 'whole');
});

t.test('whatever comes: more bytes never change what was decided, and a whole header lies within them', async (t) => {
  const seed = fc.constantFrom(...GOOD.map(([bytes]) => bytes));
  const edit = fc.tuple(fc.nat(), fc.nat(4), fc.uint8Array({ maxLength: 4 }));
  const damaged = fc.tuple(seed, fc.array(edit, { maxLength: 3 })).map(([bytes, edits]) =>
    edits.reduce<Buffer>((before, [place, length, extra]) => {
      const at = place % (before.length + 1);
      return Buffer.concat([before.subarray(0, at), extra, before.subarray(at + length)]);
    }, bytes),
  );
  const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  const property = fc.property(fc.oneof(damaged, noise), noise, (bytes, more) => {
    const [first, later] = [readProxyHeader(bytes), readProxyHeader(Buffer.concat([bytes, more]))];
    if (first.kind === 'whole' && first.length > bytes.length) return false;
    if (bytes.length > 16 + 4096 && first.kind === 'incomplete') return false;
    return first.kind === 'incomplete' || JSON.stringify(first) === JSON.stringify(later);
  });
  t.doesNotThrow(() => fc.assert(property, { numRuns: 2000 }));
});
