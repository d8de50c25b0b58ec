// Text on its way into a document.
import { findIllegal } from './characters.ts';

const REPLACEMENTS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A CR that stands for itself would be read as LF. TAB and LF survive as they are, also in CPEs without references.
  '\r': '&#13;',
};
const SPECIAL = /[&<>"'\r]/g;

/** What can be written as it is: ASCII that is neither a control character nor special; nearly every text. */
const PLAIN = /^[ !#-%(-;=?-~]*$/;

/** The text as element content; undefined when it has a character that XML 1.0 cannot hold, whichever way. */
export function escapeText(text: string): string | undefined {
  if (PLAIN.test(text)) return text;
  if (findIllegal(text) < text.length) return undefined;
  return text.replace(SPECIAL, (character) => REPLACEMENTS[character] ?? character);
}
