// GetInstances (R-GIN.*): rows of tables with their unique keys. One read fetches the keys of all rows.
import { lastNameOf, rowOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject } from '../../path/path.ts';
import { keyNames } from '../../mapping/supported.ts';
import { codes } from '../../usp/codes.ts';
import type {
  CurrInstance,
  GetInstancesRequest,
  GetInstancesResp,
  RequestedInstancesResult,
} from '../../usp/messages/get-instances.ts';
import type { AgentModel } from '../model.ts';
import { resolveObjects } from '../resolver.ts';
import { problem, type ResolveProblem } from '../search.ts';

type Found = { readonly ok: true; readonly rows: readonly string[] } | ResolveProblem;

export async function getInstances(
  model: AgentModel,
  { obj_paths, first_level_only }: GetInstancesRequest,
): Promise<GetInstancesResp> {
  const found: Found[] = [];
  for (const path of obj_paths) found.push(await find(model, path, first_level_only));
  const all = [...new Set(found.flatMap((one) => (one.ok ? one.rows : [])))];
  const keys = await uniqueKeys(model, all);
  return {
    kind: 'get_instances_resp',
    req_path_results: obj_paths.map((requested_path, index): RequestedInstancesResult => {
      const one = found[index] ?? problem(codes.internalError, '');
      if (!one.ok) return { requested_path, err_code: one.code, err_msg: one.why, curr_insts: [] };
      const curr_insts = one.rows.map((row): CurrInstance => ({
        instantiated_obj_path: row,
        unique_keys: keys.get(row) ?? new Map(),
      }));
      return { requested_path, err_code: 0, err_msg: '', curr_insts };
    }),
  };
}

async function find(model: AgentModel, text: string, firstLevelOnly: boolean): Promise<Found> {
  const parsed = parsePath(text);
  if (!parsed.ok) return problem(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = asObject(parsed.path);
  if (leaf.kind !== 'object') return problem(codes.objectIsNotTable, `a ${leaf.kind} has no instances`);
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return resolved;
  if (resolved.objects.length === 0 && !resolved.searched) return problem(codes.objectDoesNotExist, 'no such object');
  const rows: string[] = [];
  for (const object of resolved.objects) {
    if (!model.isTable(object) && tablesBelow(model, object).length === 0) {
      return problem(codes.objectIsNotTable, `${lastNameOf(object)} is no table and holds none`);
    }
    await model.freshen(object);
    if (model.isTable(object)) collectTable(model, object, !firstLevelOnly, rows);
    else collectBelow(model, object, !firstLevelOnly, rows);
  }
  return { ok: true, rows };
}

function tablesBelow(model: AgentModel, object: string): readonly string[] {
  const general = model.object(object)?.path ?? '';
  return [...model.supported.objects.keys()].filter(
    (path) => path.startsWith(general) && path !== general && path.endsWith('{i}.'),
  );
}

function collectTable(model: AgentModel, table: string, nested: boolean, rows: string[]): void {
  for (const number of model.rows(table)) {
    const row = rowOf(table, number);
    rows.push(row);
    if (nested) collectBelow(model, row, true, rows);
  }
}

/** Rows of the tables below an object that is none; single objects in between are passed through. */
function collectBelow(model: AgentModel, object: string, nested: boolean, rows: string[]): void {
  for (const child of model.below(object)) {
    if (/\.[0-9]+\.$/.test(child)) {
      rows.push(child);
      if (nested) collectBelow(model, child, true, rows);
    } else collectBelow(model, child, nested, rows);
  }
}

/** Values of the unique keys of rows; what a CPE does not tell is left out. */
export async function uniqueKeys(
  model: AgentModel,
  rows: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const names = new Map(
    rows.map((row) => {
      const object = model.object(row);
      const present =
        object === undefined ? [] : keyNames(object).filter((name) => model.presence(row + name) !== 'absent');
      return [row, present];
    }),
  );
  const values = await model.read([...names].flatMap(([row, present]) => present.map((name) => row + name)));
  return new Map(
    [...names].map(([row, present]) => {
      const keys = new Map<string, string>();
      for (const name of present) {
        const value = values.get(row + name);
        if (value?.kind === 'value') keys.set(name, value.value);
      }
      return [row, keys];
    }),
  );
}
