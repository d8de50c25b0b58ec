// A message to bytes, after its plan; the mirror of wire-read.ts. Nothing is copied or checked beforehand: a response of
// 2,000 parameters is written as the agent built it.
import protobuf, { type Writer } from 'protobufjs';
import { CausewayError } from '../errors.ts';
import type { FieldPlan, MapField, MessageField, MessagePlan, ScalarField } from './plan.ts';
import { writeText } from './scalar.ts';
import type { Fields } from './wire-read.ts';

function expectFields(plan: MessagePlan, value: unknown): Fields {
  if (typeof value === 'object' && value !== null) return value as Fields;
  throw new CausewayError('CAUSEWAY_BUG', `${plan.name} was not given to be written`);
}

function writeNested({ tag, message }: MessageField, value: unknown, writer: Writer): void {
  writer.uint32(tag).fork();
  writeMessage(message, expectFields(message, value), writer);
  writer.ldelim();
}

function writeMap({ name, tag }: MapField, entries: unknown, writer: Writer): void {
  if (!(entries instanceof Map)) throw new CausewayError('CAUSEWAY_BUG', `${name} must be a Map`);
  for (const [key, value] of entries as ReadonlyMap<unknown, unknown>) {
    writer.uint32(tag).fork().uint32(10);
    writeText(key, writer);
    writer.uint32(18);
    writeText(value, writer);
    writer.ldelim();
  }
}

function writeScalar({ tag, scalar, explicit }: ScalarField, value: unknown, writer: Writer): void {
  if (!explicit && scalar.isZero(value)) return;
  writer.uint32(tag);
  scalar.write(value, writer);
}

function writeField(field: FieldPlan, value: unknown, writer: Writer): void {
  if (field.is === 'map') writeMap(field, value, writer);
  else if (field.is === 'message') writeNested(field, value, writer);
  else writeScalar(field, value, writer);
}

function writeRepeated(field: ScalarField | MessageField, items: unknown, writer: Writer): void {
  if (!Array.isArray(items)) throw new CausewayError('CAUSEWAY_BUG', `${field.name} must be a list`);
  for (const item of items as readonly unknown[]) {
    if (field.is === 'message') writeNested(field, item, writer);
    else {
      // An item of a list is written whatever its value.
      writer.uint32(field.tag);
      field.scalar.write(item, writer);
    }
  }
}

function writeOneofMember(field: ScalarField | MessageField, choice: Fields, writer: Writer): void {
  if (typeof choice['kind'] !== 'string' || !field.kinds.has(choice['kind'])) return;
  writeField(field, field.is === 'message' ? choice : choice[field.name], writer);
}

function writeMessage(plan: MessagePlan, message: Fields, writer: Writer): void {
  for (const field of plan.fields) {
    if (field.oneof !== undefined) {
      const choice = plan.wraps === undefined ? expectFields(plan, message[field.oneof]) : message;
      writeOneofMember(field, choice, writer);
    } else if (field.is !== 'map' && field.repeated) writeRepeated(field, message[field.name], writer);
    else writeField(field, message[field.name], writer);
  }
}

export function write(plan: MessagePlan, message: object): Uint8Array {
  const writer = protobuf.Writer.create();
  writeMessage(plan, message as Fields, writer);
  return writer.finish();
}
