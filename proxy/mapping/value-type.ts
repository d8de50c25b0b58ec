// A parameter's type as `path/` compares and converts values, from what the standard says or, for what it does not
// know, from how CPEs of the model send it.
import { type BaseType, baseTypeOfXsi, type ValueType } from '../path/value-type.ts';
import type { Reference, StandardParameter, ValueRules, ValueType as StandardType } from './standard-model.ts';

const BASES: Readonly<Record<StandardType, BaseType>> = {
  BASE_64: 'base64',
  BOOLEAN: 'boolean',
  DATE_TIME: 'dateTime',
  DECIMAL: 'decimal',
  HEX_BINARY: 'hexBinary',
  INT: 'int',
  LONG: 'long',
  STRING: 'string',
  UNSIGNED_INT: 'unsignedInt',
  UNSIGNED_LONG: 'unsignedLong',
};

const XSI: Readonly<Record<BaseType, string>> = {
  string: 'string',
  boolean: 'boolean',
  int: 'int',
  unsignedInt: 'unsignedInt',
  long: 'long',
  unsignedLong: 'unsignedLong',
  decimal: 'decimal',
  dateTime: 'dateTime',
  base64: 'base64',
  hexBinary: 'hexBinary',
};

const MAC = /^MACAddress$/;

function equalityOf(rules: ValueRules, reference: Reference | undefined): ValueType['equality'] {
  if (reference?.kind === 'row' || reference?.kind === 'parameter') return 'path';
  return rules.typeName !== undefined && MAC.test(rules.typeName) ? 'any-case' : undefined;
}

/** A parameter, or an argument of a command. */
type Valued = Pick<StandardParameter, 'value' | 'reference'>;
const cache = new WeakMap<Valued, ValueType>();

/** Ranges and lengths are left out: the CPE is the judge of its own limits. */
export function typeOfStandard(parameter: Valued): ValueType {
  const known = cache.get(parameter);
  if (known !== undefined) return known;
  const { value, reference } = parameter;
  const equality = equalityOf(value, reference);
  const type: ValueType = {
    base: BASES[value.itemType],
    ...(value.list ? { list: {} } : {}),
    ...(equality === undefined ? {} : { equality }),
  };
  cache.set(parameter, type);
  return type;
}

/** `xsi` without prefix; '' and unknown ones are strings. */
export const typeOfXsi = (xsi: string): ValueType => ({ base: baseTypeOfXsi(xsi) });

/** The xsi:type to write where the CPE was never seen to use one. */
export const xsiOf = (type: ValueType): string => (type.list === undefined ? XSI[type.base] : 'string');
