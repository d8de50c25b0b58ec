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

/** By the name under which the ledger has them: the CPE's parameter that counts the rows or, without one, the table. */
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
    const name = nameOf(model, table);
    if (name === undefined) continue;
    const counted = ledger.get(name)?.value;
    const differs = counted !== undefined && Number(counted) !== model.rows(table).length;
    await model.freshen(table, differs);
    watched.set(name, { table, rows: model.rows(table), subscriptions: [...numbers] });
  }
  return watched;
}

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

function nameOf(model: AgentModel, table: string): string | undefined {
  const { cpe } = model;
  const counters = cpe?.view.counters(table).filter((name) => hasParameter(cpe.tree, name)) ?? [];
  return counters.length === 1 ? counters[0] : cpe?.view.cpeObjects(table)[0];
}

/** What is to be told of the difference between the ledger's rows and those that are there. */
export async function rowNotices(model: AgentModel, ledger: Ledger, now: WatchedTables): Promise<readonly Notice[]> {
  const heard = new Map(enabledSubscriptions(model.local).map((one) => [one.number, one]));
  const notices: Notice[] = [];
  for (const [name, { rows: known }] of ledger) {
    if (known === undefined) continue;
    const left = new Set(now.get(name)?.rows);
    for (const number of known.rows.filter((row) => !left.has(row))) {
      const obj_path = rowOf(known.table, number);
      const to = listeners(heard, known, 'ObjectDeletion', number);
      if (to.length > 0) notices.push({ notification: { kind: 'obj_deletion', obj_path }, to });
    }
  }
  for (const [name, watched] of now) {
    const before = ledger.get(name)?.rows ?? (isNewTable(ledger, watched) ? { ...watched, rows: [] } : watched);
    for (const number of watched.rows.filter((row) => !before.rows.includes(row))) {
      const to = listeners(heard, watched, 'ObjectCreation', number).filter((one) =>
        before.subscriptions.includes(one),
      );
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
