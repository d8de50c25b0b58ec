// The codec that protobufjs generates from the same .proto files, and arbitrary messages made from them: the oracle for
// our own. It converts between protobufjs' view of a message and Causeway's by the schema alone.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import protobuf from 'protobufjs';

export function schema(file: string, message: string): protobuf.Type {
  const source = readFileSync(`proxy/usp/${file}.proto`, 'utf8');
  return protobuf.parse(source, { keepCase: true }).root.resolveAll().lookupType(message);
}

type Plain = Record<string, unknown>;
const isOwn = (oneof: protobuf.OneOf): boolean => !oneof.isProto3Optional;
const oneofOf = ({ partOf }: protobuf.Field): protobuf.OneOf | undefined =>
  partOf !== null && isOwn(partOf) ? partOf : undefined;
const isWrapper = (type: protobuf.Type): boolean =>
  type.oneofsArray.filter(isOwn).length === 1 && type.fieldsArray.every((field) => oneofOf(field) !== undefined);

function valueOf(field: protobuf.Field, value: unknown): unknown {
  if (field.map) return new Map(Object.entries(value as Record<string, string>));
  if (field.repeated) return (value as unknown[]).map((item) => itemOf(field, item));
  return itemOf(field, value);
}

/** What an absent field is; protobufjs has no default for `optional`. */
function absent(field: protobuf.Field): unknown {
  if (field.resolvedType instanceof protobuf.Enum) return field.resolvedType.valuesById[0];
  return { string: '', bytes: new Uint8Array(), uint64: '0' }[field.type];
}

function itemOf(field: protobuf.Field, given: unknown): unknown {
  const value = given ?? absent(field);
  if (field.resolvedType instanceof protobuf.Type) return messageOf(field.resolvedType, value as Plain);
  if (field.type === 'uint64') return BigInt(value as string);
  return field.type === 'bytes' ? new Uint8Array(value as Uint8Array) : value;
}

/** What protobufjs' toObject gave, in Causeway's shape. */
function messageOf(type: protobuf.Type, object: Plain): Plain {
  const message: Plain = {};
  for (const field of type.fieldsArray) {
    const oneof = oneofOf(field);
    const value = object[field.name];
    if (oneof === undefined) message[field.name] = valueOf(field, value);
    else if (object[oneof.name] === field.name) {
      const inner = valueOf(field, value);
      const wrapped = field.resolvedType instanceof protobuf.Type && isWrapper(field.resolvedType);
      const named = field.resolvedType instanceof protobuf.Type ? (inner as Plain) : { [field.name]: inner };
      message[oneof.name] = wrapped ? inner : { kind: field.name, ...named };
    }
  }
  const [only] = type.oneofsArray.filter(isOwn);
  return isWrapper(type) && only !== undefined ? (message[only.name] as Plain) : message;
}

/** Decodes with protobufjs; throws what it throws. */
export function oracleDecode(type: protobuf.Type, bytes: Uint8Array): unknown {
  const options = { enums: String, longs: String, defaults: true, oneofs: true };
  return messageOf(type, type.toObject(type.decode(bytes), options));
}

/** Encodes what it decodes: the bytes that protobufjs would have written. */
export function oracleReencode(type: protobuf.Type, bytes: Uint8Array): Uint8Array {
  return type.encode(type.decode(bytes)).finish();
}

/** Texts of all scripts, and those that trip an object used as a map. */
const arbitraryText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.constantFrom('', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '\u0000', '\uFEFFbom', '\uFFFD', '😀'),
);

function arbitraryItem(field: protobuf.Field): fc.Arbitrary<unknown> {
  if (field.resolvedType instanceof protobuf.Type) return arbitraryOf(field.resolvedType);
  if (field.resolvedType instanceof protobuf.Enum) return fc.constantFrom(...Object.keys(field.resolvedType.values));
  switch (field.type) {
    case 'bool':
      return fc.boolean();
    case 'fixed32':
      return fc.oneof(fc.constantFrom(0, 7000, 0xffffffff), fc.nat());
    case 'uint64':
      return fc.oneof(fc.constantFrom(0n, 1n, 2n ** 63n, 2n ** 64n - 1n), fc.bigInt(0n, 2n ** 64n - 1n));
    case 'bytes':
      return fc.uint8Array({ maxLength: 200 });
    default:
      return arbitraryText;
  }
}

function arbitraryField(field: protobuf.Field): fc.Arbitrary<unknown> {
  if (field.map) return fc.array(fc.tuple(arbitraryText, arbitraryText), { maxLength: 5 }).map((all) => new Map(all));
  return field.repeated ? fc.array(arbitraryItem(field), { maxLength: 3 }) : arbitraryItem(field);
}

function arbitraryMember(field: protobuf.Field): fc.Arbitrary<unknown> {
  if (!(field.resolvedType instanceof protobuf.Type)) {
    return arbitraryItem(field).map((value) => ({ kind: field.name, [field.name]: value }));
  }
  const inner = arbitraryOf(field.resolvedType);
  return isWrapper(field.resolvedType) ? inner : inner.map((message) => ({ kind: field.name, ...(message as Plain) }));
}

/** Messages of a type in Causeway's shape. */
export function arbitraryOf(type: protobuf.Type): fc.Arbitrary<unknown> {
  const properties: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of type.fieldsArray) {
    if (oneofOf(field) === undefined) properties[field.name] = arbitraryField(field);
  }
  for (const oneof of type.oneofsArray.filter(isOwn)) {
    properties[oneof.name] = fc.oneof(...oneof.fieldsArray.map(arbitraryMember));
  }
  const message = fc.record(properties, { noNullPrototype: true });
  const [only] = type.oneofsArray.filter(isOwn);
  return isWrapper(type) && only !== undefined ? message.map((fields) => fields[only.name]) : message;
}
