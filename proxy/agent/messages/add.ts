// Add (R-ADD.*): new rows. CWMP makes a row first and takes its values afterwards, so that an Add that fails half-way is
// undone by deleting what it made (facts: cwmp-usp-translation §4.6).
import { lastNameOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject } from '../../path/path.ts';
import { keyNames } from '../../mapping/supported.ts';
import { codes } from '../../usp/codes.ts';
import type { AddRequest, AddResp, CreatedObjectResult, CreateObject } from '../../usp/messages/add.ts';
import type { ErrorMsg, ParamError } from '../../usp/messages/error.ts';
import { failedRequired, messageFailed, paramError, relativeErrors } from '../failure.ts';
import { isLocal } from '../local-agent/objects.ts';
import type { AgentModel } from '../model.ts';
import { resolveObjects } from '../resolver.ts';
import { addCpeRow, deleteCpeRow } from '../rows.ts';
import { judgeSettings, type Problem, type Setting } from '../settings.ts';
import { writeSettings } from '../write.ts';
import { uniqueKeys } from './get-instances.ts';

/** Who adds: the Controller's row in this very Agent. */
export interface Adder {
  readonly controllerPath: string;
}

/** One row to be made: of a concrete table. */
interface Creation {
  readonly requested: CreateObject;
  readonly table: string;
  settings: readonly Setting[];
  /** Path of the row once it is there. */
  row: string | undefined;
  problem: Problem | undefined;
}

export async function add(model: AgentModel, request: AddRequest, adder: Adder): Promise<AddResp | ErrorMsg> {
  const creations: Creation[] = [];
  for (const requested of request.create_objs) creations.push(...(await plan(model, requested)));
  if (request.allow_partial) await addEach(model, creations, adder);
  else {
    const error = await addWhole(model, creations, adder);
    if (error !== undefined) return error;
  }
  const keys = await uniqueKeys(
    model,
    creations.flatMap(({ row }) => row ?? []),
  );
  return { kind: 'add_resp', created_obj_results: creations.map((creation) => result(creation, keys)) };
}

