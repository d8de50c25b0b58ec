import t from 'tap';
import { parseAuthenticationHeaders } from '../../../proxy/cwmp/authentication/authentication-header.ts';
import {
  authenticate,
  type CpeAuthentication,
  type CpeAuthenticationRequest,
  type CpeCredential,
} from '../../../proxy/cwmp/authentication/cpe-authentication.ts';
import {
  answerDigestChallenge,
  digestAlgorithms,
  readDigestChallenge,
  type DigestAlgorithm,
} from '../../../proxy/cwmp/authentication/digest.ts';

const key = Buffer.alloc(32, 7);
const nowMs = 1_800_000_000_000;
const passwords = new Map([
  ['cpe', 'open sesame'],
  ['ünal', 'pässwort'],
  ['serial-without-password', ''],
]);

function ask(changes: Partial<CpeAuthenticationRequest> = {}): Promise<CpeAuthentication> {
  return authenticate({
    mode: 'digest',
    realm: 'acs',
    key,
    method: 'POST',
    authorization: undefined,
    nowMs,
    credentials: (username) => {
      const password = passwords.get(username);
      return password === undefined ? undefined : { password };
    },
    ...changes,
  });
}

const basic = (username: string, password: string, charset: BufferEncoding = 'utf8') =>
  `Basic ${Buffer.from(`${username}:${password}`, charset).toString('base64')}`;

/** A CPE's answer to the challenge in `from`. */
function answerTo(from: CpeAuthentication, username = 'cpe', password = 'open sesame', uri = '/acs'): string {
  if (from.kind !== 'challenge') throw new Error('no challenge to answer');
  const read = readDigestChallenge(parseAuthenticationHeaders([from.header])[0]?.parameters ?? new Map());
  if (!read.ok) throw new Error(read.reason);
  return answerDigestChallenge(read.challenge, { username, password, method: 'POST', uri, cnonce: 'c' });
}

const reasonOf = (result: CpeAuthentication) => (result.kind === 'challenge' ? result.reason : result.kind);

t.test('mode none takes everyone and knows no one', async (t) => {
  const result = await ask({ mode: 'none', authorization: basic('cpe', 'wrong') });
  t.same(result, { kind: 'accepted', scheme: 'none', username: undefined });
});

t.test('basic', async (t) => {
  t.same(await ask({ mode: 'basic' }), {
    kind: 'challenge',
    header: 'Basic realm="acs"',
    others: [],
    reason: 'no-credentials',
  });
  const accepted = await ask({ mode: 'basic', authorization: basic('cpe', 'open sesame') });
  t.same(accepted, { kind: 'accepted', scheme: 'basic', username: 'cpe', by: 'password' });
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: basic('cpe', 'open') })), 'wrong-password');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: basic('cpe', '') })), 'wrong-password');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: basic('nobody', 'open sesame') })), 'unknown-user');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: 'Basic Y3Bl' })), 'bad-header', 'no colon');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: 'Basic' })), 'bad-header');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: 'Bearer abc' })), 'bad-header');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: basic('ünal', 'pässwort') })), 'accepted', 'UTF-8');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: basic('ünal', 'pässwort', 'latin1') })), 'accepted');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: basic('serial-without-password', '') })), 'accepted');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: 'Basic Og==' })), 'unknown-user', 'both empty');
});

t.test('nobody passes as the user that nobody knows', async (t) => {
  const authorization = basic('nobody', 'there is no such user');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization })), 'unknown-user');
});

