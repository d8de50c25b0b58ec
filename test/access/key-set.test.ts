// Keys of an identity provider that rolls them over, is asked too often, or goes away.
import t from 'tap';
import { jwtVerify } from 'jose';
import { createKeySet, KeysAway } from '../../proxy/access/key-set.ts';
import { createSigningKey, type SigningKey, signToken } from './identity-provider.ts';

const HOUR = 3_600_000;
const k1 = await createSigningKey('k1');
const k2 = await createSigningKey('k2');
const k3 = await createSigningKey('k3');

type Given = readonly SigningKey[] | Error;

function scene(given: Given) {
  const state = { given, now: 1_000_000, reads: 0, failures: 0 };
  const keys = createKeySet({
    maxAgeMs: HOUR,
    now: () => state.now,
    read: async () => {
      state.reads += 1;
      if (state.given instanceof Error) throw state.given;
      return { keys: state.given.map(({ jwk }) => jwk) };
    },
    failed: () => void (state.failures += 1),
  });
  const code = async (key: SigningKey): Promise<string> => {
    try {
      await jwtVerify(await signToken(key), keys);
      return 'verified';
    } catch (error) {
      return error instanceof KeysAway ? 'away' : String(Reflect.get(Object(error), 'code'));
    }
  };
  return { state, code };
}

t.test('a key that is new is fetched with the first token that names it', async (t) => {
  const { state, code } = scene([k1]);
  t.equal(await code(k1), 'verified');
  t.equal(await code(k1), 'verified');
  t.equal(state.reads, 1);
  state.now += 5000;
  state.given = [k2];
  t.equal(await code(k2), 'verified');
  t.equal(await code(k1), 'ERR_JWKS_NO_MATCHING_KEY', 'one that was taken out is gone with that');
  t.equal(state.reads, 2);
});

t.test('whoever makes up keys does not have the provider asked more often', async (t) => {
  const { state, code } = scene([k1]);
  for (let count = 0; count < 20; count += 1) t.equal(await code(k3), 'ERR_JWKS_NO_MATCHING_KEY');
  t.equal(state.reads, 1);
  state.now += 5000;
  t.same(new Set(await Promise.all([1, 2, 3].map(() => code(k3)))), new Set(['ERR_JWKS_NO_MATCHING_KEY']));
  t.equal(state.reads, 2, 'once for all that come together');
});

t.test('old keys are read again before one of them is believed', async (t) => {
  const { state, code } = scene([k1]);
  await code(k1);
  state.given = [];
  state.now += HOUR - 1;
  t.equal(await code(k1), 'verified');
  state.now += 1;
  t.equal(await code(k1), 'ERR_JWKS_NO_MATCHING_KEY');
});

t.test('while the provider is away the keys at hand go on, and it is not asked all the time', async (t) => {
  const { state, code } = scene([k1]);
  await code(k1);
  state.given = new Error('away');
  state.now += HOUR;
  for (let count = 0; count < 5; count += 1) t.equal(await code(k1), 'verified');
  t.match(state, { reads: 2, failures: 1 });
  state.now += 5000;
  state.given = [k1, k2];
  t.equal(await code(k2), 'verified', 'it is back');
});

t.test('where it has been away from the start nobody can be known, until it is there', async (t) => {
  const { state, code } = scene(new Error('away'));
  t.equal(await code(k1), 'away');
  state.given = [k1];
  t.equal(await code(k1), 'away', 'it is not asked again at once');
  state.now += 5000;
  t.equal(await code(k1), 'verified');
});
