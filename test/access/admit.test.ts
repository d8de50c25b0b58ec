// Who is let in: with a token whoever has it, without one whoever is on this machine and is no foreign page.
import t from 'tap';
import { type AccessSettings, type Admission, createAccess } from '../../proxy/access/access.ts';
import { digestOf } from '../../proxy/access/known-controllers.ts';
import type { Shown } from '../../proxy/access/shown.ts';

const shown = (change: Partial<Shown> = {}): Shown => ({
  authorization: undefined,
  origin: undefined,
  host: '127.0.0.1:8080',
  reached: '127.0.0.1',
  source: '127.0.0.1',
  certificate: undefined,
  ...change,
});
const open: AccessSettings = {
  tenant: 'default',
  token: '',
  apiRole: '',
  controllers: [],
  jwt: undefined,
  certificates: false,
};
const locked: AccessSettings = { ...open, token: 'the-token' };
const admit = (settings: AccessSettings, shown: Shown, endpointId: string): Promise<Admission> =>
  createAccess(settings).admit(shown, endpointId);
const reasonOf = async (...args: Parameters<typeof admit>): Promise<string> => {
  const admission = await admit(...args);
  return admission.kind === 'refused' ? `${admission.status} ${admission.reason}` : admission.principal.endpointId;
};

t.test('an open listener', async (t) => {
  t.same(await admit(open, shown(), 'proto::c'), {
    kind: 'admitted',
    principal: { tenant: 'default', endpointId: 'proto::c', standing: 'full', roles: [] },
  });
  for (const host of ['localhost', 'LOCALHOST:80', '127.9.9.9', '[::1]:8080', undefined]) {
    t.equal(await reasonOf(open, shown({ host }), 'c'), 'c', `Host ${String(host)}`);
  }
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', '']) {
    t.equal(await reasonOf(open, shown({ host }), 'c'), '403 foreign-host', `Host ${host}`);
    t.equal(await reasonOf(open, shown({ host, reached: '::ffff:127.0.0.1' }), 'c'), '403 foreign-host');
    t.equal(await reasonOf(open, shown({ host, reached: '::1' }), 'c'), '403 foreign-host');
    // Beyond loopback an operator has said --insecure in words: any name will do.
    t.equal(await reasonOf(open, shown({ host, reached: '192.0.2.1' }), 'c'), 'c');
  }
  for (const origin of ['http://localhost', 'https://127.0.0.1:3000', 'http://[::1]:1']) {
    t.equal(await reasonOf(open, shown({ origin }), 'c'), 'c', `Origin ${origin}`);
  }
  for (const origin of ['http://evil.example', 'null', '', 'http://localhost.evil.example', 'file://', 'localhost']) {
    t.equal(await reasonOf(open, shown({ origin }), 'c'), '403 foreign-origin', `Origin ${origin}`);
    t.equal(await reasonOf(open, shown({ origin, reached: '192.0.2.1' }), 'c'), '403 foreign-origin');
  }
});

t.test("the operator's token", async (t) => {
  const bearer = (authorization: string | undefined): Promise<string> =>
    reasonOf(locked, shown({ authorization, origin: 'https://console.example', host: 'gateway.example' }), 'c');
  t.equal(await bearer('Bearer the-token'), 'c');
  t.equal(await bearer('bearer   the-token'), 'c', 'RFC 9110: the scheme has no case');
  for (const none of [undefined, '', 'Bearer', 'Bearer ', 'Basic the-token', 'the-token', 'Bearer the-token x']) {
    t.equal(await bearer(none), '401 no-token', String(none));
  }
  for (const wrong of ['the-toke', 'the-token-', 'THE-TOKEN', 'ü', 'a.b.c'])
    t.equal(await bearer(`Bearer ${wrong}`), '401 wrong-token');
});

t.test('tokens of single Controllers', async (t) => {
  const own = (endpointId: string, token: string, roles: readonly string[] = [], tenant?: string) => ({
    endpointId,
    authorities: undefined,
    tokenDigest: digestOf(token),
    roles,
    tenant,
  });
  const settings: AccessSettings = {
    ...open,
    apiRole: 'rest',
    controllers: [
      own('self::watcher', 'token-of-watcher', ['watcher']),
      own('self::guest', 'token-of-guest'),
      own('oui:00256D:*', 'token-of-many', ['operator'], 'acme'),
      own('self::rest', 'token-of-rest', ['rest', 'watcher']),
      own('self::foreign-rest', 'token-of-foreign-rest', ['rest'], 'acme'),
    ],
  };
  const as = (token: string, endpointId: string): Promise<Admission> =>
    admit(settings, shown({ authorization: `Bearer ${token}`, origin: 'https://console.example' }), endpointId);
  const principal = { tenant: 'default', endpointId: 'self::watcher', standing: 'roles', roles: ['watcher'] };
  t.same(await as('token-of-watcher', 'self::watcher'), { kind: 'admitted', principal });
  const guest = { tenant: 'default', endpointId: 'self::guest', standing: 'untrusted', roles: [] };
  t.same(await as('token-of-guest', 'self::guest'), { kind: 'admitted', principal: guest });
  const one = { tenant: 'acme', endpointId: 'oui:00256D:noc-7', standing: 'roles', roles: ['operator'] };
  t.same(await as('token-of-many', 'oui:00256D:noc-7'), { kind: 'admitted', principal: one });
  for (const [token, endpointId] of [
    ['token-of-watcher', 'self::guest'],
    ['token-of-watcher', 'self::watcher2'],
    ['token-of-guest', 'SELF::guest'],
    ['token-of-many', 'oui:00256E:noc-7'],
  ] as const) {
    t.match(await as(token, endpointId), { status: 403, reason: 'other-endpoint' }, `${token} as ${endpointId}`);
  }
  t.match(await as('token-of-nobody', 'self::watcher'), { status: 401, reason: 'wrong-token' });
  t.match(await admit(settings, shown(), 'self::watcher'), { reason: 'no-token' }, 'loopback does not let in any more');

  t.match(await as('token-of-rest', ''), { principal: { endpointId: '', roles: ['rest', 'watcher'] } }, 'the API');
  t.match(await as('token-of-watcher', ''), { status: 403, reason: 'no-api-role' });
  t.match(await as('token-of-foreign-rest', ''), { principal: { tenant: 'acme' } }, 'of its own tenant');
  const none = await createAccess({ ...settings, apiRole: '' }).admit(
    shown({ authorization: 'Bearer token-of-rest' }),
    '',
  );
  t.match(none, { status: 403, reason: 'no-api-role' }, 'where no role is set, none does');
});

t.test('a refusal says what to do, and not what was shown', async (t) => {
  const refusals = await Promise.all([
    admit(open, shown({ origin: 'https://evil.example' }), ''),
    admit(open, shown({ host: 'evil.example' }), ''),
    admit(locked, shown(), ''),
    admit(locked, shown({ authorization: 'Bearer guess' }), ''),
  ]);
  for (const refusal of refusals) {
    t.match(refusal, { kind: 'refused', message: /http\.token/ });
    t.notMatch(JSON.stringify(refusal), /evil|guess|the-token/);
  }
});
