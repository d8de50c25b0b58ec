// Unique keys of the CPE's tables: no two rows have the same whole key (7025). A functional key counts for rows that are
// switched on only (TR-106 "enableParameter"). A CPE may not look after this itself, so it is read before it is written.
// Keys that only name a row, Alias among them, never come here in a Set: they do not change (R-KEY.1).
import type { UniqueKey } from '../mapping/supported.ts';
import { lastNameOf, parentOf, rowNumberOf, rowOf } from '../path/concrete.ts';
import type { ValueType } from '../path/value-type.ts';
import { codes } from '../usp/codes.ts';
import { isLocal } from './local-agent/root.ts';
import type { AgentModel } from './model.ts';
import type { Problem } from './problem.ts';
import type { Setting } from './settings.ts';
import { dropFailed, type Group } from './write.ts';

/** Rows that pass their keys on in a chain fail one after the other; what is left after so many is the CPE's to refuse. */
const MOST_ROUNDS = 16;

/** A unique key of the rows of one table. */
export interface TableKey {
  readonly table: string;
  readonly names: readonly string[];
  /** Of these rows only enabled ones must differ; undefined: all must. */
  readonly enable: string | undefined;
}

/** The value of a row's parameter; undefined where the row has none. */
export type ValueOf = (row: string, name: string) => string | undefined;

/** The keys of a table. */
export function keysOf(model: AgentModel, table: string): readonly TableKey[] {
  const object = model.object(table);
  return (object?.uniqueKeys ?? []).map(({ functional, names }: UniqueKey) => ({
    table,
    names,
    enable: functional ? object?.enableParameter : undefined,
  }));
}

export const duplicate = ({ names }: TableKey): Problem => ({
  code: codes.duplicateKey,
  why: `another row has the same ${names.join(', ')}`,
});

/** Values that are one value to their type are one text. */
function sameText(type: ValueType | undefined, value: string): string {
  if (type?.equality === 'path') return value.replace(/\.$/, '');
  return type?.equality === 'any-case' || type?.base === 'hexBinary' ? value.toLowerCase() : value;
}

/** A row's key as one text; undefined while the key does not count or is not whole. */
export function keyText(model: AgentModel, key: TableKey, row: string, valueOf: ValueOf): string | undefined {
  if (key.enable !== undefined && valueOf(row, key.enable) !== 'true') return undefined;
  const texts: string[] = [];
  for (const name of key.names) {
    const value = valueOf(row, name);
    if (value === undefined) return undefined;
    texts.push(sameText(model.parameter(row + name)?.type, value));
  }
  return JSON.stringify(texts);
}

/** What the rows of a table have now in a key: one read for all. */
export async function readKeys(model: AgentModel, { table, names, enable }: TableKey): Promise<ValueOf> {
  const wanted = enable === undefined ? names : [...names, enable];
  const values = await model.lookUp(rowsOf(model, table).map((object) => ({ object, names: wanted })));
  return (row, name) => {
    const value = values.get(row)?.get(name);
    return value?.kind === 'value' ? value.value : undefined;
  };
}

export const rowsOf = (model: AgentModel, table: string): readonly string[] =>
  model.rows(table).map((number) => rowOf(table, number));

/** Refuses settings that would give a row the key of another. What a group loses by it may leave a key to another row. */
export async function refuseDuplicateKeys(model: AgentModel, groups: readonly Group[]): Promise<void> {
  for (const group of groups) dropFailed(group);
  const settings = groups.flat().filter(({ path, problem }) => problem === undefined && !isLocal(path));
  const keys = touchedKeys(model, settings);
  for (const table of new Set(keys.map((key) => key.table))) await model.freshen(table);
  let again = keys.length > 0;
  for (let round = 0; again && round < MOST_ROUNDS; round += 1) {
    again = await refuseSome(model, keys, settings);
    for (const group of groups) dropFailed(group);
  }
}

/** Keys of which the message sets a part. To switch a row on is left to the CPE's judgement: reading costs more. */
function touchedKeys(model: AgentModel, settings: readonly Setting[]): readonly TableKey[] {
  const touched = new Map<string, TableKey>();
  for (const { path } of settings) {
    const row = parentOf(path);
    if (rowNumberOf(row) === undefined) continue;
    for (const key of keysOf(model, parentOf(row))) {
      if (key.names.includes(lastNameOf(path))) touched.set(`${key.table} ${key.names.join()}`, key);
    }
  }
  return [...touched.values()];
}

/** True when something was refused. */
async function refuseSome(
  model: AgentModel,
  keys: readonly TableKey[],
  settings: readonly Setting[],
): Promise<boolean> {
  const active = settings.filter(({ problem }) => problem === undefined);
  const given = new Map(active.map(({ path, value }) => [path, value]));
  let refusedAny = false;
  for (const key of keys) {
    const now = await readKeys(model, key);
    const then: ValueOf = (row, name) => given.get(row + name) ?? now(row, name);
    const taken = new Set<string>();
    const changed = new Map<string, string>();
    for (const row of rowsOf(model, key.table)) {
      const text = keyText(model, key, row, then);
      if (text === undefined) continue;
      // Rows that a CPE already gave the same key are not the message's doing.
      if (text === keyText(model, key, row, now)) taken.add(text);
      else changed.set(row, text);
    }
    for (const row of inOrderOf(active, changed)) {
      const text = changed.get(row) ?? '';
      if (taken.has(text)) refusedAny = blame(active, key, row) || refusedAny;
      taken.add(text);
    }
  }
  return refusedAny;
}

/** Rows in the order of the message: of two that want one key the first gets it. */
const inOrderOf = (settings: readonly Setting[], rows: ReadonlyMap<string, string>): Iterable<string> =>
  new Set(settings.map(({ path }) => parentOf(path)).filter((row) => rows.has(row)));

function blame(active: readonly Setting[], key: TableKey, row: string): boolean {
  const guilty = active.filter(
    ({ path, problem }) => problem === undefined && parentOf(path) === row && key.names.includes(lastNameOf(path)),
  );
  for (const setting of guilty) setting.problem = duplicate(key);
  return guilty.length > 0;
}
