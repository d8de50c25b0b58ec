// Numbers as their digits: an unsignedLong does not fit a JavaScript number, and a BigInt of hostile length is slow. All
// functions are linear in the length of the text.
import { compareText } from './order.ts';

export interface Decimal {
  readonly negative: boolean;
  /** Without leading zeros; '0' when nothing else is left. */
  readonly whole: string;
  /** Without trailing zeros. */
  readonly fraction: string;
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charAt(end - 1) === '0') end -= 1;
  return digits.slice(0, end);
}

function decimalOf(sign: string, whole: string, fraction: string): Decimal {
  const digits = { whole: whole.replace(/^0+(?=\d)/, '') || '0', fraction: withoutTrailingZeros(fraction) };
  const zero = digits.whole === '0' && digits.fraction === '';
  return { negative: sign === '-' && !zero, ...digits };
}

/** XML Schema's integer, `+123` and `0123` included. */
export function parseInteger(text: string): Decimal | undefined {
  const match = /^([+-]?)(\d+)$/.exec(text);
  return match === null ? undefined : decimalOf(match[1] ?? '', match[2] ?? '', '');
}

/** XML Schema's decimal: `1.50`, `.5` and `5.` are numbers, `.` and `1e3` are none. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  return whole === '' && fraction === '' ? undefined : decimalOf(sign, whole, fraction);
}

/** The one spelling of a number: no '+', no zeros that say nothing. */
export function formatDecimal({ negative, whole, fraction }: Decimal): string {
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Below zero when `a` is the smaller, as for sort(). */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const size = a.whole.length - b.whole.length || compareText(a.whole, b.whole) || compareText(a.fraction, b.fraction);
  return a.negative ? -size : size;
}
