// Set (R-SET.*): new values for parameters of objects that are there. With allow_partial=false the message is one; with
// true each obj_path is one by itself, however many objects it finds (R-SET.2a).
import { parsePath } from '../../path/parse.ts';
import { asObject } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { ErrorMsg } from '../../usp/messages/error.ts';
import type { SetRequest, SetResp, UpdatedObjectResult, UpdateObject } from '../../usp/messages/set.ts';
import { failedRequired, fullErrors, messageFailed, paramError, relativeErrors } from '../failure.ts';
import { changeLocal } from '../local-change.ts';
import type { AgentModel } from '../model.ts';
import type { Problem } from '../problem.ts';
import { resolveObjects } from '../resolver.ts';
import { askedSettings, type AskedSetting, learnBefore, type Setting, toSettings } from '../settings.ts';
import { refuseDuplicateKeys } from '../unique-keys.ts';
import { type Group, writeSettings } from '../write.ts';

interface Planned {
  readonly requested: UpdateObject;
  readonly objects: readonly string[];
  readonly asked: readonly AskedSetting[];
  /** The path itself failed. */
  readonly problem: Problem | undefined;
}
interface Update extends Planned {
  readonly settings: readonly Setting[];
}

export async function set(model: AgentModel, request: SetRequest): Promise<SetResp | ErrorMsg> {
  const planned: Planned[] = [];
  for (const requested of request.update_objs) planned.push(await plan(model, requested));
  await learnBefore(
    model,
    planned.flatMap(({ asked }) => asked),
  );
  const updates = planned.map((one): Update => ({ ...one, settings: toSettings(model, one.asked) }));
  if (!request.allow_partial) return setWhole(model, updates);
  await change(
    model,
    updates.map(({ settings }) => settings),
  );
  return { kind: 'set_resp', updated_obj_results: updates.map(result) };
}

async function plan(model: AgentModel, requested: UpdateObject): Promise<Planned> {
  const fail = (code: number, why: string): Planned => ({
    requested,
    objects: [],
    asked: [],
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
  const asked: AskedSetting[] = [];
  for (const object of resolved.objects) {
    asked.push(...(await askedSettings(model, object, requested.param_settings, false)));
  }
  return { requested, objects: resolved.objects, asked, problem: undefined };
}

async function setWhole(model: AgentModel, updates: readonly Update[]): Promise<SetResp | ErrorMsg> {
  const paths = updates.flatMap(({ requested, problem }) =>
    problem === undefined ? [] : [paramError(requested.obj_path, problem)],
  );
  if (paths.length > 0) return messageFailed(paths);
  const all = updates.flatMap(({ settings }) => settings);
  if (failedRequired(all).length === 0) await change(model, [all]);
  const failed = failedRequired(all);
  return failed.length > 0
    ? messageFailed(fullErrors(failed))
    : { kind: 'set_resp', updated_obj_results: updates.map(result) };
}

/** LocalAgent is changed twice: before, to know what it refuses; after, without what the CPE refused. */
async function change(model: AgentModel, groups: readonly Group[]): Promise<void> {
  await refuseDuplicateKeys(model, groups);
  const before = model.local.own;
  changeLocal(model, groups);
  const failedBefore = groups.filter((group) => failedRequired(group).length > 0).length;
  await writeSettings(model, groups);
  if (groups.filter((group) => failedRequired(group).length > 0).length === failedBefore) return;
  model.local.restore(before);
  changeLocal(model, groups);
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
          setting.problem === undefined && setting.readable ? [[setting.param, setting.shown] as const] : [],
        ),
      ),
    }));
    return { requested_path, oper_status: { kind: 'oper_success', updated_inst_results } };
  }
  const affected = [...new Set(failed.map(({ object }) => object))];
  return {
    requested_path,
    oper_status: {
      kind: 'oper_failure',
      err_code: problem?.code ?? codes.requiredParameterFailed,
      err_msg: problem?.why ?? 'a required parameter failed',
      updated_inst_failures: affected.map((affected_path) => ({
        affected_path,
        param_errs: relativeErrors(failed.filter(({ object }) => object === affected_path)),
      })),
    },
  };
}
