// Patterns of rules over the tree of one CPE: `LANDevice.{lan}.WLANConfiguration.{wlan}.` finds each such object, and says
// which instance number stands for which name. Pure.
import { hasParameter, type InstanceTree } from '../../device/instance-tree/tree.ts';

/** Which instance number, or position in a list, each name of a pattern stands for. */
export type Captures = ReadonlyMap<string, number>;
export const NO_CAPTURES: Captures = new Map();

type Step = { readonly kind: 'name'; readonly name: string } | { readonly kind: 'number'; readonly name: string };

export interface Pattern {
  readonly text: string;
  /** With `{i}` in place of each name. */
  readonly general: string;
  readonly names: readonly string[];
  readonly steps: readonly Step[];
}

/** An object of the CPE that a pattern has found. */
export interface Found {
  readonly path: string;
  readonly captures: Captures;
}

const NAME = /\{(\w+)\}/g;

/** `text` is below the root; '' is the root itself. */
export function compilePattern(text: string): Pattern {
  const parts = text.split('.').filter((part) => part !== '');
  const steps = parts.map((part): Step => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    return name === undefined ? { kind: 'name', name: part } : { kind: 'number', name };
  });
  const names = steps.filter(({ kind }) => kind === 'number').map(({ name }) => name);
  return { text, general: text.replace(NAME, '{i}'), names, steps };
}

/** Every object of the tree that the pattern finds; names that `given` has are not looked for but taken from there. */
export function findAll(pattern: Pattern, tree: InstanceTree, given: Captures = NO_CAPTURES): readonly Found[] {
  const found: Found[] = [];
  const walk = (path: string, index: number, captures: Captures): void => {
    const object = tree.objects.get(path);
    if (object === undefined) return;
    const step = pattern.steps[index];
    if (step === undefined) found.push({ path, captures });
    else if (step.kind === 'name') walk(`${path}${step.name}.`, index + 1, captures);
    else {
      const known = given.get(step.name);
      const numbers = known === undefined ? object.instances : [known];
      for (const number of numbers) {
        walk(`${path}${number}.`, index + 1, new Map([...captures, [step.name, number]]));
      }
    }
  };
  walk(tree.root, 0, NO_CAPTURES);
  return found;
}

/** The text with numbers in place of names; undefined where a name stands for none. */
export function fill(text: string, captures: Captures): string | undefined {
  if (!text.includes('{')) return text;
  const filled = text.replace(NAME, (whole, name: string) => String(captures.get(name) ?? whole));
  return filled.includes('{') ? undefined : filled;
}

/** A path of a rule about the object `base` as a path of the CPE: `/` begins at the root. */
export function pathFrom(text: string, root: string, { path, captures }: Found): string | undefined {
  const filled = fill(text, captures);
  if (filled === undefined) return undefined;
  return filled.startsWith('/') ? root + filled.slice(1) : path + filled;
}

/** Whether the CPE has the object (with its final dot) or the parameter. */
export const isThere = (tree: InstanceTree, path: string): boolean =>
  path.endsWith('.') ? tree.objects.has(path) : hasParameter(tree, path);

/** The same names stand for the same numbers, and one has all names of the other: they are one object, or above and below. */
export function areInLine(one: Captures, other: Captures): boolean {
  const [fewer, more] = one.size <= other.size ? [one, other] : [other, one];
  for (const [name, number] of fewer) if (more.get(name) !== number) return false;
  return true;
}

/** `below` has all that `above` has, and perhaps more. */
export function isAtOrBelow(below: Captures, above: Captures): boolean {
  for (const [name, number] of above) if (below.get(name) !== number) return false;
  return true;
}
