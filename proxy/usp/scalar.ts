/// <reference lib="es2024.string" />
// How the single values of USP are read and written. What is written is checked against its type: a value that is not
// there is our own mistake, and must not become bytes that only the peer can see are wrong.
import type { Reader, Writer } from 'protobufjs';
import { CausewayError } from '../errors.ts';
import { WireFault } from './wire-fault.ts';

/** A message being read. */
export interface Source {
  readonly reader: Reader;
  /** How many list items, map entries and messages may still come. */
  elementsLeft: number;
  /** Reads an enumeration's unknown number as '' instead of refusing it. */
  readonly keepUnknownEnums: boolean;
}

export interface Scalar {
  readonly wireType: 0 | 2 | 5;
  /** What a field that did not come is read as. */
  readonly zero: unknown;
  isZero(value: unknown): boolean;
  read(source: Source): unknown;
  write(value: unknown, writer: Writer): void;
}

function misuse(expected: string, value: unknown): CausewayError {
  return new CausewayError('CAUSEWAY_BUG', `a USP field takes ${expected}, not ${typeof value}`);
}

/** A lone surrogate (JSON can carry one) has no UTF-8 form; U+FFFD stands in, lest the peer refuse the whole message. */
export function writeText(value: unknown, writer: Writer): void {
  if (typeof value !== 'string') throw misuse('a string', value);
  writer.string(value.toWellFormed());
}

const sameAs =
  (zero: unknown) =>
  (value: unknown): boolean =>
    value === zero;

export const scalars: Readonly<Record<string, Scalar>> = {
  string: { wireType: 2, zero: '', isZero: sameAs(''), read: ({ reader }) => reader.stringVerify(), write: writeText },
  bytes: {
    wireType: 2,
    zero: new Uint8Array(),
    isZero: (value) => value instanceof Uint8Array && value.length === 0,
    // A view of what came in, not a copy.
    read: ({ reader }) => reader.bytes(),
    write(value, writer) {
      if (!(value instanceof Uint8Array)) throw misuse('bytes', value);
      writer.bytes(value);
    },
  },
  bool: {
    wireType: 0,
    zero: false,
    isZero: sameAs(false),
    read: ({ reader }) => reader.bool(),
    write(value, writer) {
      if (typeof value !== 'boolean') throw misuse('a boolean', value);
      writer.bool(value);
    },
  },
  fixed32: {
    wireType: 5,
    zero: 0,
    isZero: sameAs(0),
    read: ({ reader }) => reader.fixed32(),
    write(value, writer) {
      if (typeof value !== 'number') throw misuse('a number', value);
      writer.fixed32(value);
    },
  },
  uint64: {
    wireType: 0,
    zero: 0n,
    isZero: sameAs(0n),
    read({ reader }) {
      const { low, high } = reader.uint64();
      return BigInt.asUintN(64, (BigInt(high) << 32n) | BigInt(low >>> 0));
    },
    write(value, writer) {
      if (typeof value !== 'bigint') throw misuse('a bigint', value);
      writer.uint64(value.toString());
    },
  },
};

/** Enumerations are read as the names of the .proto file. */
export function enumScalar(enumName: string, numbers: Readonly<Record<string, number>>): Scalar {
  const names: string[] = [];
  for (const [name, number] of Object.entries(numbers)) names[number] = name;
  return {
    wireType: 0,
    zero: names[0],
    isZero: sameAs(names[0]),
    read({ reader, keepUnknownEnums }) {
      const number = reader.int32();
      const name = names[number];
      if (name !== undefined) return name;
      if (keepUnknownEnums) return '';
      throw new WireFault('unknown-enum', `${number} is not in the enumeration ${enumName}`);
    },
    write(value, writer) {
      const number = typeof value === 'string' ? numbers[value] : undefined;
      if (number === undefined) throw misuse(`a name of ${enumName}`, value);
      writer.int32(number);
    },
  };
}
