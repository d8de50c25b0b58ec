// Where rules apply: objects of the CPE, and conditions on them.
import {
  entriesOf,
  field,
  fieldsOf,
  flagOf,
  isMap,
  itemsOf,
  refuse,
  textsOf,
  wholeNumberOf,
  type Entry,
  type Reader,
} from './parse-node.ts';
import { eitherOf, objectOf, parameterOf } from './parse-path.ts';
import type { Condition, FixedSetting, Source } from './document.ts';
import { NO_CAPTURES } from './pattern.ts';
import { textOf } from './parse-node.ts';

/** `path: value`, `path: [value, value]`, `path: { not: … }`, `path: { there: yes }`. */
function conditionOf(reader: Reader, { name, key, value }: Entry): Condition | undefined {
  const path = eitherOf(reader, key, 'a condition');
  if (path === undefined) return undefined;
  const what = `the condition on ${name}`;
  if (!isMap(value)) {
    const patterns = textsOf(reader, value, what);
    return patterns && { kind: 'value', path, patterns, negated: false };
  }
  const fields = fieldsOf(reader, value, what, ['not', 'there']);
  if (fields === undefined) return undefined;
  if (fields.size !== 1) return refuse(reader, value, `${what} must have one of not and there`);
  const there = field(fields, 'there', (node) => flagOf(reader, node, `${what}: there`));
  if (there !== undefined) return { kind: 'has', path, negated: !there };
  const patterns = field(fields, 'not', (node) => textsOf(reader, node, `${what}: not`));
  return patterns && { kind: 'value', path, patterns, negated: true };
}

export function conditionsOf(reader: Reader, node: unknown): readonly Condition[] {
  const entries = entriesOf(reader, node, 'a condition') ?? [];
  return entries.map((entry) => conditionOf(reader, entry)).filter((condition) => condition !== undefined);
}

export function settingsOf(reader: Reader, node: unknown): readonly FixedSetting[] {
  const settings: FixedSetting[] = [];
  for (const { name, key, value } of entriesOf(reader, node, 'set') ?? []) {
    const path = parameterOf(reader, key, 'what is set');
    const text = textOf(reader, value, `the value of ${name}`);
    if (path !== undefined && text !== undefined) settings.push({ path, value: text });
  }
  return settings;
}

const SOURCE_FIELDS = ['at', 'each', 'when', 'with'] as const;

/** `with: { lan: 1 }` */
const givenOf = (reader: Reader, node: unknown): ReadonlyMap<string, number> =>
  new Map(
    (entriesOf(reader, node, 'with') ?? []).flatMap(({ name, value }) => {
      const number = wholeNumberOf(reader, value, name);
      return number === undefined ? [] : [[name, number] as const];
    }),
  );

function sourceOf(reader: Reader, fields: ReadonlyMap<string, unknown>): readonly Source[] {
  const each = field(fields, 'each', (node) => parameterOf(reader, node, 'each'));
  const when = field(fields, 'when', (node) => conditionsOf(reader, node)) ?? [];
  const given = field(fields, 'with', (node) => givenOf(reader, node)) ?? NO_CAPTURES;
  const patterns = itemsOf(fields.get('at')).map((node) => objectOf(reader, node, 'at'));
  return patterns.filter((at) => at !== undefined).map((at) => ({ at, each, when, given }));
}

/**
 * `at` with `each`, `when` and `with` beside it, or a list `sources` of such; undefined, and a problem, where neither is there and
 * `required`.
 */
export function sourcesOf(
  reader: Reader,
  owner: unknown,
  fields: ReadonlyMap<string, unknown>,
  required: boolean,
): readonly Source[] {
  const several = fields.get('sources');
  const direct = fields.has('at');
  if (several !== undefined && SOURCE_FIELDS.some((name) => fields.has(name))) {
    refuse(reader, several, 'sources stand in place of at, each, when and with, not beside them');
    return [];
  }
  if (several !== undefined) {
    return itemsOf(several).flatMap((item) => {
      const inner = fieldsOf(reader, item, 'a source', SOURCE_FIELDS);
      if (inner === undefined) return [];
      if (inner.has('at')) return sourceOf(reader, inner);
      refuse(reader, item, 'a source needs at: the object of the CPE');
      return [];
    });
  }
  if (direct) return sourceOf(reader, fields);
  if (required) refuse(reader, owner, 'it needs at: the object of the CPE');
  return [];
}
