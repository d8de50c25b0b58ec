// Two changes of one device's rows that began from the same ones.
import t from 'tap';
import { mergeRows } from '../../../proxy/agent/overlay/merge.ts';
import { addRow, changeRow, deleteRow, NO_ROWS } from '../../../proxy/agent/local-agent/rows.ts';
import { withoutRow, withValues } from '../../../proxy/agent/overlay/values.ts';

const MAPPINGS = 'Device.NAT.PortMapping.';
const SUBSCRIPTIONS = 'Device.LocalAgent.Subscription.';
const FIRST = 10_000;
const before = addRow(withValues(NO_ROWS, `${MAPPINGS}1.`, { Alias: 'one' }), FIRST, SUBSCRIPTIONS, { ID: 'a' }).rows;
const named = withValues(before, `${MAPPINGS}2.`, { Alias: 'two' });
const subscribed = addRow(before, FIRST, SUBSCRIPTIONS, { ID: 'b' }).rows;

t.test('what each changed by itself is in both', async (t) => {
  const merged = mergeRows(before, named, subscribed);
  t.same(merged?.tables, {
    [MAPPINGS]: { 1: { Alias: 'one' }, 2: { Alias: 'two' } },
    [SUBSCRIPTIONS]: { [FIRST]: { ID: 'a' }, [FIRST + 1]: { ID: 'b' } },
  });
  t.same(merged?.next, { [SUBSCRIPTIONS]: FIRST + 2 });
  t.same(mergeRows(before, subscribed, named), merged);
});

t.test('what one took away stays away', async (t) => {
  t.same(mergeRows(before, withoutRow(before, `${MAPPINGS}1.`), subscribed)?.tables[MAPPINGS], undefined);
});

t.test('one table changed twice is no merge', async (t) => {
  const other = changeRow(before, SUBSCRIPTIONS, FIRST, { ID: 'c' });
  t.equal(mergeRows(before, subscribed, other), undefined);
  t.equal(mergeRows(before, deleteRow(NO_ROWS, before, SUBSCRIPTIONS, FIRST), other), undefined);
});
