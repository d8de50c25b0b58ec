import fc from 'fast-check';
import t from 'tap';
import { parseAuthenticationHeaders } from '../../../proxy/cwmp/authentication/authentication-header.ts';
import {
  answerDigestChallenge,
  digestAlgorithmNamed,
  digestAlgorithms,
  digestMatches,
  digestResponse,
  readDigestChallenge,
  readDigestCredentials,
  type DigestInput,
} from '../../../proxy/cwmp/authentication/digest.ts';

const parametersOf = (text: string) => parseAuthenticationHeaders([text])[0]?.parameters ?? new Map<string, string>();

function challengeOf(text: string) {
  const read = readDigestChallenge(parametersOf(text));
  if (!read.ok) throw new Error(read.reason);
  return read.challenge;
}

const mufasa = {
  username: 'Mufasa',
  method: 'GET',
  uri: '/dir/index.html',
  nc: '00000001',
  qop: 'auth',
} satisfies Partial<DigestInput>;

t.test('the examples of the RFCs', async (t) => {
  const rfc2617 = {
    ...mufasa,
    algorithm: 'MD5',
    realm: 'testrealm@host.com',
    nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
    cnonce: '0a4f113b',
  } as const;
  t.equal(digestResponse(rfc2617, 'Circle Of Life'), '6629fae49393a05397450978507c4ef1', 'RFC 2617 §3.5');
  t.equal(
    digestResponse({ ...rfc2617, qop: undefined }, 'CircleOfLife'),
    '1949323746fe6a43ef61f9606e7febea',
    'RFC 2069 §2.4 with its erratum 749',
  );
  const rfc7616 = {
    ...mufasa,
    realm: 'http-auth@example.org',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  } as const;
  t.equal(
    digestResponse({ ...rfc7616, algorithm: 'MD5' }, 'Circle of Life'),
    '8ca523f5e9506fed4657c9700eebdbec',
    'RFC 7616 §3.9.1, MD5',
  );
  t.equal(
    digestResponse({ ...rfc7616, algorithm: 'SHA-256' }, 'Circle of Life'),
    '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    'RFC 7616 §3.9.1, SHA-256',
  );
});

// The RFCs have no examples of these. Made with `curl --digest -u cpe-1:s3cret` (7.88.1) against a server of our own.
const fromCurl = [
  `Digest username="cpe-1", realm="acs", nonce="n0nce", uri="/cr?x=1", cnonce="NmE2MGFmMWQ5NWEyNDVkNmNlZTE1OTBhZjdkMTk1ODc=", nc=00000001, qop=auth, response="adf56222a34fe20981c4b065af16e365", opaque="0p", algorithm=MD5-sess`,
  `Digest username="cpe-1", realm="acs", nonce="n0nce", uri="/cr?x=1", cnonce="YTUwMWM4ZmM3NWQyNTA0NmEzZTA5YmNiMmFhZGRjNGM=", nc=00000001, qop=auth, response="62124d11705d50a8343942dd81ea64d81897f9598d703895bc5d23b8d0d52aab", algorithm=SHA-256-sess`,
  `Digest username="cpe-1", realm="acs", nonce="n0nce", uri="/cr?x=1", cnonce="NTZkZGMxMTYxN2UxYjJlMTE0YzJmZjdmZjgwMGIyMDE=", nc=00000001, qop=auth, response="96b97e1286dd6667d99e8fcce0844503b3aef5e57673a79faa77ffcf5fab3d5d", algorithm=SHA-256`,
  `Digest username="cpe-1", realm="acs", nonce="n0nce", uri="/cr?x=1", response="71696401ec2c4014b14799a6f6689daf"`,
];

t.test('headers of an independent client', async (t) => {
  for (const text of fromCurl) {
    const credentials = readDigestCredentials(parametersOf(text));
    if (credentials === undefined) throw new Error(`not read: ${text}`);
    t.ok(digestMatches(credentials, 'GET', 's3cret'), `${credentials.algorithm}, right password`);
    t.notOk(digestMatches(credentials, 'GET', 's3creT'), 'wrong password');
    t.notOk(digestMatches(credentials, 'POST', 's3cret'), 'another method');
    t.notOk(digestMatches({ ...credentials, uri: '/' }, 'GET', 's3cret'), 'another uri than the one that was hashed');
    t.ok(
      digestMatches({ ...credentials, response: credentials.response.toUpperCase() }, 'GET', 's3cret'),
      'upper case',
    );
    t.notOk(digestMatches({ ...credentials, response: '' }, 'GET', 's3cret'), 'no response');
  }
});

