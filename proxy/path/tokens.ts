// The tokens that all kinds of paths are made of. Each function looks at `text` from `at` on and says where the token
// ends, or `at` itself when there is none; none looks at a character twice.

const between = (code: number, low: number, high: number): boolean => code >= low && code <= high;
const PLUS = 43;
const HYPHEN = 45;
export const DOT = 46;
const COLON = 58;
const UNDERSCORE = 95;

/** False for NaN, which charCodeAt gives at the end of a text; so are all of these. */
export const isDigit = (code: number): boolean => between(code, 48, 57);
const isLetter = (code: number): boolean => between(code, 97, 122) || between(code, 65, 90);
const startsName = (code: number): boolean => isLetter(code) || code === UNDERSCORE;

/** Letters, digits, '_', and '-', which TR-106 forbids but vendors' names have: `X_EXAMPLE-COM_Foo`. */
export function endOfName(text: string, at: number): number {
  if (!startsName(text.charCodeAt(at))) return at;
  let end = at + 1;
  for (;;) {
    const code = text.charCodeAt(end);
    if (!startsName(code) && !isDigit(code) && code !== HYPHEN) return end;
    end += 1;
  }
}

export function endOfDigits(text: string, at: number): number {
  let end = at;
  while (isDigit(text.charCodeAt(end))) end += 1;
  return end;
}

/** The characters of numbers, booleans and dateTimes: letters, digits, `+ - . :`. */
export function endOfBareConstant(text: string, at: number): number {
  let end = at;
  for (;;) {
    const code = text.charCodeAt(end);
    const sign = code === PLUS || code === HYPHEN || code === DOT || code === COLON;
    if (!sign && !isDigit(code) && !isLetter(code)) return end;
    end += 1;
  }
}

export function endOfSpace(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === 32 || text.charCodeAt(end) === 9) end += 1;
  return end;
}

/** Instance numbers are unsignedInt. */
const largestInstance = 4_294_967_295;

/** From 1 up, without leading zeros; undefined for what is no instance number. */
export function instanceNumber(digits: string): number | undefined {
  if (digits === '' || digits.length > 10 || digits.startsWith('0')) return undefined;
  const number = Number(digits);
  return number <= largestInstance ? number : undefined;
}
