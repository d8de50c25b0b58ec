// Rows of the CPE's tables: made and removed one at a time, each journalled with what was there before. Journals name what
// the CPE has, whatever the view calls it.
import type { NamedValue } from '../device/ledger.ts';
import { readValues } from '../device/read-values.ts';
import { textsOf, writeParameters } from '../mapping/parameters.ts';
import type { CpeSetting } from '../mapping/view.ts';
import { lastNameOf, parentOf, rowOf } from '../path/concrete.ts';
import { compareText } from '../path/order.ts';
import { codes } from '../usp/codes.ts';
import { emptyAnswer, uspFault } from './faults.ts';
import type { AgentModel } from './model.ts';
import type { Problem } from './problem.ts';
import { OUT_OF_STEPS } from './step-budget.ts';

const GONE = 9005;

/** AddObject; the CPE's row and, if it is known already, the view's are part of the model afterwards. */
export async function addCpeRow(
  model: AgentModel,
  ObjectName: string,
): Promise<{ readonly cpeRow: string } | { readonly problem: Problem }> {
  const { cpe } = model;
  if (cpe === undefined) {
    return { problem: { code: codes.nonCreatableObject, why: 'rows of this table cannot be created' } };
  }
  if (!model.steps.take()) return { problem: OUT_OF_STEPS };
  const before = cpe.tree.objects.get(ObjectName)?.instances ?? [];
  const answer = await cpe.access.change({
    method: 'AddObject',
    request: (ParameterKey) => ({ ObjectName, ParameterKey }),
    snapshot: { kind: 'rows', table: ObjectName, before },
  });
  if (answer.kind !== 'response') {
    const { code, text } = answer.kind === 'fault' ? uspFault(answer.fault, 'add') : emptyAnswer('AddObject', 'add');
    return { problem: { code, why: text } };
  }
  const { InstanceNumber } = answer.value;
  if (InstanceNumber === 0) return { problem: { code: codes.objectNotCreated, why: 'the CPE gave the row no number' } };
  const cpeRow = rowOf(ObjectName, InstanceNumber);
  // The first row of a table has no sibling to be shaped like: the CPE is asked what it has.
  const tree = await cpe.access.tree();
  if (tree?.objects.get(cpeRow)?.parameters.size === 0) await cpe.access.refresh(cpeRow, true);
  await model.renew();
  return { cpeRow };
}

/** Removes a row of the view; undefined when it is gone. */
export async function removeRow(model: AgentModel, row: string): Promise<Problem | undefined> {
  const { cpe } = model;
  if (cpe === undefined) return { code: codes.deleteFailure, why: 'the row cannot be deleted' };
  const removal = cpe.view.removal(row);
  if (removal.kind === 'refused') return { code: removal.code, why: removal.why };
  return removal.kind === 'object' ? deleteCpeRow(model, removal.object) : switchOff(model, removal.settings);
}

/** DeleteObject; a row that the CPE does not know is gone, which is what was wanted. */
export async function deleteCpeRow(model: AgentModel, ObjectName: string): Promise<Problem | undefined> {
  const { cpe } = model;
  if (cpe === undefined) return { code: codes.deleteFailure, why: 'the row cannot be deleted' };
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

/** What the CPE always has is no row of the view any more once these are written. */
async function switchOff(model: AgentModel, settings: readonly CpeSetting[]): Promise<Problem | undefined> {
  const { cpe } = model;
  if (cpe === undefined || !model.steps.take()) return OUT_OF_STEPS;
  const read = await readValues(
    cpe.access,
    settings.map(({ Name }) => Name),
  );
  const before = [...read.values].map(([name, { Value }]): NamedValue => [name, Value]);
  const answer = await writeParameters(cpe.access, settings, before);
  if (answer.kind === 'response') {
    await model.renew({ written: textsOf(settings) });
    return undefined;
  }
  const { code, text } =
    answer.kind === 'fault' ? uspFault(answer.fault, 'delete') : emptyAnswer('SetParameterValues', 'delete');
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
