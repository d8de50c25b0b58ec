// Any Range that a client may send, over real connections, against the file's own slice.
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import { type RawAnswer, exchange, head, startFiles, targetOf } from './file-gateway.ts';

const BYTES = randomBytes(150_000);

/** RFC 9110 §14.1.2, written anew: what a single range selects, or that it selects nothing; undefined: ignored. */
function oracle(first: number | undefined, last: number | undefined): Buffer | 'nothing' | undefined {
  if (first === undefined) {
    if (last === undefined) return undefined;
    return last === 0 ? 'nothing' : BYTES.subarray(-last);
  }
  if (last !== undefined && last < first) return undefined;
  if (first >= BYTES.length) return 'nothing';
  return BYTES.subarray(first, last === undefined ? BYTES.length : last + 1);
}

t.test('the Range matrix', async (t) => {
  const gateway = await startFiles(t);
  const path = targetOf(await gateway.url(await gateway.add(BYTES), { count: 1_000_000 }));
  const get = (...lines: readonly string[]): Promise<RawAnswer> =>
    exchange(gateway, head(`GET ${path} HTTP/1.1`, 'Connection: close', ...lines));

  await t.test('single ranges', async (t) => {
    const place = fc.oneof(
      fc.constantFrom(0, 1, 65_535, 65_536, 65_537, BYTES.length - 1, BYTES.length, BYTES.length + 1),
      fc.integer({ min: 0, max: BYTES.length * 2 }),
      fc.constant(2 ** 60),
    );
    const end = fc.option(place, { nil: undefined });
    await fc.assert(
      fc.asyncProperty(end, end, async (first, last) => {
        const range = `bytes=${first ?? ''}-${last ?? ''}`;
        const { status, headers, body } = await get(`Range: ${range}`);
        const wanted = oracle(first, last);
        if (wanted === 'nothing') {
          t.match({ status, range: headers.get('content-range') }, { status: 416, range: `bytes */${BYTES.length}` });
          return;
        }
        const part = wanted ?? BYTES;
        if (status !== (wanted === undefined ? 200 : 206) || !body.equals(part)) throw new Error(`${range}: ${status}`);
        if (headers.get('content-length') !== String(part.length)) throw new Error('another length');
        const start = first ?? BYTES.length - part.length;
        const told = wanted === undefined ? undefined : `bytes ${start}-${start + part.length - 1}/${BYTES.length}`;
        if (headers.get('content-range') !== told) throw new Error(headers.get('content-range'));
      }),
      { numRuns: 120 },
    );
  });

  await t.test('what is no single range of bytes is ignored', async (t) => {
    for (const range of [
      'bytes=0-1,5-6',
      'lines=0-1',
      'bytes',
      'bytes=',
      'bytes=a-b',
      'bytes=5-1',
      '0-1',
      'bytes=--1',
    ]) {
      const { status, body } = await get(`Range: ${range}`);
      t.equal(status, 200, range);
      t.ok(body.equals(BYTES));
    }
  });

  await t.test('If-Range', async (t) => {
    const whole = await get();
    const [etag = '', date = ''] = [whole.headers.get('etag'), whole.headers.get('last-modified')];
    const later = new Date(Date.parse(date) + 60_000).toUTCString();
    const cases = { [etag]: 206, [date]: 206, [`W/${etag}`]: 200, '"other"': 200, [later]: 200 };
    for (const [condition, status] of Object.entries(cases)) {
      t.equal((await get('Range: bytes=0-9', `If-Range: ${condition}`)).status, status, condition);
    }
  });

  await t.test('If-Match, If-None-Match', async (t) => {
    const etag = (await get()).headers.get('etag') ?? '';
    const cases: readonly (readonly [string, number])[] = [
      [`If-None-Match: ${etag}`, 304],
      [`If-None-Match: W/${etag}`, 304],
      [`If-None-Match: "a", ${etag}`, 304],
      ['If-None-Match: *', 304],
      ['If-None-Match: "a"', 200],
      [`If-Match: ${etag}`, 200],
      ['If-Match: *', 200],
      [`If-Match: W/${etag}`, 412],
      ['If-Match: "a"', 412],
    ];
    for (const [line, status] of cases) t.equal((await get(line)).status, status, line);
  });
});
