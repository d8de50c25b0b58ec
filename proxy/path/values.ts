// Values between a CPE and USP, by type. Pure, and total: whatever a CPE says becomes a value, since a proxy that refuses to
// show it would hide the fault; what a Controller says is checked before it goes to a CPE.
import { isHexadecimal, normaliseBase64, octetsOfBase64 } from './binary.ts';
import { compareDecimals, formatDecimal, parseDecimal, parseInteger, type Decimal } from './decimal.ts';
import { normaliseDateTime } from './date-time.ts';
import { isWithin, itemsOf, type BaseType, type NumberRange, type ValueType } from './value-type.ts';

/** What was wrong with a CPE's text; it is worth a line in the log, and the text is shown as it came. */
export type Oddity =
  /** Shown as false. */
  'empty-boolean' | 'not-a-boolean' | 'not-a-number' | 'not-a-date-time' | 'not-hexadecimal';
export interface CpeValue {
  readonly value: string;
  readonly oddity?: Oddity;
}

function booleanFromCpe(text: string): CpeValue {
  switch (text.trim().toLowerCase()) {
    case 'true':
    case '1':
      return { value: 'true' };
    case 'false':
    case '0':
      return { value: 'false' };
    case '':
      return { value: 'false', oddity: 'empty-boolean' };
    default:
      return { value: text, oddity: 'not-a-boolean' };
  }
}

const [ZERO, NINE] = [0x30, 0x39];
/** Digits alone, without a zero in front: nearly every number is spelt so already. */
function isCanonicalInteger(text: string): boolean {
  if (text.length === 0 || text.length > 18 || (text.length > 1 && text.charCodeAt(0) === ZERO)) return false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character < ZERO || character > NINE) return false;
  }
  return true;
}

function numberFromCpe(text: string, number: Decimal | undefined): CpeValue {
  return number === undefined ? { value: text, oddity: 'not-a-number' } : { value: formatDecimal(number) };
}

function dateTimeFromCpe(text: string): CpeValue {
  const value = normaliseDateTime(text.trim());
  return value === undefined ? { value: text, oddity: 'not-a-date-time' } : { value };
}

/** A CPE may spell a value of an enumeration in another case; any other difference is the CPE's own value. */
function stringFromCpe(text: string, enumeration: readonly string[] | undefined): CpeValue {
  if (enumeration === undefined || enumeration.includes(text)) return { value: text };
  const folded = text.toLowerCase();
  return { value: enumeration.find((candidate) => candidate.toLowerCase() === folded) ?? text };
}

/** A value as a CPE gave it, XML unescaped, to the one that USP shows. Lists stay as they are. */
export function valueFromCpe(type: ValueType, text: string): CpeValue {
  if (type.list !== undefined) return { value: text };
  switch (type.base) {
    case 'boolean':
      return booleanFromCpe(text);
    case 'int':
    case 'long':
    case 'unsignedInt':
    case 'unsignedLong':
      return isCanonicalInteger(text) ? { value: text } : numberFromCpe(text, parseInteger(text.trim()));
    case 'decimal':
      return numberFromCpe(text, parseDecimal(text.trim()));
    case 'dateTime':
      return dateTimeFromCpe(text);
    case 'base64':
      return { value: text.replace(/\s/g, '') };
    case 'hexBinary':
      return isHexadecimal(text) ? { value: text } : { value: text, oddity: 'not-hexadecimal' };
    case 'string':
      return stringFromCpe(text, type.enumeration);
  }
}

/** 7011: not a text of the type. 7012: of the type, but not allowed. `why` is for an err_msg and quotes nothing. */
export type UspValue =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly code: 7011 | 7012; readonly why: string };

const accept = (value: string): UspValue => ({ ok: true, value });
const invalidType = (why: string): UspValue => ({ ok: false, code: 7011, why });
const invalidValue = (why: string): UspValue => ({ ok: false, code: 7012, why });

const rangeOf: Readonly<Partial<Record<BaseType, NumberRange>>> = {
  int: { minimum: '-2147483648', maximum: '2147483647' },
  unsignedInt: { minimum: '0', maximum: '4294967295' },
  long: { minimum: '-9223372036854775808', maximum: '9223372036854775807' },
  unsignedLong: { minimum: '0', maximum: '18446744073709551615' },
};

