// `tables:` of a rule file.
import {
  entriesOf,
  field,
  fieldsOf,
  isMap,
  placeOf,
  refuse,
  textOf,
  textsOf,
  wholeNumberOf,
  itemsOf,
  type Entry,
  type Reader,
} from './parse-node.ts';
import { namesIn, objectOf, parameterOf } from './parse-path.ts';
import { conditionsOf, settingsOf, sourcesOf } from './parse-source.ts';
import { valueRuleOf } from './parse-value.ts';
import type { AddRule, RemoveRule, Source, TableRule } from './document.ts';

const FIELDS = ['at', 'each', 'when', 'with', 'sources', 'key', 'together', 'number', 'add', 'remove'];

function numberOf(reader: Reader, node: unknown, sources: readonly Source[]): TableRule['number'] {
  const fields = fieldsOf(reader, node, 'number', ['like', 'by', 'from']);
  if (fields === undefined) return undefined;
  const like = field(fields, 'like', (item) => textOf(reader, item, 'like'));
  const known = sources.flatMap(({ at, each }) => (each === undefined ? namesIn(at) : [...namesIn(at), 'item']));
  if (like !== undefined && sources.length > 0 && !known.includes(like)) {
    return refuse(reader, fields.get('like'), `like: no source has {${like}}`);
  }
  const by = new Map<string, number>();
  for (const { name, value } of field(fields, 'by', (item) => entriesOf(reader, item, 'by')) ?? []) {
    const number = wholeNumberOf(reader, value, `the number for ${name}`);
    if (number !== undefined) by.set(name, number);
  }
  return { like, by, from: field(fields, 'from', (item) => wholeNumberOf(reader, item, 'from')) ?? 1 };
}

function keyOf(reader: Reader, node: unknown): TableRule['key'] {
  const fields = fieldsOf(reader, node, 'key', ['names', 'parameters']);
  if (fields === undefined) return undefined;
  const parameters = itemsOf(fields.get('parameters'));
  return {
    names: field(fields, 'names', (item) => textsOf(reader, item, 'names')) ?? [],
    parameters: fields.has('parameters')
      ? parameters.map((item) => parameterOf(reader, item, 'parameters')).filter((path) => path !== undefined)
      : [],
  };
}

type Parent = Extract<AddRule, { kind: 'object' }>['parent'];

function parentOf(reader: Reader, node: unknown): Parent {
  const fields = fieldsOf(reader, node, 'parent', ['parameter', 'tables', 'otherwise']);
  if (fields === undefined) return undefined;
  const parameter = field(fields, 'parameter', (item) => textOf(reader, item, 'parameter'));
  const tables = field(fields, 'tables', (item) => textsOf(reader, item, 'tables'));
  if (parameter === undefined || tables === undefined) {
    return refuse(reader, node, 'parent needs parameter (of the new row) and tables (that it may name rows of)');
  }
  return { parameter, tables, otherwise: field(fields, 'otherwise', (item) => parameterOf(reader, item, 'otherwise')) };
}

/** `object:` with the table that AddObject is for, or `claim:` with what a spare row looks like. */
function addOf(reader: Reader, node: unknown): AddRule | undefined {
  const fields = fieldsOf(reader, node, 'add', ['object', 'parent', 'claim', 'set']);
  if (fields === undefined) return undefined;
  const claims = fields.has('claim');
  if (claims === fields.has('object')) return refuse(reader, node, 'add must have one of object and claim');
  if (!claims && fields.has('set')) return refuse(reader, node, 'set says nothing beside object');
  if (claims && fields.has('parent')) return refuse(reader, node, 'parent says nothing beside claim');
  if (claims) {
    const where = field(fields, 'claim', (item) => conditionsOf(reader, item)) ?? [];
    return { kind: 'claim', where, set: field(fields, 'set', (item) => settingsOf(reader, item)) ?? [] };
  }
  const objects = itemsOf(fields.get('object')).map((item) => objectOf(reader, item, 'object'));
  const parent = field(fields, 'parent', (item) => parentOf(reader, item));
  return { kind: 'object', objects: objects.filter((path) => path !== undefined), parent };
}

/** `object` for DeleteObject, or `set:` with what puts the row out of use. */
function removeOf(reader: Reader, node: unknown): RemoveRule | undefined {
  if (!isMap(node)) {
    const text = textOf(reader, node, 'remove');
    return text === 'object' ? { kind: 'object' } : refuse(reader, node, 'remove must be object, or { set: … }');
  }
  const fields = fieldsOf(reader, node, 'remove', ['set']);
  return fields && { kind: 'set', set: field(fields, 'set', (item) => settingsOf(reader, item)) ?? [] };
}

function tableOf(reader: Reader, { name, key, value }: Entry): TableRule | undefined {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) {
    return refuse(reader, key, `a table's name is letters and digits, the first one small: not "${name}"`);
  }
  const fields = fieldsOf(reader, value, `the table ${name}`, FIELDS);
  if (fields === undefined) return undefined;
  const sources = sourcesOf(reader, key, fields, false);
  return {
    name,
    place: placeOf(reader, key),
    sources,
    key: field(fields, 'key', (node) => keyOf(reader, node)),
    together: field(fields, 'together', (node) => valueRuleOf(reader, node)),
    number: field(fields, 'number', (node) => numberOf(reader, node, sources)),
    add: field(fields, 'add', (node) => addOf(reader, node)),
    remove: field(fields, 'remove', (node) => removeOf(reader, node)),
  };
}

export function tablesOf(reader: Reader, node: unknown): readonly TableRule[] {
  const entries = entriesOf(reader, node, 'tables') ?? [];
  return entries.map((entry) => tableOf(reader, entry)).filter((table) => table !== undefined);
}
