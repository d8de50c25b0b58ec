// What a value of the view is made of: parameters of the CPE, a constant, the path of a row.
import {
  field,
  fieldsOf,
  flagOf,
  isMap,
  isSeq,
  itemsOf,
  placeOf,
  refuse,
  textOf,
  wholeNumberOf,
  type Reader,
} from './parse-node.ts';
import { keysOf } from './parse-key.ts';
import { objectOf, parameterOf } from './parse-path.ts';
import type { CodecRule, ParameterRule, ValueRule } from './document.ts';

/** `mac`, `enum:wlan.status`. */
export function codecOf(reader: Reader, node: unknown): CodecRule | undefined {
  const text = textOf(reader, node, 'as');
  if (text === undefined) return undefined;
  const [, name, argument = ''] = /^([a-z][A-Za-z0-9.-]*)(?::(.+))?$/.exec(text) ?? [];
  if (name === undefined) return refuse(reader, node, `as: "${text}" must be a codec's name, or name:argument`);
  return { name, argument };
}

interface From {
  readonly from: readonly string[];
  readonly needed: number;
}

/** `Channel`, `[Channel, PossibleChannels?]`: a question mark is behind what the device need not have. */
function fromOf(reader: Reader, node: unknown): From | undefined {
  const from: string[] = [];
  let needed = 0;
  const items = itemsOf(node);
  for (const item of items) {
    const text = textOf(reader, item, 'from');
    if (text === undefined) return undefined;
    const optional = text.endsWith('?');
    const path = parameterOf(reader, item, 'from', optional ? text.slice(0, -1) : text);
    if (path === undefined) return undefined;
    if (!optional && needed < from.length) {
      return refuse(reader, item, `from: ${path} must stand before those with a question mark`);
    }
    from.push(path);
    if (!optional) needed += 1;
  }
  if (needed === 0) return refuse(reader, node, 'from must begin with a parameter that the device needs to have');
  return { from, needed };
}

/** `together` of a table. */
export function valueRuleOf(reader: Reader, node: unknown): ValueRule | undefined {
  const place = placeOf(reader, node);
  if (!isMap(node)) {
    const read = fromOf(reader, node);
    return read && { ...read, place, as: undefined, otherwise: undefined };
  }
  const fields = fieldsOf(reader, node, 'a value', ['from', 'as', 'otherwise']);
  if (fields === undefined) return undefined;
  if (!fields.has('from')) return refuse(reader, node, 'a value needs from: the parameters of the CPE');
  const read = field(fields, 'from', (item) => fromOf(reader, item));
  if (read === undefined) return undefined;
  return {
    ...read,
    place,
    as: field(fields, 'as', (item) => codecOf(reader, item)),
    otherwise: field(fields, 'otherwise', (item) => valueRuleOf(reader, item)),
  };
}

const KINDS = ['from', 'constant', 'refer', 'first'] as const;
const FIELDS: Readonly<Record<(typeof KINDS)[number], readonly string[]>> = {
  from: ['from', 'as', 'write', 'everywhere', 'all', 'order', 'secret', 'key'],
  constant: ['constant'],
  refer: ['refer', 'of', 'all'],
  first: ['first'],
};
const ALL_FIELDS = [...new Set(Object.values(FIELDS).flat())];

function sourceRule(reader: Reader, node: unknown, fields: ReadonlyMap<string, unknown>): ParameterRule | undefined {
  const read = field(fields, 'from', (item) => fromOf(reader, item));
  if (read === undefined) return undefined;
  const flag = (name: string, otherwise: boolean): boolean =>
    field(fields, name, (item) => flagOf(reader, item, name)) ?? otherwise;
  const as = field(fields, 'as', (item) => codecOf(reader, item));
  if (as === undefined && (read.from.length > 1 || flag('all', false))) {
    return refuse(reader, node, 'several parameters are one value only by as: a codec that puts them together');
  }
  const keys = field(fields, 'key', (item) => keysOf(reader, item)) ?? [];
  if (keys.length > 0 && as?.name !== 'reference')
    return refuse(reader, node, 'key says nothing without as: reference');
  return {
    kind: 'source',
    place: placeOf(reader, node),
    ...read,
    as,
    write: flag('write', true),
    everywhere: flag('everywhere', false),
    all: flag('all', false),
    order: field(fields, 'order', (item) => wholeNumberOf(reader, item, 'order')) ?? 0,
    secret: flag('secret', false),
    keys,
  };
}

function referRule(reader: Reader, node: unknown, fields: ReadonlyMap<string, unknown>): ParameterRule {
  const to = itemsOf(fields.get('refer')).map((item) => objectOf(reader, item, 'refer'));
  return {
    kind: 'refer',
    place: placeOf(reader, node),
    to: to.filter((path) => path !== undefined),
    of: field(fields, 'of', (item) => objectOf(reader, item, 'of')),
    all: field(fields, 'all', (item) => flagOf(reader, item, 'all')) ?? false,
  };
}

/** The text of a parameter of the CPE, or a map that says more of it. */
export function parameterRuleOf(reader: Reader, node: unknown): ParameterRule | undefined {
  if (!isMap(node)) {
    if (isSeq(node)) return refuse(reader, node, 'several parameters are written as { from: [one, two], as: codec }');
    return sourceRule(reader, node, new Map([['from', node]]));
  }
  const fields = fieldsOf(reader, node, 'a parameter', ALL_FIELDS);
  if (fields === undefined) return undefined;
  const [kind, ...others] = KINDS.filter((name) => fields.has(name));
  if (kind === undefined || others.length > 0) {
    return refuse(reader, node, `a parameter must have one of ${KINDS.join(', ')}`);
  }
  const stray = [...fields.keys()].find((name) => !FIELDS[kind].includes(name));
  if (stray !== undefined) return refuse(reader, node, `${stray} says nothing beside ${kind}`);
  const place = placeOf(reader, node);
  if (kind === 'from') return sourceRule(reader, node, fields);
  if (kind === 'refer') return referRule(reader, node, fields);
  if (kind === 'constant') {
    const value = field(fields, 'constant', (item) => textOf(reader, item, 'constant'));
    return value === undefined ? undefined : { kind, place, value };
  }
  const rules = itemsOf(fields.get('first')).map((item) => parameterRuleOf(reader, item));
  return { kind, place, rules: rules.filter((rule) => rule !== undefined) };
}
