// What the doctor's answer becomes on the screen: pure, on diagnoses made by hand.
import t from 'tap';
import { formatDiagnosis } from '../../proxy/cli/doctor.ts';
import { adviceFor } from '../../proxy/cli/doctor-advice.ts';
import { noPaint } from '../../proxy/cli/output/paint.ts';

const step = (what: string, ok: boolean, detail = '') => ({ what, ok, detail });
const ended = (outcome: string, what = `Connection Request: ${outcome}`) => ({ ...step(what, false, 'none'), outcome });

t.test('what was tried stands beneath its step, the outcome is told once, the advice last', async (t) => {
  const lines = formatDiagnosis(
    {
      device: '02C0DE-Router-T0001',
      reachable: false,
      steps: [
        step('known', true, 'first seen\u009b31m'),
        step('+0 ms url', true, 'http://192.0.2.1/'),
        ended('no-credentials', '+9 ms outcome'),
        ended('no-credentials'),
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
  const after = (outcome: string): string | undefined => adviceFor([step('known', true), ended(outcome, 'any words')]);
  t.match(after('address-not-allowed'), /connectionRequest\.networks/);
  t.match(after('reply-timeout'), /connectionRequest\.timeout/);
  t.match(after('accepted-no-inform'), /connectionRequest\.arrival/);
  t.match(after('quiet'), /request\.deadline/);
});

t.test('no advice where nothing failed, or what failed explains itself', async (t) => {
  t.equal(adviceFor([step('known', true), step('Inform', true)]), undefined);
  t.equal(adviceFor([step('known', true), step('+9 ms wait', false), step('Inform', true)]), undefined);
  t.equal(adviceFor([ended('bad-url')]), undefined);
  t.equal(adviceFor([ended('toString')]), undefined);
  t.equal(adviceFor([]), undefined);
});
