// Tags that were read before, in whatever document: the CPEs of a fleet write the same few again and again, and what was
// checked once need only be recognised. Nothing but what a tag's own text says is kept, so who asks cannot tell.
import { copySubstring } from './copy.ts';
import { readTag, type Tag } from './tag.ts';

const TAGS_KEPT = 512;
const LONGEST_KEPT = 1024;

const kept = new Map<string, Tag>();

/** The tag with this text, from behind its < to its >. One with > in a value is never found: the text ends too early. */
export const knownTag = (text: string): Tag | undefined => kept.get(text);

/** `tag` may be a view of its document: what is kept is a copy. */
export function keepTag({ text }: Tag): void {
  if (text.length > LONGEST_KEPT) return;
  const read = readTag(`${copySubstring(text, 0, text.length)}>`, 0);
  if (!read.ok) return;
  if (kept.size >= TAGS_KEPT) kept.clear();
  kept.set(read.tag.text, read.tag);
}
