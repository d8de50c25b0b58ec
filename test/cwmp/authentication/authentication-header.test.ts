import fc from 'fast-check';
import t from 'tap';
import { parseAuthenticationHeaders } from '../../../proxy/cwmp/authentication/authentication-header.ts';

const read = (...texts: string[]) =>
  parseAuthenticationHeaders(texts).map(({ scheme, parameters, token }) => ({
    scheme,
    parameters: Object.fromEntries(parameters),
    token,
  }));
const digest = (parameters: Record<string, string>) => [{ scheme: 'digest', parameters, token: undefined }];

t.test('a challenge in the spellings of CPEs (quirks 7, 8)', async (t) => {
  const expected = digest({ realm: 'a b', nonce: 'n1', qop: 'auth' });
  for (const text of [
    'Digest realm="a b", nonce="n1", qop="auth"',
    'Digest realm="a b",nonce="n1",qop="auth"',
    'Digest realm="a b" nonce="n1" qop="auth"',
    'DIGEST REALM="a b", Nonce=n1, QOP=auth',
    'Digest\r\n   realm="a b",\n\tnonce="n1",\r\n   qop="auth"',
    '  Digest ,, realm = "a b" ,nonce= "n1" , qop ="auth",',
    'Digest realm="a b", nonce="n1", qop="auth", qop="auth-int"',
    'Digest realm="a b", nonce="n1", qop=auth,auth-int',
    'Digest realm="a b", ="", nonce="n1", "stray", qop="auth',
  ]) {
    t.same(read(text), expected, text);
  }
});

t.test('values', async (t) => {
  t.same(read('Digest opaque="", nonce="x"'), digest({ opaque: '', nonce: 'x' }), 'empty');
  t.same(read('Digest opaque=, nonce=x'), digest({ opaque: '', nonce: 'x' }), 'empty and bare');
  t.same(read('Digest cnonce=YWJj==, nc=00000001'), digest({ cnonce: 'YWJj==', nc: '00000001' }), 'bare base64');
  t.same(read('Digest realm="a \\"b\\" \\\\ c"'), digest({ realm: 'a "b" \\ c' }), 'escaped');
  t.same(read('Digest realm="a, b=c"'), digest({ realm: 'a, b=c' }), 'separators inside quotes');
  t.same(read('Digest realm="open, nonce=1'), digest({ realm: 'open, nonce=1' }), 'a quote that never closes');
  t.same(read('Digest realm="open\\'), digest({ realm: 'open\\' }), 'a backslash at the end');
});

t.test('several challenges, in one header or more', async (t) => {
  const both = [
    { scheme: 'basic', parameters: { realm: 'r' }, token: undefined },
    { scheme: 'digest', parameters: { realm: 'r', nonce: 'n' }, token: undefined },
  ];
  t.same(read('Basic realm="r", Digest realm="r", nonce="n"'), both);
  t.same(read('Basic realm="r" Digest realm="r" nonce="n"'), both);
  t.same(read('Basic realm="r"', 'Digest realm="r", nonce="n"'), both);
  t.same(
    read('Negotiate, Basic realm="r"').map(({ scheme }) => scheme),
    ['negotiate', 'basic'],
  );
});

t.test('credentials in one word', async (t) => {
  t.same(read('Basic Y3BlOmNwZQ=='), [{ scheme: 'basic', parameters: {}, token: 'Y3BlOmNwZQ==' }]);
  t.same(read('basic   Og=='), [{ scheme: 'basic', parameters: {}, token: 'Og==' }]);
  t.same(read('Bearer a.b-c_d~e+f/g'), [{ scheme: 'bearer', parameters: {}, token: 'a.b-c_d~e+f/g' }]);
});

t.test('what is no header of the kind', async (t) => {
  for (const text of ['', '   ', ',,,', '===', '"""', 'realm="no scheme"', 'x'.repeat(8193)])
    t.same(read(text), [], text);
});

t.test('any text is read, without an exception', async (t) => {
  const piece = fc.constantFrom(
    'Digest ',
    'Basic ',
    'realm=',
    '"',
    '\\',
    ',',
    ' ',
    '=',
    '\r\n ',
    'nonce="n"',
    'é',
    '\0',
  );
  const hostile = fc.oneof(
    fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );
  fc.assert(
    fc.property(hostile, (text) => {
      for (const { scheme, parameters } of parseAuthenticationHeaders([text])) {
        if (scheme === '' || scheme !== scheme.toLowerCase()) return false;
        for (const name of parameters.keys()) if (name === '' || /[\s,="]/.test(name)) return false;
      }
      return true;
    }),
    { numRuns: 3000 },
  );
  // A pattern that backtracks would not come back from these before the test's time is over.
  for (const unit of ['"', '\\', 'a=', 'a ', '=', 'a,', ' ', '\\"', 'a="\\']) {
    const long = unit.repeat(Math.floor(8000 / unit.length));
    for (const text of [`Digest x="${long}`, `Digest ${long}`]) {
      t.doesNotThrow(() => parseAuthenticationHeaders([text]), text.slice(0, 12));
    }
  }
});

t.test('what is written with quotes is read back', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom(', ', ' ', ',', '\r\n '), (value, separator) => {
      const quoted = `"${value.replace(/["\\]/g, '\\$&')}"`;
      const parameters = parseAuthenticationHeaders([`Digest a=${quoted}${separator}b=c`])[0]?.parameters;
      return parameters?.get('a') === value && parameters.get('b') === 'c';
    }),
  );
  t.pass('values with any characters survived');
});
