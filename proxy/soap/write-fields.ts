// Writes a value as the elements that its fields describe: in their order, each array with its exact arrayType.
import { CausewayError } from '../errors.ts';
import type { ArrayField, ChoiceField, Field, Fields, OptionalField } from '../rpc/field.ts';
import type { ParameterValueField, RepeatedField, StructField, ValuesOf } from '../rpc/field.ts';
import { escapeText } from './escape.ts';
import type { EnvelopeStyle } from './style.ts';

export const WRITE_REFUSAL_REASONS = [
  'unwritable-character', // a character that XML 1.0 cannot hold, such as a control character
  'too-long', // more characters than TR-069 gives the field
  'out-of-range', // a number that is no int or unsignedInt
] as const;

export type WriteRefusalReason = (typeof WRITE_REFUSAL_REASONS)[number];

export interface WriteRefusal {
  readonly reason: WriteRefusalReason;
  /** The element that could not be written. */
  readonly field: string;
  /** Which item of the list around the field, counted from 0. */
  readonly index?: number;
}

/** One document in the making. After a refusal what is written is worth nothing. */
export interface Writing {
  readonly style: EnvelopeStyle;
  refusal?: WriteRefusal;
}

type PlainField = Exclude<Field, ArrayField | RepeatedField | OptionalField | ParameterValueField>;
type Values = Readonly<Record<string, unknown>>;

/** The types that a Value is sent with; a CPE's own inventions among them become `string` (quirk 18). */
const VALUE_TYPES: ReadonlySet<string> = new Set([
  'string',
  'boolean',
  'int',
  'unsignedInt',
  'long',
  'unsignedLong',
  'dateTime',
  'base64',
  'base64Binary',
  'hexBinary',
  'decimal',
]);

function refuse(writing: Writing, reason: WriteRefusalReason, field: string): string {
  writing.refusal ??= { reason, field };
  return '';
}

const bug = (name: string, kind: string): CausewayError =>
  new CausewayError('CAUSEWAY_BUG', `${name} was given a value that is no ${kind}`);

function textOf(writing: Writing, name: string, value: unknown, maxLength: number | undefined): string {
  if (typeof value !== 'string') throw bug(name, 'string');
  if (maxLength !== undefined && value.length > maxLength && Array.from(value).length > maxLength)
    return refuse(writing, 'too-long', name);
  return escapeText(value) ?? refuse(writing, 'unwritable-character', name);
}

function integerOf(writing: Writing, name: string, value: unknown, kind: 'int' | 'unsignedInt'): string {
  if (typeof value !== 'number') throw bug(name, 'number');
  const [least, most] = kind === 'int' ? [-0x80000000, 0x7fffffff] : [0, 0xffffffff];
  const isInRange = Number.isInteger(value) && value >= least && value <= most;
  return isInRange ? String(value) : refuse(writing, 'out-of-range', name);
}

function listOf(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw bug(name, 'list');
  return value;
}

function valuesOf(name: string, value: unknown): Values {
  if (typeof value !== 'object' || value === null) throw bug(name, 'struct');
  return value as Values;
}

/** Type is what the CPE reported. */
function writeParameterValue(writing: Writing, name: string, values: Values): string {
  const { Type } = values;
  const type = typeof Type === 'string' && VALUE_TYPES.has(Type) ? Type : 'string';
  const text = textOf(writing, name, values[name], undefined);
  return `<${name} xsi:type="xsd:${type}">${text}</${name}>`;
}

/** Runs through a list and notes at which item it was refused. */
function writeItems(writing: Writing, items: readonly unknown[], write: (item: unknown) => string): string {
  let text = '';
  for (const [index, item] of items.entries()) {
    text += write(item);
    if (writing.refusal !== undefined) {
      writing.refusal = { index, ...writing.refusal };
      break;
    }
  }
  return text;
}

function writeArray(writing: Writing, name: string, field: ArrayField, value: unknown): string {
  const items = listOf(name, value);
  const { encoding } = writing.style;
  const prefix = field.itemNamespace === 'soapenc' ? encoding : field.itemNamespace;
  const open = `<${name} ${encoding}:arrayType="${prefix}:${field.itemName}[${items.length}]">`;
  return `${open}${writeItems(writing, items, (item) => writeElement(writing, field.itemName, field.item, item))}</${name}>`;
}

function structOf(name: string, item: StructField | ChoiceField, values: Values): StructField {
  if (item.kind === 'struct') return item;
  const struct = item.structs.find(({ typeName }) => typeName === values['Type']);
  if (struct === undefined) throw bug(name, 'struct of its choice');
  return struct;
}

function writeRepeated(writing: Writing, name: string, item: StructField | ChoiceField, value: unknown): string {
  return writeItems(writing, listOf(name, value), (one) => {
    const values = valuesOf(name, one);
    const { typeName, fields } = structOf(name, item, values);
    const type = item.kind === 'choice' ? ` xsi:type="cwmp:${typeName}"` : '';
    return `<${name}${type}>${writePlain(writing, fields, values)}</${name}>`;
  });
}

/** Between the tags of a field that is one element. */
function contentOf(writing: Writing, name: string, field: PlainField, value: unknown): string {
  switch (field.kind) {
    case 'string':
    case 'text':
      return textOf(writing, name, value, field.maxLength);
    case 'dateTime':
      return textOf(writing, name, value, undefined);
    case 'int':
    case 'unsignedInt':
      return integerOf(writing, name, value, field.kind);
    case 'boolean':
      if (typeof value !== 'boolean') throw bug(name, 'boolean');
      return value ? '1' : '0';
    case 'struct':
      return writePlain(writing, field.fields, valuesOf(name, value));
  }
}

function writeElement(writing: Writing, name: string, field: Field, value: unknown): string {
  if (field.kind === 'optional') return value === undefined ? '' : writeElement(writing, name, field.field, value);
  if (field.kind === 'array') return writeArray(writing, name, field, value);
  if (field.kind === 'repeated') return writeRepeated(writing, name, field.item, value);
  // Only a struct has one, and it is written with the struct's Type beside it.
  if (field.kind === 'parameterValue') throw bug(name, 'part of a struct');
  return `<${name}>${contentOf(writing, name, field, value)}</${name}>`;
}

function writePlain(writing: Writing, fields: Fields, values: Values): string {
  let text = '';
  for (const name in fields) {
    const field = fields[name];
    if (field === undefined) continue;
    if (field.kind === 'parameterValue') text += writeParameterValue(writing, name, values);
    else text += writeElement(writing, name, field, values[name]);
  }
  return text;
}

/** The elements of a set of fields, without one around them; a refusal is noted in `writing`. */
export function writeFields<F extends Fields>(writing: Writing, fields: F, values: ValuesOf<F>): string {
  return writePlain(writing, fields, values);
}