t.test('digest: challenge, answer, accepted', async (t) => {
  const challenge = await ask();
  t.equal(reasonOf(challenge), 'no-credentials');
  if (challenge.kind !== 'challenge') return;
  t.match(
    challenge.header,
    /^Digest realm="acs", nonce="[\w-]{30}", qop="auth", algorithm=MD5, opaque="[0-9a-f]{32}"$/,
  );
  const accepted = await ask({ authorization: answerTo(challenge) });
  t.match(accepted, { kind: 'accepted', scheme: 'digest', username: 'cpe', nonce: /^[\w-]{30}$/, nc: 1 });
  t.same(await ask({ authorization: answerTo(challenge) }), accepted, 'the same count again (quirk 7)');
  t.equal(reasonOf(await ask({ authorization: answerTo(challenge, 'cpe', 'open sesame', '') })), 'accepted', 'uri ""');
  t.equal(reasonOf(await ask({ authorization: answerTo(challenge, 'ünal', 'pässwort') })), 'accepted');
  t.equal(reasonOf(await ask({ authorization: answerTo(challenge), method: 'GET' })), 'wrong-password');
});

t.test('digest: a response without qop (RFC 2069) to a challenge that offered it (quirk 7)', async (t) => {
  const challenge = await ask();
  if (challenge.kind !== 'challenge') return;
  const authorization = answerTo({ ...challenge, header: challenge.header.replace(', qop="auth"', '') });
  t.notMatch(authorization, /qop|cnonce/);
  const accepted = await ask({ authorization });
  t.match(accepted, { kind: 'accepted', scheme: 'digest', username: 'cpe' });
  t.notOk('nc' in accepted);
});

t.test('digest: refusals', async (t) => {
  const challenge = await ask();
  t.equal(reasonOf(await ask({ authorization: answerTo(challenge, 'cpe', 'guess') })), 'wrong-password');
  t.equal(reasonOf(await ask({ authorization: answerTo(challenge, 'nobody', 'guess') })), 'unknown-user');
  t.equal(reasonOf(await ask({ authorization: answerTo(challenge), realm: 'other' })), 'wrong-realm');
  t.equal(reasonOf(await ask({ authorization: 'Digest username="cpe"' })), 'bad-header');
  t.equal(reasonOf(await ask({ authorization: `Digest ${'x'.repeat(9000)}` })), 'bad-header');
  t.equal(reasonOf(await ask({ authorization: '' })), 'no-credentials');
  t.equal(reasonOf(await ask({ mode: 'basic', authorization: answerTo(challenge) })), 'bad-header');
  const wrong = await ask({ authorization: answerTo(challenge, 'cpe', 'guess') });
  const unknown = await ask({ authorization: answerTo(challenge, 'nobody', 'guess') });
  t.ok(wrong.kind === 'challenge' && unknown.kind === 'challenge' && wrong.header === unknown.header, 'look the same');
});

t.test('digest: Basic only where it is allowed, and never offered', async (t) => {
  const authorization = basic('cpe', 'open sesame');
  const refused = await ask({ authorization });
  t.equal(reasonOf(refused), 'basic-refused');
  t.match(await ask({ authorization, alsoBasic: true }), { kind: 'accepted', scheme: 'basic', username: 'cpe' });
  const offered = await ask({ alsoBasic: true });
  t.ok(offered.kind === 'challenge' && !offered.header.includes('Basic'));
});

t.test('two passwords are good while others are on their way to the CPE, and which it was is told', async (t) => {
  const credentials = (): CpeCredential => ({ password: 'former', otherPassword: 'open sesame' });
  const former = (): CpeCredential => ({ password: 'open sesame', otherPassword: 'later' });
  const neither = (): CpeCredential => ({ password: 'former', otherPassword: 'later' });
  const basically = { mode: 'basic', authorization: basic('cpe', 'open sesame') } as const;
  const digest = { authorization: answerTo(await ask()) };
  for (const way of [basically, digest]) {
    t.match(await ask({ ...way, credentials }), { kind: 'accepted', by: 'otherPassword' });
    t.match(await ask({ ...way, credentials: former }), { kind: 'accepted', by: 'password' });
    t.equal(reasonOf(await ask({ ...way, credentials: neither })), 'wrong-password');
    t.equal(reasonOf(await ask({ ...way, credentials: () => undefined })), 'unknown-user');
  }
  const filler = { mode: 'basic', authorization: basic('cpe', 'there is no such user') } as const;
  t.equal(reasonOf(await ask({ ...filler, credentials: () => ({ password: 'x' }) })), 'wrong-password');
});

