// A second decoder of Records, that shares nothing with the gateway's own: @bufbuild/protobuf over descriptors made from
// field-numbers.ts. It answers plain JSON values under the fields' names as they are in TR-369.
import { create, createFileRegistry, fromBinary, type JsonValue, toJson } from '@bufbuild/protobuf';
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  EnumDescriptorProtoSchema,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FieldDescriptorProtoSchema,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';
import { ENUMS, MESSAGES } from './field-numbers.ts';

const SCALARS: Readonly<Record<string, Type>> = {
  string: Type.STRING,
  bytes: Type.BYTES,
  bool: Type.BOOL,
  fixed32: Type.FIXED32,
  uint64: Type.UINT64,
};
const FIELD = /^(?<number>\d+) (?<list>list )?(?<kind>enum )?(?<type>\w+)(?: of (?<oneof>\w+))?$/;

function field(message: string, name: string, text: string, oneofs: string[]): FieldDescriptorProto {
  const { number, list, kind, type = '', oneof } = FIELD.exec(text)?.groups ?? {};
  if (number === undefined) throw new Error(`${message}.${name} is written wrongly: ${text}`);
  if (oneof !== undefined && !oneofs.includes(oneof)) oneofs.push(oneof);
  const isMap = type === 'map';
  const scalar = SCALARS[type];
  return create(FieldDescriptorProtoSchema, {
    name,
    number: Number(number),
    label: list !== undefined || isMap ? Label.REPEATED : Label.OPTIONAL,
    type: scalar ?? (kind === undefined ? Type.MESSAGE : Type.ENUM),
    ...(scalar === undefined && { typeName: isMap ? `.usp2.${message}.${entryOf(name)}` : `.usp2.${type}` }),
    ...(oneof !== undefined && { oneofIndex: oneofs.indexOf(oneof) }),
  });
}

/** What protobuf calls the hidden message of a map's pairs: `result_params` has `ResultParamsEntry`. */
const entryOf = (name: string): string =>
  `${name.replaceAll(/(?:^|_)(\w)/g, (_, first: string) => first.toUpperCase())}Entry`;

const pair = (name: string): DescriptorProto =>
  create(DescriptorProtoSchema, {
    name: entryOf(name),
    options: { mapEntry: true },
    field: [
      { name: 'key', number: 1, label: Label.OPTIONAL, type: Type.STRING },
      { name: 'value', number: 2, label: Label.OPTIONAL, type: Type.STRING },
    ],
  });

function message(name: string, fields: Readonly<Record<string, string>>): DescriptorProto {
  const oneofs: string[] = [];
  return create(DescriptorProtoSchema, {
    name,
    field: Object.entries(fields).map(([fieldName, text]) => field(name, fieldName, text, oneofs)),
    nestedType: Object.keys(fields).flatMap((one) => (fields[one]?.endsWith(' map') === true ? [pair(one)] : [])),
    oneofDecl: oneofs.map((oneof) => ({ name: oneof })),
  });
}

const registry = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: 'usp2.proto',
    package: 'usp2',
    syntax: 'proto3',
    messageType: Object.entries(MESSAGES).map(([name, fields]) => message(name, fields)),
    enumType: Object.entries(ENUMS).map(([name, values]) =>
      create(EnumDescriptorProtoSchema, { name, value: values.map((value, number) => ({ name: value, number })) }),
    ),
  }),
  () => undefined,
);

/** Fields that the schemas do not have, anywhere inside. */
function unknownIn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  const { $unknown } = value as { readonly $unknown?: readonly unknown[] };
  return ($unknown?.length ?? 0) > 0 || Object.values(value).some(unknownIn);
}

export type Plain = Readonly<Record<string, JsonValue>>;

/** Every field, defaults included; of a oneof the one that is there. Throws for what is no message, or has unknown fields. */
function decode(name: 'Record' | 'Msg', bytes: Uint8Array): Plain {
  const schema = registry.getMessage(`usp2.${name}`);
  if (schema === undefined) throw new Error(`${name} is not described`);
  const decoded = fromBinary(schema, bytes);
  if (unknownIn(decoded)) throw new Error(`${name} has fields that USP 1.4 does not know`);
  const plain = toJson(schema, decoded, { useProtoFieldName: true, alwaysEmitImplicit: true, registry });
  // toJson makes an object of every message that is not one of protobuf's well-known ones.
  return plain as Plain;
}

export interface Decoded {
  readonly record: Plain;
  /** Undefined where the Record has no Msg. */
  readonly msg: Plain | undefined;
}

export const secondDecodeMsg = (bytes: Uint8Array): Plain => decode('Msg', bytes);

export function secondDecode(bytes: Uint8Array): Decoded {
  const record = decode('Record', bytes);
  const payload = wholePayload(record);
  return { record, msg: payload === undefined ? undefined : secondDecodeMsg(Buffer.from(payload, 'base64')) };
}

/** Base64 of the Msg that a Record carries whole. */
function wholePayload({ no_session_context: plain, session_context: session }: Plain): string | undefined {
  if (isFields(plain) && typeof plain['payload'] === 'string') return plain['payload'];
  if (!isFields(session) || session['payload_sar_state'] !== 'NONE' || !Array.isArray(session['payload']))
    return undefined;
  const [only] = session['payload'];
  return typeof only === 'string' ? only : undefined;
}

const isFields = (value: JsonValue | undefined): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
