// What the doctor's answer becomes on the screen: pure, on diagnoses made by hand.
import t from 'tap';
import { formatDiagnosis } from '../../proxy/cli/doctor.ts';
import { adviceFor } from '../../proxy/cli/doctor-advice.ts';
import { noPaint } from '../../proxy/cli/output/paint.ts';

const step = (what: string, ok: boolean, detail = '') => ({ what, ok, detail });

t.test('what was tried stands beneath its step, the outcome is told once, the advice last', async (t) => {
  const lines = formatDiagnosis(
    {
      device: '02C0DE-Router-T0001',
      reachable: false,
      steps: [
        step('known', true, 'first seen\u009b31m'),
        step('+0 ms url', true, 'http://192.0.2.1/'),
        step('+9 ms outcome', true, 'no-credentials: none'),
        step('Connection Request: no-credentials', false, 'none'),
      ],
    },
    noPaint,
  );
  t.same(lines.slice(0, -1), [
    'ok  known                               first seen\\x9b31m',
    '      +0 ms url                         http://192.0.2.1/',
    'NO  Connection Request: no-credentials  none',
    '02C0DE-Router-T0001 cannot be reached',
  ]);
  t.match(lines.at(-1), /^advice: set connectionRequest\.username and connectionRequest\.password /);
});

t.test('each advice names what to change or to look at', async (t) => {
  const after = (what: string): string | undefined => adviceFor([step('known', true), step(what, false)]);
  t.match(after('Connection Request: address-not-allowed'), /connectionRequest\.networks/);
  t.match(after('Connection Request: reply-timeout'), /connectionRequest\.timeout/);
  t.match(after('Inform'), /connectionRequest\.arrival/);
  t.match(after('quiet'), /request\.deadline/);
});

t.test('no advice where nothing failed, or what failed explains itself', async (t) => {
  t.equal(adviceFor([step('known', true), step('Inform', true)]), undefined);
  t.equal(adviceFor([step('Connection Request: bad-url', false)]), undefined);
  t.equal(adviceFor([step('Connection Request: toString', false)]), undefined);
  t.equal(adviceFor([]), undefined);
});
