// What has become of the rows of watched tables since they were last looked at: which were made, which are gone, and how
// many there are now, where that is the view's own to say.
import type { Ledger, WatchedRows } from '../../device/ledger.ts';
import type { Notice } from '../../device/notices.ts';
import { generalise, parentOf, rowOf } from '../../path/concrete.ts';
import { asObject } from '../../path/path.ts';
import type { AgentModel } from '../model.ts';
import { enabledSubscriptions, type Heard } from './enabled.ts';
import { canMean, referenceOf } from './matching.ts';
import { isName, type WatchedTables } from './watched-tables.ts';

/** What is to be told of the difference between the ledger's rows and those that are there. */
export async function rowNotices(model: AgentModel, ledger: Ledger, now: WatchedTables): Promise<readonly Notice[]> {
  const heard = new Map(enabledSubscriptions(model.local).map((one) => [one.number, one]));
  const notices: Notice[] = [];
  const tables = new Map([...now.values()].map((watched) => [watched.table, watched]));
  const before = new Map([...ledger.values()].flatMap(({ rows }) => (rows === undefined ? [] : [[rows.table, rows]])));
  for (const known of before.values()) {
    const left = new Set(tables.get(known.table)?.rows);
    for (const number of known.rows.filter((row) => !left.has(row))) {
      const obj_path = rowOf(known.table, number);
      const to = listeners(heard, known, 'ObjectDeletion', number);
      if (to.length > 0) notices.push({ notification: { kind: 'obj_deletion', obj_path }, to });
    }
  }
  for (const watched of tables.values()) {
    const then = before.get(watched.table) ?? (isNewTable(ledger, watched) ? { ...watched, rows: [] } : watched);
    notices.push(...numberNotices(model, heard, before.get(watched.table), watched));
    for (const number of watched.rows.filter((row) => !then.rows.includes(row))) {
      const to = listeners(heard, watched, 'ObjectCreation', number).filter((one) => then.subscriptions.includes(one));
      const obj_path = rowOf(watched.table, number);
      if (to.length === 0) continue;
      notices.push({
        notification: { kind: 'obj_creation', obj_path, unique_keys: await keysOf(model, obj_path) },
        to,
      });
    }
  }
  return notices;
}

/** Told as a value: to those who heard of the number before, and still do. */
function numberNotices(
  model: AgentModel,
  heard: ReadonlyMap<number, Heard>,
  then: WatchedRows | undefined,
  { table, rows, subscriptions }: WatchedRows,
): readonly Notice[] {
  if (then === undefined || rows.length === then.rows.length) return [];
  const object = parentOf(table);
  const counts = model.parameters(object).filter((name) => model.cpe?.view.reading(object + name).counts === table);
  return counts.flatMap((name): readonly Notice[] => {
    const param_path = object + name;
    const to = subscriptions.filter((number) => {
      const { notifType, references = [] } = heard.get(number) ?? {};
      const hears = notifType === 'ValueChange' && references.some((one) => canMean(one, param_path));
      return hears && then.subscriptions.includes(number);
    });
    const notification = { kind: 'value_change', param_path, param_value: String(rows.length) } as const;
    return to.length === 0 ? [] : [{ notification, to }];
  });
}

/** It lies in a row that has come since, not in one that nobody had asked for before. */
const isNewTable = (ledger: Ledger, { table, subscriptions }: WatchedRows): boolean =>
  [...ledger.values()].some(
    ({ rows }) =>
      rows !== undefined &&
      generalise(rows.table) === generalise(table) &&
      rows.subscriptions.some((number) => subscriptions.includes(number)),
  );

/** Subscriptions of the kind that mean this very row of the table. */
function listeners(
  heard: ReadonlyMap<number, Heard>,
  { table, subscriptions }: WatchedRows,
  notifType: Heard['notifType'],
  row: number,
): readonly number[] {
  return subscriptions.filter((number) => {
    const subscription = heard.get(number);
    return (
      subscription?.notifType === notifType &&
      subscription.references.some((reference) => meansRow(reference, table, row))
    );
  });
}

/** What a row's values were nobody knows when it is gone: a search for the row itself means none. */
function meansRow(reference: string, table: string, row: number): boolean {
  const path = referenceOf(reference);
  const segments = path === undefined ? [] : asObject(path).segments;
  const general = segments.map((segment) => (segment.kind === 'name' ? segment.name : '{i}')).join('.');
  const last = segments.at(-1);
  if (isName(last)) return `${general}.` === generalise(table);
  if (`${general}.` !== `${generalise(table)}{i}.`) return false;
  return last?.kind === 'wildcard' || (last?.kind === 'instance' && last.number === row);
}

async function keysOf(model: AgentModel, row: string): Promise<ReadonlyMap<string, string>> {
  const names = [...new Set(model.object(row)?.uniqueKeys.flatMap((key) => key.names))];
  const values = await model.read(names.map((name) => row + name));
  return new Map(
    names.flatMap((name) => {
      const value = values.get(row + name);
      return value?.kind === 'value' ? [[name, value.value] as const] : [];
    }),
  );
}
