// `objects:` of a rule file. One entry may speak of objects within its own (`Security.ModeEnabled`): each becomes a rule.
import { entriesOf, field, fieldsOf, isSeq, placeOf, refuse, type Reader } from './parse-node.ts';
import { objectOf, parameterOf } from './parse-path.ts';
import { NO_CAPTURES } from './pattern.ts';
import { sourcesOf } from './parse-source.ts';
import { parameterRuleOf } from './parse-value.ts';
import type { ObjectRule, ParameterRule, PrefixRule } from './document.ts';

const FIELDS = ['at', 'each', 'when', 'with', 'sources', 'to', 'same', 'parameters'];

type Named = readonly (readonly [name: string, node: unknown, rule: ParameterRule])[];

/** `same: [Enable, SSID]`: parameters with one name and one meaning on both sides. */
function sameOf(reader: Reader, node: unknown): Named {
  if (!isSeq(node)) {
    refuse(reader, node, 'same must be a list of names');
    return [];
  }
  return node.items.flatMap((item) => {
    const name = parameterOf(reader, item, 'same');
    const rule = name === undefined ? undefined : parameterRuleOf(reader, item);
    return name === undefined || rule === undefined ? [] : [[name, item, rule] as const];
  });
}

function parametersOf(reader: Reader, node: unknown): Named {
  return (entriesOf(reader, node, 'parameters') ?? []).flatMap(({ key, value }) => {
    const name = parameterOf(reader, key, 'a parameter of the view');
    const rule = parameterRuleOf(reader, value);
    return name === undefined || rule === undefined ? [] : [[name, key, rule] as const];
  });
}

function objectsOfEntry(reader: Reader, node: unknown): readonly ObjectRule[] {
  const fields = fieldsOf(reader, node, 'an object', FIELDS);
  if (fields === undefined) return [];
  // The root itself has no name: what has no `at` is made of the root's own parameters.
  const rooted = !fields.has('at') && !fields.has('sources');
  const sources = rooted
    ? [{ at: '', each: undefined, when: [], given: NO_CAPTURES }]
    : sourcesOf(reader, node, fields, true);
  if (!fields.has('to')) refuse(reader, node, 'it needs to: the object of the view');
  const to = field(fields, 'to', (item) => viewObjectOf(reader, item));
  if (to === undefined) return [];
  const place = placeOf(reader, node);
  const named = [
    ...(field(fields, 'same', (item) => sameOf(reader, item)) ?? []),
    ...(field(fields, 'parameters', (item) => parametersOf(reader, item)) ?? []),
  ];
  const byObject = new Map<string, Map<string, ParameterRule>>([[to, new Map()]]);
  for (const [name, at, rule] of named) {
    const end = name.lastIndexOf('.') + 1;
    const object = to + name.slice(0, end);
    const parameters = byObject.get(object) ?? new Map<string, ParameterRule>();
    if (parameters.has(name.slice(end))) refuse(reader, at, `${name} has two rules here`);
    byObject.set(object, parameters.set(name.slice(end), rule));
  }
  return [...byObject].map(([object, parameters]) => ({ place, sources, to: object, parameters }));
}

function viewObjectOf(reader: Reader, node: unknown): string | undefined {
  const path = objectOf(reader, node, 'to');
  return path?.startsWith('/') === true ? refuse(reader, node, 'to is below Device. and needs no slash') : path;
}

export function objectsOf(reader: Reader, node: unknown): readonly ObjectRule[] {
  if (isSeq(node)) return node.items.flatMap((item) => objectsOfEntry(reader, item));
  refuse(reader, node, 'objects must be a list');
  return [];
}

export function prefixesOf(reader: Reader, node: unknown): readonly PrefixRule[] {
  return (entriesOf(reader, node, 'prefixes') ?? []).flatMap(({ key, value }) => {
    const from = objectOf(reader, key, 'a prefix');
    const to = viewObjectOf(reader, value);
    return from === undefined || to === undefined ? [] : [{ place: placeOf(reader, key), from, to }];
  });
}
