// What can be said of a path without the CPE: whether the Supported Data Model has it, and whether its searches suit the
// types of what they compare. A path that fails here costs no RPC, and fails whether or not there are rows (R-GET.0).
import { testOf } from '../path/compare.ts';
import type { Comparison, Path, Segment } from '../path/path.ts';
import type { SupportedModel } from '../mapping/supported.ts';
import { codes } from '../usp/codes.ts';
import { refused, type Refused } from './problem.ts';

export interface Kind {
  readonly ok: true;
  /** Generalised path of the objects that the path leads to; undefined behind a reference, whose target only values tell. */
  readonly object: string | undefined;
}

/** References that one path may follow, its searches included: each costs a round of reads. */
const MOST_REFERENCES = 16;

const notInModel = (name: string): Refused => refused(codes.invalidPath, `${name} is not in the model`);

function countReferences(segments: readonly Segment[]): number {
  let count = 0;
  for (const segment of segments) {
    if (segment.kind === 'reference') count += 1;
    if (segment.kind !== 'search') continue;
    for (const { parameter } of segment.comparisons) {
      count += parameter.filter(({ kind }) => kind === 'reference').length;
    }
  }
  return count;
}

const hasObject = (model: SupportedModel, path: string): boolean =>
  model.objects.has(path) || model.objects.has(`${path}{i}.`);

/** The parameter that the names before the first reference lead to; what lies behind is known to the CPE only. */
function comparisonProblem(
  model: SupportedModel,
  row: string,
  { parameter, operator, constant }: Comparison,
): Refused | undefined {
  const reference = parameter.findIndex(({ kind }) => kind === 'reference');
  const names = parameter
    .slice(0, reference < 0 ? undefined : reference)
    .flatMap((step) => (step.kind === 'name' ? [step.name] : []));
  const name = names.at(-1) ?? '';
  const object = names.slice(0, -1).reduce((path, part) => `${path}${part}.`, row);
  const known = model.objects.get(object)?.parameters.get(name);
  if (known === undefined) return notInModel(names.join('.'));
  if (reference >= 0) return undefined;
  const test = testOf(known.type, operator, constant);
  return test.ok ? undefined : refused(test.code, test.why);
}

/** Checks a path from its root to its last object. */
export function kindOf(model: SupportedModel, segments: readonly Segment[]): Kind | Refused {
  if (countReferences(segments) > MOST_REFERENCES) {
    return refused(codes.invalidPathSyntax, `the path follows more than ${MOST_REFERENCES} references`);
  }
  let object = '';
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === 'name') {
      if (segments[index + 1]?.kind === 'reference') {
        const known = model.objects.get(object)?.parameters.has(segment.name) === true;
        return known ? { ok: true, object: undefined } : notInModel(segment.name);
      }
      object += `${segment.name}.`;
      if (!hasObject(model, object)) return notInModel(segment.name);
      continue;
    }
    object += '{i}.';
    if (!model.objects.has(object)) return refused(codes.invalidPath, 'a row of what is no table');
    for (const comparison of segment.kind === 'search' ? segment.comparisons : []) {
      const problem = comparisonProblem(model, object, comparison);
      if (problem !== undefined) return problem;
    }
  }
  return { ok: true, object };
}

/** Whether the model has what the whole path names; true where only values could tell. */
export function isSupported(model: SupportedModel, { segments, leaf }: Path): boolean {
  const kind = kindOf(model, segments);
  if (!kind.ok || kind.object === undefined) return kind.ok;
  const owner = model.objects.get(kind.object);
  switch (leaf.kind) {
    case 'object':
      return true;
    case 'command':
      return owner?.commands.has(`${leaf.name}()`) === true;
    case 'event':
      return owner?.events.has(`${leaf.name}!`) === true;
    case 'parameter-or-object':
      return owner?.parameters.has(leaf.name) === true || hasObject(model, `${kind.object}${leaf.name}.`);
  }
}
