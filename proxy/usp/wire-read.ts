// Bytes to a message, after its plan. How protobuf maps to our types:
// - a field that did not come has its default; a list is an array, a map a Map, an enumeration's value its name;
// - a oneof is one property, named after the oneof, whose value says in `kind` which member came. A member that is a
//   message spreads its fields beside `kind`; a member that is a scalar stands beside it under its own name;
// - a message that is nothing but a oneof is that value itself.
// Unknown fields, and known ones of another wire type, are skipped, as proto3 wants.
import protobuf from 'protobufjs';
import type { FieldPlan, MessageField, MessagePlan, ScalarField } from './plan.ts';
import type { Source } from './scalar.ts';
import { WireFault } from './wire-fault.ts';

export type Fields = Record<string, unknown>;

export interface Limits {
  readonly maxBytes: number;
  /** List items, map entries and messages; a few bytes of input each, a few hundred of memory. */
  readonly maxElements: number;
}

/** Ten times what we know of: 10,000 parameters of a CPE are some 300 KB, all of Device:2 in a GetSupportedDMResp is 200 KB. */
export const defaultLimits: Limits = { maxBytes: 4 * 1024 * 1024, maxElements: 200_000 };

function countElement(source: Source): void {
  if (--source.elementsLeft < 0) throw new WireFault('too-large', 'too many items');
}

/** Narrows the reader to one length-delimited part, which no read inside can leave; gives the end to go back to. */
function enter(reader: protobuf.Reader): number {
  const outerEnd = reader.len;
  const end = reader.size() + reader.pos;
  if (end > outerEnd) throw new WireFault('malformed', 'a length points past the end');
  reader.len = end;
  return outerEnd;
}

function readEntry(source: Source, into: Map<string, string>): void {
  const { reader } = source;
  const outerEnd = enter(reader);
  let key = '';
  let value = '';
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    if (tag === 10) key = reader.stringVerify();
    else if (tag === 18) value = reader.stringVerify();
    else reader.skipType(tag & 7, 0, tag >>> 3);
  }
  reader.len = outerEnd;
  into.set(key, value);
}

function readNested(field: MessageField, source: Source): unknown {
  const { message, name, oneof } = field;
  const outerEnd = enter(source.reader);
  const fields = readMessage(message, source, oneof === undefined ? undefined : name);
  source.reader.len = outerEnd;
  return message.wraps === undefined ? fields : fields[message.wraps];
}

function readOneofMember(field: ScalarField | MessageField, source: Source): unknown {
  if (field.is === 'message') return readNested(field, source);
  return { kind: field.name, [field.name]: field.scalar.read(source) };
}

function setOnce(
  message: Fields,
  property: string,
  value: unknown,
  plan: MessagePlan,
  fault: 'ambiguous' | 'malformed',
): void {
  if (message[property] !== undefined) throw new WireFault(fault, `${plan.name}.${property} stands more than once`);
  message[property] = value;
}

function readField(field: FieldPlan, plan: MessagePlan, message: Fields, source: Source): void {
  const { name } = field;
  if (field.oneof !== undefined) setOnce(message, field.oneof, readOneofMember(field, source), plan, 'ambiguous');
  else if (field.is === 'map') {
    countElement(source);
    readEntry(source, message[name] as Map<string, string>);
  } else if (field.repeated) {
    countElement(source);
    const item = field.is === 'message' ? readNested(field, source) : field.scalar.read(source);
    (message[name] as unknown[]).push(item);
  } else if (field.is === 'message') setOnce(message, name, readNested(field, source), plan, 'malformed');
  else message[name] = field.scalar.read(source);
}

function emptyMessage(plan: MessagePlan, kind: string | undefined): Fields {
  const message: Fields = kind === undefined ? {} : { kind };
  for (const field of plan.fields) {
    if (field.oneof !== undefined) continue;
    if (field.is === 'map') message[field.name] = new Map<string, string>();
    else if (field.repeated) message[field.name] = [];
    else if (field.is === 'scalar') message[field.name] = field.scalar.zero;
  }
  return message;
}

function expectComplete(plan: MessagePlan, message: Fields, skippedUnknown: boolean): void {
  for (const oneof of plan.oneofs) {
    if (message[oneof] !== undefined) continue;
    const detail = `${plan.name}.${oneof} is not there`;
    throw new WireFault(skippedUnknown ? 'unknown-member' : 'missing', detail);
  }
  for (const field of plan.fields) {
    if (field.is !== 'message' || field.repeated || field.oneof !== undefined) continue;
    if (message[field.name] === undefined) throw new WireFault('missing', `${plan.name}.${field.name} is not there`);
  }
}

/** Reads to the reader's end. `kind` is given to the member of a oneof. */
function readMessage(plan: MessagePlan, source: Source, kind: string | undefined): Fields {
  const { reader } = source;
  const message = emptyMessage(plan, kind);
  let skippedUnknown = false;
  while (reader.pos < reader.len) {
    const tag = reader.tag();
    const field = plan.byNumber[tag >>> 3];
    if (field?.tag === tag) readField(field, plan, message, source);
    else {
      reader.skipType(tag & 7, 0, tag >>> 3);
      skippedUnknown = true;
    }
  }
  expectComplete(plan, message, skippedUnknown);
  return message;
}

/** Throws what `faultOf` understands. */
export function read(plan: MessagePlan, bytes: Uint8Array, limits: Limits, keepUnknownEnums = false): Fields {
  if (bytes.length > limits.maxBytes) {
    throw new WireFault('too-large', `${bytes.length} bytes; the limit is ${limits.maxBytes}`);
  }
  const reader = protobuf.Reader.create(bytes);
  return readMessage(plan, { reader, elementsLeft: limits.maxElements, keepUnknownEnums }, undefined);
}
