// Controllers with tokens of their own and of an identity provider, over real sockets: who they may be, and for how long.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import {
  createSigningKey,
  type IdentityProvider,
  ISSUER,
  signToken,
  startIdentityProvider,
} from '../access/identity-provider.ts';
import { call } from '../api/api-tools.ts';
import { agentOf, type Harness, startHarness } from './harness.ts';
import { GET_LOCAL, handshake, knownCpe, openPeer } from './north-tools.ts';
import { counted } from './south-tools.ts';

const key = await createSigningKey('k1');
const rolled = await createSigningKey('k2');
const EID = 'eid=proto::controller-1';

const withJwt = (jwks: string): Readonly<Record<string, string>> => ({
  'http.jwt.jwks': jwks,
  'http.jwt.issuer': ISSUER,
  'http.jwt.audience': 'causeway',
  'http.jwt.clockTolerance': '0s',
  'http.apiRole': 'rest',
});

const bearer = (token: string): { readonly Authorization: string } => ({ Authorization: `Bearer ${token}` });

async function opening(t: Test): Promise<{ readonly harness: Harness; readonly provider: IdentityProvider }> {
  const provider = await startIdentityProvider(t, key);
  return { provider, harness: await startHarness(t, withJwt(provider.url)) };
}

t.test('a token of an identity provider', async (t) => {
  const { harness, provider } = await opening(t);
  const cpe = await knownCpe(harness);
  const peer = await openPeer(t, harness, { headers: bearer(await signToken(key)) });
  t.match(await peer.ask(agentOf(cpe), GET_LOCAL), { body: { kind: 'get_resp' } });
  t.equal(provider.asked(), 1);

  const refused: readonly (readonly [string, string, number, string])[] = [
    ['of another Controller', await signToken(key, { claims: { sub: 'proto::other' } }), 403, 'other-endpoint'],
    ['of a person', await signToken(key, { claims: { sub: 'alice' } }), 403, 'token-without-endpoint'],
    ['of the past', await signToken(key, { expiresIn: -1 }), 401, 'token-expired'],
    ['for others', await signToken(key, { claims: { aud: 'mail' } }), 401, 'token-audience'],
    ['by a key that nobody knows', await signToken(rolled), 401, 'token-unknown-key'],
    ['that is none', 'guess', 401, 'wrong-token'],
  ];
  for (const [name, token, status, reason] of refused) {
    const grown = await counted(harness, ['socket_closed'], async () => {
      t.match(await handshake(t, harness, `/usp?${EID}`, bearer(token)), { status, body: reason }, name);
    });
    t.same(grown, { [`socket_closed ${reason}`]: 1 }, 'with a reason of its own');
  }
  t.match(await handshake(t, harness, `/usp?${EID}`), { status: 401, body: 'no-token' }, 'loopback alone does not do');

  await t.test('from_id is held to it', async (t) => {
    const other = await openPeer(t, harness, {
      controller: 'proto::other',
      headers: bearer(await signToken(key, { claims: { sub: 'proto::other' } })),
    });
    t.match(await other.ask(agentOf(cpe), GET_LOCAL), { body: { kind: 'get_resp' } });
  });

  await t.test('the API wants the role that the settings name', async (t) => {
    const as = async (roles: readonly string[]) =>
      call(harness, '/devices', { headers: bearer(await signToken(key, { claims: { sub: 'alice', roles } })) });
    t.match(await as(['watcher', 'rest']), { status: 200 });
    t.match(await as(['watcher']), { status: 403, body: { error: 'no-api-role' } });
    t.match(await as([]), { status: 403 });
  });
  t.notMatch(harness.log.join('\n'), /eyJ/, 'no token is logged');
});

t.test('a connection ends with its token', async (t) => {
  const { harness } = await opening(t);
  const grown = await counted(harness, ['socket_closed'], async () => {
    const peer = await openPeer(t, harness, { headers: bearer(await signToken(key, { expiresIn: 2 })) });
    t.same(await peer.closed, { code: 1008, reason: 'expired' });
  });
  t.same(grown, { 'socket_closed expired': 1 });
});

t.test('keys in a file, which are rolled over', async (t) => {
  const file = join(t.testdir(), 'jwks.json');
  writeFileSync(file, JSON.stringify({ keys: [rolled.jwk] }));
  const harness = await startHarness(t, withJwt(file));
  t.match(await handshake(t, harness, `/usp?${EID}`, bearer(await signToken(rolled))), { status: 101 });
  t.match(await handshake(t, harness, `/usp?${EID}`, bearer(await signToken(key))), { body: 'token-unknown-key' });
});

t.test('while the identity provider has not been seen yet nobody is known by it, and others go on', async (t) => {
  const provider = await startIdentityProvider(t, key);
  provider.status = 500;
  const harness = await startHarness(t, { ...withJwt(provider.url), 'http.token': 'the-token' });
  const grown = await counted(harness, ['failure'], async () => {
    t.match(await handshake(t, harness, `/usp?${EID}`, bearer(await signToken(key))), {
      status: 503,
      body: 'token-keys-away',
    });
  });
  t.same(grown, { 'failure jwks': 1 });
  t.match(await handshake(t, harness, `/usp?${EID}`, bearer('the-token')), { status: 101 }, 'the operator');
});

t.test('Controllers of the settings', async (t) => {
  const controllers = [
    { endpointId: 'proto::controller-1', token: 'token-of-one-controller', roles: ['watcher'] },
    // SHA-256 of token-of-the-second-one
    {
      endpointId: 'self::second',
      tokenSha256: '9bf45c6eb6b045c472a0532f03ed2c8ed7a39fba4af6bc96b2fd9a9b81a68c43',
      roles: ['rest'],
    },
  ];
  const harness = await startHarness(t, { controllers: JSON.stringify(controllers), 'http.apiRole': 'rest' });
  const open = (eid: string, token: string) => handshake(t, harness, `/usp?eid=${eid}`, bearer(token));
  t.match(await open('proto::controller-1', 'token-of-one-controller'), { status: 101 });
  t.match(await open('self::second', 'token-of-the-second-one'), { status: 101 });
  t.match(await open('self::second', 'token-of-one-controller'), { status: 403, body: 'other-endpoint' });
  t.match(await open('self::second', 'token-of-one-controlle'), { status: 401, body: 'wrong-token' });
  t.match(await call(harness, '/devices', { headers: bearer('token-of-the-second-one') }), { status: 200 });
  t.match(await call(harness, '/devices', { headers: bearer('token-of-one-controller') }), { status: 403 });
  t.notMatch(harness.log.join('\n'), /token-of/, 'no token is logged');
});

t.test('wrong tokens are put off at both doors, right ones are not', async (t) => {
  const harness = await startHarness(t, { 'http.token': 'the-token', 'http.wrongTokens': '1' });
  const guess = bearer('guess');
  t.match(await handshake(t, harness, `/usp?${EID}`, guess), { status: 401, body: 'wrong-token' });
  const refused = await fetch(`${harness.apiUrl}/devices`, { headers: guess });
  t.match([refused.status, refused.headers.get('Retry-After')], [429, '1']);
  t.match(await handshake(t, harness, `/usp?${EID}`, guess), { status: 429, body: 'many-wrong-tokens' });
  t.match(await handshake(t, harness, `/usp?${EID}`, bearer('the-token')), { status: 101 });
  t.match(await call(harness, '/devices', { headers: bearer('the-token') }), { status: 200 });
  const said = harness.log.filter((line) => line.includes('http.wrongTokens'));
  t.equal(said.length, 1, 'said once');
  t.match(said[0], '127.0.0.1');
});
