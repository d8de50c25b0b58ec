// Tables of the CPE whose rows somebody wants to hear of (ObjectCreation, ObjectDeletion), and what has become of them
// since they were last looked at. CWMP tells of no rows: their number is watched like any value, and the table is asked
// for when it changes, when a Controller has made or deleted rows, and after a boot (facts: cwmp-usp-translation §5.2).
import { hasParameter } from '../../device/instance-tree/tree.ts';
import type { Ledger, WatchedRows } from '../../device/ledger.ts';
import type { Notice } from '../../device/notices.ts';
import { generalise, rowOf } from '../../path/concrete.ts';
import { asObject, type Segment } from '../../path/path.ts';
import { isLocal } from '../local-agent/root.ts';
import type { AgentModel } from '../model.ts';
import { resolveObjects } from '../resolver.ts';
import { enabledSubscriptions, type Heard } from './enabled.ts';
import { referenceOf } from './matching.ts';

/** By the name under which the ledger has them: the CPE's parameter that counts just these rows or, without one, the table. */
export type WatchedTables = ReadonlyMap<string, WatchedRows>;

const isOfRows = ({ notifType }: Heard): boolean => notifType === 'ObjectCreation' || notifType === 'ObjectDeletion';
const isName = (segment: Segment | undefined): boolean => segment?.kind === 'name';

/** Every table that is meant, with its rows as the CPE has them now. */
export async function watchedTables(model: AgentModel, ledger: Ledger): Promise<WatchedTables> {
  const subscribed = new Map<string, Set<number>>();
  for (const subscription of enabledSubscriptions(model.local).filter(isOfRows)) {
    for (const table of await tablesOf(model, subscription)) {
      subscribed.set(table, (subscribed.get(table) ?? new Set()).add(subscription.number));
    }
  }
  const watched = new Map<string, WatchedRows>();
  for (const [table, numbers] of subscribed) {
    const counters = countersOf(model, table);
    await model.freshen(table, countsOthers(model, ledger, table, counters));
    const rows = { table, rows: model.rows(table), subscriptions: [...numbers] };
    const [counter] = counters;
    if (counter !== undefined && counters.length === 1 && !watched.has(counter)) watched.set(counter, rows);
    else watched.set(table, counters.length === 0 ? rows : { ...rows, counters });
  }
  return watched;
}

/** Parameters of the CPE that are to be watched for the tables, besides the names that these have in the ledger. */
export const countersIn = (tables: WatchedTables): readonly string[] =>
  [...tables.values()].flatMap(({ counters = [] }) => counters);

function countersOf(model: AgentModel, table: string): readonly string[] {
  const { cpe } = model;
  return cpe?.view.counters(table).filter((name) => hasParameter(cpe.tree, name)) ?? [];
}

/** Whether the CPE has told of more or fewer rows than are known. */
function countsOthers(model: AgentModel, ledger: Ledger, table: string, counters: readonly string[]): boolean {
  const { cpe } = model;
  const counted = counters.map((name) => ledger.get(name)?.value);
  if (cpe === undefined || counted.length === 0 || counted.includes(undefined)) return false;
  const known = cpe.view.cpeObjects(table).map((path) => cpe.tree.objects.get(path)?.instances.length ?? 0);
  return sum(counted.map(Number)) !== sum(known);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

async function tablesOf(model: AgentModel, { references }: Heard): Promise<readonly string[]> {
  const tables: string[] = [];
  for (const reference of references) {
    const path = referenceOf(reference);
    const { segments, leaf } = path === undefined ? { segments: [], leaf: { kind: 'event' } } : asObject(path);
    if (leaf.kind !== 'object' || isLocal(reference)) continue;
    const resolved = await resolveObjects(model, isName(segments.at(-1)) ? segments : segments.slice(0, -1));
    if (resolved.ok) tables.push(...resolved.objects.filter((object) => model.isTable(object)));
  }
  return tables;
}

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
