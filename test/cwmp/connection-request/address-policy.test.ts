import t from 'tap';
import {
  createAddressPolicy,
  type AddressPolicySettings,
} from '../../../proxy/cwmp/connection-request/address-policy.ts';
import { parseNetwork } from '../../../proxy/access/network.ts';

const networks = (...texts: string[]) =>
  texts.map((text) => {
    const parsed = parseNetwork(text);
    if (!parsed.ok) throw new Error(`${text}: ${parsed.reason}`);
    return parsed.network;
  });

function verdict(
  source: string | undefined,
  address: string,
  settings: Partial<AddressPolicySettings> = {},
  port = 7547,
): string {
  const policy = createAddressPolicy({ networks: [], ownListeners: [], ownAddresses: [], ...settings });
  const result = policy(source)(address, port);
  return result.allowed ? 'allowed' : result.reason;
}

t.test('by default only the source of the last Inform', async (t) => {
  t.equal(verdict('203.0.113.9', '203.0.113.9'), 'allowed');
  t.equal(verdict('::ffff:203.0.113.9', '203.0.113.9'), 'allowed', 'a dual-stack listener names it so');
  t.equal(verdict('203.0.113.9', '::ffff:203.0.113.9'), 'allowed');
  t.equal(verdict('2001:DB8::9', '2001:db8:0::9'), 'allowed');
  t.equal(verdict('203.0.113.9', '203.0.113.10'), 'not-the-inform-source');
  t.equal(verdict('203.0.113.9', '10.0.0.1'), 'not-the-inform-source', 'our own network');
  t.equal(verdict(undefined, '203.0.113.9'), 'not-the-inform-source');
  t.equal(verdict('not an address', '203.0.113.9'), 'not-the-inform-source');
  t.equal(verdict('203.0.113.9', 'example.org'), 'not-an-address');
});

t.test('networks of the settings are allowed besides', async (t) => {
  const settings = { networks: networks('10.20.0.0/16', '2001:db8:1::/48', '::ffff:172.16.0.0/108') };
  t.equal(verdict('203.0.113.9', '10.20.255.1', settings), 'allowed');
  t.equal(verdict('203.0.113.9', '::ffff:10.20.255.1', settings), 'allowed');
  t.equal(verdict(undefined, '2001:db8:1:2::3', settings), 'allowed');
  t.equal(verdict(undefined, '172.31.0.1', settings), 'allowed');
  t.equal(verdict('203.0.113.9', '203.0.113.9', settings), 'allowed', 'the source still is');
  t.equal(verdict('203.0.113.9', '10.21.0.1', settings), 'not-the-inform-source');
  t.equal(verdict('203.0.113.9', '172.32.0.1', settings), 'not-the-inform-source');
});

t.test('what is refused even when everything is allowed', async (t) => {
  const everything = { networks: networks('0.0.0.0/0', '::/0') };
  const refused = {
    '127.0.0.1': 'loopback',
    '127.255.0.1': 'loopback',
    '::1': 'loopback',
    '::ffff:127.0.0.1': 'loopback',
    '::ffff:7f00:1': 'loopback',
    '64:ff9b::7f00:1': 'loopback',
    '169.254.169.254': 'cloud-metadata',
    '::ffff:a9fe:a9fe': 'cloud-metadata',
    '64:ff9b::a9fe:a9fe': 'cloud-metadata',
    'fd00:ec2::254': 'cloud-metadata',
    'FD00:0EC2:0:0:0:0:0:254': 'cloud-metadata',
    '169.254.0.1': 'link-local',
    'fe80::1': 'link-local',
    'fe80::1%eth0': 'link-local',
    'febf::1': 'link-local',
    '224.0.0.1': 'multicast',
    '239.255.255.250': 'multicast',
    '255.255.255.255': 'multicast',
    'ff02::1': 'multicast',
    '0.0.0.0': 'unspecified',
    '0.1.2.3': 'unspecified',
    '::': 'unspecified',
    '64:ff9b::': 'unspecified',
    '64:ff9b::1': 'unspecified',
  };
  for (const [address, reason] of Object.entries(refused)) {
    t.equal(verdict('203.0.113.9', address, everything), reason, address);
    if (reason !== 'loopback') t.equal(verdict(address, address, everything), reason, `${address}, its own source`);
  }
  for (const address of ['10.0.0.1', '8.8.8.8', 'fec0::1', '64:ff9b::808:808', '2001:db8::1', '128.0.0.1', '::2'])
    t.equal(verdict('203.0.113.9', address, everything), 'allowed', address);
});

t.test('loopback is for a CPE on loopback', async (t) => {
  t.equal(verdict('127.0.0.1', '127.0.0.1'), 'allowed');
  t.equal(verdict('::ffff:127.0.0.1', '127.0.0.1'), 'allowed');
  t.equal(verdict('::1', '127.0.0.1'), 'allowed', 'one host, whichever family its URL uses');
  t.equal(verdict('127.0.0.1', '::1'), 'allowed');
  t.equal(verdict('127.0.0.1', '10.0.0.1'), 'not-the-inform-source');
});

t.test('never our own listeners', async (t) => {
  const one = { ownListeners: [{ address: '127.0.0.1', port: 7547 }] };
  t.equal(verdict('127.0.0.1', '127.0.0.1', one), 'own-listener');
  t.equal(verdict('127.0.0.1', '::ffff:127.0.0.1', one), 'own-listener');
  t.equal(verdict('127.0.0.1', '127.0.0.1', one, 7548), 'allowed', 'a CPE beside the gateway');
  t.equal(verdict('127.0.0.1', '127.0.0.2', one), 'allowed');

  const proxied = { ownListeners: [{ address: '198.51.100.1', port: 443 }], networks: networks('198.51.100.0/24') };
  t.equal(verdict('203.0.113.9', '198.51.100.1', proxied, 443), 'own-listener', 'as a load balancer shows it');

  for (const wildcard of ['0.0.0.0', '::']) {
    const all = { ownListeners: [{ address: wildcard, port: 7547 }], ownAddresses: ['10.0.0.5', 'FD12::5'] };
    t.equal(verdict('10.0.0.5', '10.0.0.5', all), 'own-listener', wildcard);
    t.equal(verdict('fd12::5', 'fd12:0::5', all), 'own-listener');
    t.equal(verdict('127.0.0.1', '127.0.0.1', all), 'own-listener');
    t.equal(verdict('10.0.0.6', '10.0.0.6', all), 'allowed', 'a CPE on the port that is also ours');
    t.equal(verdict('10.0.0.5', '10.0.0.5', all, 80), 'allowed');
  }
});
