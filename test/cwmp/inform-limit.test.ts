import t from 'tap';
import { InformLimit } from '../../proxy/cwmp/inform-limit.ts';
import type { InformRequest } from '../../proxy/rpc/inform.ts';

const START = 1_700_000_000_000;
const informOf = (change: Partial<InformRequest> = {}, SerialNumber = '1'): InformRequest => ({
  DeviceId: { Manufacturer: 'Example', OUI: '02C0DE', ProductClass: 'Router', SerialNumber },
  Event: [{ EventCode: '2 PERIODIC', CommandKey: '' }],
  MaxEnvelopes: 1,
  CurrentTime: '2026-01-01T00:00:00Z',
  RetryCount: 0,
  ParameterList: [],
  ...change,
});
const called = (RetryCount: number): InformRequest =>
  informOf({ RetryCount, Event: [{ EventCode: '6 CONNECTION REQUEST', CommandKey: '' }] });
const allowed = (limit: InformLimit, times: number, inform = informOf(), now = START, from = '192.0.2.1'): number =>
  Array.from({ length: times }, () => limit.allows(inform, from, '', now)).filter(Boolean).length;

t.test('so many in a minute, and as many in the next', async (t) => {
  const limit = new InformLimit(30);
  t.equal(allowed(limit, 40), 30);
  t.equal(allowed(limit, 1, informOf(), START + 59_999), 0);
  t.equal(allowed(limit, 40, informOf(), START + 60_000), 30);
});

t.test('each CPE by itself, and each address from which one speaks in its name', async (t) => {
  const limit = new InformLimit(1);
  t.equal(allowed(limit, 2), 1);
  t.equal(allowed(limit, 2, informOf({}, '2')), 1);
  t.equal(allowed(limit, 2, informOf(), START, '192.0.2.2'), 1);
});

t.test('a CPE that was called is not counted, unless it retries', async (t) => {
  const limit = new InformLimit(2);
  t.equal(allowed(limit, 100, called(0)), 100);
  t.equal(allowed(limit, 2), 2, 'nor did it use anything up');
  t.equal(allowed(new InformLimit(2), 5, called(1)), 2);
});

t.test('it remembers so many CPEs and no more', async (t) => {
  const limit = new InformLimit(1);
  t.equal(allowed(limit, 1), 1);
  for (let other = 0; other < 16_384; other += 1) allowed(limit, 1, informOf({}, `other-${other}`));
  t.equal(allowed(limit, 1), 1, 'the one that was quiet for longest is forgotten');
});
