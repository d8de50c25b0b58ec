// The parts of XML markup that no reader asks for one by one: each scanner takes the text and where the part begins,
// and says where it ends or why it is refused. Illegal characters are no affair of theirs: the tokenizer knows where
// the first one is.
import * as character from './characters.ts';
import { readDeclaration } from './declaration.ts';
import type { RefusalReason } from './refusal.ts';

export interface Misfit {
  readonly ok: false;
  readonly reason: RefusalReason;
  readonly at: number;
}
/** `end` is the index behind the part. */
export type Scan = { readonly ok: true; readonly end: number } | Misfit;

/** A misfit at `at`; where the text has ended the document was cut off, whatever else was expected there. */
export const misfit = (text: string, at: number, reason: RefusalReason): Misfit => ({
  ok: false,
  reason: at >= text.length ? 'truncated' : reason,
  at,
});

function scanUntil(text: string, from: number, mark: string): Scan {
  const found = text.indexOf(mark, from);
  return found < 0 ? misfit(text, text.length, 'truncated') : { ok: true, end: found + mark.length };
}

/** `<![CDATA[ … ]]>`, from behind the opening on. */
export const scanSection = (text: string, from: number): Scan => scanUntil(text, from, ']]>');

/** `<!-- … -->`; nothing else that begins with `<!` is ever read, a DOCTYPE least of all. */
export function scanComment(text: string, from: number): Scan {
  if (text.startsWith('<!--', from)) {
    const dashes = scanUntil(text, from + 4, '--');
    if (!dashes.ok || character.codeAt(text, dashes.end) !== character.GREATER) {
      return dashes.ok ? misfit(text, dashes.end, 'malformed-markup') : dashes;
    }
    return { ok: true, end: dashes.end + 1 };
  }
  const rest = text.slice(from, from + 9);
  if (rest.toUpperCase() === '<!DOCTYPE') return misfit(text, from, 'doctype');
  const isCut =
    from + rest.length === text.length && ['<!--', '<![CDATA[', '<!DOCTYPE'].some((m) => m.startsWith(rest));
  return misfit(text, isCut ? text.length : from, 'malformed-markup');
}

/** `<?target … ?>`. An XML declaration is none, and its target is reserved in every spelling (§2.6). */
export function scanInstruction(text: string, from: number): Scan {
  const target = from + 2;
  const end = character.endOfName(text, target);
  if (end >= text.length) return misfit(text, text.length, 'truncated');
  const isParted = character.isWhite(character.codeAt(text, end)) || '?>'.startsWith(text.slice(end, end + 2));
  if (end === target || !isParted || text.slice(target, end).toLowerCase() === 'xml') {
    return misfit(text, end, 'malformed-markup');
  }
  return scanUntil(text, end, '?>');
}

/** The XML declaration, if the text has one at `from`. */
export function scanDeclaration(text: string, from: number): Scan {
  const isThere = text.startsWith('<?xml', from) && character.isWhite(character.codeAt(text, from + 5));
  if (!isThere) return { ok: true, end: from };
  const declaration = readDeclaration(text, from);
  if (declaration !== undefined) return { ok: true, end: from + declaration.length };
  return misfit(text, text.includes('?>', from) ? from : text.length, 'malformed-markup');
}
