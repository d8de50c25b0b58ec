// GetInstances (R-GIN.*): rows of tables with their unique keys. One read fetches the keys of all rows.
import { lastNameOf, rowNumberOf, rowOf } from '../../path/concrete.ts';
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
import { refused, type Refused } from '../problem.ts';
import { resolveObjects } from '../resolver.ts';

type Found = { readonly ok: true; readonly rows: readonly string[] } | Refused;

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
      const one = found[index] ?? refused(codes.internalError, '');
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
  if (!parsed.ok) return refused(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = asObject(parsed.path);
  if (leaf.kind !== 'object') return refused(codes.objectIsNotTable, `a ${leaf.kind} has no instances`);
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return resolved;
  if (resolved.objects.length === 0 && !resolved.searched) return refused(codes.objectDoesNotExist, 'no such object');
  const rows: string[] = [];
  for (const object of resolved.objects) {
    const nested = !firstLevelOnly;
    if (!isRow(object) && !model.hasTables(object)) {
      return refused(codes.objectIsNotTable, `${lastNameOf(object)} is no table and holds none`);
    }
    if (model.hasTables(object)) await model.freshen(object);
    if (model.isTable(object))
      for (const number of model.rows(object)) collect(model, rowOf(object, number), nested, rows);
    else collect(model, object, nested, rows);
  }
  return { ok: true, rows: rows.filter((row) => model.rights.instance(row).r) };
}

const isRow = (object: string): boolean => rowNumberOf(object) !== undefined;

/** A row, and with `nested` those inside it; of an object that is none, the rows of its tables. */
function collect(model: AgentModel, object: string, nested: boolean, rows: string[]): void {
  if (isRow(object)) rows.push(object);
  if (isRow(object) && !nested) return;
  for (const child of model.below(object)) collect(model, child, nested, rows);
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
