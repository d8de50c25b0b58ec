// Add (R-ADD.*): new rows. CWMP makes a row first and takes its values afterwards, so that an Add that fails half-way is
// undone by deleting what it made (facts: cwmp-usp-translation §4.6).
import { codes } from '../../usp/codes.ts';
import type { AddRequest, AddResp, CreatedObjectResult } from '../../usp/messages/add.ts';
import type { ErrorMsg, ParamError } from '../../usp/messages/error.ts';
import { errorMsg, failedRequired, messageFailed, paramError, relativeErrors } from '../failure.ts';
import { isLocal } from '../local-agent/root.ts';
import type { AgentModel } from '../model.ts';
import { keepOverlaid } from '../overlay/change.ts';
import { OUT_OF_STEPS } from '../step-budget.ts';
import { writeSettings } from '../write.ts';
import { type Creation, planCreations } from './creation.ts';
import { uniqueKeys } from './get-instances.ts';
import { type Adder, afterFilling, groupOf, makeLocalRow, makeRow, unmake } from './make-row.ts';

export async function add(model: AgentModel, request: AddRequest, adder: Adder): Promise<AddResp | ErrorMsg> {
  const creations = await planCreations(model, request.create_objs);
  if (request.allow_partial) for (const creation of creations) await addOne(model, creation, adder);
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

/** Undefined when all rows are there with their values; otherwise nothing is. */
async function addWhole(
  model: AgentModel,
  creations: readonly Creation[],
  adder: Adder,
): Promise<ErrorMsg | undefined> {
  const early = creations.flatMap(errorsOf);
  if (early.length > 0) return messageFailed(early);
  const remote = creations.filter(({ table }) => !isLocal(table));
  // Each row may have to be deleted again, and one step more gives them all their values.
  if (remote.length * 2 >= model.steps.left) return errorMsg(OUT_OF_STEPS.code, OUT_OF_STEPS.why);
  model.steps.setAside(remote.length);
  // Rows of LocalAgent first: what they refuse costs the CPE nothing.
  for (const creation of [...creations.filter(({ table }) => isLocal(table)), ...remote]) {
    await create(model, creation, adder);
    if (creation.problem !== undefined) return undo(model, creations, errorsOf(creation));
  }
  await writeSettings(model, [remote.flatMap(groupOf)], 'fill');
  for (const creation of remote) afterFilling(model, creation);
  const failed = remote.filter(({ settings, problem }) => problem !== undefined || failedRequired(settings).length > 0);
  if (failed.length > 0) return undo(model, creations, failed.flatMap(errorsOf));
  for (const { settings } of remote) keepOverlaid(model, settings);
  return undefined;
}

/** Makes one row with its values, or leaves nothing behind. */
async function addOne(model: AgentModel, creation: Creation, adder: Adder): Promise<void> {
  if (creation.problem !== undefined) return;
  if (creation.way === undefined) {
    makeLocalRow(model, creation, adder);
    return;
  }
  // To make it, to give it values, to delete it again.
  if (model.steps.left < 3) {
    creation.problem = OUT_OF_STEPS;
    return;
  }
  model.steps.setAside(1);
  await create(model, creation, adder);
  await fill(model, creation);
  model.steps.setAside(0);
  if (!hasFailed(creation)) return;
  const left = await unmake(model, creation);
  if (left !== undefined) creation.problem = orphaned([nameOf(creation)]);
  creation.row = undefined;
}

const hasFailed = ({ problem }: Creation): boolean => problem !== undefined;

async function fill(model: AgentModel, creation: Creation): Promise<void> {
  if (creation.problem !== undefined) return;
  await writeSettings(model, [groupOf(creation)], 'fill');
  afterFilling(model, creation);
  creation.problem ??= failedRequired(creation.settings)[0]?.problem;
  if (creation.problem === undefined) keepOverlaid(model, creation.settings);
}

/** Makes the row; its settings are written afterwards, LocalAgent's are part of it. */
async function create(model: AgentModel, creation: Creation, adder: Adder): Promise<void> {
  if (creation.way === undefined) makeLocalRow(model, creation, adder);
  else await makeRow(model, creation, creation.way);
}

const nameOf = ({ row, cpeRow, table }: Creation): string => row ?? cpeRow ?? table;

const orphaned = (rows: readonly string[]): { readonly code: number; readonly why: string } => ({
  code: codes.internalError,
  why: `these rows could not be undone: ${rows.join(', ')}`,
});

/** Deletes what was made, youngest first; a row that cannot be deleted is named. */
async function undo(
  model: AgentModel,
  creations: readonly Creation[],
  errors: readonly ParamError[],
): Promise<ErrorMsg> {
  model.steps.setAside(0);
  const left: string[] = [];
  for (const creation of creations.toReversed()) {
    const problem = await unmake(model, creation);
    if (problem !== undefined) left.push(nameOf(creation));
  }
  if (left.length === 0) return messageFailed(errors);
  const { code, why } = orphaned(left);
  return errorMsg(code, why, errors);
}

/** The errors of one creation, for an Error: its required parameters, or the table itself. */
function errorsOf({ settings, problem, table }: Creation): readonly ParamError[] {
  const failed = failedRequired(settings);
  if (failed.length > 0) {
    return failed.flatMap(({ param, problem: why }) => (why === undefined ? [] : [paramError(table + param, why)]));
  }
  return problem === undefined ? [] : [paramError(table, problem)];
}

function result(
  { requested, row, settings, problem }: Creation,
  keys: ReadonlyMap<string, ReadonlyMap<string, string>>,
): CreatedObjectResult {
  const requested_path = requested.obj_path;
  if (row === undefined) {
    const { code, why } = problem ?? { code: codes.objectNotCreated, why: 'the row was not created' };
    // There is no place for param_errs here: the text names the parameter.
    const param = failedRequired(settings)[0]?.param;
    const err_msg = param === undefined ? why : `${param}: ${why}`;
    return { requested_path, oper_status: { kind: 'oper_failure', err_code: code, err_msg } };
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
