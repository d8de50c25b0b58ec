// Whether an object of the CPE is what a rule is about, by what the device has and by the values that decide. Pure.
import type { InstanceTree } from '../../device/instance-tree/tree.ts';
import type { Condition } from './document.ts';
import { type Found, isThere, pathFrom } from './pattern.ts';

/** One device, as far as rules decide by it. */
export interface Device {
  readonly tree: InstanceTree;
  /** Values that decide which rows there are, by the CPE's names; '' where none is known. */
  readonly value: (cpeName: string) => string;
}

const matchers = new Map<string, RegExp>();
/** `*` is any text; letters may be of either case, since CPEs are not particular about it. */
function matcherOf(pattern: string): RegExp {
  const known = matchers.get(pattern);
  if (known !== undefined) return known;
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  const matcher = new RegExp(`^${source}$`, 'isu');
  matchers.set(pattern, matcher);
  return matcher;
}

export function holds(conditions: readonly Condition[], { tree, value }: Device, found: Found): boolean {
  return conditions.every((condition) => {
    const path = pathFrom(condition.path, tree.root, found);
    if (path === undefined) return condition.negated;
    const isSo =
      condition.kind === 'has'
        ? isThere(tree, path)
        : condition.patterns.some((pattern) => matcherOf(pattern).test(value(path).trim()));
    return isSo !== condition.negated;
  });
}

/** The CPE's parameters whose values such conditions want, be they there or not. */
export function* namesWanted(conditions: readonly Condition[], root: string, found: Found): Generator<string> {
  for (const condition of conditions) {
    const path = condition.kind === 'value' ? pathFrom(condition.path, root, found) : undefined;
    if (path !== undefined) yield path;
  }
}
