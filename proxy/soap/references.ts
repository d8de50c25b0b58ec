// References of XML (&amp; &#13; &#x1F600;) and the text that holds them. Only XML's own five entities exist here:
// nothing can be declared, so nothing can expand.
import { codeAt, endOfName, isLegalCodePoint } from './characters.ts';
import type { RefusalReason } from './refusal.ts';

const ENTITIES: Readonly<Record<string, number>> = { amp: 0x26, lt: 0x3c, gt: 0x3e, quot: 0x22, apos: 0x27 };
const LONGEST_ENTITY = 4;
const HASH = 0x23;
const SEMICOLON = 0x3b;
const SMALL_X = 0x78;

export type Reference =
  | { readonly ok: true; readonly codePoint: number; readonly end: number }
  | { readonly ok: false; readonly reason: RefusalReason };

const unknown: Reference = { ok: false, reason: 'unknown-entity' };
const truncated: Reference = { ok: false, reason: 'truncated' };
const illegal: Reference = { ok: false, reason: 'illegal-reference' };

function digitOf(code: number, radix: 10 | 16): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return radix === 16 && letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function readNumeric(text: string, from: number, radix: 10 | 16): Reference {
  let codePoint = 0;
  let index = from;
  for (let digit = digitOf(codeAt(text, index), radix); digit >= 0;) {
    // Past the last code point the number only has to stay too large, however long it is.
    codePoint = Math.min(codePoint * radix + digit, 0x110000);
    digit = digitOf(codeAt(text, ++index), radix);
  }
  if (index >= text.length) return truncated;
  if (index === from || codeAt(text, index) !== SEMICOLON) return unknown;
  return isLegalCodePoint(codePoint) ? { ok: true, codePoint, end: index + 1 } : illegal;
}

/** The reference whose ampersand stands at `index`. */
export function readReference(text: string, index: number): Reference {
  if (codeAt(text, index + 1) === HASH) {
    return codeAt(text, index + 2) === SMALL_X ? readNumeric(text, index + 3, 16) : readNumeric(text, index + 2, 10);
  }
  const from = index + 1;
  const end = endOfName(text, from);
  if (end >= text.length) return truncated;
  if (end - from > LONGEST_ENTITY || codeAt(text, end) !== SEMICOLON) return unknown;
  const name = text.slice(from, end);
  const codePoint = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
  return codePoint === undefined ? unknown : { ok: true, codePoint, end: end + 1 };
}

/**
 * Text whose references were all found to be good. The result is a string of its own, no view of the text; a list is
 * joined because a body can hold a million references, and as many concatenations would fill the heap.
 */
function decodeReferences(raw: string): string {
  const parts: string[] = [];
  let start = 0;
  for (let index = raw.indexOf('&'); index >= 0; index = raw.indexOf('&', start)) {
    const reference = readReference(raw, index);
    if (!reference.ok) break;
    parts.push(raw.slice(start, index), String.fromCodePoint(reference.codePoint));
    start = reference.end;
  }
  parts.push(raw.slice(start));
  return parts.join('');
}

/** CR LF and CR count as LF wherever they stand as such (§2.11). */
export const decodeLineEnds = (raw: string): string =>
  raw.includes('\r') ? raw.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : raw;

/** Character data outside of CDATA sections. */
export const decodeText = (raw: string): string => decodeReferences(decodeLineEnds(raw));

/** An attribute's value (§3.3.3): white space that is not referred to becomes a space. */
export const decodeAttribute = (raw: string): string => decodeReferences(decodeLineEnds(raw).replace(/[\t\n]/g, ' '));
