// Set (R-SET.*): new values for parameters of objects that are there. With allow_partial=false the message is one; with
// true each obj_path is one by itself, however many objects it finds (R-SET.2a).
import { parsePath } from '../../path/parse.ts';
import { asObject } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { ErrorMsg } from '../../usp/messages/error.ts';
import type { SetRequest, SetResp, UpdatedObjectResult, UpdateObject } from '../../usp/messages/set.ts';
import { failedRequired, fullErrors, messageFailed, paramError, relativeErrors } from '../failure.ts';
import { isLocal } from '../local-agent/objects.ts';
import type { AgentModel } from '../model.ts';
import { resolveObjects } from '../resolver.ts';
import { judgeSettings, type Problem, type Setting } from '../settings.ts';
import { writeSettings } from '../write.ts';

interface Update {
  readonly requested: UpdateObject;
  readonly objects: readonly string[];
  readonly settings: readonly Setting[];
  /** The path itself failed. */
  readonly problem: Problem | undefined;
}

export async function set(model: AgentModel, request: SetRequest): Promise<SetResp | ErrorMsg> {
  const updates: Update[] = [];
  for (const requested of request.update_objs) updates.push(await plan(model, requested));
  return request.allow_partial ? setPartly(model, updates) : setWhole(model, updates);
}

async function plan(model: AgentModel, requested: UpdateObject): Promise<Update> {
  const fail = (code: number, why: string): Update => ({
    requested,
    objects: [],
    settings: [],
    problem: { code, why },
  });
  const parsed = parsePath(requested.obj_path);
  if (!parsed.ok) return fail(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = asObject(parsed.path);
  if (leaf.kind !== 'object') return fail(codes.invalidPath, `a ${leaf.kind} cannot be set`);
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return fail(resolved.code, resolved.why);
  if (resolved.objects.length === 0 && !resolved.searched) return fail(codes.objectDoesNotExist, 'no such object');
  const table = resolved.objects.find((object) => model.isTable(object));
  if (table !== undefined) return fail(codes.invalidPath, 'a table is not an object that can be set');
  const settings: Setting[] = [];
  for (const object of resolved.objects) {
    settings.push(...(await judgeSettings(model, object, requested.param_settings, false)));
  }
  return { requested, objects: resolved.objects, settings, problem: undefined };
}

async function setWhole(model: AgentModel, updates: readonly Update[]): Promise<SetResp | ErrorMsg> {
  const all = updates.flatMap(({ settings }) => settings);
  const paths = updates.flatMap(({ requested, problem }) =>
    problem === undefined ? [] : [paramError(requested.obj_path, problem)],
  );
  if (paths.length > 0) return messageFailed(paths);
  const hopeless = (): ErrorMsg | undefined => {
    const failed = failedRequired(all);
    return failed.length === 0 ? undefined : messageFailed(fullErrors(failed));
  };
  changeLocal(model, all);
  const early = hopeless();
  if (early !== undefined) return early;
  // A required parameter that the CPE refuses ends the message: nothing else is to be sent.
  const written = await writeSettings(model, all, (blamed) => (blamed.some(({ required }) => required) ? all : []));
  if (written.kind === 'refused') {
    const sent = all.filter(({ problem, cpe }) => problem === undefined && cpe.length > 0);
    return messageFailed(sent.map(({ path }) => paramError(path, written.problem)));
  }
  return hopeless() ?? { kind: 'set_resp', updated_obj_results: updates.map(result) };
}

async function setPartly(model: AgentModel, updates: readonly Update[]): Promise<SetResp> {
  const all = updates.flatMap(({ settings }) => settings);
  const ofUpdate = (setting: Setting): readonly Setting[] =>
    updates.find(({ settings }) => settings.includes(setting))?.settings ?? [];
  for (const { settings } of updates) if (failedRequired(settings).length > 0) drop(settings);
  changeLocal(model, all);
  const written = await writeSettings(model, all, (blamed) =>
    blamed.filter(({ required }) => required).flatMap(ofUpdate),
  );
  // Where the CPE names nobody, each obj_path has to be tried by itself.
  if (written.kind === 'refused') {
    for (const { settings } of updates) {
      const alone = await writeSettings(model, settings, (blamed) =>
        blamed.some(({ required }) => required) ? settings : [],
      );
      if (alone.kind === 'refused') for (const setting of settings) setting.problem ??= alone.problem;
    }
  }
  return { kind: 'set_resp', updated_obj_results: updates.map(result) };
}

function drop(settings: readonly Setting[]): void {
  for (const setting of settings) {
    setting.problem ??= {
      code: codes.requiredParameterFailed,
      why: 'not written: a required parameter of its object failed',
    };
  }
}

/** Rows of LocalAgent take their values at once, in memory; they are stored when the whole message has succeeded. */
function changeLocal(model: AgentModel, settings: readonly Setting[]): void {
  const byObject = new Map<string, Setting[]>();
  for (const setting of settings) {
    if (!isLocal(setting.path) || setting.problem !== undefined) continue;
    byObject.set(setting.object, [...(byObject.get(setting.object) ?? []), setting]);
  }
  for (const [object, changed] of byObject) {
    const values = Object.fromEntries(changed.map(({ param, value }) => [param, value]));
    const problem = model.local.change(object, values);
    if (problem !== undefined) for (const setting of changed) setting.problem = problem;
  }
}

function result({ requested, objects, settings, problem }: Update): UpdatedObjectResult {
  const requested_path = requested.obj_path;
  const of = (object: string): readonly Setting[] => settings.filter((setting) => setting.object === object);
  const failed = failedRequired(settings);
  if (problem === undefined && failed.length === 0) {
    const updated_inst_results = objects.map((affected_path) => ({
      affected_path,
      param_errs: relativeErrors(of(affected_path)),
      updated_params: new Map(
        of(affected_path).flatMap((setting) =>
          setting.problem === undefined ? [[setting.param, setting.value] as const] : [],
        ),
      ),
    }));
    return { requested_path, oper_status: { kind: 'oper_success', updated_inst_results } };
  }
  const inner = failed.filter((setting) => setting.problem?.code !== codes.requiredParameterFailed);
  const affected = [...new Set(inner.map(({ object }) => object))];
  return {
    requested_path,
    oper_status: {
      kind: 'oper_failure',
      err_code: problem?.code ?? codes.requiredParameterFailed,
      err_msg: problem?.why ?? 'a required parameter failed',
      updated_inst_failures: affected.map((affected_path) => ({
        affected_path,
        param_errs: relativeErrors(inner.filter(({ object }) => object === affected_path)),
      })),
    },
  };
}
