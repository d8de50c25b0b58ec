// Paths as values: rows of the view that refer to each other, and paths of the CPE that stand for rows of the view. Pure.
import { generalise } from '../../path/concrete.ts';
import type { Binding, FixedBinding } from './binding.ts';
import type { References } from './compile.ts';
import type { Materialised } from './materialise.ts';
import { areInLine, type Captures, isAtOrBelow } from './pattern.ts';

/** An object of the view, by the template that placed it. */
export interface Placed {
  readonly path: string;
  readonly captures: Captures;
}

/** Gives every reference its value; a value names objects that are there, and nothing else. */
export function connect(
  objects: Iterable<{ readonly bindings: ReadonlyMap<string, Binding> }>,
  placed: ReadonlyMap<string, readonly Placed[]>,
): void {
  for (const { bindings } of objects) {
    for (const binding of bindings.values()) {
      if (binding.kind === 'fixed' && binding.refer !== undefined) binding.value = valueOf(binding.refer, placed);
    }
  }
}

const withoutDot = (path: string): string => path.replace(/\.$/, '');
/** Templates are written with and without their last dot. */
const placedAt = (placed: ReadonlyMap<string, readonly Placed[]>, template: string): readonly Placed[] =>
  placed.get(template) ?? placed.get(`${withoutDot(template)}.`) ?? placed.get(withoutDot(template)) ?? [];

/** What is captured of an object above: `/LANDevice.{lan}.` */
const capturedOf = (captures: Captures, above: string): Captures =>
  new Map([...captures].filter(([name]) => above.includes(`{${name}}`)));

function valueOf(
  { rule, found }: NonNullable<FixedBinding['refer']>,
  placed: ReadonlyMap<string, readonly Placed[]>,
): string {
  const captures = rule.of === undefined ? found.captures : capturedOf(found.captures, rule.of);
  if (rule.all) {
    const below = rule.to.flatMap((template) =>
      placedAt(placed, template).filter((one) => isAtOrBelow(one.captures, captures)),
    );
    return [...new Set(below.map(({ path }) => withoutDot(path)))].join(',');
  }
  for (const template of rule.to) {
    const target = nearest(placedAt(placed, template), captures);
    if (target !== undefined) return withoutDot(target.path);
  }
  return '';
}

/** The object itself, else the first in line with it: what stands below a row may stand beside it in the view (a guest's SSID). */
function nearest(placed: readonly Placed[], captures: Captures): Placed | undefined {
  let first: Placed | undefined;
  for (const one of placed) {
    if (!areInLine(one.captures, captures)) continue;
    if (one.captures.size === captures.size) return one;
    first ??= one;
  }
  return first;
}

/** A path of the CPE, as CPEs spell it, to the row of the view that is made of it; '' where none is. */
export function toView(text: string, root: string, { madeOf }: Materialised, references: References): string {
  const one = (path: string): string => {
    const trimmed = path.trim();
    if (trimmed === '') return '';
    const full = `${withoutDot(trimmed.startsWith(root) ? trimmed : root + trimmed)}.`;
    const made = madeOf.get(full) ?? [];
    const preferred = references.tables.map((table) => made.find((candidate) => isOf(candidate, table)));
    const found =
      preferred.find((candidate) => candidate !== undefined) ?? (references.tables.length > 0 ? undefined : made[0]);
    return found === undefined ? '' : withoutDot(found);
  };
  if (!references.list) return one(text);
  return text
    .split(',')
    .map(one)
    .filter((path) => path !== '')
    .join(',');
}

/** `IP.Interface`, `Bridging.Bridge.{i}.Port` are tables; rows of them lie directly below. */
const isOf = (path: string, table: string): boolean => {
  const prefix = `Device.${withoutDot(table)}.`;
  if (prefix.includes('{')) return generalise(path) === `${prefix}{i}.`;
  return path.startsWith(prefix) && /^\d+\.$/.test(path.slice(prefix.length));
};

/** A path of the view to the object of the CPE that it is made of; undefined where it is made of none. */
export function toCpe(value: string, { objects }: Materialised, references: References): string | undefined {
  const one = (path: string): string | undefined => {
    const trimmed = withoutDot(path.trim());
    if (trimmed === '') return '';
    const member = objects.get(`${trimmed}.`)?.members[0];
    return member === undefined ? undefined : withoutDot(member.path);
  };
  if (!references.list) return one(value);
  const paths = value.trim() === '' ? [] : value.split(',').map(one);
  return paths.includes(undefined) ? undefined : paths.join(',');
}
