// One row that an Add is to make: planned and judged before anything is sent.
import { keyNames } from '../../mapping/supported.ts';
import type { RowCreation } from '../../mapping/view.ts';
import { rowNumberOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { CreateObject } from '../../usp/messages/add.ts';
import { failedRequired } from '../failure.ts';
import { isLocal } from '../local-agent/root.ts';
import type { AgentModel } from '../model.ts';
import { denied } from '../permissions/denied.ts';
import type { Problem } from '../problem.ts';
import { resolveObjects } from '../resolver.ts';
import { askedSettings, type AskedSetting, learnBefore, type Making, type Setting, toSettings } from '../settings.ts';
import { duplicate, keysOf, keyText, readKeys, rowsOf, type TableKey } from '../unique-keys.ts';

/** How a table of the CPE's gets a row. */
export type Way = Exclude<RowCreation, { readonly kind: 'refused' }>;

export interface Creation {
  readonly requested: CreateObject;
  /** A concrete table. */
  readonly table: string;
  readonly asked: readonly AskedSetting[];
  /** Undefined for a row of LocalAgent. */
  readonly way: Way | undefined;
  settings: readonly Setting[];
  /** What makes a row of one that the CPE has, unused: written with the settings. */
  claim: Setting | undefined;
  /** Path of the row while it is there. */
  row: string | undefined;
  /** Path of the object that AddObject made at the CPE. */
  cpeRow: string | undefined;
  /** Why there is no row; undefined while nothing has failed. */
  problem: Problem | undefined;
}

/** A row that is not there yet has no number: no CPE has a row 0. */
export const plannedRow = (table: string): string => `${table}0.`;

/** Judged and ready to be made, or with the reason why not. */
export async function planCreations(
  model: AgentModel,
  requests: readonly CreateObject[],
): Promise<readonly Creation[]> {
  const creations: Creation[] = [];
  for (const requested of requests) creations.push(...(await planOne(model, requested)));
  refuseSecondClaims(creations);
  await learnBefore(
    model,
    creations.flatMap(({ asked, way }) => asked.map((one) => ({ ...one, making: makingOf(way) }))),
  );
  for (const creation of creations) {
    // Of a row that cannot be made only what is wrong by itself is told.
    const { problem, asked } = creation;
    const judged = problem === undefined ? asked : asked.filter((one) => one.problem !== undefined);
    creation.settings = toSettings(model, judged, makingOf(creation.way));
    creation.problem ??= failedRequired(creation.settings)[0]?.problem;
  }
  await refuseDuplicates(model, creations);
  return creations;
}

const makingOf = (way: Way | undefined): Making | undefined => (way?.kind === 'object' ? way : undefined);

const planned = (requested: CreateObject, table: string, rest: Partial<Creation>): Creation => ({
  requested,
  table,
  asked: [],
  way: undefined,
  settings: [],
  claim: undefined,
  row: undefined,
  cpeRow: undefined,
  problem: undefined,
  ...rest,
});

/** One row for each table that the path finds; none where a search finds no table (R-MSG.4a). */
async function planOne(model: AgentModel, requested: CreateObject): Promise<readonly Creation[]> {
  const fail = (code: number, why: string): readonly Creation[] => [
    planned(requested, requested.obj_path, { problem: { code, why } }),
  ];
  const parsed = parsePath(requested.obj_path);
  if (!parsed.ok) return fail(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = asObject(parsed.path);
  if (leaf.kind !== 'object') return fail(codes.objectIsNotTable, `a ${leaf.kind} is no table`);
  if (segments.at(-1)?.kind === 'instance') return fail(codes.objectNotCreated, 'the path names a row, not a table');
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return fail(resolved.code, resolved.why);
  if (resolved.objects.length === 0 && !resolved.searched) return fail(codes.objectDoesNotExist, 'no such table');
  const creations: Creation[] = [];
  for (const table of resolved.objects) {
    if (rowNumberOf(table) !== undefined) return fail(codes.objectNotCreated, 'the path names rows, not a table');
    if (!model.isTable(table)) return fail(codes.objectIsNotTable, 'the object is no table');
    if (!model.isCreatable(table)) return fail(codes.nonCreatableObject, 'rows of this table cannot be created');
    creations.push(
      model.rights.object(table).w
        ? await planRow(model, requested, table)
        : planned(requested, table, { problem: denied('create rows') }),
    );
  }
  return creations;
}

/** A unique key counts as required whatever the message says (R-ADD.7). */
async function planRow(model: AgentModel, requested: CreateObject, table: string): Promise<Creation> {
  await model.freshen(table);
  const object = model.object(table);
  const keys = object === undefined ? [] : keyNames(object);
  const settings = requested.param_settings.map((setting) => ({
    ...setting,
    required: setting.required || keys.includes(setting.param),
  }));
  const asked = await askedSettings(model, plannedRow(table), settings, true);
  if (isLocal(table)) return planned(requested, table, { asked });
  const given = asked.filter(({ problem }) => problem === undefined).map(({ param, value }) => [param, value] as const);
  const way = model.cpe?.view.creation(table, new Map(given));
  if (way === undefined) return planned(requested, table, { asked, problem: NOT_CREATABLE });
  if (way.kind === 'refused') {
    // What is wrong with a value is told of the value.
    const problem = asked.find((one) => one.required && one.problem !== undefined)?.problem;
    return planned(requested, table, { asked, problem: problem ?? { code: way.code, why: way.why } });
  }
  if (way.kind === 'object') return planned(requested, table, { asked, way });
  const { row } = way;
  const there = asked.map((one) => ({ ...one, object: row, path: row + one.param }));
  return planned(requested, table, { asked: there, way });
}

const NOT_CREATABLE: Problem = { code: codes.nonCreatableObject, why: 'rows of this table cannot be created' };

/** The view sees that a row is taken when it is written: until then it offers the same one. */
function refuseSecondClaims(creations: readonly Creation[]): void {
  const claimed = new Set<string>();
  for (const creation of creations) {
    if (creation.way?.kind !== 'claim') continue;
    const { row } = creation.way;
    if (claimed.has(row)) {
      creation.problem ??= { code: codes.objectNotCreated, why: 'of this table one message can create one row only' };
    }
    claimed.add(row);
  }
}

/** The keys of which the message gives every part. */
function givenKeys(model: AgentModel, { table, settings }: Creation): readonly TableKey[] {
  const given = new Set(settings.map(({ param }) => param));
  return keysOf(model, table).filter(({ names }) => names.every((name) => given.has(name)));
}

/** Finds rows whose whole key another row has, be it one that is there or one that the message makes (7025). */
async function refuseDuplicates(model: AgentModel, creations: readonly Creation[]): Promise<void> {
  // It found none when the request began; the rows that are there now may be its own.
  if (model.cpe?.access.resumed === true) return;
  const taken = new Map<string, Set<string>>();
  for (const creation of creations) {
    const { table, settings } = creation;
    // LocalAgent looks after its own keys, of which it completes some.
    if (creation.problem !== undefined || isLocal(table)) continue;
    const given = new Map(settings.map(({ param, value }) => [param, value]));
    for (const key of givenKeys(model, creation)) {
      const text = keyText(model, key, plannedRow(table), (_row, name) => given.get(name));
      if (text === undefined) continue;
      const name = `${table} ${key.names.join()}`;
      const known = taken.get(name) ?? (await keysOfRows(model, key));
      taken.set(name, known);
      if (known.has(text)) creation.problem ??= duplicate(key);
      known.add(text);
    }
  }
}

async function keysOfRows(model: AgentModel, key: TableKey): Promise<Set<string>> {
  const values = await readKeys(model, key);
  return new Set(rowsOf(model, key.table).flatMap((row) => keyText(model, key, row, values) ?? []));
}
