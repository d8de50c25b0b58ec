// Generated values for any set of fields: whatever the RPCs of TR-069 can carry.
import fc from 'fast-check';
import type { ChoiceField, Field, Fields, StructField } from '../../proxy/rpc/field.ts';

export type Values = Record<string, unknown>;

const character = fc.oneof(
  { weight: 8, arbitrary: fc.string({ minLength: 1, maxLength: 1, unit: 'grapheme-ascii' }) },
  { weight: 3, arbitrary: fc.constantFrom('&', '<', '>', '"', "'", '\r', '\n', '\t', '\r\n', ']]>', '&amp;', '&#10;') },
  { weight: 1, arbitrary: fc.constantFrom('ü', '漢', '😀', '\u00a0', '\u0085', '\u2028', '\ufffd', '\ufeff') },
);
const verbatim = fc.array(character, { maxLength: 24 }).map((parts) => parts.join(''));
/** White space around such a text is dropped on reading, so it is generated without. */
const trimmed = verbatim.map((text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''));

const within = (texts: fc.Arbitrary<string>, maxLength: number | undefined): fc.Arbitrary<string> =>
  texts.map((text) => (maxLength === undefined ? text : Array.from(text).slice(0, maxLength).join('').trim()));

const parameterValue = fc.oneof(
  fc.record({ Value: verbatim, Type: fc.constantFrom('string', 'dateTime', 'base64', 'hexBinary') }),
  fc.record({ Value: fc.integer().map(String), Type: fc.constantFrom('int', 'unsignedInt', 'long') }),
  fc.record({ Value: fc.constantFrom('0', '1', ''), Type: fc.constant('boolean') }),
);

function itemArbitrary(item: StructField | ChoiceField): fc.Arbitrary<Values> {
  if (item.kind === 'struct') return valuesArbitrary(item.fields);
  return fc.oneof(
    ...item.structs.map(({ typeName, fields }) =>
      valuesArbitrary(fields).map((values) => ({ Type: typeName, ...values })),
    ),
  );
}

function fieldArbitrary(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'string':
      return within(trimmed, field.maxLength);
    case 'text':
      return within(verbatim, field.maxLength);
    case 'dateTime':
      return fc.constantFrom('', '0001-01-01T00:00:00Z', '2019-03-05T11:54::14', '1970-01-02T00:01:05.021239+00:00');
    case 'int':
      return fc.integer();
    case 'unsignedInt':
      return fc.integer({ min: 0, max: 0xffffffff });
    case 'boolean':
      return fc.boolean();
    case 'struct':
      return valuesArbitrary(field.fields);
    case 'array':
      return fc.array(fieldArbitrary(field.item), { maxLength: 4 });
    case 'repeated':
      // Of a struct without a single member nothing would be written, or nothing be read.
      return fc.array(
        itemArbitrary(field.item).filter((values) => Object.keys(values).some((key) => key !== 'Type')),
        { maxLength: 3 },
      );
    case 'optional':
      return fieldArbitrary(field.field);
    case 'parameterValue':
      return parameterValue;
  }
}

/** Values of all fields; an optional one may be absent. */
export function valuesArbitrary(fields: Fields): fc.Arbitrary<Values> {
  const entries = Object.entries(fields).map(([name, field]): fc.Arbitrary<Values> => {
    if (field.kind === 'parameterValue') return parameterValue;
    const present = fieldArbitrary(field).map((value) => ({ [name]: value }));
    return field.kind === 'optional' ? fc.oneof(present, fc.constant({})) : present;
  });
  return fc.tuple(...entries).map((parts) => Object.assign({}, ...parts) as Values);
}
