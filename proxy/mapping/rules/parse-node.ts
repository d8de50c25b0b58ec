// Texts, lists and maps out of parsed YAML, and what is wrong with them by file and line. A reader goes on after a problem,
// so that an author sees all of them at once. Pure.
import { isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Place } from './document.ts';

export interface Problem extends Place {
  readonly why: string;
}

/** One file that is being read, and what was found wrong with it so far. */
export interface Reader {
  readonly file: string;
  readonly lines: LineCounter;
  readonly problems: Problem[];
}

/** One line of a map. */
export interface Entry {
  readonly name: string;
  readonly key: Node;
  readonly value: unknown;
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value);
}

export function placeOf(reader: Reader, node: unknown): Place {
  const start = isNode(node) ? node.range?.[0] : undefined;
  return { file: reader.file, line: start === undefined ? 1 : reader.lines.linePos(start).line };
}

/** Answers with `instead`, or with undefined, so that a caller can go on with it. */
export function refuse<T>(reader: Reader, node: unknown, why: string, instead?: T): T | undefined {
  reader.problems.push({ ...placeOf(reader, node), why });
  return instead;
}

/** Numbers and `true` are texts too, just as they are written: `2.4GHz`, `0`, `1.0`. */
export function textOf(reader: Reader, node: unknown, what: string): string | undefined {
  if (isScalar(node)) {
    if (typeof node.value === 'string') return node.value;
    if (node.value !== null && node.source !== undefined) return node.source;
  }
  return refuse(reader, node, `${what} must be a text`);
}

/** One text, or a list of them. */
export function textsOf(reader: Reader, node: unknown, what: string): readonly string[] | undefined {
  if (!isSeq(node)) {
    const one = textOf(reader, node, what);
    return one === undefined ? undefined : [one];
  }
  if (node.items.length === 0) return refuse(reader, node, `${what} must not be an empty list`);
  const texts = node.items.map((item) => textOf(reader, item, `each item of ${what}`));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** `yes` and `no`, as people write them; YAML's own `true` and `false` too. */
export function flagOf(reader: Reader, node: unknown, what: string): boolean | undefined {
  const value = isScalar(node) ? node.value : undefined;
  if (value === 'yes' || value === true) return true;
  if (value === 'no' || value === false) return false;
  return refuse(reader, node, `${what} must be yes or no`);
}

export function wholeNumberOf(reader: Reader, node: unknown, what: string): number | undefined {
  const value = isScalar(node) ? node.value : undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  return refuse(reader, node, `${what} must be a whole number`);
}

export function entriesOf(reader: Reader, node: unknown, what: string): readonly Entry[] | undefined {
  if (!isMap(node)) return refuse(reader, node, `${what} must be a map (name: what it is)`);
  const entries: Entry[] = [];
  for (const { key, value } of node.items) {
    const name = textOf(reader, key, `a name in ${what}`);
    if (name === undefined || !isNode(key)) continue;
    // `name:` with nothing behind it has a value without a place of its own: the name's line is told.
    if (value === null) refuse(reader, key, `${name} says nothing; between braces, a text with a comma needs quotes`);
    else if (isScalar(value) && value.value === null) refuse(reader, key, `${name} says nothing`);
    else if (isNode(value)) entries.push({ name, key, value });
    else refuse(reader, key, `${name} must be a text, a list or a map (anchors are not followed)`);
  }
  return entries;
}

/** A map that may have these names and no others. */
export function fieldsOf(
  reader: Reader,
  node: unknown,
  what: string,
  names: readonly string[],
): ReadonlyMap<string, unknown> | undefined {
  const entries = entriesOf(reader, node, what);
  if (entries === undefined) return undefined;
  const fields = new Map<string, unknown>();
  for (const { name, key, value } of entries) {
    if (names.includes(name)) fields.set(name, value);
    else refuse(reader, key, `${what} has no "${name}": it may have ${names.join(', ')}`);
  }
  return fields;
}

/** What `read` makes of a field, where there is one. */
export function field<T>(
  fields: ReadonlyMap<string, unknown>,
  name: string,
  read: (node: unknown) => T | undefined,
): T | undefined {
  const node = fields.get(name);
  return node === undefined ? undefined : read(node);
}

/** Items of a list, or the one thing that stands in its place. */
export function itemsOf(node: unknown): readonly unknown[] {
  return isSeq(node) ? node.items : [node];
}

export { isMap, isSeq };