function isInRange(number: Decimal, { minimum, maximum }: NumberRange): boolean {
  const low = minimum === undefined ? undefined : parseDecimal(minimum);
  const high = maximum === undefined ? undefined : parseDecimal(maximum);
  return (
    (low === undefined || compareDecimals(number, low) >= 0) &&
    (high === undefined || compareDecimals(number, high) <= 0)
  );
}

function numberToCpe({ base, ranges }: ValueType, number: Decimal | undefined): UspValue {
  if (number === undefined) return invalidType(`not of type ${base}`);
  const ofType = rangeOf[base];
  if (ofType !== undefined && !isInRange(number, ofType)) return invalidValue(`outside the range of ${base}`);
  if (ranges !== undefined && !ranges.some((range) => isInRange(number, range))) {
    return invalidValue("outside the parameter's range");
  }
  return accept(formatDecimal(number));
}

/** CPEs understand `1` and `0` best. */
function booleanToCpe(text: string): UspValue {
  if (text === 'true' || text === '1') return accept('1');
  if (text === 'false' || text === '0') return accept('0');
  return invalidType('not of type boolean: true, false, 1 or 0');
}

function dateTimeToCpe(text: string): UspValue {
  const value = normaliseDateTime(text);
  return value === undefined ? invalidType('not of type dateTime') : accept(value);
}

function withLength({ lengths }: ValueType, length: number, value: string): UspValue {
  if (lengths === undefined || lengths.some((bounds) => isWithin(length, bounds))) return accept(value);
  return invalidValue("the length is outside the parameter's limits");
}

function base64ToCpe(type: ValueType, text: string): UspValue {
  const value = normaliseBase64(text);
  return value === undefined ? invalidType('not of type base64') : withLength(type, octetsOfBase64(value), value);
}

function hexToCpe(type: ValueType, text: string): UspValue {
  return isHexadecimal(text) ? withLength(type, text.length / 2, text) : invalidType('not of type hexBinary');
}

/** Not a character of XML 1.0: most control characters, the halves of a surrogate pair, U+FFFE and U+FFFF. */
const noXmlCharacter = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** Code points, as XML Schema counts them. */
const lengthOf = (text: string): number => text.length - (text.match(/[\u{10000}-\u{10FFFF}]/gu)?.length ?? 0);

function stringToCpe(type: ValueType, text: string): UspValue {
  if (noXmlCharacter.test(text)) return invalidValue('a character that XML cannot hold');
  if (type.enumeration?.includes(text) === false) return invalidValue("not one of the parameter's values");
  return withLength(type, lengthOf(text), text);
}

function itemToCpe(type: ValueType, text: string): UspValue {
  switch (type.base) {
    case 'boolean':
      return booleanToCpe(text);
    case 'int':
    case 'long':
    case 'unsignedInt':
    case 'unsignedLong':
      return numberToCpe(type, parseInteger(text));
    case 'decimal':
      return numberToCpe(type, parseDecimal(text));
    case 'dateTime':
      return dateTimeToCpe(text);
    case 'base64':
      return base64ToCpe(type, text);
    case 'hexBinary':
      return hexToCpe(type, text);
    case 'string':
      return stringToCpe(type, text);
  }
}

/** A list goes to the CPE as it stands, once each of its items may. */
function listToCpe(type: ValueType, text: string): UspValue {
  if (noXmlCharacter.test(text)) return invalidValue('a character that XML cannot hold');
  const items = itemsOf(text);
  if (!isWithin(items.length, type.list?.items ?? {})) return invalidValue('too many or too few items');
  if (!isWithin(lengthOf(text), type.list?.length ?? {})) return invalidValue('the list is too long or too short');
  for (const item of items) {
    const outcome = itemToCpe(type, item);
    if (!outcome.ok) return outcome;
  }
  return accept(text);
}

/** A value of a Set or an Add to the text that a CPE is sent, before XML escapes it. */
export function valueToCpe(type: ValueType, text: string): UspValue {
  return type.list === undefined ? itemToCpe(type, text) : listToCpe(type, text);
}
