// Who is let in: with a token whoever has it, without one whoever is on this machine and is no foreign page.
import t from 'tap';
import { admit, type Shown } from '../../proxy/access/access.ts';

const shown = (change: Partial<Shown> = {}): Shown => ({
  authorization: undefined,
  origin: undefined,
  host: '127.0.0.1:8080',
  reached: '127.0.0.1',
  ...change,
});
const open = { tenant: 'default', token: '' };
const locked = { tenant: 'default', token: 'the-token' };
const reasonOf = (...args: Parameters<typeof admit>): string => {
  const admission = admit(...args);
  return admission.kind === 'refused' ? `${admission.status} ${admission.reason}` : admission.principal.endpointId;
};

t.test('an open listener', async (t) => {
  t.same(admit(open, shown(), 'proto::c'), {
    kind: 'admitted',
    principal: { tenant: 'default', endpointId: 'proto::c', standing: 'full', roles: [] },
  });
  for (const host of ['localhost', 'LOCALHOST:80', '127.9.9.9', '[::1]:8080', undefined]) {
    t.equal(reasonOf(open, shown({ host }), 'c'), 'c', `Host ${String(host)}`);
  }
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1', '']) {
    t.equal(reasonOf(open, shown({ host }), 'c'), '403 foreign-host', `Host ${host}`);
    t.equal(reasonOf(open, shown({ host, reached: '::ffff:127.0.0.1' }), 'c'), '403 foreign-host');
    t.equal(reasonOf(open, shown({ host, reached: '::1' }), 'c'), '403 foreign-host');
    // Beyond loopback an operator has said --insecure in words: any name will do.
    t.equal(reasonOf(open, shown({ host, reached: '192.0.2.1' }), 'c'), 'c');
  }
  for (const origin of ['http://localhost', 'https://127.0.0.1:3000', 'http://[::1]:1']) {
    t.equal(reasonOf(open, shown({ origin }), 'c'), 'c', `Origin ${origin}`);
  }
  for (const origin of ['http://evil.example', 'null', '', 'http://localhost.evil.example', 'file://', 'localhost']) {
    t.equal(reasonOf(open, shown({ origin }), 'c'), '403 foreign-origin', `Origin ${origin}`);
    t.equal(reasonOf(open, shown({ origin, reached: '192.0.2.1' }), 'c'), '403 foreign-origin');
  }
});

t.test('a token', async (t) => {
  const bearer = (authorization: string | undefined): string =>
    reasonOf(locked, shown({ authorization, origin: 'https://console.example', host: 'gateway.example' }), 'c');
  t.equal(bearer('Bearer the-token'), 'c');
  t.equal(bearer('bearer   the-token'), 'c', 'RFC 9110: the scheme has no case');
  for (const none of [undefined, '', 'Bearer', 'Bearer ', 'Basic the-token', 'the-token', 'Bearer the-token x']) {
    t.equal(bearer(none), '401 no-token', String(none));
  }
  for (const wrong of ['the-toke', 'the-token-', 'THE-TOKEN', 'ü'])
    t.equal(bearer(`Bearer ${wrong}`), '401 wrong-token');
});

t.test('a refusal says what to do, and not what was shown', async (t) => {
  const refusals = [
    admit(open, shown({ origin: 'https://evil.example' }), ''),
    admit(open, shown({ host: 'evil.example' }), ''),
    admit(locked, shown(), ''),
    admit(locked, shown({ authorization: 'Bearer guess' }), ''),
  ];
  for (const refusal of refusals) {
    t.match(refusal, { kind: 'refused', message: /http\.token/ });
    t.notMatch(JSON.stringify(refusal), /evil|guess|the-token/);
  }
});
