// The lexical forms of CPEs, read leniently: nothing here refuses, what cannot be understood becomes '', 0 or false.
import { codeAt, isWhite } from './characters.ts';
import { copySubstring } from './copy.ts';

/** Without the white space of XML at both ends. Other spaces, such as U+00A0, belong to the text. */
export function trimWhite(text: string): string {
  let from = 0;
  let to = text.length;
  while (isWhite(codeAt(text, from))) from++;
  while (to > from && isWhite(codeAt(text, to - 1))) to--;
  return to - from === text.length ? text : text.slice(from, to);
}

const DIGITS = /^[+-]?\d+/;

/** `05` is five (quirk 19), `3.0` is three, what does not begin with a number is 0. Never beyond a safe integer. */
export function readInteger(text: string): number {
  const digits = DIGITS.exec(trimWhite(text));
  if (digits === null) return 0;
  return Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number(digits[0]), Number.MAX_SAFE_INTEGER));
}

/** `1` and `true` in any case; of other numbers, such as the `30` of quirk 23, those that are not zero. */
export function readBoolean(text: string): boolean {
  if (text === '0') return false;
  return trimWhite(text).toLowerCase() === 'true' || readInteger(text) !== 0;
}

/** The local part of an xsi:type, as a copy: `unsignedInt` of `xsd:unsignedInt`. */
export function localType(type: string): string {
  const local = trimWhite(type.slice(type.indexOf(':') + 1));
  return copySubstring(local, 0, local.length);
}
