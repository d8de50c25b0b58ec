// Comparisons of a search, by the parameter's type (TR-369 "Searching with Expressions"): never as text where the type says
// more, so `[Enable==1]` finds `true` and `[X==+07]` finds `7`.
import { isHexadecimal, normaliseBase64 } from './binary.ts';
import { instantOf, unknownTime } from './date-time.ts';
import { compareDecimals, parseDecimal, parseInteger, type Decimal } from './decimal.ts';
import { compareText } from './order.ts';
import type { Constant, Operator } from './path.ts';
import { itemsOf, type BaseType, type ValueType } from './value-type.ts';

/** 7008: the operator or the constant does not suit the type. `why` is for an err_msg and quotes nothing. */
export interface Unsuitable {
  readonly ok: false;
  readonly code: 7008;
  readonly why: string;
}
export type Test = { readonly ok: true; readonly holds: (value: string) => boolean } | Unsuitable;
export type Compared = { readonly ok: true; readonly holds: boolean } | Unsuitable;

const unsuitable = (why: string): Unsuitable => ({ ok: false, code: 7008, why });

/** Below, at or above zero; undefined for what is no value of the type. */
type Order = (value: string) => number | undefined;

/** How the values of one type compare. */
interface Domain {
  /** Where a value lies, seen from a constant; undefined when the constant is no value of the type. */
  readonly from: (constant: string) => Order | undefined;
  readonly ordered: boolean;
  /** Only texts stand in quotes, and always; types that the grammar cannot write bare may do either. */
  readonly quotes: 'always' | 'never' | 'either';
}

/** A domain each of whose values becomes a key. */
function domainOf<K>(
  keyOf: (text: string) => K | undefined,
  compareKeys: (a: K, b: K) => number,
  ordered: boolean,
  quotes: Domain['quotes'],
): Domain {
  const from = (constant: string): Order | undefined => {
    const right = keyOf(constant);
    if (right === undefined) return undefined;
    return (value) => {
      const left = keyOf(value);
      return left === undefined ? undefined : compareKeys(left, right);
    };
  };
  return { from, ordered, quotes };
}

const booleans = new Map([
  ['true', 'true'],
  ['1', 'true'],
  ['false', 'false'],
  ['0', 'false'],
]);
const integer = domainOf<Decimal>(parseInteger, compareDecimals, true, 'never');
const equality = (keyOf: (text: string) => string): Domain => domainOf(keyOf, compareText, false, 'always');

const domains: Readonly<Record<Exclude<BaseType, 'string'>, Domain>> = {
  boolean: domainOf((text) => booleans.get(text), compareText, false, 'never'),
  int: integer,
  long: integer,
  unsignedInt: integer,
  unsignedLong: integer,
  decimal: domainOf<Decimal>(parseDecimal, compareDecimals, true, 'either'),
  dateTime: domainOf(instantOf, compareText, true, 'either'),
  hexBinary: domainOf((text) => (isHexadecimal(text) ? text.toUpperCase() : undefined), compareText, false, 'either'),
  base64: domainOf(normaliseBase64, compareText, false, 'either'),
};
const strings: Readonly<Record<'exact' | 'any-case' | 'path', Domain>> = {
  exact: equality((text) => text),
  'any-case': equality((text) => text.toLowerCase()),
  path: equality((text) => (text.endsWith('.') ? text.slice(0, -1) : text)),
};

function domainFor(type: ValueType): Domain {
  return type.base === 'string' ? strings[type.equality ?? 'exact'] : domains[type.base];
}

/** What is no value of its type can still be the same text. */
function areEqual(domain: Domain, a: string, b: string): boolean {
  return (domain.from(b)?.(a) ?? Number(a !== b)) === 0;
}

function areEqualLists(domain: Domain, a: string, b: string): boolean {
  const left = itemsOf(a);
  const right = itemsOf(b);
  return left.length === right.length && left.every((item, index) => areEqual(domain, item, right[index] ?? ''));
}

/** Whether two values of a parameter are one value: what a ValueChange must not be raised for. */
export function sameValue(type: ValueType, a: string, b: string): boolean {
  return a === b || (type.list === undefined ? areEqual : areEqualLists)(domainFor(type), a, b);
}

/** The order that a constant gives to values, if it suits the type. */
function orderBy(domain: Domain, { text, quoted }: Constant): Order | Unsuitable {
  if (quoted && domain.quotes === 'never') return unsuitable('a constant in quotes is a text, the parameter is not');
  if (!quoted && domain.quotes === 'always')
    return unsuitable('the parameter is a text; its constant stands in quotes');
  return domain.from(text) ?? unsuitable('the constant is not of the type of the parameter');
}

function listTest(type: ValueType, operator: Operator, constant: Constant): Test {
  const domain = domainFor(type);
  switch (operator) {
    case '==':
      return { ok: true, holds: (value) => areEqualLists(domain, value, constant.text) };
    case '!=':
      return { ok: true, holds: (value) => !areEqualLists(domain, value, constant.text) };
    case '~=': {
      const order = orderBy(domain, constant);
      if (typeof order !== 'function') return order;
      return { ok: true, holds: (value) => itemsOf(value).some((item) => order(item) === 0) };
    }
    case '<':
    case '>':
    case '<=':
    case '>=':
      return unsuitable('a list has no order');
  }
}

const satisfies: Readonly<Record<Exclude<Operator, '~='>, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '>=': (order) => order >= 0,
};

/**
 * Checks a comparison once against its parameter's type, and gives the test to put each row's value to. A value that is
 * none of its type (a CPE may say anything) is unequal to all, and neither smaller nor larger.
 */
export function testOf(type: ValueType, operator: Operator, constant: Constant): Test {
  if (type.list !== undefined) return listTest(type, operator, constant);
  if (operator === '~=') return unsuitable('~= is for lists; the parameter is none');
  const domain = domainFor(type);
  const order = orderBy(domain, constant);
  if (typeof order !== 'function') return order;
  const isSatisfied = satisfies[operator];
  if (operator === '==' || operator === '!=') return { ok: true, holds: (value) => isSatisfied(order(value) ?? NaN) };
  if (!domain.ordered) return unsuitable(`a ${type.base} has no order`);
  const isUnknownTime = (text: string): boolean => type.base === 'dateTime' && instantOf(text) === unknownTime;
  if (isUnknownTime(constant.text)) return unsuitable('the Unknown Time has no order');
  // A row whose time is unknown is neither before nor after.
  return { ok: true, holds: (value) => !isUnknownTime(value) && isSatisfied(order(value) ?? NaN) };
}

/** One value against one constant. For many values of one parameter, take `testOf`. */
export function compareValue(type: ValueType, operator: Operator, value: string, constant: Constant): Compared {
  const test = testOf(type, operator, constant);
  return test.ok ? { ok: true, holds: test.holds(value) } : test;
}
