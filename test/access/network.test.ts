import fc from 'fast-check';
import t from 'tap';
import { networkSet, parseAddress, parseNetwork } from '../../proxy/access/network.ts';

t.test('addresses have one spelling each', async (t) => {
  const same = {
    '192.0.2.7': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    '::FFFF:C000:207': '192.0.2.7',
    '0:0:0:0:0:ffff:192.0.2.7': '192.0.2.7',
    '2001:DB8:0:0:0:0:0:1': '2001:db8::1',
    '2001:db8::1': '2001:db8::1',
    'fe80::1%eth0': 'fe80::1',
    '::1': '::1',
  };
  for (const [text, canonical] of Object.entries(same)) t.equal(parseAddress(text)?.text, canonical, text);
  for (const text of ['', 'localhost', '127.1', '010.0.0.1', '1.2.3.256', '0x7f000001', '[::1]', '1.2.3.4:80', ':::'])
    t.equal(parseAddress(text), undefined, text);
});

t.test('networks that cannot be read are values', async (t) => {
  const reason = (text: string) => {
    const parsed = parseNetwork(text);
    return parsed.ok ? 'ok' : parsed.reason;
  };
  for (const text of ['', '/', '/8', 'ten/8', '10.0.0/8', 'example.org/8', '10.0.0.0/8/8'])
    t.ok(['not-an-address', 'bad-prefix'].includes(reason(text)), text);
  t.equal(reason('ten/8'), 'not-an-address');
  for (const text of ['10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8.5', '10.0.0.0/255.0.0.0', '::/129'])
    t.equal(reason(text), 'bad-prefix', text);
  t.equal(reason('::ffff:10.0.0.0/95'), 'bad-prefix', 'a mapped network that reaches beyond IPv4');
  for (const text of ['10.0.0.0/8', '10.1.2.3/8', '10.1.2.3', '0.0.0.0/0', '::/0', '::ffff:10.0.0.0/104', 'fe80::1'])
    t.equal(reason(text), 'ok', text);
});

function contains(networks: readonly string[], text: string): boolean {
  const address = parseAddress(text);
  const parsed = networks.flatMap((network) => {
    const one = parseNetwork(network);
    return one.ok ? [one.network] : [];
  });
  return address !== undefined && parsed.length === networks.length && networkSet(parsed)(address);
}

t.test('membership', async (t) => {
  t.ok(contains(['10.0.0.0/8', '192.0.2.0/24'], '192.0.2.255'));
  t.notOk(contains(['10.0.0.0/8', '192.0.2.0/24'], '192.0.3.0'));
  t.ok(contains(['::ffff:10.0.0.0/104'], '10.255.0.1'), 'a mapped network is the IPv4 network');
  t.ok(contains(['10.0.0.0/8'], '::ffff:10.0.0.1'), 'a mapped address is the IPv4 address');
  t.notOk(contains(['::/0'], '192.0.2.1'), 'all of IPv6 is not all of IPv4');
  t.ok(contains(['::/0'], '2001:db8::1'));
  t.notOk(contains([], '192.0.2.1'));
});

const asNumber = (groups: readonly number[], bits: bigint) =>
  groups.reduce((number, group) => (number << bits) | BigInt(group), 0n);

t.test('membership is equality of the prefix bits', async (t) => {
  const octets = fc.array(fc.constantFrom(0, 1, 127, 128, 254, 255), { minLength: 4, maxLength: 4 });
  const groups = fc.array(fc.constantFrom(0, 1, 0x7fff, 0x8000, 0xfffe, 0xabcd), { minLength: 8, maxLength: 8 });
  const families = [
    { values: octets, bits: 8n, size: 32, text: (numbers: number[]) => numbers.join('.') },
    { values: groups, bits: 16n, size: 128, text: (numbers: number[]) => numbers.map((n) => n.toString(16)).join(':') },
  ];
  for (const { values, bits, size, text } of families) {
    fc.assert(
      fc.property(values, values, fc.integer({ min: 0, max: size }), fc.boolean(), (network, other, prefix, near) => {
        // Addresses drawn at random are never near each other: half of them share all groups but the last.
        const address = near ? [...network.slice(0, -1), other.at(-1) ?? 0] : other;
        const shift = BigInt(size - prefix);
        const expected = asNumber(address, bits) >> shift === asNumber(network, bits) >> shift;
        return contains([`${text(network)}/${prefix}`], text(address)) === expected;
      }),
      { numRuns: 1000 },
    );
  }
  t.pass('for IPv4 and IPv6, at every prefix length');
});
