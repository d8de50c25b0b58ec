// The types of parameters (TR-106 §3.2) and what a value must look like: the checks behind faults 9006 and 9007.

export const valueTypes = [
  'string',
  'boolean',
  'int',
  'unsignedInt',
  'long',
  'unsignedLong',
  'decimal',
  'dateTime',
  'base64',
  'hexBinary',
] as const;
export type ValueType = (typeof valueTypes)[number];

export const isValueType = (text: string): text is ValueType => (valueTypes as readonly string[]).includes(text);

/** What a dump says about a parameter beside its type. */
export interface Facets {
  /** The values allowed; for a list, those allowed for each item. */
  readonly enumeration?: readonly string[];
  /** The value is a comma-separated list. */
  readonly list?: true;
  readonly minimum?: bigint;
  readonly maximum?: bigint;
  readonly longest?: number;
  /** This parameter counts the instances of the table of that name beside it. */
  readonly countOf?: string;
  /** `forced`: notification is active whatever the ACS sets. `active`: until the ACS sets otherwise. `denied`: never active (9009). */
  readonly notification?: 'forced' | 'active' | 'denied';
  /** In every Inform. */
  readonly inform?: true;
  /** Reads as an empty string: passwords. */
  readonly hidden?: true;
}

const INTEGER_LIMITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  unsignedInt: [0n, 2n ** 32n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
  unsignedLong: [0n, 2n ** 64n - 1n],
};
const LEXICAL: Readonly<Record<string, RegExp>> = {
  decimal: /^[+-]?(\d+(\.\d*)?|\.\d+)$/,
  dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/,
  base64: /^[A-Za-z0-9+/\s]*={0,2}\s*$/,
  hexBinary: /^([0-9A-Fa-f]{2})*$/,
};

/** The value in the spelling in which this device keeps it, or undefined when the type does not allow it. */
export function canonicalValue(type: ValueType, text: string): string | undefined {
  switch (type) {
    case 'string':
      return text;
    case 'boolean':
      if (text === '1' || text === 'true') return 'true';
      return text === '0' || text === 'false' ? 'false' : undefined;
    case 'int':
    case 'unsignedInt':
    case 'long':
    case 'unsignedLong': {
      const trimmed = text.trim();
      if (!/^[+-]?\d+$/.test(trimmed)) return undefined;
      const value = BigInt(trimmed.replace(/^\+/, ''));
      const [least, most] = INTEGER_LIMITS[type] ?? [value, value];
      return value < least || value > most ? undefined : value.toString();
    }
    case 'decimal':
    case 'dateTime':
    case 'base64':
    case 'hexBinary':
      return LEXICAL[type]?.test(text.trim()) === true ? text.trim() : undefined;
  }
}

/** Whether a canonical value keeps to the facets. */
export function allows(facets: Facets, value: string): boolean {
  const { enumeration, longest, minimum, maximum } = facets;
  if (longest !== undefined && Array.from(value).length > longest) return false;
  if (enumeration !== undefined) {
    const items = facets.list ? value.split(',').map((item) => item.trim()) : [value];
    const empty = facets.list && value === '';
    if (!empty && !items.every((item) => enumeration.includes(item))) return false;
  }
  if (minimum === undefined && maximum === undefined) return true;
  if (!/^[+-]?\d+$/.test(value)) return true;
  const number = BigInt(value);
  return (minimum === undefined || number >= minimum) && (maximum === undefined || number <= maximum);
}

/** What a parameter of this type holds when nothing was said. */
export function emptyValue(type: ValueType): string {
  if (type === 'boolean') return 'false';
  if (type === 'dateTime') return '0001-01-01T00:00:00Z';
  return type === 'string' || type === 'base64' || type === 'hexBinary' ? '' : '0';
}