t.test('an answer says nothing that the challenge did not offer (genieacs#181)', async (t) => {
  const answer = { username: 'u', password: 'p', method: 'GET', uri: '/x', cnonce: 'c0' };
  const plain = answerDigestChallenge(challengeOf('Digest realm="r", nonce="n"'), answer);
  t.match(plain, /^Digest username="u", realm="r", nonce="n", uri="\/x", response="[0-9a-f]{32}"$/);
  const all = answerDigestChallenge(
    challengeOf('Digest realm="r", nonce="n", qop="auth-int,auth", algorithm=md5, opaque=""'),
    answer,
  );
  t.match(
    all,
    /^Digest username="u", realm="r", nonce="n", uri="\/x", qop=auth, nc=00000001, cnonce="c0", response="[0-9a-f]{32}", algorithm=MD5, opaque=""$/,
  );
  const session = answerDigestChallenge(challengeOf('Digest realm="r", nonce="n", algorithm=MD5-sess'), answer);
  t.match(session, /cnonce="c0"/, 'a -sess hash needs cnonce even without qop');
});

t.test('an answer stays one header whatever the settings hold', async (t) => {
  const challenge = challengeOf('Digest realm="a\\"b", nonce="n"');
  const header = answerDigestChallenge(challenge, {
    username: 'x"\r\nHost: evil\\',
    password: 'p',
    method: 'GET',
    uri: '/',
    cnonce: 'c',
  });
  t.notMatch(header, /[\r\n]/);
  t.equal(parametersOf(header).get('username'), 'x"Host: evil\\');
  t.equal(parametersOf(header).get('realm'), 'a"b');
});

t.test('challenges that cannot be answered', async (t) => {
  const reason = (text: string) => {
    const read = readDigestChallenge(parametersOf(text));
    return read.ok ? 'ok' : read.reason;
  };
  t.equal(reason('Digest realm="r"'), 'no-nonce');
  t.equal(reason('Digest realm="r", nonce=""'), 'no-nonce');
  t.equal(reason('Digest realm="r", nonce="n", algorithm=SHA-512-256'), 'unknown-algorithm');
  t.equal(reason('Digest realm="r", nonce="n", qop="auth-int"'), 'unknown-qop');
  t.equal(reason('Digest nonce="n", qop=""'), 'ok');
  t.equal(challengeOf('Digest nonce="n", stale=TRUE').stale, true);
  t.equal(challengeOf('Digest nonce="n", stale=false').stale, false);
});

t.test('names of algorithms', async (t) => {
  t.equal(digestAlgorithmNamed(undefined), 'MD5');
  t.equal(digestAlgorithmNamed(''), 'MD5');
  t.equal(digestAlgorithmNamed('sha-256-SESS'), 'SHA-256-sess');
  t.equal(digestAlgorithmNamed('constructor'), undefined);
});

t.test('credentials that lack what the hash needs', async (t) => {
  const complete = 'Digest username="u", realm="r", nonce="n", uri="", response="x"';
  t.ok(readDigestCredentials(parametersOf(complete)), 'an empty uri is a uri (quirk 7)');
  for (const name of ['username', 'realm', 'nonce', 'uri', 'response']) {
    t.equal(readDigestCredentials(parametersOf(complete.replace(`${name}=`, 'other='))), undefined, `no ${name}`);
  }
  for (const addition of ['qop=auth', 'qop=auth, nc=1', 'qop=auth-int, nc=1, cnonce=c', 'algorithm=MD5-sess']) {
    t.equal(readDigestCredentials(parametersOf(`${complete}, ${addition}`)), undefined, addition);
  }
  t.ok(readDigestCredentials(parametersOf(`${complete}, qop="", algorithm="MD5"`)), 'empty qop, quoted algorithm');
});

t.test('every answer passes the check, and only with its password', async (t) => {
  const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', '"', '\\', ':', ',', '=', 'ä', '€', '𝄞') });
  fc.assert(
    fc.property(
      text,
      text,
      text,
      text,
      fc.constantFrom(...digestAlgorithms),
      fc.constantFrom('', ', qop="auth"'),
      (username, password, otherPassword, realm, algorithm, qop) => {
        const sentRealm = Buffer.from(realm, 'utf8').toString('latin1').replace(/["\\]/g, '\\$&');
        const challenge = challengeOf(`Digest realm="${sentRealm}", nonce="n", algorithm=${algorithm}${qop}`);
        const header = answerDigestChallenge(challenge, { username, password, method: 'GET', uri: '/a', cnonce: 'c' });
        const credentials = readDigestCredentials(parametersOf(header));
        if (credentials === undefined) return false;
        const right = digestMatches(credentials, 'GET', password);
        return right && digestMatches(credentials, 'GET', otherPassword) === (password === otherPassword);
      },
    ),
    { numRuns: 500 },
  );
  t.pass('for names, passwords and realms with any characters');
});
