// Rows of the CPE's tables: made and removed one at a time, each journalled with what was there before.
import { lastNameOf, parentOf } from '../path/concrete.ts';
import { compareText } from '../path/order.ts';
import { codes } from '../usp/codes.ts';
import { emptyAnswer, uspFault } from './faults.ts';
import type { AgentModel } from './model.ts';
import type { Problem } from './problem.ts';
import { OUT_OF_STEPS } from './step-budget.ts';

const GONE = 9005;

/** AddObject; the new row is part of the model afterwards. */
export async function addCpeRow(
  model: AgentModel,
  table: string,
): Promise<{ readonly row: string } | { readonly problem: Problem }> {
  const { cpe } = model;
  const ObjectName = cpe?.view.cpeObject(table);
  if (cpe === undefined || ObjectName === undefined) {
    return { problem: { code: codes.nonCreatableObject, why: 'rows of this table cannot be created' } };
  }
  if (!model.steps.take()) return { problem: OUT_OF_STEPS };
  const answer = await cpe.access.change({
    method: 'AddObject',
    request: (ParameterKey) => ({ ObjectName, ParameterKey }),
    snapshot: { kind: 'rows', table: ObjectName, before: model.rows(table) },
  });
  if (answer.kind !== 'response') {
    const { code, text } = answer.kind === 'fault' ? uspFault(answer.fault, 'add') : emptyAnswer('AddObject', 'add');
    return { problem: { code, why: text } };
  }
  const { InstanceNumber } = answer.value;
  if (InstanceNumber === 0) return { problem: { code: codes.objectNotCreated, why: 'the CPE gave the row no number' } };
  await model.renew();
  const row = `${table}${InstanceNumber}.`;
  // The first row of a table has no sibling to be shaped like: the CPE is asked what it has.
  if (model.parameters(row).length === 0) await model.freshen(row);
  return { row };
}

/** DeleteObject; a row that the CPE does not know is gone, which is what was wanted. */
export async function deleteCpeRow(model: AgentModel, row: string): Promise<Problem | undefined> {
  const { cpe } = model;
  const ObjectName = cpe?.view.cpeObject(row);
  if (cpe === undefined || ObjectName === undefined)
    return { code: codes.deleteFailure, why: 'the row cannot be deleted' };
  if (!model.steps.take()) return OUT_OF_STEPS;
  const answer = await cpe.access.change({
    method: 'DeleteObject',
    request: (ParameterKey) => ({ ObjectName, ParameterKey }),
    snapshot: { kind: 'row', path: ObjectName },
  });
  if (answer.kind === 'response' || (answer.kind === 'fault' && answer.fault.FaultCode === GONE)) {
    await model.renew();
    return undefined;
  }
  const { code, text } =
    answer.kind === 'fault' ? uspFault(answer.fault, 'delete') : emptyAnswer('DeleteObject', 'delete');
  return { code, why: text };
}

/** Outer rows before those inside them, which go with them; in a table the highest instance first. */
export function deletionOrder(rows: readonly string[]): readonly string[] {
  const depthOf = (row: string): number => row.split('.').length;
  return rows.toSorted(
    (one, other) =>
      depthOf(one) - depthOf(other) ||
      compareText(parentOf(one), parentOf(other)) ||
      Number(lastNameOf(other)) - Number(lastNameOf(one)),
  );
}

/** Whether the row, or one that it lies inside, is among others. */
export function isWithin(row: string, others: ReadonlySet<string>): boolean {
  for (let outer = row; outer !== ''; outer = parentOf(outer)) if (others.has(outer)) return true;
  return false;
}
