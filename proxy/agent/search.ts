// Which rows a search expression finds, and where references lead. All values that are needed of all rows are
// read in as few RPCs as the references allow.
import { testOf } from '../path/compare.ts';
import { lastNameOf } from '../path/concrete.ts';
import type { Comparison, RelativeStep } from '../path/path.ts';
import { codes } from '../usp/codes.ts';
import { uspFault } from './faults.ts';
import type { AgentModel } from './model.ts';
import { pathsOf } from './path-list.ts';
import { refused, type Refused } from './problem.ts';

/** A reference's value as paths of objects: most CPEs leave out the last dot. */
export function referencedObjects(value: string, item: number | 'all'): readonly string[] {
  const paths = pathsOf(value).map((path) => (path.endsWith('.') ? path : `${path}.`));
  return item === 'all' ? paths : paths.slice(item - 1, item);
}

/** Those that the model has. Behind a reference objects are of several kinds: one that has the parameter will do. */
function knownOf<T>(model: AgentModel, items: readonly T[], pathOf: (item: T) => string): readonly T[] | Refused {
  const known = items.filter((item) => model.parameter(pathOf(item)) !== undefined);
  const [first] = items;
  if (known.length > 0 || first === undefined) return known;
  return refused(codes.invalidPath, `${lastNameOf(pathOf(first))} is no parameter of the model`);
}

/** Objects that parameters refer to and that are there, by the parameter's path. */
export async function referredBy(
  model: AgentModel,
  parameters: readonly string[],
  item: number | 'all',
): Promise<ReadonlyMap<string, readonly string[]> | Refused> {
  const known = knownOf(model, parameters, (path) => path);
  if ('ok' in known) return known;
  const values = await model.read(known);
  return new Map(
    known.map((path) => {
      const value = values.get(path);
      const targets = value?.kind === 'value' ? referencedObjects(value.value, item) : [];
      return [path, targets.filter((target) => model.has(target))];
    }),
  );
}

/** An object or parameter that a row's expression leads to. */
interface Reached {
  readonly row: string;
  readonly path: string;
}

/** Whole lists that refer to each other would multiply without end: each object counts once for a row. */
function distinct(reached: readonly Reached[]): readonly Reached[] {
  return [...new Map(reached.map((one) => [`${one.row} ${one.path}`, one])).values()];
}

/** The parameters that a relative path leads to from each row; several where it follows a whole list. */
async function parametersOf(
  model: AgentModel,
  rows: readonly string[],
  steps: readonly RelativeStep[],
): Promise<readonly Reached[] | Refused> {
  let reached: readonly Reached[] = rows.map((row) => ({ row, path: row }));
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'name') {
      const isObject = steps[index + 1]?.kind === 'name';
      reached = reached.map(({ row, path }) => ({ row, path: `${path}${step.name}${isObject ? '.' : ''}` }));
      continue;
    }
    const paths = [...new Set(reached.map(({ path }) => path))];
    const targets = await referredBy(model, paths, step.item);
    if ('ok' in targets) return targets;
    reached = distinct(
      reached.flatMap(({ row, path }) => (targets.get(path) ?? []).map((target) => ({ row, path: target }))),
    );
  }
  return knownOf(model, reached, ({ path }) => path);
}

interface Wanted {
  readonly comparison: Comparison;
  readonly reached: readonly Reached[];
}

/** Rows of which a value passes the comparison. */
async function holdingRows(model: AgentModel, { comparison, reached }: Wanted): Promise<ReadonlySet<string> | Refused> {
  const holding = new Set<string>();
  // Read before, together with what the other comparisons need.
  const values = await model.read([...new Set(reached.map(({ path }) => path))]);
  for (const { row, path } of reached) {
    const type = model.parameter(path)?.type;
    const test = type === undefined ? undefined : testOf(type, comparison.operator, comparison.constant);
    if (test?.ok === false) return refused(test.code, test.why);
    const value = values.get(path);
    if (value?.kind === 'failed') {
      const { code, text } = uspFault(value.failure, 'read');
      return refused(code, text);
    }
    if (value?.kind === 'value' && test?.holds(value.value) === true) holding.add(row);
  }
  return holding;
}

/** Those of the rows, be they of one table or of several, for which every comparison holds. */
export async function searchRows(
  model: AgentModel,
  rows: readonly string[],
  comparisons: readonly Comparison[],
): Promise<{ readonly ok: true; readonly rows: readonly string[] } | Refused> {
  const wanted: Wanted[] = [];
  for (const comparison of comparisons) {
    const reached = await parametersOf(model, rows, comparison.parameter);
    if ('ok' in reached) return reached;
    wanted.push({ comparison, reached });
  }
  await model.read([...new Set(wanted.flatMap(({ reached }) => reached.map(({ path }) => path)))]);
  let found = rows;
  for (const one of wanted) {
    const holding = await holdingRows(model, one);
    if ('ok' in holding) return holding;
    found = found.filter((row) => holding.has(row));
  }
  return { ok: true, rows: found };
}
