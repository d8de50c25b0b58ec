// A strict pull tokenizer for XML 1.0 without DTD, over a string. It checks well-formedness on the way and keeps no
// tree, only the open elements. Prefixes are never resolved: CPEs leave them undeclared and bind them to the wrong
// namespace, so everything is known by its local name (quirks 15, 16). Positions only ever move forward, and whatever is
// searched ahead is remembered, so any input is read in linear time. Where a built-in search can find the end of
// something, it does: it is twenty times faster than a loop over the characters.
import * as character from './characters.ts';
import { copySubstring, SubstringCopier } from './copy.ts';
import type { ElementCursor, NamespaceDeclaration, PairRun } from './cursor.ts';
import {
  misfit,
  scanComment,
  scanDeclaration,
  scanInstruction,
  scanSection,
  type Misfit,
  type Scan,
} from './markup.ts';
import { keepTag, knownTag } from './known-tags.ts';
import { TextPairRun } from './pair-run.ts';
import { decodeLineEnds, decodeText, readReference } from './references.ts';
import type { Refusal, RefusalReason } from './refusal.ts';
import { readTag, type Tag } from './tag.ts';

/** The deepest RPC of CWMP nests nine elements; the rest is room for what vendors wrap around. */
export const DEEPEST_ELEMENT = 64;
/** New tags of one document that are kept for others: one that is full of them must not drive out the rest. */
const NEW_TAGS_KEPT = 16;

/** `end` stands for the document's end and, when `refusal` is set, for the place where it was refused. */
export type Token = 'open' | 'close' | 'text' | 'end';

const NO_TAG: Tag = { text: '', name: '', localName: '', attributes: [], isEmpty: false };

export class Tokenizer implements ElementCursor {
  readonly #text: string;
  readonly #copier: SubstringCopier;
  /** Of the first illegal character; what reaches beyond it is refused. */
  readonly #illegalAt: number;
  #position = 0;
  #refusal: Refusal | undefined;

  readonly #open: Tag[] = [];
  #depth = 0;
  #rootSeen = false;

  #tag: Tag = NO_TAG;
  /** Whether `next` still has to close the empty element just opened. */
  #isToClose = false;
  #newTags = 0;

  // The character data last met.
  #dataStart = 0;
  #dataEnd = 0;
  #dataKind: 'plain' | 'references' | 'section' = 'plain';

  // Where the next of each stands that makes character data anything but plain: never before the last data's start.
  #ampersandAt = -1;
  #carriageReturnAt = -1;
  #sectionEndAt = -1;

  constructor(text: string) {
    this.#text = text;
    this.#copier = new SubstringCopier(text);
    this.#illegalAt = character.findIllegal(text);
    const start = character.codeAt(text, 0) === character.BYTE_ORDER_MARK ? 1 : 0;
    this.#passOver(scanDeclaration(text, start));
  }

  /** Why the document was refused; undefined as long as it is well-formed. */
  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  /** The index behind the token just met. */
  get position(): number {
    return this.#position;
  }

  /** The element just opened; its strings are views of the document. */
  get tag(): Tag {
    return this.#tag;
  }

