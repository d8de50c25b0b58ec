// The wire format of protobuf by hand, for tests: an encoder of single fields and a walker that knows no schema.

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}

/** A length-delimited field: a text, bytes, or a message given as its fields. */
export function part(number: number, ...content: readonly (Uint8Array | string)[]): Buffer {
  const bytes = Buffer.concat(content.map((piece) => Buffer.from(piece as string)));
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

export function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

export interface WireField {
  readonly number: number;
  readonly wireType: number;
  /** The content of a length-delimited field; the bytes of the number of any other. */
  readonly content: Buffer;
}

/** Every field of a message, in the order of the bytes. */
export function walk(bytes: Buffer): WireField[] {
  const fields: WireField[] = [];
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const wireType = tag % 8;
    if (wireType === 0) {
      const start = at;
      readVarint();
      fields.push({ number: Math.floor(tag / 8), wireType, content: bytes.subarray(start, at) });
      continue;
    }
    const length = wireType === 2 ? readVarint() : { 1: 8, 5: 4 }[wireType];
    if (length === undefined) throw new Error(`wire type ${wireType}`);
    fields.push({ number: Math.floor(tag / 8), wireType, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

export const partsOf = (bytes: Buffer, number: number): Buffer[] =>
  walk(bytes).flatMap((field) => (field.number === number ? [field.content] : []));

/** Follows one field number after another down into a message. */
export function partAt(bytes: Buffer, ...numbers: readonly number[]): Buffer {
  return numbers.reduce((inner, number) => partsOf(inner, number)[0] ?? Buffer.alloc(0), bytes);
}
