// How the CPE proves who it is, and the other habits of its HTTP client: cookies, connections, redirects, compression.
import { gunzipSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { dialects } from './dialects.ts';
import { digestResponse, parseAuthHeader, type Algorithm } from './digest.ts';
import type { HttpDialect } from './dialect.ts';
import { startPair, type Pair, type PairOptions } from './pair.ts';
import { acsEnvelope, rpc, startScriptedAcs, type AcsPost, type AcsReply } from './scripted-acs.ts';

const credentials = { username: 'cpe', password: 'pass, "word"' };

/** An ACS that wants Digest in every POST, checked with our own arithmetic. */
async function digestPair(
  t: Test,
  challenge: Readonly<Record<string, string>>,
  http: Partial<HttpDialect> = {},
  options: PairOptions = {},
): Promise<Pair> {
  const pair = await startPair(t, { credentials, http, ...options });
  pair.acs.intercept((post) => (isRight(post, challenge) ? undefined : refusal(challenge)));
  return pair;
}

function isRight({ headers }: AcsPost, challenge: Readonly<Record<string, string>>): boolean {
  const { scheme, parameters } = parseAuthHeader(headers.authorization ?? '');
  const get = (name: string): string => parameters.get(name) ?? '';
  const qop = get('qop') === 'auth' ? 'auth' : undefined;
  const expected = digestResponse({
    ...credentials,
    algorithm: (challenge['algorithm'] ?? 'MD5') as Algorithm,
    realm: 'acs',
    method: 'POST',
    uri: get('uri'),
    nonce: challenge['nonce'] ?? '',
    cnonce: get('cnonce'),
    nc: get('nc'),
    qop,
  });
  return scheme === 'digest' && get('response') === expected && (get('uri') === '/acs' || get('uri') === '');
}

const refusal = (challenge: Readonly<Record<string, string>>): AcsReply => ({
  status: 401,
  headers: {
    'WWW-Authenticate': `Digest realm="acs", ${Object.entries(challenge)
      .map(([name, value]) => `${name}="${value}"`)
      .join(', ')}`,
  },
});
const authorizations = (acs: { readonly posts: readonly AcsPost[] }, name: string): (string | undefined)[] =>
  acs.posts.map(({ headers }) => parseAuthHeader(headers.authorization ?? '').parameters.get(name));

t.test('digest in its dialects', async (t) => {
  for (const algorithm of ['MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess']) {
    const { acs, session } = await digestPair(t, { nonce: 'n1', qop: 'auth', algorithm, opaque: 'o' });
    t.match(await session('1 BOOT', rpc('GetRPCMethods')), { ok: true, posts: 4 }, algorithm);
    t.same(authorizations(acs, 'nc'), [undefined, '00000001', '00000002', '00000003']);
  }
  const old = await digestPair(t, { nonce: 'n2' });
  t.ok((await old.session('1 BOOT')).ok, 'RFC 2069');
  t.same(authorizations(old.acs, 'qop'), [undefined, undefined, undefined]);
});

t.test('wrong password: refused, once', async (t) => {
  const { acs, session } = await digestPair(
    t,
    { nonce: 'n', qop: 'auth' },
    {},
    { credentials: { username: 'x', password: 'y' } },
  );
  t.match(await session('1 BOOT'), { ok: false, reason: /does not take our credentials/ });
  t.equal(acs.posts.length, 2);
});

t.test('a nonce that expires in mid-session', async (t) => {
  const { acs, session } = await startPair(t, { credentials });
  let posts = 0;
  acs.intercept((post) => {
    posts += 1;
    const challenge = { nonce: posts < 4 ? 'first' : 'second', qop: 'auth', stale: posts < 4 ? 'false' : 'true' };
    return isRight(post, challenge) ? undefined : refusal(challenge);
  });
  t.match(await session('1 BOOT', rpc('GetRPCMethods')), { ok: true, posts: 5 });
  t.same(authorizations(acs, 'nonce'), [undefined, 'first', 'first', 'first', 'second']);
});

t.test('netcwmp: fishes with an empty POST, uri="", authorizes the Inform only (quirks 6 and 7)', async (t) => {
  const { acs, session } = await startPair(t, { credentials, dialect: dialects.netcwmp });
  acs.intercept((post) => {
    const needs = post.method === 'Inform' || (post.method === '' && post.headers.cookie === undefined);
    return needs && !isRight(post, { nonce: 'n' }) ? refusal({ nonce: 'n', qop: 'auth' }) : undefined;
  });
  t.ok((await session('1 BOOT', rpc('GetRPCMethods'))).ok);
  t.same(
    acs.posts.map(({ method, headers }) => [method, headers.authorization !== undefined]),
    [
      ['', false],
      ['Inform', true],
      ['', false],
      ['GetRPCMethodsResponse', false],
    ],
  );
  t.same(authorizations(acs, 'uri')[1], '');
  t.notOk(authorizations(acs, 'qop')[1]);
});

t.test('cwmp-sim: Basic first, then Digest with a nonce count that is stuck, and no cookie', async (t) => {
  const dialect = dialects['cwmp-sim'];
  const { acs, session } = await digestPair(t, { nonce: 'n', qop: 'auth' }, {}, { dialect, http: {} });
  t.ok((await session('1 BOOT', rpc('GetRPCMethods'))).ok);
  t.match(acs.posts[0]?.headers.authorization, /^Basic /);
  t.same(authorizations(acs, 'nc').slice(1), ['00000001', '00000001', '00000001']);
  t.ok(acs.posts.every(({ headers }) => headers.cookie === undefined));
  t.equal(new Set(acs.posts.map(({ socket }) => socket)).size, 1, 'one connection instead');
});

t.test('Basic, when that is all the ACS offers', async (t) => {
  const { acs, session } = await startPair(t, { credentials });
  acs.intercept(({ headers }) =>
    headers.authorization === undefined
      ? { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="acs"' } }
      : undefined,
  );
  t.ok((await session('1 BOOT')).ok);
  t.equal(acs.posts[1]?.headers.authorization, `Basic ${Buffer.from('cpe:pass, "word"').toString('base64')}`);
});

t.test('connections', async (t) => {
  const perPost = await startPair(t, { http: { connections: 'per-post' } });
  await perPost.session('1 BOOT', rpc('GetRPCMethods'));
  t.equal(new Set(perPost.acs.posts.map(({ socket }) => socket)).size, 3);
  t.ok(perPost.acs.posts.every(({ headers }) => headers.connection === 'close'));
  t.same(
    perPost.acs.posts.map(({ headers }) => headers.cookie),
    [undefined, 'sid=1', 'sid=1'],
  );

  const afterChallenge = await digestPair(t, { nonce: 'n', qop: 'auth' }, { connections: 'new-after-challenge' });
  await afterChallenge.session('1 BOOT');
  const [first, second, third] = afterChallenge.acs.posts.map(({ socket }) => socket);
  t.ok(first !== second && second === third);
});

t.test('cookies with their attributes (quirk 4)', async (t) => {
  const { acs, session } = await startPair(t, { http: { cookies: 'with-attributes' } });
  acs.intercept(({ method, envelope }) =>
    method === 'Inform'
      ? {
          status: 200,
          headers: { 'Content-Type': 'text/xml; charset="utf-8"', 'Set-Cookie': 'sid=9; Path=/; HttpOnly' },
          body: acsEnvelope(
            '<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>',
            envelope?.id ?? '',
          ),
        }
      : undefined,
  );
  await session('1 BOOT');
  t.equal(acs.posts[1]?.headers.cookie, 'sid=9; Path=/; HttpOnly');
});

t.test('chunks, and lengths that are wrong', async (t) => {
  const chunked = await startPair(t, { http: { chunkSize: 7 } });
  t.ok((await chunked.session('1 BOOT')).ok);
  const [inform, empty] = chunked.acs.posts;
  t.equal(inform?.headers['transfer-encoding'], 'chunked');
  t.notOk(inform?.headers['content-length']);
  t.equal(empty?.headers['content-length'], '0');

  const characters = await startPair(t, { http: { lengthInCharacters: true } });
  characters.cpe.setLocally('Device.DeviceInfo.ProvisioningCode', 'Zürich');
  t.match(await characters.session('1 BOOT'), { ok: false });
  t.match(characters.acs.posts[0]?.text, /Zürich/);
  t.notMatch(characters.acs.posts[0]?.text, /Envelope>$/, 'the last byte is missing (quirk 12)');
});

t.test('redirects', async (t) => {
  const other = await startScriptedAcs();
  t.teardown(async () => other.close());
  const { acs, cpe, session } = await startPair(t);
  acs.intercept(() => ({ status: 307, headers: { Location: other.url } }));
  t.ok((await session('1 BOOT')).ok);
  t.equal(acs.posts.length, 1, 'the rest of the session goes to the new URL');
  t.equal(other.posts.length, 2);
  t.equal(cpe.get('Device.ManagementServer.URL'), acs.url, 'the next one begins at the old');

  const loop = await startPair(t);
  loop.acs.intercept(() => ({ status: 302, headers: { Location: '/acs' } }));
  t.match(await loop.session('1 BOOT'), { ok: false, reason: 'too many redirects' });
});

t.test('gzip, both ways', async (t) => {
  const { acs, session } = await startPair(t, { compression: 'gzip' });
  let informs = 0;
  acs.intercept((post) => {
    if (post.headers['content-encoding'] !== 'gzip') return undefined;
    informs += 1;
    const text = gunzipSync(Buffer.from(post.body)).toString();
    const id = /<cwmp:ID[^>]*>([^<]*)</.exec(text)?.[1] ?? '';
    return {
      status: 200,
      headers: { 'Content-Type': 'text/xml; charset="utf-8"', 'Content-Encoding': 'gzip' },
      body: gzipSync(acsEnvelope('<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>', id)),
    };
  });
  t.ok((await session('1 BOOT')).ok);
  t.equal(informs, 1);
});
