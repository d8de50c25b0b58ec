// Get (R-GET.*): values by path. One answer for each path asked, in order; a failure is the path's own, never the
// message's. All paths together cost one round of reads.
import { objectOrRow } from '../../mapping/supported.ts';
import { generalise } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import type { Path } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { GetRequest, GetResp, RequestedPathResult, ResolvedPathResult } from '../../usp/messages/get.ts';
import { uspFault } from '../faults.ts';
import type { AgentModel, ObjectPart, ObjectValues } from '../model.ts';
import { refused, type Refused } from '../problem.ts';
import { isHidden } from '../permissions/refusal.ts';
import { resolveObjects } from '../resolver.ts';

interface Found {
  readonly ok: true;
  readonly parts: readonly ObjectPart[];
  /** The Controller named the very parameter: its absence is an error. */
  readonly named: boolean;
}

export async function get(model: AgentModel, { param_paths, max_depth }: GetRequest): Promise<GetResp> {
  const found: (Found | Refused)[] = [];
  for (const path of param_paths) found.push(await find(model, path, max_depth));
  const values = await model.readObjects(found.flatMap((one) => (one.ok ? one.parts : [])));
  return {
    kind: 'get_resp',
    req_path_results: param_paths.map((path, index) => {
      const one = found[index] ?? refused(codes.internalError, '');
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

async function find(model: AgentModel, text: string, maxDepth: number): Promise<Found | Refused> {
  const parsed = parsePath(text);
  if (!parsed.ok) return refused(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = parsed.path;
  // What the Controller may not read is to it as if it were not in the model (R-GET.1); no CPE is asked.
  if (isHidden(model.supported, model.rights, text))
    return refused(codes.invalidPath, `not in the model${model.limits}`);
  switch (leaf.kind) {
    case 'object':
      return below(model, parsed.path, maxDepth);
    case 'parameter-or-object':
      return parameterOrObject(model, { segments, leaf }, leaf.name, maxDepth);
    case 'command':
    case 'event':
      return refused(codes.invalidPath, `a ${leaf.kind} has no value`);
  }
}

async function parameterOrObject(
  model: AgentModel,
  { segments }: Path,
  name: string,
  maxDepth: number,
): Promise<Found | Refused> {
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return resolved;
  const { objects, searched, kind } = resolved;
  // Without objects to look at, the model still says what the name would be.
  const owners = kind === undefined ? objects.map((object) => generalise(object)) : [kind];
  if (owners.some((owner) => objectOrRow(model.supported, `${owner}${name}.`) !== undefined)) {
    return below(model, { segments: [...segments, { kind: 'name', name }], leaf: { kind: 'object' } }, maxDepth);
  }
  const isKnown = owners.some((owner) => model.supported.objects.get(owner)?.parameters.has(name) === true);
  if (!isKnown && owners.length > 0) {
    return refused(codes.invalidPath, `${name} is not in the model${model.limits}`);
  }
  if (objects.length === 0 && !searched) return refused(codes.invalidPath, 'no such object');
  const there = objects.filter((object) => model.presence(object + name) !== 'absent');
  for (const object of there) await model.freshenCounted(object + name);
  if (there.length === 0 && !searched) return refused(codes.invalidPath, `${name} is not there`);
  return { ok: true, parts: there.map((object) => ({ object, names: [name] })), named: !searched };
}

async function below(model: AgentModel, { segments }: Path, maxDepth: number): Promise<Found | Refused> {
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return resolved;
  if (resolved.objects.length === 0 && !resolved.searched) return refused(codes.invalidPath, 'no such object');
  const parts: ObjectPart[] = [];
  const depth = maxDepth === 0 ? Number.POSITIVE_INFINITY : maxDepth;
  for (const object of resolved.objects) {
    if (reachesRows(model, object, depth)) await model.freshen(object);
    if (model.isTable(object) && model.parameters(object).length === 0) {
      for (const row of model.rows(object)) collect(model, `${object}${row}.`, depth, parts);
    } else collect(model, object, depth, parts);
  }
  return { ok: true, parts, named: false };
}

/** Whether rows count that may have come or gone: they do not where only an object's own parameters are asked for. */
const reachesRows = (model: AgentModel, object: string, depth: number): boolean =>
  model.hasTables(object) && (depth > 1 || model.isTable(object));

/** Level 1 is the object's own parameters (R-GET.5); a row counts with its table as one level. */
function collect(model: AgentModel, object: string, depth: number, parts: ObjectPart[]): void {
  parts.push({ object, names: model.parameters(object) });
  if (depth <= 1) return;
  for (const child of model.below(object)) collect(model, child, depth - 1, parts);
}

function answer(requested: string, { parts, named }: Found, values: ObjectValues): RequestedPathResult {
  const byObject = new Map<string, Map<string, string>>();
  for (const { object, names } of parts) {
    const params = byObject.get(object) ?? new Map<string, string>();
    const ofObject = values.get(object);
    for (const name of names) {
      const value = ofObject?.get(name);
      if (value?.kind === 'value') {
        params.set(name, value.value);
      } else if (value?.kind === 'failed') {
        const { code, text } = uspFault(value.failure, 'read');
        return failure(requested, code, text);
      } else if (named) return failure(requested, codes.invalidPath, `the device has no ${generalise(object + name)}`);
    }
    if (params.size > 0) byObject.set(object, params);
  }
  const resolved_path_results = [...byObject].map(([resolved_path, result_params]): ResolvedPathResult => ({
    resolved_path,
    result_params,
  }));
  return { requested_path: requested, err_code: 0, err_msg: '', resolved_path_results };
}