async function plan(model: AgentModel, requested: CreateObject): Promise<Creation[]> {
  const fail = (code: number, why: string, table = requested.obj_path): Creation[] => [
    { requested, table, settings: [], row: undefined, problem: { code, why } },
  ];
  const parsed = parsePath(requested.obj_path);
  if (!parsed.ok) return fail(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = asObject(parsed.path);
  if (leaf.kind !== 'object') return fail(codes.objectIsNotTable, `a ${leaf.kind} is no table`);
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return fail(resolved.code, resolved.why);
  if (resolved.objects.length === 0 && !resolved.searched) return fail(codes.objectDoesNotExist, 'no such table');
  const creations: Creation[] = [];
  for (const table of resolved.objects) {
    if (/^[0-9]+$/.test(lastNameOf(table))) return fail(codes.objectNotCreated, 'the path names a row, not a table');
    if (!model.isTable(table)) return fail(codes.objectIsNotTable, 'the object is no table');
    if (!model.isCreatable(table)) return fail(codes.nonCreatableObject, 'rows of this table cannot be created');
    creations.push(await prepare(model, requested, table));
  }
  return creations;
}

/** Judges the values against the row that will be; a unique key counts as required whatever the message says. */
async function prepare(model: AgentModel, requested: CreateObject, table: string): Promise<Creation> {
  await model.freshen(table);
  const object = model.object(table);
  const keys = object === undefined ? [] : keyNames(object);
  const settings = requested.param_settings.map((setting) => ({
    ...setting,
    required: setting.required || keys.includes(setting.param),
  }));
  // A row that is not there yet has no number: the table's path with `0` is never a row of a CPE.
  const judged = await judgeSettings(model, `${table}0.`, settings, true);
  const creation: Creation = { requested, table, settings: judged, row: undefined, problem: undefined };
  const failed = failedRequired(judged)[0]?.problem;
  creation.problem = failed ?? (isLocal(table) ? undefined : await duplicate(model, table, judged));
  return creation;
}

/** Whether another row has the same functional key, where the message gives all of it. */
async function duplicate(model: AgentModel, table: string, settings: readonly Setting[]): Promise<Problem | undefined> {
  const given = new Map(settings.map(({ param, value }) => [param, value]));
  const whole = (model.object(table)?.uniqueKeys ?? []).filter(({ names }) => names.every((name) => given.has(name)));
  if (whole.length === 0) return undefined;
  const rows = model.rows(table).map((number) => `${table}${number}.`);
  const values = await uniqueKeys(model, rows);
  for (const { names } of whole) {
    const taken = rows.some((row) => names.every((name) => values.get(row)?.get(name) === given.get(name)));
    if (taken) return { code: codes.duplicateKey, why: `another row has the same ${names.join(', ')}` };
  }
  return undefined;
}

/** Undefined when all rows are there with their values; otherwise nothing is. */
async function addWhole(
  model: AgentModel,
  creations: readonly Creation[],
  adder: Adder,
): Promise<ErrorMsg | undefined> {
  const early = creations.flatMap((creation) => errorsOf(creation));
  if (early.length > 0) return messageFailed(early);
  for (const creation of creations) {
    await create(model, creation, adder);
    if (creation.problem !== undefined) return undo(model, creations, errorsOf(creation));
  }
  const all = creations.flatMap(({ settings }) => settings);
  const written = await writeSettings(model, all, (blamed) => (blamed.some(({ required }) => required) ? all : []));
  if (written.kind === 'refused') {
    const path = creations[0]?.requested.obj_path ?? '';
    return undo(model, creations, [paramError(path, written.problem)]);
  }
  const failed = creations.filter(({ settings }) => failedRequired(settings).length > 0);
  return failed.length === 0
    ? undefined
    : undo(
        model,
        creations,
        failed.flatMap((creation) => errorsOf(creation)),
      );
}

async function addEach(model: AgentModel, creations: readonly Creation[], adder: Adder): Promise<void> {
  for (const creation of creations) {
    if (creation.problem !== undefined) continue;
    await create(model, creation, adder);
    if (creation.row === undefined || isLocal(creation.row)) continue;
    const { settings, row } = creation;
    const written = await writeSettings(model, settings, (blamed) =>
      blamed.some(({ required }) => required) ? settings : [],
    );
    creation.problem = written.kind === 'refused' ? written.problem : failedRequired(settings)[0]?.problem;
    if (creation.problem === undefined) continue;
    await deleteCpeRow(model, row);
    creation.row = undefined;
  }
}

/** Makes the row; its settings move from the row that was not there to the one that is. */
async function create(model: AgentModel, creation: Creation, { controllerPath }: Adder): Promise<void> {
  const { table, settings } = creation;
  if (isLocal(table)) {
    const good = settings.filter(({ problem }) => problem === undefined);
    const values = Object.fromEntries(good.map(({ param, value }) => [param, value]));
    const added = model.local.add(table, values, { controllerPath, now: model.local.now });
    if ('path' in added) creation.row = added.path;
    else creation.problem = added;
    return;
  }
  const added = await addCpeRow(model, table);
  if ('problem' in added) {
    creation.problem = added.problem;
    return;
  }
  creation.row = added.row;
  const planned = `${table}0.`;
  creation.settings = settings.map((setting) => ({
    ...setting,
    object: added.row,
    path: added.row + setting.param,
    cpe: setting.cpe.map((item) => ({ ...item, Name: item.Name.replace(planned, added.row) })),
  }));
}

/** Deletes what was made, youngest first; a row that cannot be deleted is named. */
async function undo(
  model: AgentModel,
  creations: readonly Creation[],
  errors: readonly ParamError[],
): Promise<ErrorMsg> {
  const left: string[] = [];
  for (const { row } of creations.toReversed()) {
    if (row === undefined || isLocal(row)) continue;
    const problem = await deleteCpeRow(model, row);
    if (problem !== undefined) left.push(row);
  }
  if (left.length === 0) return messageFailed(errors);
  return {
    ...messageFailed(errors),
    err_code: codes.internalError,
    err_msg: `these rows could not be undone: ${left.join(', ')}`,
  };
}

/** The errors of one creation, for an Error: its required parameters, or the table itself. */
function errorsOf({ requested, settings, problem, table }: Creation): readonly ParamError[] {
  const failed = failedRequired(settings);
  if (failed.length > 0) {
    return failed.flatMap(({ param, problem: why }) => (why === undefined ? [] : [paramError(table + param, why)]));
  }
  return problem === undefined ? [] : [paramError(requested.obj_path, problem)];
}

function result(
  { requested, row, settings, problem }: Creation,
  keys: ReadonlyMap<string, ReadonlyMap<string, string>>,
): CreatedObjectResult {
  const requested_path = requested.obj_path;
  if (row === undefined) {
    const { code, why } = problem ?? { code: codes.objectNotCreated, why: 'the row was not created' };
    return { requested_path, oper_status: { kind: 'oper_failure', err_code: code, err_msg: why } };
  }
  return {
    requested_path,
    oper_status: {
      kind: 'oper_success',
      instantiated_path: row,
      param_errs: relativeErrors(settings),
      unique_keys: keys.get(row) ?? new Map(),
    },
  };
}
