// Whether a text is a value of a type at all: the lexical forms of TR-106 (those of XML Schema), and the limits
// that a type has by itself. Pure.
import { type ValueType } from './model.ts';

/** 7011 Invalid type, 7012 Invalid value (TR-369). `why` never repeats the value: it may be a secret. */
export interface ValueProblem {
  readonly code: 7011 | 7012;
  readonly why: string;
}

const INTEGER = /^([+-]?)0*(\d+)$/;
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/;
const BOOLEAN = /^(?:true|false|0|1)$/;
const HEX_BINARY = /^(?:[0-9A-Fa-f]{2})*$/;
const BASE_64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DATE_TIME =
  /^-?(\d{4,})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/;
/** XML 1.0 §2.2: what no CWMP message can carry to the CPE. */
const NOT_IN_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Both ends belong to the type; they are given as decimal digits, which compare by length and then as text. */
const INTEGER_LIMITS: Readonly<Partial<Record<ValueType, { readonly below: string; readonly above: string }>>> = {
  INT: { below: '2147483648', above: '2147483647' },
  UNSIGNED_INT: { below: '0', above: '4294967295' },
  LONG: { below: '9223372036854775808', above: '9223372036854775807' },
  UNSIGNED_LONG: { below: '0', above: '18446744073709551615' },
};

function exceeds(digits: string, limit: string): boolean {
  return digits.length > limit.length || (digits.length === limit.length && digits > limit);
}

function integerProblem(type: ValueType, text: string): ValueProblem | undefined {
  const [, sign = '', digits] = INTEGER.exec(text) ?? [];
  if (digits === undefined) return { code: 7011, why: 'not an integer' };
  const limits = INTEGER_LIMITS[type];
  if (limits === undefined || !exceeds(digits, sign === '-' ? limits.below : limits.above)) return undefined;
  return { code: 7012, why: 'outside the range of the type' };
}

function isDateTime(text: string): boolean {
  const [whole, year, month, day] = DATE_TIME.exec(text) ?? [];
  if (whole === undefined) return false;
  // Day 0 of the next month is the last of this one; a leap year of the same rank stands for years beyond Date's reach.
  const last = new Date(Date.UTC(2000 + (Number(year) % 400), Number(month), 0)).getUTCDate();
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= last;
}

const notA = (name: string): ValueProblem => ({ code: 7011, why: `not ${name}` });

/** Why the text is no value of the type; undefined when it is one. No white space is taken away. */
export function lexicalProblem(type: ValueType, text: string): ValueProblem | undefined {
  switch (type) {
    case 'BOOLEAN':
      return BOOLEAN.test(text) ? undefined : notA('a boolean');
    case 'INT':
    case 'UNSIGNED_INT':
    case 'LONG':
    case 'UNSIGNED_LONG':
      return integerProblem(type, text);
    case 'DECIMAL':
      return DECIMAL.test(text) ? undefined : notA('a decimal number');
    case 'DATE_TIME':
      // Zones other than Z, and none at all, are lexically right; the unknown time and relative times of year 1 too.
      return isDateTime(text) ? undefined : notA('a dateTime');
    case 'HEX_BINARY':
      return HEX_BINARY.test(text) ? undefined : notA('hexBinary');
    case 'BASE_64':
      return BASE_64.test(text) ? undefined : notA('base64');
    case 'STRING':
      return NOT_IN_XML.test(text) ? { code: 7012, why: 'a character that XML cannot carry' } : undefined;
  }
}

/** The size that the standard's lengths count: characters, or bytes of binary types. The text is lexically right. */
export function lengthOf(type: ValueType, text: string): number {
  if (type === 'HEX_BINARY') return text.length / 2;
  if (type === 'BASE_64') return (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  // A character beyond the basic plane is two code units and counts once.
  return text.length - (text.match(/[\uD800-\uDBFF]/g)?.length ?? 0);
}
