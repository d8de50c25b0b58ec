// Short ways to say what the plan's procedures say again and again.
import type { CreatedObjectResult } from '../../../proxy/usp/messages/add.ts';
import type { GetResp, RequestedPathResult } from '../../../proxy/usp/messages/get.ts';
import type { SetResp, UpdatedInstanceResult } from '../../../proxy/usp/messages/set.ts';
import type { DeleteResp } from '../../../proxy/usp/messages/delete.ts';
import type { UspBody } from '../../../proxy/usp/msg.ts';
import { add, create, type Values } from '../../agent/requests.ts';
import { Unmet, type Metric } from '../case.ts';
import { type Eut, rowsOf, SUBSCRIPTIONS } from '../eut.ts';
import { brief } from '../tester.ts';

/** A Subscription as most cases of chapter 1 make it. */
export const PLAIN = {
  Enable: 'true',
  NotifType: 'ValueChange',
  'ReferenceList!': 'Device.LocalAgent.SoftwareVersion',
} as const;
export const WRONG = 'IrrelevantValue';
export const SUB_KEYS = ['Alias', 'ID', 'Recipient'];

/** Rows that are there before a case begins; their paths. */
export async function subscribe(eut: Eut, ...rows: readonly Values[]): Promise<readonly string[]> {
  const body = add(...rows.map((values) => create(SUBSCRIPTIONS, { ...PLAIN, ...values })));
  const { created_obj_results } = await eut.tester.expect('add_resp', body);
  return created_obj_results.map((result) => pathOf(result));
}

/** The path of a row that an Add says it has made. */
export function pathOf(result: CreatedObjectResult | undefined): string {
  if (result?.oper_status.kind === 'oper_success') return result.oper_status.instantiated_path;
  throw new Unmet('a row is made', JSON.stringify(result));
}

export interface MadeRow {
  readonly path: string;
  readonly keys: ReadonlyMap<string, string>;
  readonly paramErrs: number;
}
/** The success of an Add's result; a refusal ends the case. */
export function madeRow(result: CreatedObjectResult | undefined): MadeRow {
  if (result?.oper_status.kind !== 'oper_success') throw new Unmet('OperationSuccess', JSON.stringify(result));
  const { instantiated_path, unique_keys, param_errs } = result.oper_status;
  return { path: instantiated_path, keys: unique_keys, paramErrs: param_errs.length };
}

export const sameNames = (one: Iterable<string>, other: Iterable<string>): boolean =>
  [...one].sort().join() === [...other].sort().join();

/** Whether a row shows the values that were written. */
export function shows(row: Values | undefined, values: Values): boolean {
  return row !== undefined && Object.entries(values).every(([name, value]) => row[name.replace(/!$/, '')] === value);
}

/** The one result of a Get with one path. */
export function onlyResult(answer: GetResp): RequestedPathResult {
  const [result, ...more] = answer.req_path_results;
  if (result === undefined || more.length > 0) throw new Unmet('a single req_path_results', brief(answer));
  return result;
}

/** Instances that a SetResp says are changed, of one requested path. */
export function changedOf(answer: SetResp, index = 0): readonly UpdatedInstanceResult[] {
  const status = answer.updated_obj_results[index]?.oper_status;
  if (status?.kind !== 'oper_success') throw new Unmet('OperationSuccess', brief(answer));
  return status.updated_inst_results;
}

/** What a DeleteResp says is gone, of one requested path. */
export function goneOf(answer: DeleteResp, index = 0): readonly string[] {
  const status = answer.deleted_obj_results[index]?.oper_status;
  if (status?.kind !== 'oper_success') throw new Unmet('OperationSuccess', brief(answer));
  return status.affected_paths;
}

/** An Error that says of one path why; its code is the one TR-369 has for it. */
export function errorNames(metric: Metric, number: number, error: UspBody, path: string | RegExp, code: number): void {
  if (error.kind !== 'error') throw new Unmet('an Error', brief(error));
  const [only, ...more] = error.param_errs;
  const named =
    only !== undefined && (typeof path === 'string' ? only.param_path === path : path.test(only.param_path));
  metric(number, error.err_code >= 7000 && named && more.length === 0 && only.err_code === code, brief(error));
}

/** The IDs of the Subscriptions that are there. */
export async function idsOf(eut: Eut): Promise<readonly string[]> {
  const rows = await rowsOf(eut.tester, SUBSCRIPTIONS);
  return Object.values(rows).map((row) => row['ID'] ?? '');
}
