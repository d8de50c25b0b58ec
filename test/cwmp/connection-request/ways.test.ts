import t from 'tap';
import { type Reachability, waysTo } from '../../../proxy/cwmp/connection-request/ways.ts';

const both: Reachability = {
  ConnectionRequestURL: 'http://203.0.113.5:7547/',
  UDPConnectionRequestAddress: '203.0.113.5:40001',
  NATDetected: '',
  ConnReqJabberID: '',
  sourceAddress: '198.51.100.7',
};
const stun = { stun: true, xmpp: false };
const neither = { stun: false, xmpp: false };
const all = { stun: true, xmpp: true };
const behindNat = { ...both, NATDetected: 'true' };

t.test('what the device reports decides the first attempt', async (t) => {
  t.same(waysTo(both, undefined, stun), ['http', 'udp']);
  t.same(waysTo(behindNat, undefined, stun), ['udp', 'http']);
  t.same(waysTo({ ...both, NATDetected: '0' }, undefined, stun), ['http'], 'its UDP address is of its own network');
  const forwarded = { ...both, NATDetected: '0', sourceAddress: '203.0.113.5' };
  t.same(waysTo(forwarded, undefined, stun), ['http', 'udp'], 'a forwarded port');
  t.same(waysTo({ ...both, ConnectionRequestURL: '' }, undefined, stun), ['udp']);
  t.same(waysTo({ ...behindNat, UDPConnectionRequestAddress: '' }, undefined, stun), ['http']);
  t.same(waysTo(behindNat, undefined, neither), ['http'], 'without a STUN socket');
});

t.test('the way that worked goes first, the one that just failed goes last', async (t) => {
  t.same(waysTo(both, { outcome: 'arrived', way: 'udp', worked: 'udp' }, stun), ['udp', 'http']);
  t.same(waysTo(behindNat, { outcome: 'arrived', way: 'http', worked: 'http' }, stun), ['http', 'udp']);
  t.same(waysTo(behindNat, { outcome: 'udp-sent-no-inform', way: 'udp', worked: 'udp' }, stun), ['http', 'udp']);
  t.same(waysTo(behindNat, { outcome: 'refused', way: 'http', worked: 'udp' }, stun), ['udp', 'http']);
  t.same(waysTo(both, { outcome: 'refused' }, stun), ['http', 'udp'], 'a record of an earlier version');
});

t.test('a CPE with a Jabber ID is called over XMPP first, where there is a server', async (t) => {
  const device = { ...both, ConnReqJabberID: 'cpe@xmpp.example/1' };
  t.same(waysTo(device, undefined, all), ['xmpp', 'http', 'udp']);
  t.same(waysTo({ ...device, NATDetected: 'true' }, undefined, all), ['xmpp', 'udp', 'http']);
  t.same(waysTo({ ...device, ConnectionRequestURL: '', NATDetected: 'true' }, undefined, all), ['xmpp', 'udp']);
  t.same(waysTo({ ...device, ConnectionRequestURL: '', UDPConnectionRequestAddress: '' }, undefined, all), ['xmpp']);
  t.same(waysTo(device, undefined, neither), ['http']);
  t.same(waysTo(device, { outcome: 'arrived', way: 'http', worked: 'http' }, all), ['http', 'xmpp', 'udp']);
  t.same(waysTo(device, { outcome: 'xmpp-accepted-no-inform', way: 'xmpp', worked: 'xmpp' }, all)[0], 'http');
});
