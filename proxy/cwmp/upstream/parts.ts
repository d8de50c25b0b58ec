// The elements of an envelope with the places where they stand, so that a few bytes of it can be exchanged and all others
// stay what they are. Texts here are bodies read as Latin-1, one character a byte, whatever their charset is: what is
// looked for (names, keys, event codes) is ASCII in all of them. Pure.
import { decodeText } from '../../soap/references.ts';
import { Tokenizer } from '../../soap/tokenizer.ts';

export interface Part {
  /** Without prefix. */
  readonly name: string;
  readonly start: number;
  /** Behind its start tag. */
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly end: number;
  readonly parts: readonly Part[];
}

interface OpenPart {
  name: string;
  start: number;
  contentStart: number;
  isEmpty: boolean;
  parts: Part[];
}

/** The root element; undefined for what is not well-formed. */
export function readParts(text: string): Part | undefined {
  const tokens = new Tokenizer(text);
  const open: OpenPart[] = [];
  for (;;) {
    const token = tokens.next();
    const { position } = tokens;
    if (token === 'end') return undefined;
    if (token === 'open') {
      const { localName, text: tag, isEmpty } = tokens.tag;
      // Behind the <, and before the > that is not part of the tag's text.
      const start = position - tag.length - 2;
      open.push({ name: localName, start, contentStart: position, isEmpty, parts: [] });
    } else if (token === 'close') {
      const closed = open.pop();
      if (closed === undefined) return undefined;
      const { isEmpty, ...part } = closed;
      const contentEnd = isEmpty ? position : text.lastIndexOf('</', position - 1);
      const whole: Part = { ...part, contentEnd, end: position };
      const above = open.at(-1);
      if (above === undefined) return whole;
      above.parts.push(whole);
    }
  }
}

/** The message in the Body: `Inform`, `GetParameterValuesResponse`, `Fault` … */
export function messageIn(root: Part | undefined): Part | undefined {
  return partNamed(partNamed(root, 'Envelope', true), 'Body')?.parts[0];
}

function partNamed(part: Part | undefined, name: string, itself = false): Part | undefined {
  if (itself) return part?.name === name ? part : undefined;
  return part?.parts.find((one) => one.name === name);
}

export const childNamed = (part: Part | undefined, name: string): Part | undefined => partNamed(part, name);

/** The text of a part's child of that name, without white space around it; '' where there is none. */
export function textOf(text: string, part: Part | undefined, name: string): string {
  const child = childNamed(part, name);
  return child === undefined ? '' : decodeText(text.slice(child.contentStart, child.contentEnd)).trim();
}

/** Another text in place of a range. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Ranges that do not overlap, in any order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let edited = '';
  let done = 0;
  for (const { from, to, text: other } of edits.toSorted((one, next) => one.from - next.from)) {
    edited += text.slice(done, from) + other;
    done = to;
  }
  return edited + text.slice(done);
}

export const remove = ({ start, end }: Part): Edit => ({ from: start, to: end, text: '' });
/** `text` is ASCII without markup. */
export const replaceContent = ({ contentStart, contentEnd }: Part, text: string): Edit => ({
  from: contentStart,
  to: contentEnd,
  text,
});

const ARRAY_SIZE = /\[(\s*\d+\s*)\]/;

/** Members of a list taken out, and the size that its arrayType tells made smaller by as many. */
export function removeMembers(text: string, list: Part, members: readonly Part[]): readonly Edit[] {
  if (members.length === 0) return [];
  const size = ARRAY_SIZE.exec(text.slice(list.start, list.contentStart));
  const said = size?.[1];
  if (size === null || said === undefined) return members.map(remove);
  const from = list.start + size.index + 1;
  const left = Math.max(0, Number(said) - members.length);
  return [{ from, to: from + said.length, text: String(left) }, ...members.map(remove)];
}
