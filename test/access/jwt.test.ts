// What a JWT proves, and each way in which one is not believed.
import t from 'tap';
import { createLocalJWKSet, SignJWT, UnsecuredJWT } from 'jose';
import { createJwtVerifier, type JwtSettings, type JwtVerifier } from '../../proxy/access/jwt.ts';
import { AUDIENCE, createSigningKey, ISSUER, signToken, type TokenOptions } from './identity-provider.ts';

const SETTINGS: JwtSettings = {
  issuer: ISSUER,
  audience: [AUDIENCE, 'another'],
  algorithms: ['ES256', 'RS256'],
  clockToleranceMs: 10_000,
  endpointClaim: 'sub',
  rolesClaim: 'roles',
  tenantClaim: '',
};

const key = await createSigningKey('k1');
const other = await createSigningKey('k1');
const rsa = await createSigningKey('k2', 'RS256');
const keys = { keys: [key.jwk, rsa.jwk] };
const verifier = (change: Partial<JwtSettings> = {}): JwtVerifier =>
  createJwtVerifier({ ...SETTINGS, ...change }, createLocalJWKSet(keys), () => Date.now());
const verify = async (options: TokenOptions = {}, change: Partial<JwtSettings> = {}) =>
  verifier(change)(await signToken(key, options));

t.test('a good one', async (t) => {
  const verified = await verify({ expiresIn: 100 });
  t.match(verified, {
    ok: true,
    proof: { endpointIds: ['proto::controller-1'], tenant: undefined, standing: 'untrusted' },
  });
  const left = (verified.ok ? (verified.proof.expiresAt ?? 0) : 0) - Date.now();
  t.ok(left > 100_000 && left <= 110_000, 'until its end, and as long as the clocks may differ');
  t.match(await verify({ claims: { aud: ['x', 'another'] } }), { ok: true }, 'one audience of several');
  t.match(await verify({ expiresIn: -5, notBefore: 5 }), { ok: true }, 'by a clock that differs');
  t.match(await verifier()(await signToken(rsa)), { ok: true }, 'by another key and algorithm');
});

t.test('claims by the names of the settings', async (t) => {
  const claims = {
    'https://usp.example/id': 'self::noc',
    realm_access: { roles: ['operator', 'watcher'] },
    org: 'acme',
  };
  const named = { endpointClaim: 'https://usp.example/id', rolesClaim: 'realm_access.roles', tenantClaim: 'org' };
  const proof = { endpointIds: ['self::noc'], tenant: 'acme', standing: 'roles', roles: ['operator', 'watcher'] };
  t.match(await verify({ claims }, named), { ok: true, proof });
  t.match(await verify({ claims: { roles: 'operator watcher' } }), { proof: { roles: ['operator', 'watcher'] } });
  t.match(await verify({ claims: { sub: 'alice' } }), { proof: { endpointIds: undefined } }, 'a user of the API');
  t.match(await verify({ claims: { sub: 'self::*' } }), { proof: { endpointIds: undefined } }, 'no pattern');
});

t.test('what is not believed', async (t) => {
  const none = new UnsecuredJWT({ iss: ISSUER, aud: AUDIENCE }).setExpirationTime('1h').encode();
  // RFC 8725 §2.1: the public key, which all know, taken for a shared secret.
  const secret = new TextEncoder().encode(JSON.stringify(key.jwk));
  const confused = await new SignJWT({ iss: ISSUER, aud: AUDIENCE, exp: Math.floor(Date.now() / 1000) + 60 })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .sign(secret);
  const good = await signToken(key);
  const [head = '', , signature = ''] = good.split('.');
  const changed = Buffer.from(JSON.stringify({ iss: ISSUER, aud: AUDIENCE, exp: 1e10, sub: 'self::x' })).toString(
    'base64url',
  );
  const cases: readonly (readonly [string, string, string])[] = [
    ['unsigned', none, 'token-algorithm'],
    ['signed by a shared secret', confused, 'token-algorithm'],
    ['by an algorithm that is not allowed', await signToken(await createSigningKey('k1', 'ES384')), 'token-algorithm'],
    ['by a key that is not there', await signToken(key, { kid: 'k9' }), 'token-unknown-key'],
    ['by another key of that name', await signToken(other), 'token-signature'],
    ['with other claims than were signed', `${head}.${changed}.${signature}`, 'token-signature'],
    ['too late', await signToken(key, { expiresIn: -11 }), 'token-expired'],
    ['too early', await signToken(key, { notBefore: 20 }), 'token-not-yet'],
    ['of another issuer', await signToken(key, { claims: { iss: 'https://evil.example' } }), 'token-issuer'],
    ['for another audience', await signToken(key, { claims: { aud: 'mail' } }), 'token-audience'],
    ['without an end', await signToken(key, { claims: { exp: undefined } }), 'token-claims'],
    ['with roles of another type', await signToken(key, { claims: { roles: [1] } }), 'token-claims'],
    ['no JWT', 'a.b.c', 'wrong-token'],
  ];
  for (const [name, token, fault] of cases) t.same(await verifier()(token), { ok: false, fault }, name);
  const tenants = verifier({ tenantClaim: 'org' });
  t.same(
    await tenants(good),
    { ok: false, fault: 'token-claims' },
    'nobody gets into the common tenant by saying nothing',
  );
});
