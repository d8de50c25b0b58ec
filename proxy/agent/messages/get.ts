// Get (R-GET.*): values by path. One answer for each path asked, in order; a failure is the path's own, never the
// message's. All paths together cost one round of reads.
import type { ViewValue } from '../../mapping/view.ts';
import { generalise, lastNameOf, parentOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import type { Path } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { GetRequest, GetResp, RequestedPathResult, ResolvedPathResult } from '../../usp/messages/get.ts';
import { uspFault } from '../faults.ts';
import type { AgentModel } from '../model.ts';
import { resolveObjects } from '../resolver.ts';
import { problem, type ResolveProblem } from '../search.ts';

interface Found {
  readonly ok: true;
  /** Full paths of parameters. */
  readonly parameters: readonly string[];
  /** The Controller named the very parameter: its absence is an error. */
  readonly named: boolean;
}

export async function get(model: AgentModel, { param_paths, max_depth }: GetRequest): Promise<GetResp> {
  const found: (Found | ResolveProblem)[] = [];
  for (const path of param_paths) found.push(await find(model, path, max_depth));
  const wanted = new Set(found.flatMap((one) => (one.ok ? one.parameters : [])));
  const values = await model.read([...wanted]);
  return {
    kind: 'get_resp',
    req_path_results: param_paths.map((path, index) => {
      const one = found[index] ?? problem(codes.internalError, '');
      return one.ok ? answer(path, one, values) : failure(path, one.code, one.why);
    }),
  };
}

const failure = (requested_path: string, err_code: number, err_msg: string): RequestedPathResult => ({
  requested_path,
  err_code,
  err_msg,
  resolved_path_results: [],
});

async function find(model: AgentModel, text: string, maxDepth: number): Promise<Found | ResolveProblem> {
  const parsed = parsePath(text);
  if (!parsed.ok) return problem(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = parsed.path;
  switch (leaf.kind) {
    case 'object':
      return below(model, parsed.path, maxDepth);
    case 'parameter-or-object':
      return parameterOrObject(model, { segments, leaf }, leaf.name, maxDepth);
    case 'command':
    case 'event':
      return problem(codes.invalidPath, `a ${leaf.kind} has no value`);
  }
}

async function parameterOrObject(
  model: AgentModel,
  { segments }: Path,
  name: string,
  maxDepth: number,
): Promise<Found | ResolveProblem> {
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return resolved;
  const { objects, searched } = resolved;
  const isObject = objects.some((object) => model.object(`${object}${name}.`) !== undefined);
  if (isObject)
    return below(model, { segments: [...segments, { kind: 'name', name }], leaf: { kind: 'object' } }, maxDepth);
  const parameters = objects.map((object) => object + name);
  if (objects.length === 0 && searched) return { ok: true, parameters: [], named: true };
  if (!parameters.some((path) => model.parameter(path) !== undefined)) {
    return problem(codes.invalidPath, objects.length === 0 ? 'no such object' : `${name} is not in the model`);
  }
  const there = parameters.filter((path) => model.presence(path) !== 'absent');
  if (there.length === 0 && !searched) return problem(codes.invalidPath, `${name} is not there`);
  return { ok: true, parameters: there, named: !searched };
}

async function below(model: AgentModel, { segments }: Path, maxDepth: number): Promise<Found | ResolveProblem> {
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return resolved;
  if (resolved.objects.length === 0 && !resolved.searched) return problem(codes.invalidPath, 'no such object');
  const parameters: string[] = [];
  const depth = maxDepth === 0 ? Number.POSITIVE_INFINITY : maxDepth;
  for (const object of resolved.objects) {
    if (model.hasTables(object)) await model.freshen(object);
    if (model.isTable(object) && model.parameters(object).length === 0) {
      for (const row of model.rows(object)) collect(model, `${object}${row}.`, depth, parameters);
    } else collect(model, object, depth, parameters);
  }
  return { ok: true, parameters, named: false };
}

/** Level 1 is the object's own parameters (R-GET.5); a row counts with its table as one level. */
function collect(model: AgentModel, object: string, depth: number, parameters: string[]): void {
  for (const name of model.parameters(object)) parameters.push(object + name);
  if (depth <= 1) return;
  for (const child of model.below(object)) collect(model, child, depth - 1, parameters);
}

function answer(
  requested: string,
  { parameters, named }: Found,
  values: ReadonlyMap<string, ViewValue>,
): RequestedPathResult {
  const byObject = new Map<string, Map<string, string>>();
  for (const path of parameters) {
    const value = values.get(path);
    if (value?.kind === 'value') {
      const object = parentOf(path);
      const params = byObject.get(object) ?? new Map<string, string>();
      params.set(lastNameOf(path), value.value);
      byObject.set(object, params);
    } else if (value?.kind === 'failed') {
      const { code, text } = uspFault(value.failure, 'read');
      return failure(requested, code, text);
    } else if (named) return failure(requested, codes.invalidPath, `the device has no ${generalise(path)}`);
  }
  const resolved_path_results = [...byObject].map(([resolved_path, result_params]): ResolvedPathResult => ({
    resolved_path,
    result_params,
  }));
  return { requested_path: requested, err_code: 0, err_msg: '', resolved_path_results };
}
