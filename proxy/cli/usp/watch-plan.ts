// What is to be watched, and the rows of Device.LocalAgent.Subscription by which an Agent is asked for it. Pure.
import type { AddRequest, AddResp, CreateObject } from '../../usp/messages/add.ts';
import type { GetResp } from '../../usp/messages/get.ts';
import { misused, type Result, success } from '../outcome.ts';
import { printable } from '../output/printable.ts';

export interface WatchPlan {
  /** Parameters, objects or searches whose values are watched. */
  readonly values: readonly string[];
  /** Full paths, with their `!`. */
  readonly events: readonly string[];
}

export interface SubscriptionRow {
  /** With its dot. */
  readonly path: string;
  readonly id: string;
}

export const TABLE = 'Device.LocalAgent.Subscription.';

/** `Boot!` and `Boot` to `Device.Boot!`: events are mostly the device's own, and shells dislike the mark. */
function eventPath(text: string): string {
  const named = text.endsWith('!') ? text : `${text}!`;
  return named.startsWith('Device.') ? named : `Device.${named}`;
}

/** A path that ends in `!` is an event wherever it stands. */
export function readPlan(paths: readonly string[], events: readonly string[]): Result<WatchPlan> {
  const all = [...paths, ...events];
  if (all.length === 0) return misused('nothing to watch: give a path, or --event Boot!');
  // A ReferenceList has no way to write a comma within an item.
  const comma = all.find((path) => path.includes(','));
  if (comma !== undefined) return misused(`${printable(comma)}: a path with a comma cannot be subscribed`);
  return success({
    values: paths.filter((path) => !path.endsWith('!')),
    events: [...paths.filter((path) => path.endsWith('!')), ...events].map(eventPath),
  });
}

interface Wanted {
  readonly id: string;
  readonly notifType: 'ValueChange' | 'Event';
  readonly references: readonly string[];
}

/** `name` tells this watch from others of the same Controller. */
export function wantedSubscriptions(plan: WatchPlan, name: string): readonly Wanted[] {
  const wanted: readonly Wanted[] = [
    { id: `${name}-values`, notifType: 'ValueChange', references: plan.values },
    { id: `${name}-events`, notifType: 'Event', references: plan.events },
  ];
  return wanted.filter(({ references }) => references.length > 0);
}

/**
 * Rows that outlive a reboot of the device, so that it can be told, and end by themselves should nobody be left to delete
 * them. `seconds`: how long the watch may still last.
 */
export function addSubscriptions(wanted: readonly Wanted[], seconds: number): AddRequest {
  const create_objs = wanted.map(({ id, notifType, references }): CreateObject => {
    const values = {
      ID: id,
      NotifType: notifType,
      ReferenceList: references.join(','),
      Persistent: 'true',
      TimeToLive: String(seconds),
      Enable: 'true',
    };
    const param_settings = Object.entries(values).map(([param, value]) => ({ param, value, required: true }));
    return { obj_path: TABLE, param_settings };
  });
  return { kind: 'add', allow_partial: false, create_objs };
}

/** The rows made, in the order in which they were asked for. */
export const rowsAdded = ({ created_obj_results }: AddResp, wanted: readonly Wanted[]): readonly SubscriptionRow[] =>
  created_obj_results.flatMap(({ oper_status }, index) => {
    const id = wanted[index]?.id;
    return oper_status.kind === 'oper_success' && id !== undefined ? [{ path: oper_status.instantiated_path, id }] : [];
  });

/** Rows that an answer to a Get of their IDs shows to be there still. */
export function rowsStillThere(rows: readonly SubscriptionRow[], { req_path_results }: GetResp): SubscriptionRow[] {
  return rows.filter(({ path, id }, index) =>
    (req_path_results[index]?.resolved_path_results ?? []).some(
      ({ resolved_path, result_params }) => resolved_path === path && result_params.get('ID') === id,
    ),
  );
}
