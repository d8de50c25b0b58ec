// ValueChange of parameters of the CPE: what an event carried, held against the ledger.
import type { Ledger, NamedValue } from '../../device/ledger.ts';
import type { View } from '../../mapping/view.ts';
import type { Notification } from '../../usp/messages/notify.ts';
import type { Heard } from './enabled.ts';
import type { Told } from './notify-row.ts';

/** `changes`: values that the ledger knew differently. */
export function tellValues(
  view: View | undefined,
  subscriptions: readonly Heard[],
  ledger: Ledger,
  changes: readonly NamedValue[],
): readonly Told[] {
  return changes.flatMap(([name, value]) => {
    const entry = ledger.get(name);
    const told = subscriptions.filter(
      ({ number, notifType }) => notifType === 'ValueChange' && entry?.subscriptions.includes(number) === true,
    );
    return (told.length === 0 ? [] : (view?.viewNames(name) ?? [])).flatMap((param_path) => {
      const shown = (text: string): string | undefined => shownValue(view, param_path, name, text);
      const now = shown(value);
      // Where no baseline could be read the first value is it. `1` and `true` are one value: only what USP would show
      // differently is a change.
      if (now === undefined || entry?.value === undefined || shown(entry.value) === now) return [];
      const notification: Notification = { kind: 'value_change', param_path, param_value: now };
      return told.map((subscription) => ({ kind: 'subscription', subscription, notification }) as const);
    });
  });
}

/** The value of a parameter as USP shows it; `text` is the CPE's. */
export function shownValue(view: View | undefined, path: string, cpeName: string, text: string): string | undefined {
  const item = { Name: cpeName, Value: text, Type: '' };
  const value = view
    ?.reading(path)
    .valueOf({ values: new Map([[cpeName, item]]), missing: new Set(), failed: new Map() });
  return value?.kind === 'value' ? value.value : undefined;
}
