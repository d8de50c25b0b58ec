// Parameters of what is known of a device's rows that a path means. Pure.
import type { ViewTree } from '../../mapping/view.ts';
import { rowOf } from '../../path/concrete.ts';
import { asObject, type Path, type Segment } from '../../path/path.ts';

/** Parameters that are there; a search means none. */
export function* parametersOf(tree: ViewTree, path: Path): Iterable<string> {
  if (path.leaf.kind === 'parameter-or-object') {
    const { name } = path.leaf;
    for (const object of objectsOf(tree, path.segments)) if (tree.readings(object).has(name)) yield object + name;
  }
  for (const object of objectsOf(tree, asObject(path).segments)) yield* below(tree, object);
}

/** Objects that are there; a search finds none. */
const objectsOf = (tree: ViewTree, segments: readonly Segment[]): readonly string[] =>
  segments.reduce<readonly string[]>(
    (objects, segment) =>
      objects
        .flatMap((object) => {
          if (segment.kind === 'name') return [`${object}${segment.name}.`];
          if (segment.kind === 'instance') return [rowOf(object, segment.number)];
          if (segment.kind !== 'wildcard') return [];
          return (tree.objects.get(object)?.instances ?? []).map((number) => rowOf(object, number));
        })
        .filter((object) => tree.objects.has(object)),
    [''],
  );

function* below(tree: ViewTree, object: string): Iterable<string> {
  for (const name of tree.readings(object).keys()) yield object + name;
  const { objects = [], instances = [] } = tree.objects.get(object) ?? {};
  for (const name of objects) yield* below(tree, `${object}${name}.`);
  for (const number of instances) yield* below(tree, rowOf(object, number));
}
