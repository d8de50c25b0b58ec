// ValueChange of parameters of the CPE: what an event carried, held against the ledger. A parameter of the view may be made
// of several of the CPE: all of them are watched, and those that the event does not name are what the ledger knows.
import type { Ledger, NamedValue } from '../../device/ledger.ts';
import type { View } from '../../mapping/view.ts';
import type { Notification } from '../../usp/messages/notify.ts';
import type { Heard } from './enabled.ts';
import { canMean } from './matching.ts';
import type { Told } from './notify-row.ts';

/** Texts of the CPE, by its names. */
type Texts = (cpeName: string) => string | undefined;

/** `changes`: values that the ledger knew differently. */
export function tellValues(
  view: View | undefined,
  subscriptions: readonly Heard[],
  ledger: Ledger,
  changes: readonly NamedValue[],
): readonly Told[] {
  if (view === undefined || changes.length === 0) return [];
  const changed = new Map(changes);
  const before: Texts = (name) => ledger.get(name)?.value;
  const after: Texts = (name) => changed.get(name) ?? before(name);
  const seen = new Set<string>();
  return changes.flatMap(([name]) => {
    const entry = ledger.get(name);
    const watching = subscriptions.filter(
      ({ number, notifType }) => notifType === 'ValueChange' && entry?.subscriptions.includes(number) === true,
    );
    // Where no baseline could be read the first value is it.
    if (watching.length === 0 || entry?.value === undefined) return [];
    const paths = view.viewNames(name);
    return paths.flatMap((param_path) => {
      if (seen.has(param_path)) return [];
      seen.add(param_path);
      const now = shownValue(view, param_path, after);
      // `1` and `true` are one value: only what USP would show differently is a change.
      if (now === undefined || shownValue(view, param_path, before) === now) return [];
      const notification: Notification = { kind: 'value_change', param_path, param_value: now };
      return watching
        .filter(({ references }) => paths.length === 1 || references.some((one) => canMean(one, param_path)))
        .map((subscription) => ({ kind: 'subscription', subscription, notification }) as const);
    });
  });
}

/** The value of a parameter as USP shows it, by what is known of the CPE. */
export function shownValue(view: View, path: string, texts: Texts): string | undefined {
  const reading = view.reading(path);
  const values = new Map(
    reading.cpeNames.flatMap((Name) => {
      const Value = texts(Name);
      return Value === undefined ? [] : [[Name, { Name, Value, Type: '' }] as const];
    }),
  );
  const value = reading.valueOf({ values, missing: new Set(), failed: new Map() });
  return value.kind === 'value' ? value.value : undefined;
}
