// Wrong tokens are put off, by address; right ones never are.
import t from 'tap';
import { type AccessSettings, createAccess } from '../../proxy/access/access.ts';
import type { Shown } from '../../proxy/access/shown.ts';
import { WrongTokens } from '../../proxy/access/wrong-tokens.ts';

const MINUTE = 60_000;

t.test('after some in a row each next one waits twice as long, up to a minute', async (t) => {
  const wrong = new WrongTokens(3);
  const waits = Array.from({ length: 12 }, () => wrong.came('192.0.2.1', 0).waitS);
  t.same(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
  t.equal(wrong.came('192.0.2.2', 0).waitS, 0, 'each address for itself');
  t.equal(wrong.came('192.0.2.1', MINUTE - 1).waitS, 60);
  t.equal(wrong.came('192.0.2.1', 2 * MINUTE - 1).waitS, 0, 'a minute without one, and it is forgotten');
});

t.test('it is said once that an address is put off', async (t) => {
  const wrong = new WrongTokens(1);
  t.same(
    [0, 1, 2].map((at) => wrong.came('::1', at).begins),
    [false, true, false],
  );
});

t.test('no limit', async (t) => {
  const wrong = new WrongTokens(0);
  t.same(
    Array.from({ length: 100 }, () => wrong.came('192.0.2.1', 0).waitS).filter((wait) => wait > 0),
    [],
  );
});

t.test('addresses without end are forgotten, the quietest first', async (t) => {
  const wrong = new WrongTokens(1);
  wrong.came('first', 0);
  for (let number = 0; number < 16_384; number += 1) wrong.came(`other ${number}`, 0);
  t.equal(wrong.came('first', 0).waitS, 0);
  t.equal(wrong.came('other 16383', 0).waitS, 1);
});

t.test('a right token passes at any time', async (t) => {
  const wrong = new WrongTokens(2);
  const settings: AccessSettings = {
    tenant: 'default',
    token: 'the-token',
    apiRole: '',
    controllers: [],
    jwt: async (token) => ({ ok: false, fault: token === 'old.old.old' ? 'token-expired' : 'token-signature' }),
    certificates: false,
    putOff: (source) => wrong.came(source, 0).waitS,
  };
  const access = createAccess(settings);
  const shown: Shown = {
    authorization: undefined,
    origin: undefined,
    host: undefined,
    reached: '127.0.0.1',
    source: '127.0.0.1',
    certificate: undefined,
  };
  const answer = async (token: string): Promise<string> => {
    const admission = await access.admit({ ...shown, authorization: `Bearer ${token}` }, 'proto::c');
    if (admission.kind === 'admitted') return 'admitted';
    return `${admission.status} ${admission.reason} ${admission.retryAfter ?? ''}`.trim();
  };
  t.equal(await answer('guess'), '401 wrong-token');
  t.equal(await answer('a.forged.one'), '401 token-signature');
  t.equal(await answer('guess'), '429 many-wrong-tokens 1');
  t.equal(await answer('the-token'), 'admitted');
  t.equal(await answer('a.forged.one'), '429 many-wrong-tokens 2', 'loopback is no exception');
  t.equal(await answer('old.old.old'), '401 token-expired', 'one that was right once is no guess');
  t.match(await access.admit(shown, 'proto::c'), { status: 401, reason: 'no-token' }, 'nor is none');
});
