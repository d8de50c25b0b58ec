// `key:` of a reference: a CPE that names an object by a key of its table, not by its path.
import { field, fieldsOf, itemsOf, refuse, textOf, type Reader } from './parse-node.ts';
import { objectOf, parameterOf } from './parse-path.ts';
import type { KeyRule } from './document.ts';

function keyOf(reader: Reader, node: unknown): KeyRule | undefined {
  const fields = fieldsOf(reader, node, 'key', ['at', 'is', 'names', 'for', 'none']);
  if (fields === undefined) return undefined;
  const at = field(fields, 'at', (item) => objectOf(reader, item, 'at'));
  const is = field(fields, 'is', (item) => parameterOf(reader, item, 'is'));
  if (at === undefined || is === undefined) {
    return refuse(
      reader,
      node,
      'key needs at (objects of the CPE, from its root) and is (their parameter with the key)',
    );
  }
  if (fields.has('names') && fields.has('for')) return refuse(reader, node, 'key has one of names and for');
  return {
    at,
    is,
    names: field(fields, 'names', (item) => parameterOf(reader, item, 'names')),
    stands: field(fields, 'for', (item) => objectOf(reader, item, 'for')),
    none: field(fields, 'none', (item) => textOf(reader, item, 'none')) ?? '',
  };
}

/** One, or a list of them that are tried one after the other. */
export const keysOf = (reader: Reader, node: unknown): readonly KeyRule[] =>
  itemsOf(node)
    .map((item) => keyOf(reader, item))
    .filter((key) => key !== undefined);
