// What may be mended in a document that is not XML, and how. Only damage of which nobody can doubt what was meant: never
// a tag, never a DOCTYPE, nothing that is missing.
import { findIllegal, indexOrEnd } from './characters.ts';
import { readReference } from './references.ts';
import type { Refusal } from './refusal.ts';
import { Tokenizer } from './tokenizer.ts';

export const REPAIRS = [
  'illegal-characters', // characters that XML cannot hold, written or referred to, were dropped
  'ampersands', // ampersands that begin none of XML's references were taken for themselves
  'trailing-bytes', // what follows the root element was dropped
] as const;

export type Repair = (typeof REPAIRS)[number];

export type RepairOutcome =
  | { readonly ok: true; readonly text: string; readonly repairs: readonly Repair[] }
  | ({ readonly ok: false } & Refusal);

const ILLEGAL = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Where an ampersand means a reference, and where something begins in which it does not. */
const MARKS = /&|<!\[CDATA\[|<!--|<\?/;
const ENDS: Readonly<Record<string, string>> = { '<![CDATA[': ']]>', '<!--': '-->', '<?': '?>' };

function mendReferences(text: string, repairs: Set<Repair>): string {
  const marks = new RegExp(MARKS, 'g');
  const parts: string[] = [];
  let start = 0;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const end = ENDS[match[0]];
    if (end !== undefined) {
      marks.lastIndex = indexOrEnd(text, end, match.index + match[0].length);
      continue;
    }
    const reference = readReference(text, match.index);
    if (reference.ok) continue;
    const isIllegal = reference.reason === 'illegal-reference';
    repairs.add(isIllegal ? 'illegal-characters' : 'ampersands');
    parts.push(text.slice(start, match.index), isIllegal ? '' : '&amp;');
    start = isIllegal ? text.indexOf(';', match.index) + 1 : match.index + 1;
  }
  parts.push(text.slice(start));
  return parts.join('');
}

/** The text as the strict tokenizer accepts it, with the repairs that this took. */
export function repair(text: string): RepairOutcome {
  const repairs = new Set<Repair>();
  let mended = text;
  if (findIllegal(text) < text.length) {
    mended = text.replace(ILLEGAL, '');
    repairs.add('illegal-characters');
  }
  if (mended.includes('&')) mended = mendReferences(mended, repairs);
  const tokens = new Tokenizer(mended);
  let depth = 0;
  let rootEnd = 0;
  for (let token = tokens.next(); token !== 'end'; token = tokens.next()) {
    if (token === 'open') depth++;
    else if (token === 'close' && --depth === 0) rootEnd = tokens.position;
  }
  const { refusal } = tokens;
  if (refusal === undefined) return { ok: true, text: mended, repairs: [...repairs] };
  if (refusal.reason !== 'trailing-bytes') return { ok: false, ...refusal };
  return { ok: true, text: mended.slice(0, rootEnd), repairs: [...repairs, 'trailing-bytes'] };
}
