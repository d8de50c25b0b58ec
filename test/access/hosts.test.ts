// Where Agents may dial, by name and by what the name leads to.
import t from 'tap';
import { type HostPolicy, parseHosts } from '../../proxy/access/hosts.ts';

function policyOf(...texts: readonly string[]): HostPolicy {
  const parsed = parseHosts(texts);
  if (!parsed.ok) throw new Error(parsed.entry);
  return parsed.policy;
}

t.test('nothing listed, nothing allowed', async (t) => {
  const policy = policyOf();
  t.equal(policy.isOff, true);
  t.equal(policy.judge('controller.example', 443), 'host-not-allowed');
});

t.test('names, suffixes, addresses and networks, with ports and without', async (t) => {
  const policy = policyOf(
    'controller.example:8443',
    'Other.Example',
    '*.fleet.example:443',
    '192.0.2.0/24:8443',
    '198.51.100.7',
    '[2001:db8::/32]:443',
    '2001:db8:1::/48',
  );
  t.equal(policy.isOff, false);
  for (const [host, port, allowed] of [
    ['controller.example', 8443, true],
    ['CONTROLLER.example.', 8443, true],
    ['controller.example', 443, false],
    ['a.controller.example', 8443, false],
    ['other.example', 1, true],
    ['a.fleet.example', 443, true],
    ['a.b.fleet.example', 443, true],
    ['fleet.example', 443, false],
    ['evilfleet.example', 443, false],
    ['192.0.2.9', 8443, true],
    ['192.0.2.9', 443, false],
    ['198.51.100.7', 5, true],
    ['198.51.100.8', 5, false],
    ['2001:db8::1', 443, true],
    ['2001:db8::1', 444, false],
    ['2001:db8:1::1', 444, true],
    ['::ffff:192.0.2.9', 8443, true],
  ] as const) {
    t.equal(policy.judge(host, port), allowed ? undefined : 'host-not-allowed', `${host} ${port}`);
  }
});

t.test('a name leads nowhere inside, unless the address is listed itself (DNS rebinding)', async (t) => {
  const policy = policyOf('controller.example:443', '*.example:443');
  for (const inside of ['127.0.0.1', '::1', '0.0.0.0', '169.254.169.254', 'fe80::1', '::ffff:127.0.0.1', '224.0.0.1']) {
    t.equal(policy.judgeResolved('controller.example', inside, 443), 'address-not-allowed', inside);
  }
  t.equal(
    policy.judgeResolved('controller.example', '64:ff9b::7f00:1', 443),
    'address-not-allowed',
    'not through NAT64 either',
  );
  t.equal(policy.judgeResolved('controller.example', 'nonsense', 443), 'address-not-allowed');
  t.equal(policy.judgeResolved('controller.example', '203.0.113.1', 443), undefined);
  t.equal(
    policy.judgeResolved('controller.example', '10.1.2.3', 443),
    undefined,
    'a name that is listed whole is trusted',
  );
  t.equal(policy.judgeResolved('other.example', '10.1.2.3', 443), 'address-not-allowed', 'one below a suffix is not');
  t.equal(policy.judgeResolved('other.example', '203.0.113.1', 443), undefined);
  const local = policyOf('localhost', '127.0.0.0/8:8080');
  t.equal(local.judgeResolved('localhost', '127.0.0.1', 8080), undefined);
  t.equal(local.judgeResolved('localhost', '127.0.0.1', 22), 'address-not-allowed');
});

t.test('slips are named', async (t) => {
  for (const entry of [
    '',
    '*',
    'a b',
    'a:0',
    'a:70000',
    'a:b',
    '10.0.0.0/33',
    '10.0.0',
    'https://a',
    'a/b',
    '*.',
    '[a]:1:2',
  ]) {
    t.same(parseHosts(['good.example', entry]), { ok: false, entry }, JSON.stringify(entry));
  }
});
