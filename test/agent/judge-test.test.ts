// What the state of a test at the CPE means for whoever asked for it (facts: cwmp-usp-translation §7.2).
import t from 'tap';
import { judgeTest } from '../../proxy/agent/operations/judge-test.ts';

const active = (looks = 0): Parameters<typeof judgeTest>[0] => ({ status: 'Active', looks });
const canceling: Parameters<typeof judgeTest>[0] = { status: 'Canceling', looks: 0 };

t.test('over, with or without success', async (t) => {
  for (const state of ['Complete', 'Completed', 'Error', 'Error_CannotResolveHostName'])
    for (const operation of [active(), active(3), canceling])
      t.same(judgeTest(operation, state), { kind: 'over' }, state);
});

t.test('it runs on: a second time when its time was over, a third time never', async (t) => {
  t.same(judgeTest(active(0), 'Requested'), { kind: 'runs-on', extend: false });
  t.same(judgeTest(active(1), 'Requested'), { kind: 'runs-on', extend: true });
  t.same(judgeTest(active(2), 'X_VENDOR_Running'), { kind: 'runs-on', extend: false });
  t.match(judgeTest(active(3), 'Requested'), { kind: 'cancel', outcome: { err_code: 7022 } });
  t.match(judgeTest(canceling, 'Requested'), { kind: 'cancel', outcome: { err_code: 7023 } });
});

t.test('lost: the CPE knows nothing of it any more', async (t) => {
  for (const state of [undefined, '', 'None', 'Canceled']) {
    t.match(judgeTest(active(), state), { kind: 'lost', outcome: { err_code: 7022 } });
    t.match(judgeTest(canceling, state), { kind: 'lost', outcome: { err_code: 7023 } });
  }
});
