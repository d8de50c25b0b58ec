import t from 'tap';
import { parseUdpAddress } from '../../../proxy/cwmp/connection-request/udp-address.ts';

t.test('addresses as CPEs report them', async (t) => {
  const cases: Readonly<Record<string, unknown>> = {
    '203.0.113.5:40001': { address: '203.0.113.5', port: 40001 },
    ' 203.0.113.5 ': { address: '203.0.113.5', port: 80 },
    '[2001:DB8::5]:7': { address: '2001:db8::5', port: 7 },
    '[2001:db8::5]': { address: '2001:db8::5', port: 80 },
  };
  for (const [text, endpoint] of Object.entries(cases)) t.same(parseUdpAddress(text), { ok: true, endpoint }, text);
});

t.test('what cannot be used', async (t) => {
  for (const text of ['', 'cpe.example:7', '203.0.113.5:70000', '203.0.113:7', '203.0.113.5:7/x', '2001:db8::5']) {
    t.same(parseUdpAddress(text), { ok: false, problem: 'not-an-address' }, text);
  }
  t.same(parseUdpAddress('203.0.113.5:0'), { ok: false, problem: 'port-zero' });
});
