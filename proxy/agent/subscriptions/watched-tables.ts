// Tables of the CPE whose rows somebody wants to hear of: of the rows themselves (ObjectCreation, ObjectDeletion), or of
// their number, where that is the view's own (ValueChange of `…NumberOfEntries`). CWMP tells of no rows: what counts them at
// the CPE is watched like any value, and the table is asked for when it says another number, when a Controller has made or
// deleted rows, and after a boot (facts: cwmp-usp-translation §5.2).
import { hasParameter } from '../../device/instance-tree/tree.ts';
import type { Ledger, WatchedRows } from '../../device/ledger.ts';
import { readValues } from '../../device/read-values.ts';
import type { Counter } from '../../mapping/view.ts';
import { lastNameOf } from '../../path/concrete.ts';
import { asObject, type Segment } from '../../path/path.ts';
import { isLocal } from '../local-agent/root.ts';
import type { AgentModel } from '../model.ts';
import { resolveObjects } from '../resolver.ts';
import { enabledSubscriptions, type Heard } from './enabled.ts';
import { canMean, referenceOf } from './matching.ts';
import { watchedParameters } from './watched.ts';

/** By the name under which the ledger has them: the CPE's parameter that counts just these rows or, without one, the table. */
export type WatchedTables = ReadonlyMap<string, WatchedRows>;

/** Who wants to hear of a table of the view. */
interface Wish {
  readonly subscriptions: Set<number>;
  /** Of its very rows. */
  rows: boolean;
  /** A reference names what counts it, or its rows: it is worth a question of its own. */
  named: boolean;
}

const isOfRows = ({ notifType }: Heard): boolean => notifType === 'ObjectCreation' || notifType === 'ObjectDeletion';
export const isName = (segment: Segment | undefined): boolean => segment?.kind === 'name';

/** Every table that is meant, with its rows as the CPE has them now. */
export async function watchedTables(model: AgentModel, ledger: Ledger): Promise<WatchedTables> {
  const wishes = await wishesOf(model);
  const counters = new Map([...wishes.keys()].map((table) => [table, countersOf(model, table)] as const));
  const counted = await countedNow(
    model,
    [...wishes].flatMap(([table, { rows }]) => (rows ? [] : (counters.get(table) ?? []))),
  );
  const watched = new Map<string, WatchedRows>();
  for (const [table, { subscriptions, rows, named }] of wishes) {
    const ofTable = counters.get(table) ?? [];
    const known = (name: string): string | undefined => counted.get(name) ?? ledger.get(name)?.value;
    const isOther = countsOthers(model, ofTable, known);
    // Where its number is all that is wanted, a table is not asked for while the CPE counts what is known.
    if (rows || isOther || (named && ofTable.length === 0)) await model.freshen(table, isOther);
    const names = ofTable.map(({ name }) => name);
    const entry = { table, rows: model.rows(table), subscriptions: [...subscriptions] };
    const [counter] = names;
    if (counter !== undefined && names.length === 1 && !watched.has(counter)) watched.set(counter, entry);
    else watched.set(table, names.length === 0 ? entry : { ...entry, counters: names });
  }
  return watched;
}

/** Parameters of the CPE that are to be watched for the tables, besides the names that these have in the ledger. */
export const countersIn = (tables: WatchedTables): readonly string[] =>
  [...tables.values()].flatMap(({ counters = [] }) => counters);

/** By the table of the view. */
async function wishesOf(model: AgentModel): Promise<ReadonlyMap<string, Wish>> {
  const wishes = new Map<string, Wish>();
  const wish = (table: string, subscription: number, rows: boolean, named: boolean): void => {
    const known = wishes.get(table) ?? { subscriptions: new Set(), rows: false, named: false };
    wishes.set(table, known);
    known.subscriptions.add(subscription);
    known.rows ||= rows;
    known.named ||= named;
  };
  for (const subscription of enabledSubscriptions(model.local)) {
    const { number, references } = subscription;
    if (isOfRows(subscription))
      for (const table of await tablesOf(model, subscription)) wish(table, number, true, true);
    if (subscription.notifType !== 'ValueChange') continue;
    for (const path of await watchedParameters(model, references)) {
      const { counts } = model.cpe?.view.reading(path) ?? {};
      if (counts !== undefined)
        wish(
          counts,
          number,
          false,
          references.some((one) => names(one, path)),
        );
    }
  }
  return wishes;
}

/** Whether the reference ends in the parameter's own name, whatever rows it means. */
function names(reference: string, path: string): boolean {
  const leaf = referenceOf(reference)?.leaf;
  return leaf?.kind === 'parameter-or-object' && leaf.name === lastNameOf(path) && canMean(reference, path);
}

function countersOf(model: AgentModel, table: string): readonly Counter[] {
  const { cpe } = model;
  return cpe?.view.counters(table).filter(({ name }) => hasParameter(cpe.tree, name)) ?? [];
}

/** One GetParameterValues; nothing is asked where nothing is counted. */
async function countedNow(model: AgentModel, counters: readonly Counter[]): Promise<ReadonlyMap<string, string>> {
  if (model.cpe === undefined || counters.length === 0) return new Map();
  const { values } = await readValues(model.cpe.access, [...new Set(counters.map(({ name }) => name))]);
  return new Map([...values].map(([name, { Value }]) => [name, Value]));
}

/** Whether the CPE has told of more or fewer rows than are known. */
function countsOthers(
  model: AgentModel,
  counters: readonly Counter[],
  told: (name: string) => string | undefined,
): boolean {
  const { cpe } = model;
  return counters.some(({ name, table }) => {
    const count = told(name);
    return count !== undefined && Number(count) !== (cpe?.tree.objects.get(table)?.instances.length ?? 0);
  });
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
