// The type of a parameter, as far as values depend on it. The model hands these in; where their bounds come from (the
// schema of Device:2, a mapping) is no matter here.

export type BaseType =
  | 'string'
  | 'boolean'
  | 'int'
  | 'unsignedInt'
  | 'long'
  | 'unsignedLong'
  | 'decimal'
  | 'dateTime'
  | 'base64'
  | 'hexBinary';

/** Both ends belong to it; an end that is not given is open. */
export interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}
/** As text, since an unsignedLong is more than a JavaScript number can hold. */
export interface NumberRange {
  readonly minimum?: string;
  readonly maximum?: string;
}

export interface ValueType {
  readonly base: BaseType;
  /** A comma-separated list of `base`; what else stands here is said of each item. */
  readonly list?: ListBounds;
  /** A number lies in one of them. */
  readonly ranges?: readonly NumberRange[];
  /** Characters of a string, octets of a base64 or hexBinary; a value's length lies in one of them. */
  readonly lengths?: readonly Bounds[];
  readonly enumeration?: readonly string[];
  /** When two strings count as one: MAC addresses in any case, path references with or without their last dot. */
  readonly equality?: 'any-case' | 'path';
}
export interface ListBounds {
  readonly items?: Bounds;
  /** Characters of the whole list. */
  readonly length?: Bounds;
}

export function isWithin(value: number, { minimum = -Infinity, maximum = Infinity }: Bounds): boolean {
  return value >= minimum && value <= maximum;
}

/** White space around an item is no part of it; an empty text is a list of nothing. */
export function itemsOf(list: string): string[] {
  return list.trim() === '' ? [] : list.split(',').map((item) => item.trim());
}

const baseTypes = new Map<string, BaseType>([
  ['boolean', 'boolean'],
  ['int', 'int'],
  ['unsignedint', 'unsignedInt'],
  ['long', 'long'],
  ['unsignedlong', 'unsignedLong'],
  ['decimal', 'decimal'],
  ['datetime', 'dateTime'],
  ['base64', 'base64'],
  ['base64binary', 'base64'],
  ['hexbinary', 'hexBinary'],
]);

/** The type that a CPE gave a value in xsi:type. `string(256)`, no type and any other invention are strings (quirk 18). */
export function baseTypeOfXsi(type: string): BaseType {
  const name = /[A-Za-z0-9]*/.exec(type.slice(type.lastIndexOf(':') + 1))?.[0] ?? '';
  return baseTypes.get(name.toLowerCase()) ?? 'string';
}
