// The second reading, for a body that the first has refused: mended where that is beyond doubt, then read by
// fast-xml-parser through the same schemas. Whether a CPE may have it is for the caller to decide. Slow, therefore
// bounded; what a second parser is too lax about has been settled by the tokenizer, which has to accept the mended text.
import { XMLParser } from 'fast-xml-parser';
import type { Envelope } from './envelope.ts';
import { interpretEnvelope } from './read-envelope.ts';
import type { Refusal, RefusalReason } from './refusal.ts';
import { repair, type Repair } from './repair.ts';
import { ATTRIBUTE_PREFIX, CDATA, TEXT, TreeCursor, type TreeNode } from './tree-cursor.ts';

/** In characters. The largest damaged body seen was below 10 KB. */
export const LONGEST_LENIENT = 256 * 1024;

export type LenientOutcome =
  | { readonly ok: true; readonly envelope: Envelope; readonly repairs: readonly Repair[] }
  | ({ readonly ok: false } & Refusal);

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE_PREFIX,
  textNodeName: TEXT,
  cdataPropName: CDATA,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  // Numeric references are among what this option decodes; a named one that is not XML's own is escaped by now.
  htmlEntities: true,
});

const refuse = (reason: RefusalReason, detail: string): LenientOutcome => ({ ok: false, reason, detail });

/** Reads what `readEnvelope` has refused, if that takes no more than repairs; pure, never throws. */
export function readLeniently(text: string): LenientOutcome {
  if (text.length > LONGEST_LENIENT)
    return refuse('too-large', `${text.length} characters, ${LONGEST_LENIENT} allowed`);
  const mended = repair(text);
  if (!mended.ok) return mended;
  let tree: unknown;
  try {
    tree = parser.parse(mended.text);
  } catch {
    // It has refusals of its own, such as an element with the name of an object's property.
    return refuse('malformed-markup', 'fast-xml-parser refuses it');
  }
  const outcome = interpretEnvelope(new TreeCursor(Array.isArray(tree) ? (tree as readonly TreeNode[]) : []));
  return outcome.ok ? { ...outcome, repairs: mended.repairs } : outcome;
}
