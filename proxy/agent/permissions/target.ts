// One target of a Permission, read once, and whether it covers an element. An element is a concrete path, or one with `{i}`
// for rows that are not known yet (GetSupportedDM; what may be said of a request before any row is looked up).
import { testOf } from '../../path/compare.ts';
import { generalise } from '../../path/concrete.ts';
import { parsePath } from '../../path/parse.ts';
import { type Comparison, formatPath, type Leaf, type Path, type Segment } from '../../path/path.ts';
import type { LocalFacts } from '../local-agent/definition.ts';
import { LOCAL_OBJECTS } from '../local-agent/objects.ts';
import { isLocal } from '../local-agent/root.ts';
import { isRaw } from './raw-place.ts';

/** `maybe`: of the rows that an `{i}` stands for only some, or it would take a value of the CPE to know. */
export type Coverage = 'no' | 'maybe' | 'yes';
export type Target = (element: string, local: Pick<LocalFacts, 'read'>) => Coverage;

/** Undefined for what is no path: the check of Targets lets none in. */
export function compileTarget(text: string): Target | undefined {
  const parsed = parsePath(text);
  if (!parsed.ok) return undefined;
  const target = targetOf(parsed.path);
  return isRaw(text) ? target : (element, local) => (isRaw(element) ? 'no' : target(element, local));
}

function targetOf(path: Path): Target {
  const { segments, leaf } = path;
  const walk: Target = (element, local) => walked(segments, leaf, element, local);
  if (segments.some(({ kind }) => kind !== 'name' && kind !== 'instance')) return walk;
  const exact = formatPath(path);
  const object = leaf.kind === 'parameter-or-object' ? `${exact}.` : exact;
  const plain: Target =
    leaf.kind === 'object' || leaf.kind === 'parameter-or-object'
      ? (element) => (element === exact || element.startsWith(object) ? 'yes' : 'no')
      : (element) => (element === exact ? 'yes' : 'no');
  if (!segments.some(({ kind }) => kind === 'instance')) return plain;
  return (element, local) => (element.includes('{') ? walk(element, local) : plain(element, local));
}

function walked(segments: readonly Segment[], leaf: Leaf, element: string, local: Pick<LocalFacts, 'read'>): Coverage {
  const parts = (element.endsWith('.') ? element.slice(0, -1) : element).split('.');
  let coverage: Coverage = 'yes';
  for (const [index, segment] of segments.entries()) {
    const part = parts[index];
    const one = part === undefined ? 'no' : segmentCovers(segment, part, () => parts.slice(0, index + 1), local);
    if (one === 'no') return 'no';
    if (one === 'maybe') coverage = 'maybe';
  }
  return leafCovers(leaf, parts.slice(segments.length)) ? coverage : 'no';
}

const isRow = (part: string): boolean => part === '{i}' || /^\d+$/.test(part);

function segmentCovers(
  segment: Segment,
  part: string,
  pathTo: () => readonly string[],
  local: Pick<LocalFacts, 'read'>,
): Coverage {
  switch (segment.kind) {
    case 'name':
      return part === segment.name ? 'yes' : 'no';
    case 'instance':
      if (part === '{i}') return 'maybe';
      return part === String(segment.number) ? 'yes' : 'no';
    case 'wildcard':
      return isRow(part) ? 'yes' : 'no';
    case 'search':
      return isRow(part) ? searchCovers(segment.comparisons, `${pathTo().join('.')}.`, local) : 'no';
    case 'reference':
      // The check of Targets lets none in: where a reference leads would change with its value.
      return 'no';
  }
}

function leafCovers(leaf: Leaf, left: readonly string[]): boolean {
  switch (leaf.kind) {
    case 'object':
      return true;
    case 'parameter-or-object':
      return left[0] === leaf.name;
    case 'command':
      return left.length === 1 && left[0] === `${leaf.name}()`;
    case 'event':
      return left.length === 1 && left[0] === `${leaf.name}!`;
  }
}

/** Values of the CPE are not read to know who may read them. */
function searchCovers(comparisons: readonly Comparison[], row: string, local: Pick<LocalFacts, 'read'>): Coverage {
  if (!isLocal(row) || row.includes('{')) return 'maybe';
  let coverage: Coverage = 'yes';
  for (const comparison of comparisons) {
    const holds = comparisonHolds(comparison, row, local);
    if (holds === false) return 'no';
    if (holds === undefined) coverage = 'maybe';
  }
  return coverage;
}

/** Undefined where it leads through a reference. */
function comparisonHolds(
  { parameter, operator, constant }: Comparison,
  row: string,
  local: Pick<LocalFacts, 'read'>,
): boolean | undefined {
  if (parameter.some(({ kind }) => kind === 'reference')) return undefined;
  const names = parameter.flatMap((step) => (step.kind === 'name' ? [step.name] : []));
  const name = names.at(-1) ?? '';
  const object = names.slice(0, -1).reduce((path, part) => `${path}${part}.`, row);
  const known = LOCAL_OBJECTS.get(generalise(object))?.parameters.find((one) => one.name === name);
  const value = known === undefined ? undefined : local.read(object + name);
  if (known === undefined || value === undefined) return false;
  const test = testOf(known.type, operator, constant);
  return test.ok && test.holds(value);
}
