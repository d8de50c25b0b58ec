// Delete (R-DEL.*): rows, by instance or search path. CWMP cannot undo a deletion: with allow_partial=false everything
// that can be known beforehand is checked before the first row goes (facts: cwmp-usp-translation §4.7).
import { parentOf, rowNumberOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { DeletedObjectResult, DeleteRequest, DeleteResp } from '../../usp/messages/delete.ts';
import type { ErrorMsg } from '../../usp/messages/error.ts';
import { errorMsg, messageFailed, paramError } from '../failure.ts';
import { isLocal } from '../local-agent/root.ts';
import type { AgentModel } from '../model.ts';
import { forgetRow } from '../overlay/change.ts';
import { denied } from '../permissions/denied.ts';
import type { Problem } from '../problem.ts';
import { resolveObjects } from '../resolver.ts';
import { deletionOrder, isWithin, removeRow } from '../rows.ts';
import { OUT_OF_STEPS } from '../step-budget.ts';

interface Deletion {
  readonly requested: string;
  /** Rows that the path resolved to. */
  readonly rows: readonly string[];
  /** The path itself failed. */
  readonly problem: Problem | undefined;
}
/** What is to be deleted, and what became of it. */
interface Work {
  readonly wanted: ReadonlySet<string>;
  /** Deleted by themselves; what lay inside them has gone too. */
  readonly gone: Set<string>;
  readonly failed: Map<string, Problem>;
}

export async function deleteRows(model: AgentModel, request: DeleteRequest): Promise<DeleteResp | ErrorMsg> {
  const deletions: Deletion[] = [];
  for (const path of request.obj_paths) deletions.push(await plan(model, path));
  const work: Work = { wanted: new Set(deletions.flatMap(({ rows }) => rows)), gone: new Set(), failed: new Map() };
  for (const row of work.wanted) {
    if (!model.rights.instance(row).w) work.failed.set(row, denied('delete the row'));
    else if (!model.isDeletable(row))
      work.failed.set(row, { code: codes.deleteFailure, why: 'this row cannot be deleted' });
  }
  if (!request.allow_partial) {
    const error = await deleteWhole(model, deletions, work);
    if (error !== undefined) return error;
  } else {
    await deleteEach(model, work);
  }
  return { kind: 'delete_resp', deleted_obj_results: deletions.map((deletion) => result(model, deletion, work)) };
}

async function plan(model: AgentModel, requested: string): Promise<Deletion> {
  const fail = (code: number, why: string): Deletion => ({ requested, rows: [], problem: { code, why } });
  const parsed = parsePath(requested);
  if (!parsed.ok) return fail(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = asObject(parsed.path);
  if (leaf.kind !== 'object') return fail(codes.invalidPath, `a ${leaf.kind} cannot be deleted`);
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return fail(resolved.code, resolved.why);
  const { objects, kind } = resolved;
  const namesRows =
    kind === undefined ? objects.every((object) => rowNumberOf(object) !== undefined) : kind.endsWith('.{i}.');
  if (!namesRows) return fail(codes.objectDoesNotExist, 'the path names no row');
  // A row that is not there needs no deletion (TP-469 1.25); R-DEL.1 and R-DEL.2a differ here.
  return { requested, rows: objects, problem: undefined };
}

/** LocalAgent's rows come last: until the answer is there they can come back. */
function orderOf(rows: Iterable<string>): readonly string[] {
  const ordered = deletionOrder([...rows]);
  return [...ordered.filter((row) => !isLocal(row)), ...ordered.filter((row) => isLocal(row))];
}

/** Deletes a row that has not gone with another yet. */
async function deleteOne(model: AgentModel, row: string, gone: Set<string>): Promise<Problem | undefined> {
  if (isWithin(row, gone)) return undefined;
  const problem = isLocal(row) ? model.local.delete(row) : await removeRow(model, row);
  if (problem !== undefined) return problem;
  gone.add(row);
  if (!isLocal(row)) forgetRow(model, row);
  return undefined;
}

async function deleteEach(model: AgentModel, work: Work): Promise<void> {
  const { wanted, gone, failed } = work;
  for (const row of orderOf(wanted)) {
    const problem = failed.get(row) ?? (await deleteOne(model, row, gone));
    if (problem !== undefined) failed.set(row, problem);
  }
}

/** An Error when anything speaks against it, or when a row that had to go did not, though others are gone already. */
async function deleteWhole(
  model: AgentModel,
  deletions: readonly Deletion[],
  { wanted, gone, failed }: Work,
): Promise<ErrorMsg | undefined> {
  const errors = deletions.flatMap(({ requested, problem }) =>
    problem === undefined ? [] : [paramError(requested, problem)],
  );
  for (const [row, problem] of failed) errors.push(paramError(row, problem));
  if (errors.length > 0) return messageFailed(errors);
  const steps = [...wanted].filter((row) => !isLocal(row) && !isWithin(parentOf(row), wanted)).length;
  if (steps > model.steps.left) return errorMsg(OUT_OF_STEPS.code, OUT_OF_STEPS.why);
  for (const row of orderOf(wanted)) {
    const problem = await deleteOne(model, row, gone);
    if (problem === undefined) continue;
    const error = paramError(row, problem);
    const lost = [...gone].filter((one) => !isLocal(one)).length;
    if (lost === 0) return messageFailed([error]);
    return errorMsg(codes.operationError, `${problem.why}; ${lost} of ${steps} rows are gone already`, [error]);
  }
  return undefined;
}

function result(
  { rights }: AgentModel,
  { requested, rows: all, problem }: Deletion,
  { gone, failed }: Work,
): DeletedObjectResult {
  // What the Controller cannot see is not told of (R-DEL.2, R-DEL.4), unless it is why nothing was done.
  const rows = all.filter((row) => rights.instance(row).r || failed.has(row));
  const affected = rows.filter((row) => isWithin(row, gone));
  const left = rows.flatMap((row) => {
    const why = isWithin(row, gone) ? undefined : failed.get(row);
    return why === undefined ? [] : [{ unaffected_path: row, err_code: why.code, err_msg: why.why }];
  });
  const first = affected.length === 0 ? left[0] : undefined;
  if (problem !== undefined || first !== undefined) {
    const err_code = problem?.code ?? first?.err_code ?? codes.deleteFailure;
    const err_msg = problem?.why ?? first?.err_msg ?? '';
    return { requested_path: requested, oper_status: { kind: 'oper_failure', err_code, err_msg } };
  }
  return {
    requested_path: requested,
    oper_status: { kind: 'oper_success', affected_paths: affected, unaffected_path_errs: left },
  };
}