  get localName(): string {
    return copySubstring(this.#tag.localName, 0, this.#tag.localName.length);
  }

  get prefix(): string {
    const { name, localName } = this.#tag;
    return copySubstring(name, 0, Math.max(0, name.length - localName.length - 1));
  }

  /** Moves to the next tag or piece of character data; comments and processing instructions are passed over. */
  next(): Token {
    if (this.#isToClose) {
      this.#isToClose = false;
      this.#depth--;
      return 'close';
    }
    const text = this.#text;
    while (this.#refusal === undefined) {
      const start = this.#position;
      if (character.codeAt(text, start) !== character.LESS) {
        if (this.#depth > 0) return this.#readData(start);
        if (!this.#skipOutside(start)) break;
        continue;
      }
      switch (character.codeAt(text, start + 1)) {
        case character.SLASH:
          return this.#readCloseTag(start + 2);
        case character.QUESTION:
          this.#passOver(scanInstruction(text, start));
          break;
        case character.BANG:
          if (this.#depth > 0 && text.startsWith('<![CDATA[', start)) return this.#readSection(start + 9);
          this.#passOver(scanComment(text, start));
          break;
        default:
          return this.#readOpenTag(start + 1);
      }
    }
    return 'end';
  }

  /** The character data of the `text` token just met: references replaced, and a copy. */
  data(): string {
    if (this.#dataKind === 'references') return decodeText(this.#text.slice(this.#dataStart, this.#dataEnd));
    const data = this.#copier.copy(this.#dataStart, this.#dataEnd);
    return this.#dataKind === 'plain' ? data : decodeLineEnds(data);
  }

  child(): boolean {
    for (;;) {
      if (!this.#isToClose) this.#position = character.skipWhite(this.#text, this.#position);
      const token = this.next();
      if (token !== 'text') return token === 'open';
    }
  }

  isNamed(localName: string): boolean {
    const tag = this.#tag;
    if (tag.localName !== localName) return false;
    // The asker's own copy of the name: next time, equality is identity.
    tag.localName = localName;
    return true;
  }

  text(onChild?: () => void): string {
    let text = '';
    for (;;) {
      const token = this.next();
      if (token === 'text') text = text === '' ? this.data() : text + this.data();
      else if (token !== 'open') return text;
      else if (onChild === undefined) this.skip();
      else onChild();
    }
  }

  skip(): void {
    for (let open = 1; open > 0;) {
      const token = this.next();
      if (token === 'open') open++;
      else if (token === 'close') open--;
      else if (token === 'end') return;
    }
  }

  pairRun(): PairRun {
    return new TextPairRun(this, this.#text, this.#copier);
  }

  skipPlain(end: number): boolean {
    const start = this.#position;
    if (this.#refusal !== undefined || end > this.#illegalAt || !this.#isPlain(start, end)) return false;
    this.#position = end;
    return true;
  }

  attribute(localName: string): string | undefined {
    for (const { name, value } of this.#tag.attributes) {
      if (name === localName || (name.endsWith(localName) && name.at(-localName.length - 1) === ':')) return value;
    }
    return undefined;
  }

  namespaces(): NamespaceDeclaration[] {
    const declarations: NamespaceDeclaration[] = [];
    for (const { name, value } of this.#tag.attributes) {
      if (name === 'xmlns') declarations.push({ prefix: '', uri: value });
      else if (name.startsWith('xmlns:'))
        declarations.push({ prefix: copySubstring(name, 6, name.length), uri: value });
    }
    return declarations;
  }

  #refuse(reason: RefusalReason, at: number, what = ''): 'end' {
    // Behind the root element everything that is not well-formed is one and the same: more than the document.
    const isBehind = this.#rootSeen && this.#depth === 0 && reason !== 'doctype';
    this.#refusal = { reason: isBehind ? 'trailing-bytes' : reason, detail: `at character ${at}${what}` };
    return 'end';
  }

  /** Within markup or data: what an illegal character has broken is refused for that character. */
  #refuseMisfit({ reason, at }: Misfit, what = ''): 'end' {
    const isIllegal = this.#illegalAt <= at && this.#illegalAt < this.#text.length;
    return isIllegal ? this.#refuse('illegal-character', this.#illegalAt) : this.#refuse(reason, at, what);
  }

  /** Goes on behind something that was found well-formed; false when an illegal character lies in it. */
  #moveTo(position: number): boolean {
    this.#position = position;
    if (position <= this.#illegalAt) return true;
    this.#refuse('illegal-character', this.#illegalAt);
    return false;
  }

  #passOver(scan: Scan): void {
    if (scan.ok) this.#moveTo(scan.end);
    else this.#refuseMisfit(scan);
  }

  /** White space outside the root element; false at the document's end, or where it is refused. */
  #skipOutside(start: number): boolean {
    const text = this.#text;
    const end = character.skipWhite(text, start);
    this.#position = end;
    if (character.codeAt(text, end) === character.LESS) return true;
    if (end < text.length) this.#refuse('not-xml', end);
    else if (!this.#rootSeen) this.#refuse(end === 0 ? 'not-xml' : 'truncated', end);
    return false;
  }

  #readData(start: number): Token {
    const text = this.#text;
    const end = text.indexOf('<', start);
    if (end < 0) return this.#refuseMisfit(misfit(text, text.length, 'truncated'));
    if (!this.#moveTo(end)) return 'end';
    const isPlain = this.#isPlain(start, end);
    if (this.#sectionEndAt < end) return this.#refuse('malformed-markup', this.#sectionEndAt);
    while (this.#ampersandAt < end) {
      const reference = readReference(text, this.#ampersandAt);
      if (!reference.ok) return this.#refuse(reference.reason, this.#ampersandAt);
      this.#ampersandAt = character.indexOrEnd(text, '&', reference.end);
    }
    this.#dataStart = start;
    this.#dataEnd = end;
    this.#dataKind = isPlain ? 'plain' : 'references';
    return 'text';
  }

  /** Whether nothing in this range would make character data anything but itself. */
  #isPlain(start: number, end: number): boolean {
    const text = this.#text;
    if (this.#sectionEndAt < start) this.#sectionEndAt = character.indexOrEnd(text, ']]>', start);
    if (this.#carriageReturnAt < start) this.#carriageReturnAt = character.indexOrEnd(text, '\r', start);
    if (this.#ampersandAt < start) this.#ampersandAt = character.indexOrEnd(text, '&', start);
    return this.#sectionEndAt >= end && this.#ampersandAt >= end && this.#carriageReturnAt >= end;
  }

  #readSection(start: number): Token {
    const scan = scanSection(this.#text, start);
    if (!scan.ok) return this.#refuseMisfit(scan);
    if (!this.#moveTo(scan.end)) return 'end';
    this.#dataStart = start;
    this.#dataEnd = scan.end - 3;
    this.#dataKind = 'section';
    return 'text';
  }

  #readCloseTag(start: number): Token {
    const text = this.#text;
    const depth = this.#depth - 1;
    const name = this.#open[depth]?.name;
    if (depth < 0 || name === undefined) {
      return this.#refuse('not-xml', start);
    }
    const nameEnd = start + name.length;
    const end = character.codeAt(text, nameEnd) === character.GREATER ? nameEnd : character.skipWhite(text, nameEnd);
    if (text.slice(start, nameEnd) !== name || character.codeAt(text, end) !== character.GREATER) {
      return this.#refuseCloseTag(start, name);
    }
    this.#position = end + 1;
    this.#depth = depth;
    return 'close';
  }

  #refuseCloseTag(start: number, expected: string): 'end' {
    const text = this.#text;
    const nameEnd = character.endOfName(text, start);
    const end = character.skipWhite(text, nameEnd);
    const isTag = nameEnd > start && character.codeAt(text, end) === character.GREATER;
    if (!isTag) return this.#refuseMisfit(misfit(text, end, 'malformed-tag'));
    return this.#refuse('mismatched-tag', start, `: the innermost open element is ${copySubstring(expected, 0, 64)}`);
  }

  #readOpenTag(start: number): Token {
    const text = this.#text;
    if (this.#depth === 0 && this.#rootSeen) return this.#refuse('trailing-bytes', start);
    if (this.#depth === DEEPEST_ELEMENT) return this.#refuse('too-deep', start);
    const end = text.indexOf('>', start);
    const known = end < 0 ? undefined : knownTag(text.slice(start, end));
    if (known !== undefined) return this.#openElement(known, end + 1);
    const read = readTag(text, start);
    if (!read.ok) return this.#refuseMisfit(read);
    if (++this.#newTags <= NEW_TAGS_KEPT) keepTag(read.tag);
    return this.#openElement(read.tag, read.end);
  }

  #openElement(tag: Tag, end: number): Token {
    this.#tag = tag;
    this.#open[this.#depth++] = tag;
    this.#rootSeen = true;
    this.#isToClose = tag.isEmpty;
    return this.#moveTo(end) ? 'open' : 'end';
  }
}
