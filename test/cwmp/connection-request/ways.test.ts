import t from 'tap';
import { type Reachability, waysTo } from '../../../proxy/cwmp/connection-request/ways.ts';

const both: Reachability = {
  ConnectionRequestURL: 'http://203.0.113.5:7547/',
  UDPConnectionRequestAddress: '203.0.113.5:40001',
  NATDetected: '',
};
const behindNat = { ...both, NATDetected: 'true' };

t.test('what the device reports decides the first attempt', async (t) => {
  t.same(waysTo(both, undefined, true), ['http', 'udp']);
  t.same(waysTo(behindNat, undefined, true), ['udp', 'http']);
  t.same(waysTo({ ...both, NATDetected: '0' }, undefined, true), ['http'], 'its UDP address is of its own network');
  t.same(waysTo({ ...both, ConnectionRequestURL: '' }, undefined, true), ['udp']);
  t.same(waysTo({ ...behindNat, UDPConnectionRequestAddress: '' }, undefined, true), ['http']);
  t.same(waysTo(behindNat, undefined, false), ['http'], 'without a STUN socket');
});

t.test('the way that worked goes first, the one that just failed goes last', async (t) => {
  t.same(waysTo(both, { outcome: 'arrived', way: 'udp', worked: 'udp' }, true), ['udp', 'http']);
  t.same(waysTo(behindNat, { outcome: 'arrived', way: 'http', worked: 'http' }, true), ['http', 'udp']);
  t.same(waysTo(behindNat, { outcome: 'udp-sent-no-inform', way: 'udp', worked: 'udp' }, true), ['http', 'udp']);
  t.same(waysTo(behindNat, { outcome: 'refused', way: 'http', worked: 'udp' }, true), ['udp', 'http']);
  t.same(waysTo(both, { outcome: 'refused' }, true), ['http', 'udp'], 'a record of an earlier version');
});
