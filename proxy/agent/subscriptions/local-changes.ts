// What has happened to Device.LocalAgent. between two moments of one Agent, as Notifies tell it: values that changed, rows
// that were made (with their keys) or deleted (with what lay below). Pure: whose doing it was makes no difference.
import { generalise, lastNameOf, parentOf, rowNumberOf, rowOf } from '../../path/concrete.ts';
import type { Notification } from '../../usp/messages/notify.ts';
import type { LocalAgent } from '../local-agent/local-agent.ts';
import { LOCAL_SUPPORTED } from '../local-agent/objects.ts';
import { isLocal } from '../local-agent/root.ts';
import { SINGLE } from '../local-agent/rows.ts';
import type { Moment } from './matching.ts';

/** The Agent's own values as references are held against them. */
export const momentOf = (local: LocalAgent): Moment => ({
  read: (path) => (local.has(parentOf(path)) ? local.read(path) : undefined),
  typeOf: (path) => LOCAL_SUPPORTED.get(generalise(parentOf(path)))?.parameters.get(lastNameOf(path))?.type,
});

/** Values first, then rows as they were deleted and made. */
export function localChanges(before: LocalAgent, after: LocalAgent): readonly Notification[] {
  const [was, is] = [before.own.tables, after.own.tables];
  const tables = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (table) => isLocal(table) && was[table] !== is[table],
  );
  const touched = new Set<string>();
  const deleted = new Set<string>();
  const created = new Set<string>();
  for (const table of tables) {
    const numbers = new Set([...Object.keys(was[table] ?? {}), ...Object.keys(is[table] ?? {})].map(Number));
    for (const number of numbers) {
      if (was[table]?.[number] === is[table]?.[number]) continue;
      const object = number === SINGLE ? table : rowOf(table, number);
      const [there, here] = [before.has(object), after.has(object)];
      if (there && here) touched.add(object);
      if (there && !here) for (const row of rowsWithin(before, object)) deleted.add(row);
      if (!there && here) for (const row of rowsWithin(after, object)) created.add(row);
    }
  }
  // The objects above count their rows.
  for (const row of [...deleted, ...created]) {
    const above = parentOf(parentOf(row));
    if (before.has(above) && after.has(above)) touched.add(above);
  }
  return [
    ...[...touched].flatMap((object) => changedValues(before, after, object)),
    ...[...deleted].map((obj_path) => ({ kind: 'obj_deletion', obj_path }) as const),
    ...[...created].map(
      (obj_path) => ({ kind: 'obj_creation', obj_path, unique_keys: keysOf(after, obj_path) }) as const,
    ),
  ];
}

function changedValues(before: LocalAgent, after: LocalAgent, object: string): readonly Notification[] {
  const parameters = LOCAL_SUPPORTED.get(generalise(object))?.parameters ?? new Map();
  return [...parameters.values()].flatMap(({ name, valueChange, secured }) => {
    const param_path = `${object}${name}`;
    const param_value = after.read(param_path);
    const same = param_value === undefined || before.read(param_path) === param_value;
    // What is not to be read is not told either.
    return same || secured || valueChange === 'WILL_IGNORE' ? [] : [{ kind: 'value_change', param_path, param_value }];
  });
}

/** A row, or a single object's rows, with all rows below. */
function* rowsWithin(local: LocalAgent, object: string): Generator<string> {
  if (rowNumberOf(object) !== undefined) yield object;
  const general = generalise(object);
  for (const child of LOCAL_SUPPORTED.get(general)?.children ?? []) {
    const name = child.slice(general.length);
    if (!name.endsWith('{i}.')) yield* rowsWithin(local, object + name);
    else {
      const table = object + name.slice(0, -'{i}.'.length);
      for (const number of local.rowsOf(table)) yield* rowsWithin(local, rowOf(table, number));
    }
  }
}

/** All unique keys that the Agent supports (R-ADD.5). */
function keysOf(local: LocalAgent, row: string): ReadonlyMap<string, string> {
  const names = new Set(LOCAL_SUPPORTED.get(generalise(row))?.uniqueKeys.flatMap((key) => key.names));
  return new Map([...names].map((name) => [name, local.read(row + name) ?? '']));
}
