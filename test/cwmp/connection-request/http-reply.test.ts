import fc from 'fast-check';
import t from 'tap';
import { createReplyReader, type ReplyProgress } from '../../../proxy/cwmp/connection-request/http-reply.ts';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');

/** The answer to a whole text, then EOF. */
function readAll(text: string): ReplyProgress {
  const reader = createReplyReader();
  reader.feed(bytesOf(text));
  return reader.end();
}

const reply = (status: number, ...headers: (readonly [string, string])[]): ReplyProgress => ({
  kind: 'reply',
  reply: { status, headers: headers.map(([name, value]) => [name, value]) },
});

t.test('a proper head is complete at its blank line', async (t) => {
  const reader = createReplyReader();
  t.same(reader.feed(bytesOf('HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\n')), {
    kind: 'incomplete',
  });
  const expected = reply(401, ['www-authenticate', 'Basic realm="x"']);
  t.same(reader.feed(bytesOf('\r\nbody\r\nX: y\r\n\r\n')), expected);
  t.same(reader.end(), expected, 'and stays');
});

t.test('shapes of CPEs (quirk 8)', async (t) => {
  const digest = ['www-authenticate', 'Digest realm="r", nonce="n"'] as const;
  t.same(
    readAll('HTTP/1.1 401 No\nWWW-Authenticate: Digest\n   realm="r",\n\tnonce="n"'),
    reply(401, digest),
    'folded',
  );
  t.same(readAll('HTTP/1.1 200 OK\nContent-Length: 0'), reply(200, ['content-length', '0']), 'no blank line');
  t.same(readAll('HTTP/1.1 200 OK'), reply(200), 'no line end at all');
  t.same(readAll('HTTP/1.1 200'), reply(200), 'no reason');
  t.same(readAll('HTTP/1.0  503   Service Unvailable \r\r\n\r\r\n'), reply(503), 'HTTP/1.0, spaces, doubled CR');
  t.same(readAll('http/1 204 nothing\r\n\r\n'), reply(204), 'lower case, no minor version');
  t.same(readAll('\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'), reply(200), 'blank lines before');
  t.same(readAll('\xef\xbb\xbfHTTP/1.1 200 OK\r\n\r\n'), reply(200), 'a byte order mark before');
  t.same(readAll('debug: cr received\nHTTP/1.1 200 OK\r\n\r\n'), reply(200), 'a line before');
  t.same(readAll('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'), reply(200), 'an interim reply before');
  t.same(
    readAll('HTTP/1.1 401 X\r\nA : 1\r\nno colon\r\n: no name\r\na:2\r\nEmpty:\r\n\r\n'),
    reply(401, ['a', '1'], ['a', '2'], ['empty', '']),
    'lines that are no header are left out',
  );
  t.same(readAll('HTTP/1.1 401 X\r\n folded onto nothing\r\n\r\n'), reply(401));
  t.same(readAll('HTTP/1.1 401 X\r\nRealm: \xe9\r\n\r\n'), reply(401, ['realm', '\xe9']), 'bytes are kept');
});

t.test('what is no reply', async (t) => {
  t.same(readAll(''), { kind: 'closed-early', bytes: 0 });
  for (const text of ['H', 'HTTP', 'HTTP/1.1 ', 'HTTP/1.1 20', '\r\nHTTP/1.', 'HTTP/1.1 100 Continue\r\n\r\n']) {
    t.same(readAll(text), { kind: 'closed-early', bytes: text.length }, JSON.stringify(text));
  }
  t.same(readAll('SSH-2.0-dropbear\r\n'), { kind: 'not-http', looksLike: 'ssh' });
  t.same(readAll('\x15\x03\x01\x00\x02\x02F'), { kind: 'not-http', looksLike: 'tls' });
  t.same(readAll('<html>HTTP/1.1 200 OK</html>'), { kind: 'not-http', looksLike: 'markup' });
  for (const text of [
    '220 ftp ready\r\n',
    'HTTP/1.1 2000 OK\r\n\r\n',
    'HTTP/1.1 099 X\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
  ])
    t.same(readAll(text), { kind: 'not-http', looksLike: 'unknown' }, JSON.stringify(text));
});

t.test('it reads 16 KB and no more', async (t) => {
  const endless = createReplyReader();
  t.same(endless.feed(bytesOf(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(16_000)}`)), { kind: 'incomplete' });
  t.same(endless.feed(bytesOf('x'.repeat(1000))), { kind: 'too-large' });
  t.same(endless.feed(bytesOf('\r\n\r\n')), { kind: 'too-large' }, 'and stays');
  t.same(readAll('x'.repeat(20_000)), { kind: 'not-http', looksLike: 'unknown' });
  t.same(readAll(`${'junk\n'.repeat(300)}HTTP/1.1 200 OK\r\n\r\n`), { kind: 'not-http', looksLike: 'unknown' });
});

const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc
    .array(fc.constantFrom('HTTP/1.1 ', '200', '401 X', '100', '\n', '\r\n', '\r', ' ', ':', 'A: b', '\xff', '<'), {
      maxLength: 60,
    })
    .map((pieces) => bytesOf(pieces.join(''))),
);

t.test('any bytes give one answer, however they are cut', async (t) => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 50 }), (bytes, size) => {
      const whole = createReplyReader();
      const cut = createReplyReader();
      const first = whole.feed(bytes);
      let last: ReplyProgress = { kind: 'incomplete' };
      for (let at = 0; at < bytes.length; at += size) last = cut.feed(bytes.subarray(at, at + size));
      const ended = whole.end();
      const agree = JSON.stringify([first, ended]) === JSON.stringify([last, cut.end()]);
      return agree && ended.kind !== 'incomplete' && JSON.stringify(whole.end()) === JSON.stringify(ended);
    }),
    { numRuns: 3000 },
  );
  t.pass('no exception, no difference, always an end');
});
