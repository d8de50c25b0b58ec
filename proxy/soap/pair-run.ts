// Nearly all of a large message is one struct again and again: `<S><Name>…</Name><Value xsi:type="…">…</Value></S>`, two
// texts and what stands around them. The tokenizer has read what stands around them once. Where the very same characters
// come again in the same place they are well-formed again and mean the same, so they are only compared; the two texts
// have to be plain character data. Anything else is left to the tokenizer, and learnt from it.
import { codeAt, SLASH } from './characters.ts';
import type { SubstringCopier } from './copy.ts';
import type { PairRun } from './cursor.ts';

/** The tokenizer that a run goes ahead of. */
export interface RunSource {
  /** The index behind the token just met. */
  readonly position: number;
  /** Goes on at `end` if all character data up to there is plain; else stays where it is. */
  skipPlain(end: number): boolean;
}

/** From the end of the first text to the second; where the second element is empty as `<Value/>`, to the struct's end. */
interface Middle {
  readonly text: string;
  readonly type: string;
  readonly isEmpty: boolean;
}

/** One for each type that a list mixes, and for each that is left empty. */
const MIDDLES_KEPT = 16;
const CLOSE = '</';
const UNSEEN = -1;
const TWICE = -2;

/**
 * Whether `part`, which is not empty, stands at `index`. Most that do not stand there have another character in the
 * last one's place. Comparing with a view takes a fifth of the time that startsWith takes.
 */
function isAt(text: string, part: string, index: number): boolean {
  const end = index + part.length;
  return codeAt(text, end - 1) === codeAt(part, part.length - 1) && text.slice(index, end) === part;
}

export class TextPairRun implements PairRun {
  first = '';
  second = '';
  type = '';
  readonly #source: RunSource;
  readonly #text: string;
  readonly #copier: SubstringCopier;
  /** From the end of the struct before to the first text. */
  #lead = '';
  readonly #middles: Middle[] = [];
  /** From the end of the second text to the struct's end. */
  #tail = '';
  /** Where the struct that the tokenizer reads began, and where its texts begin. */
  #structAt = 0;
  #firstAt = UNSEEN;
  #secondAt = UNSEEN;

  constructor(source: RunSource, text: string, copier: SubstringCopier) {
    this.#source = source;
    this.#text = text;
    this.#copier = copier;
  }

  next(): boolean {
    const text = this.#text;
    const lead = this.#lead;
    const start = this.#source.position;
    this.#structAt = start;
    this.#firstAt = UNSEEN;
    this.#secondAt = UNSEEN;
    if (lead === '' || !isAt(text, lead, start)) return false;
    const firstAt = start + lead.length;
    const firstEnd = text.indexOf('<', firstAt);
    const middle = this.#middleAt(firstEnd);
    if (middle === undefined) return false;
    const secondAt = firstEnd + middle.text.length;
    let [secondEnd, end] = [secondAt, secondAt];
    if (!middle.isEmpty) {
      secondEnd = text.indexOf('<', secondAt);
      end = secondEnd + this.#tail.length;
      if (secondEnd < 0 || !isAt(text, this.#tail, secondEnd)) return false;
    }
    if (!this.#source.skipPlain(end)) return false;
    this.first = this.#copier.copy(firstAt, firstEnd);
    this.second = this.#copier.copy(secondAt, secondEnd);
    this.type = middle.type;
    return true;
  }

  firstOpened(): void {
    this.#firstAt = this.#firstAt === UNSEEN ? this.#source.position : TWICE;
  }

  secondOpened(): void {
    this.#secondAt = this.#secondAt === UNSEEN ? this.#source.position : TWICE;
  }

  learn(type: string): void {
    const text = this.#text;
    const firstEnd = this.#firstAt < 0 ? -1 : text.indexOf('<', this.#firstAt);
    // Each is there once, in this order, and the first holds nothing but text.
    if (firstEnd < 0 || this.#secondAt < firstEnd || !text.startsWith(CLOSE, firstEnd)) return;
    const end = this.#source.position;
    const isEmpty = text.charCodeAt(this.#secondAt - 2) === SLASH;
    const secondEnd = text.indexOf('<', this.#secondAt);
    if (!isEmpty && !text.startsWith(CLOSE, secondEnd)) return;
    this.#lead = text.slice(this.#structAt, this.#firstAt);
    if (!isEmpty) this.#tail = text.slice(secondEnd, end);
    if (this.#middleAt(firstEnd) !== undefined) return;
    if (this.#middles.length === MIDDLES_KEPT) this.#middles.pop();
    this.#middles.unshift({ text: text.slice(firstEnd, isEmpty ? end : this.#secondAt), type, isEmpty });
  }

  #middleAt(index: number): Middle | undefined {
    if (index < 0) return undefined;
    for (const middle of this.#middles) if (isAt(this.#text, middle.text, index)) return middle;
    return undefined;
  }
}
