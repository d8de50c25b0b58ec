// Delete (R-DEL.*): rows, by instance or search path. CWMP cannot undo a deletion: with allow_partial=false everything
// that can be known beforehand is checked before the first row goes (facts: cwmp-usp-translation §4.7).
import { lastNameOf } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { asObject } from '../../path/path.ts';
import { codes } from '../../usp/codes.ts';
import type { DeletedObjectResult, DeleteRequest, DeleteResp } from '../../usp/messages/delete.ts';
import type { ErrorMsg } from '../../usp/messages/error.ts';
import { messageFailed, paramError } from '../failure.ts';
import { isLocal } from '../local-agent/objects.ts';
import type { AgentModel } from '../model.ts';
import { resolveObjects } from '../resolver.ts';
import { deleteCpeRow, deletionOrder } from '../rows.ts';
import type { Problem } from '../settings.ts';

interface Deletion {
  readonly requested: string;
  /** Rows that the path resolved to. */
  readonly rows: readonly string[];
  /** The path itself failed. */
  readonly problem: Problem | undefined;
  /** Rows that could not be deleted. */
  readonly failed: Map<string, Problem>;
}

export async function deleteRows(model: AgentModel, request: DeleteRequest): Promise<DeleteResp | ErrorMsg> {
  const deletions: Deletion[] = [];
  for (const path of request.obj_paths) deletions.push(await plan(model, path));
  if (!request.allow_partial) {
    const errors = deletions.flatMap(({ requested, problem, failed }) => [
      ...(problem === undefined ? [] : [paramError(requested, problem)]),
      ...[...failed].map(([row, why]) => paramError(row, why)),
    ]);
    if (errors.length > 0) return messageFailed(errors);
  }
  const gone = await execute(model, deletions, request.allow_partial);
  if (gone !== undefined) return gone;
  return { kind: 'delete_resp', deleted_obj_results: deletions.map(result) };
}

async function plan(model: AgentModel, requested: string): Promise<Deletion> {
  const fail = (code: number, why: string): Deletion => ({
    requested,
    rows: [],
    problem: { code, why },
    failed: new Map(),
  });
  const parsed = parsePath(requested);
  if (!parsed.ok) return fail(parsed.code, `${parsed.why} (at ${parsed.position})`);
  const { segments, leaf } = asObject(parsed.path);
  if (leaf.kind !== 'object') return fail(codes.invalidPath, `a ${leaf.kind} cannot be deleted`);
  const resolved = await resolveObjects(model, segments);
  if (!resolved.ok) return fail(resolved.code, resolved.why);
  const table = resolved.objects.find((object) => !/^[0-9]+$/.test(lastNameOf(object)));
  if (table !== undefined) return fail(codes.objectDoesNotExist, 'the path names no row');
  const failed = new Map<string, Problem>();
  for (const row of resolved.objects) {
    if (!model.isDeletable(row)) failed.set(row, { code: codes.deleteFailure, why: 'this row cannot be deleted' });
  }
  // A row that is not there needs no deletion (TP-469 1.25); R-DEL.1 and R-DEL.2a differ here.
  return { requested, rows: resolved.objects, problem: undefined, failed };
}

/** An Error when a row that had to go did not, though others are gone already. */
async function execute(
  model: AgentModel,
  deletions: readonly Deletion[],
  allowPartial: boolean,
): Promise<ErrorMsg | undefined> {
  const wanted = new Set(deletions.flatMap(({ rows, failed }) => rows.filter((row) => !failed.has(row))));
  let deleted = 0;
  for (const row of deletionOrder([...wanted])) {
    const problem = isLocal(row) ? model.local.delete(row) : await deleteCpeRow(model, row);
    if (problem === undefined) {
      deleted += 1;
      continue;
    }
    if (!allowPartial) {
      const text = `${problem.why}; ${deleted} of ${wanted.size} rows are gone already`;
      return { ...messageFailed([paramError(row, problem)]), err_code: codes.operationError, err_msg: text };
    }
    for (const deletion of deletions) if (deletion.rows.includes(row)) deletion.failed.set(row, problem);
  }
  return undefined;
}

function result({ requested, rows, problem, failed }: Deletion): DeletedObjectResult {
  const affected = rows.filter((row) => !failed.has(row));
  const first = problem ?? (affected.length === 0 ? [...failed.values()][0] : undefined);
  if (first !== undefined) {
    return {
      requested_path: requested,
      oper_status: { kind: 'oper_failure', err_code: first.code, err_msg: first.why },
    };
  }
  return {
    requested_path: requested,
    oper_status: {
      kind: 'oper_success',
      affected_paths: affected,
      unaffected_path_errs: [...failed].map(([unaffected_path, { code, why }]) => ({
        unaffected_path,
        err_code: code,
        err_msg: why,
      })),
    },
  };
}
