// One open tag with its attributes, checked to the letter of XML's grammar.
import * as character from './characters.ts';
import { misfit, type Misfit } from './markup.ts';
import { decodeAttribute, readReference } from './references.ts';

/** The Envelope of a chatty CPE declares a dozen namespaces. A bound also keeps the search for duplicates cheap. */
export const MOST_ATTRIBUTES = 64;

export interface Attribute {
  readonly name: string;
  readonly value: string;
}

/** Its strings are views of the document and not to be kept longer than that. */
export interface Tag {
  /** All between < and >. */
  readonly text: string;
  readonly name: string;
  /** May be replaced by an equal string that is quicker to compare with. */
  localName: string;
  readonly attributes: readonly Attribute[];
  /** `<name/>` */
  readonly isEmpty: boolean;
}

type Read<T> = ({ readonly ok: true; readonly end: number } & T) | Misfit;

const NO_ATTRIBUTES: readonly Attribute[] = [];

function readAttributeValue(text: string, from: number, quote: number): Read<{ readonly value: string }> {
  let isPlain = true;
  for (let index = from; ;) {
    const code = character.codeAt(text, index);
    if (code === quote) {
      const raw = text.slice(from, index);
      const value = isPlain ? raw : decodeAttribute(raw);
      return { ok: true, value, end: index + 1 };
    } else if (code === character.AMPERSAND) {
      const reference = readReference(text, index);
      if (!reference.ok) return { ok: false, reason: reference.reason, at: index };
      isPlain = false;
      index = reference.end;
    } else if (code === character.LESS || index >= text.length) {
      return misfit(text, index, 'malformed-tag');
    } else {
      // TAB, CR and LF count as spaces here.
      if (code < character.SPACE) isPlain = false;
      index++;
    }
  }
}

function readAttribute(text: string, from: number): Read<{ readonly attribute: Attribute }> {
  const to = character.endOfName(text, from);
  const equals = character.skipWhite(text, to);
  if (to === from || character.codeAt(text, equals) !== character.EQUALS) return misfit(text, equals, 'malformed-tag');
  const quoteAt = character.skipWhite(text, equals + 1);
  const quote = character.codeAt(text, quoteAt);
  if (quote !== character.DOUBLE_QUOTE && quote !== character.APOSTROPHE) return misfit(text, quoteAt, 'malformed-tag');
  const value = readAttributeValue(text, quoteAt + 1, quote);
  if (!value.ok) return value;
  return { ok: true, attribute: { name: text.slice(from, to), value: value.value }, end: value.end };
}

function isNamedIn(attributes: readonly Attribute[], name: string): boolean {
  for (const other of attributes) if (other.name === name) return true;
  return false;
}

/** The attributes from `from` on; `end` is where the tag's `>` or `/>` begins. */
function readAttributes(text: string, from: number): Read<{ readonly attributes: readonly Attribute[] }> {
  const attributes: Attribute[] = [];
  for (let index = from; ;) {
    const next = character.skipWhite(text, index);
    const code = character.codeAt(text, next);
    if (code === character.GREATER || code === character.SLASH) return { ok: true, attributes, end: next };
    if (next === index) return misfit(text, next, 'malformed-tag');
    const read = readAttribute(text, next);
    if (!read.ok) return read;
    const { attribute, end } = read;
    if (isNamedIn(attributes, attribute.name)) return misfit(text, next, 'duplicate-attribute');
    if (attributes.length === MOST_ATTRIBUTES) return misfit(text, next, 'too-many-attributes');
    attributes.push(attribute);
    index = end;
  }
}

/** The open tag whose name begins at `start`; `end` is the index behind its `>`. */
export function readTag(text: string, start: number): Read<{ readonly tag: Tag }> {
  if (!character.isNameStartAt(text, start)) return misfit(text, start, 'malformed-tag');
  let local = start;
  let nameEnd = character.skipNameCharacters(text, start);
  while (character.codeAt(text, nameEnd) === character.COLON) {
    local = nameEnd + 1;
    nameEnd = character.skipNameCharacters(text, local);
  }
  let last = nameEnd;
  let attributes = NO_ATTRIBUTES;
  if (character.codeAt(text, nameEnd) !== character.GREATER) {
    const read = readAttributes(text, nameEnd);
    if (!read.ok) return read;
    attributes = read.attributes;
    last = read.end;
  }
  const isEmpty = character.codeAt(text, last) === character.SLASH;
  if (isEmpty) last++;
  if (character.codeAt(text, last) !== character.GREATER) return misfit(text, last, 'malformed-tag');
  const name = text.slice(start, nameEnd);
  const localName = local === start ? name : text.slice(local, nameEnd);
  return { ok: true, tag: { text: text.slice(start, last), name, localName, attributes, isEmpty }, end: last + 1 };
}
