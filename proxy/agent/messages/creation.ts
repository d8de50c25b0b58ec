// One row that an Add is to make: planned and judged before anything is sent.
import { keyNames } from '../../mapping/supported.ts';
import { lastNameOf, rowOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { CreateObject } from '../../usp/messages/add.ts';
import { failedRequired } from '../failure.ts';
import { isLocal } from '../local-agent/objects.ts';
import type { AgentModel } from '../model.ts';
import type { Problem } from '../problem.ts';
import { resolveObjects } from '../resolver.ts';
import { judgeSettings, type Setting } from '../settings.ts';

export interface Creation {
  readonly requested: CreateObject;
  /** A concrete table. */
  readonly table: string;
  settings: readonly Setting[];
  /** Path of the row while it is there. */
  row: string | undefined;
  /** Why there is no row; undefined while nothing has failed. */
  problem: Problem | undefined;
}

/** A row that is not there yet has no number: no CPE has a row 0. */
export const plannedRow = (table: string): string => `${table}0.`;

/** One row for each table that the path finds; none where a search finds no table (R-MSG.4a). */
export async function planCreations(model: AgentModel, requested: CreateObject): Promise<readonly Creation[]> {
  const fail = (code: number, why: string): readonly Creation[] => [
    { requested, table: requested.obj_path, settings: [], row: undefined, problem: { code, why } },
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
    if (/^[0-9]+$/.test(lastNameOf(table))) return fail(codes.objectNotCreated, 'the path names rows, not a table');
    if (!model.isTable(table)) return fail(codes.objectIsNotTable, 'the object is no table');
    if (!model.isCreatable(table)) return fail(codes.nonCreatableObject, 'rows of this table cannot be created');
    creations.push(await judgeCreation(model, requested, table));
  }
  return creations;
}

/** Judges the values against the row that will be; a unique key counts as required whatever the message says (R-ADD.7). */
async function judgeCreation(model: AgentModel, requested: CreateObject, table: string): Promise<Creation> {
  await model.freshen(table);
  const object = model.object(table);
  const keys = object === undefined ? [] : keyNames(object);
  const settings = requested.param_settings.map((setting) => ({
    ...setting,
    required: setting.required || keys.includes(setting.param),
  }));
  const judged = await judgeSettings(model, plannedRow(table), settings, true);
  return { requested, table, settings: judged, row: undefined, problem: failedRequired(judged)[0]?.problem };
}

interface GivenKey {
  readonly names: readonly string[];
  /** Of these rows only enabled ones must differ; undefined: all must. */
  readonly enable: string | undefined;
  readonly values: string;
}

/** The keys of which the message gives every part. A row that is not switched on may share its functional keys. */
function givenKeys(model: AgentModel, { table, settings }: Creation): readonly GivenKey[] {
  const object = model.object(table);
  const given = new Map(settings.map(({ param, value }) => [param, value]));
  return (object?.uniqueKeys ?? []).flatMap(({ functional, names }) => {
    const enable = functional ? object?.enableParameter : undefined;
    const counts = enable === undefined || given.get(enable) === 'true';
    if (!counts || !names.every((name) => given.has(name))) return [];
    return [{ names, enable, values: JSON.stringify(names.map((name) => given.get(name))) }];
  });
}

/** Finds rows whose whole key another row has, be it one that is there or one that the message makes (7025). */
export async function refuseDuplicates(model: AgentModel, creations: readonly Creation[]): Promise<void> {
  const taken = new Map<string, Set<string>>();
  for (const creation of creations) {
    const { table } = creation;
    // LocalAgent looks after its own keys, of which it completes some.
    const keys = creation.problem === undefined && !isLocal(table) ? givenKeys(model, creation) : [];
    for (const key of keys) {
      const names = key.names.join(', ');
      const known = taken.get(`${table} ${names}`) ?? (await keysOfRows(model, table, key));
      taken.set(`${table} ${names}`, known);
      if (known.has(key.values)) {
        creation.problem ??= { code: codes.duplicateKey, why: `another row has the same ${names}` };
      }
      known.add(key.values);
    }
  }
}

async function keysOfRows(model: AgentModel, table: string, { names, enable }: GivenKey): Promise<Set<string>> {
  const rows = model.rows(table).map((number) => rowOf(table, number));
  const wanted = enable === undefined ? names : [...names, enable];
  const values = await model.read(rows.flatMap((row) => wanted.map((name) => row + name)));
  const valueOf = (path: string): string | undefined => {
    const value = values.get(path);
    return value?.kind === 'value' ? value.value : undefined;
  };
  const counting = rows.filter((row) => enable === undefined || valueOf(row + enable) === 'true');
  return new Set(counting.map((row) => JSON.stringify(names.map((name) => valueOf(row + name)))));
}
