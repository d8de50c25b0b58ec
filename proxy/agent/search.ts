// Which rows of a table a search expression finds. All values that it needs of all rows are read in as few RPCs as its
// references allow.
import { testOf } from '../path/compare.ts';
import { lastNameOf, rowOf } from '../path/concrete.ts';
import type { Comparison, RelativeStep } from '../path/path.ts';
import { itemsOf } from '../path/value-type.ts';
import { codes } from '../usp/codes.ts';
import { uspFault } from './faults.ts';
import type { AgentModel } from './model.ts';

export interface ResolveProblem {
  readonly ok: false;
  readonly code: number;
  readonly why: string;
}
export const problem = (code: number, why: string): ResolveProblem => ({ ok: false, code, why });

const notInModel = (path: string): ResolveProblem =>
  problem(codes.invalidPath, `${lastNameOf(path)} is no parameter of the model`);

/** A reference's value as paths of objects: most CPEs leave out the last dot. */
export function referencedObjects(value: string, item: number | 'all'): readonly string[] {
  const paths = itemsOf(value).map((path) => (path.endsWith('.') ? path : `${path}.`));
  return item === 'all' ? paths : paths.slice(item - 1, item);
}

/** Objects that parameters refer to and that are there, by the parameter's path. */
export async function referredBy(
  model: AgentModel,
  parameters: readonly string[],
  item: number | 'all',
): Promise<ReadonlyMap<string, readonly string[]> | ResolveProblem> {
  const unknown = parameters.find((path) => model.parameter(path) === undefined);
  if (unknown !== undefined) return notInModel(unknown);
  const values = await model.read(parameters);
  return new Map(
    parameters.map((path) => {
      const value = values.get(path);
      const targets = value?.kind === 'value' ? referencedObjects(value.value, item) : [];
      return [path, targets.filter((target) => model.has(target))];
    }),
  );
}

interface Reached {
  readonly row: string;
  readonly path: string;
}

/** The parameters that a relative path leads to from each row; several where it follows a whole list. */
async function parametersOf(
  model: AgentModel,
  rows: readonly string[],
  steps: readonly RelativeStep[],
): Promise<readonly Reached[] | ResolveProblem> {
  let reached: readonly Reached[] = rows.map((row) => ({ row, path: row }));
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'name') {
      const isObject = steps[index + 1]?.kind === 'name';
      reached = reached.map(({ row, path }) => ({ row, path: `${path}${step.name}${isObject ? '.' : ''}` }));
      continue;
    }
    const paths = reached.map(({ path }) => path);
    const targets = await referredBy(model, paths, step.item);
    if ('ok' in targets) return targets;
    reached = reached.flatMap(({ row, path }) => (targets.get(path) ?? []).map((target) => ({ row, path: target })));
  }
  const unknown = reached.find(({ path }) => model.parameter(path) === undefined);
  return unknown === undefined ? reached : notInModel(unknown.path);
}

/** An expression on an empty table must still name what the model has, and compare it as its type allows. */
function misfit(
  model: AgentModel,
  table: string,
  { parameter, operator, constant }: Comparison,
): ResolveProblem | undefined {
  if (parameter.some((step) => step.kind === 'reference')) return undefined;
  const relative = parameter.map((step) => (step.kind === 'name' ? step.name : '')).join('.');
  const known = model.parameter(rowOf(table, 1) + relative);
  if (known === undefined) return notInModel(relative);
  const test = testOf(known.type, operator, constant);
  return test.ok ? undefined : problem(test.code, test.why);
}

/** Rows of the table for which every comparison holds. */
export async function searchRows(
  model: AgentModel,
  table: string,
  comparisons: readonly Comparison[],
): Promise<{ readonly ok: true; readonly rows: readonly string[] } | ResolveProblem> {
  const rows = model.rows(table).map((number) => rowOf(table, number));
  const wanted: { readonly comparison: Comparison; readonly reached: readonly Reached[] }[] = [];
  for (const comparison of comparisons) {
    const wrong = misfit(model, table, comparison);
    if (wrong !== undefined) return wrong;
    const reached = await parametersOf(model, rows, comparison.parameter);
    if ('ok' in reached) return reached;
    wanted.push({ comparison, reached });
  }
  const paths = new Set(wanted.flatMap(({ reached }) => reached.map(({ path }) => path)));
  const values = await model.read([...paths]);
  let found = new Set(rows);
  for (const { comparison, reached } of wanted) {
    const holding = new Set<string>();
    for (const { row, path } of reached) {
      const type = model.parameter(path)?.type;
      const test = type === undefined ? undefined : testOf(type, comparison.operator, comparison.constant);
      if (test?.ok === false) return problem(test.code, test.why);
      const value = values.get(path);
      if (value?.kind === 'failed') {
        const { code, text } = uspFault(value.failure, 'read');
        return problem(code, text);
      }
      if (value?.kind === 'value' && test?.holds(value.value) === true && found.has(row)) holding.add(row);
    }
    found = holding;
  }
  return { ok: true, rows: rows.filter((row) => found.has(row)) };
}
