// The messages of a .proto file, prepared once for reading and writing. protobufjs parses the file and owns the wire's
// primitives (Reader, Writer); the codec that it could generate is the oracle of our tests only. Reading straight into
// our own types saves a second pass over every message, and knows exactly which rule a bad message broke.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';
import { CausewayError } from '../errors.ts';
import { enumScalar, scalars, type Scalar } from './scalar.ts';

interface FieldBasics {
  readonly name: string;
  /** Field number and wire type, as written before each value. */
  readonly tag: number;
}
interface MemberBasics extends FieldBasics {
  readonly repeated: boolean;
  /** The oneof that the field is a member of. */
  readonly oneof: string | undefined;
  /** For a member of a oneof: each `kind` whose value is written here. */
  readonly kinds: ReadonlySet<string>;
}
export interface ScalarField extends MemberBasics {
  readonly is: 'scalar';
  readonly scalar: Scalar;
  /** Written even when its value is the default (R-MTP.4b, R-ENC.3). */
  readonly explicit: boolean;
}
export interface MessageField extends MemberBasics {
  readonly is: 'message';
  readonly message: MessagePlan;
}
/** Every map of USP goes from string to string; protobuf has no maps in oneofs. */
export interface MapField extends FieldBasics {
  readonly is: 'map';
  readonly oneof: undefined;
}
export type FieldPlan = ScalarField | MessageField | MapField;

export interface MessagePlan {
  /** As in the .proto file, for what we say about a fault: `usp.GetResp`. */
  readonly name: string;
  /** Ascending by field number, the order in which they are written. */
  readonly fields: readonly FieldPlan[];
  readonly byNumber: readonly (FieldPlan | undefined)[];
  readonly oneofs: readonly string[];
  /** The oneof of a message that is nothing but one (Body, Request, OperationStatus): its member's value stands for it. */
  readonly wraps: string | undefined;
}

/** A field's kinds see through wrappers: `request` of Body takes the kinds of all requests. */
function kindsOf(name: string, message: MessagePlan | undefined): ReadonlySet<string> {
  if (message?.wraps === undefined) return new Set([name]);
  return new Set(message.fields.flatMap((field) => (field.is === 'map' ? [] : [...field.kinds])));
}

function scalarOf(field: protobuf.Field): Scalar {
  if (field.resolvedType instanceof protobuf.Enum)
    return enumScalar(field.resolvedType.name, field.resolvedType.values);
  const scalar = scalars[field.type];
  if (scalar !== undefined) return scalar;
  throw new CausewayError('CAUSEWAY_BUG', `${field.fullName}: the USP codec knows no type ${field.type}`);
}

function planField(field: protobuf.Field): FieldPlan {
  const { name, id, repeated } = field;
  // `optional` makes a oneof of its own behind the scenes; it is none of the schema's.
  const oneof = field.partOf === null || field.partOf.isProto3Optional ? undefined : field.partOf.name;
  if (field.resolvedType instanceof protobuf.Type) {
    const message = planMessage(field.resolvedType);
    return { is: 'message', name, tag: (id << 3) | 2, oneof, kinds: kindsOf(name, message), repeated, message };
  }
  if (field.map) return { is: 'map', name, tag: (id << 3) | 2, oneof: undefined };
  const scalar = scalarOf(field);
  return {
    is: 'scalar',
    name,
    tag: (id << 3) | scalar.wireType,
    oneof,
    kinds: kindsOf(name, undefined),
    repeated,
    scalar,
    explicit: field.hasPresence,
  };
}

function planMessage(type: protobuf.Type): MessagePlan {
  const fields = type.fieldsArray.map(planField).sort((a, b) => a.tag - b.tag);
  const byNumber: (FieldPlan | undefined)[] = [];
  for (const field of fields) byNumber[field.tag >>> 3] = field;
  const oneofs = type.oneofsArray.filter((oneof) => !oneof.isProto3Optional).map((oneof) => oneof.name);
  const wraps = oneofs.length === 1 && fields.every((field) => field.oneof !== undefined) ? oneofs[0] : undefined;
  return { name: type.fullName.replace(/^\./, ''), fields, byNumber, oneofs, wraps };
}

/** Plans one message, and all that it contains, of a .proto file beside this one. Neither schema is recursive. */
export function planOf(file: 'usp-record-1-4' | 'usp-msg-1-4', message: string): MessagePlan {
  const source = readFileSync(fileURLToPath(import.meta.resolve(`#usp/${file}.proto`)), 'utf8');
  // resolveAll also settles what `syntax = "proto3"` means for each field.
  return planMessage(protobuf.parse(source, { keepCase: true }).root.resolveAll().lookupType(message));
}

/** The field of a message that holds the message `name`. */
export function nestedIn(plan: MessagePlan, name: string): MessageField {
  const field = plan.fields.find((field) => field.name === name);
  if (field?.is === 'message') return field;
  throw new CausewayError('CAUSEWAY_BUG', `${plan.name} holds no message ${name}`);
}