t.test('nonces: any node takes them, five minutes long', async (t) => {
  const authorization = answerTo(await ask());
  const later = async (ms: number, changes: Partial<CpeAuthenticationRequest> = {}) =>
    ask({ authorization, nowMs: nowMs + ms, ...changes });
  t.equal(reasonOf(await later(300_000)), 'accepted');
  const stale = await later(300_001);
  t.equal(reasonOf(stale), 'stale-nonce');
  t.ok(stale.kind === 'challenge' && stale.header.endsWith(', stale=true'));
  t.equal(reasonOf(await later(1_001, { nonceValidityMs: 1_000 })), 'stale-nonce');
  t.equal(reasonOf(await later(-60_000)), 'accepted', 'given by a node whose clock runs ahead');
  t.equal(reasonOf(await later(-60_001)), 'stale-nonce');
  t.equal(reasonOf(await later(0, { key: Buffer.alloc(32, 8) })), 'stale-nonce', 'given under another key');
  const wrongPassword = answerTo(await ask(), 'cpe', 'guess');
  t.equal(
    reasonOf(await ask({ authorization: wrongPassword, nowMs: nowMs + 300_001 })),
    'wrong-password',
    'stale is said to those only who know the password',
  );
});

t.test('a nonce cannot be made or lengthened by the CPE', async (t) => {
  const challenge = await ask();
  if (challenge.kind !== 'challenge') return;
  const nonce = /nonce="([^"]+)"/.exec(challenge.header)?.[1] ?? '';
  const later = Buffer.from(nonce, 'base64url');
  later.writeUIntBE(nowMs + 1, 0, 6);
  for (const forged of ['', 'x', `${nonce}A`, `${nonce}=`, nonce.slice(0, -1), later.toString('base64url')]) {
    if (forged === '') continue;
    const authorization = answerTo({ ...challenge, header: challenge.header.replace(nonce, forged) });
    t.equal(reasonOf(await ask({ authorization })), 'stale-nonce', forged);
  }
});

t.test('algorithms: a challenge each, in their order; none weaker is accepted', async (t) => {
  for (const algorithm of digestAlgorithms) {
    const algorithms: readonly DigestAlgorithm[] = [algorithm];
    const challenge = await ask({ algorithms });
    t.equal(reasonOf(await ask({ algorithms, authorization: answerTo(challenge) })), 'accepted', algorithm);
  }
  const both = await ask({ algorithms: ['SHA-256', 'MD5'] });
  if (both.kind !== 'challenge') return;
  t.match([both.header, ...both.others], [/ algorithm=SHA-256,/, / algorithm=MD5,/]);
  const second = answerTo({ ...both, header: both.others[0] ?? '' });
  t.equal(reasonOf(await ask({ algorithms: ['SHA-256', 'MD5'], authorization: second })), 'accepted');
  const [md5, sha] = [answerTo(await ask()), answerTo(await ask({ algorithms: ['SHA-256-sess'] }))];
  t.equal(reasonOf(await ask({ algorithms: ['SHA-256'], authorization: md5 })), 'weak-algorithm', 'no way down to MD5');
  t.equal(reasonOf(await ask({ authorization: sha })), 'accepted', 'a way up');
});

t.test('qop is offered unless told', async (t) => {
  const without = await ask({ offerQop: false });
  t.ok(without.kind === 'challenge' && !without.header.includes('qop'));
  t.equal(reasonOf(await ask({ offerQop: false, authorization: answerTo(without) })), 'accepted');
  t.equal(reasonOf(await ask({ offerQop: false, authorization: answerTo(await ask()) })), 'accepted');
});

t.test('credentials from a store', async (t) => {
  const authorization = answerTo(await ask());
  const result = await ask({ authorization, credentials: async () => ({ password: 'open sesame' }) });
  t.equal(result.kind, 'accepted');
  const away = new Error('the store is away');
  await t.rejects(ask({ authorization, credentials: () => Promise.reject(away) }), away, 'is not taken for a refusal');
});
