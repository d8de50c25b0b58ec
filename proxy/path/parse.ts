// The text of a path of the Instantiated Data Model to a value: one pass, no backtracking, nothing thrown. The grammar is
// TR-369's, widened by what its own examples and TP-469 send: a missing dot at the end of an object's path, '-' in names,
// constants without quotes that are no integers, white space in searches.
import type { Leaf, Path, Segment } from './path.ts';
import { readReference, startsReference, type Part } from './reference.ts';
import { isRefusal, longestPath, mostSegments, refuse, type Refusal } from './refusal.ts';
import { readSearch } from './search.ts';
import { DOT, endOfDigits, endOfName, instanceNumber } from './tokens.ts';

export type ParsedPath = { readonly ok: true; readonly path: Path } | Refusal;

/** What stands for rows after the name of a table. */
function readRow(text: string, at: number): Part | Refusal {
  switch (text.charAt(at)) {
    case '*':
      return { segment: { kind: 'wildcard' }, end: at + 1 };
    case '[':
      return readSearch(text, at);
    default: {
      const end = endOfDigits(text, at);
      const number = instanceNumber(text.slice(at, end));
      if (number === undefined) return refuse(at, 'expected a name, an instance number, * or a search');
      return { segment: { kind: 'instance', number }, end };
    }
  }
}

/** The leaf that a name is when the path ends with it; undefined when it is a segment. */
export function leafNamed(text: string, at: number, end: number): Leaf | undefined {
  const left = text.length - end;
  if (left === 0) return { kind: 'parameter-or-object', name: text.slice(at) };
  if (left === 1 && text.endsWith('!')) return { kind: 'event', name: text.slice(at, end) };
  if (left === 2 && text.endsWith('()')) return { kind: 'command', name: text.slice(at, end) };
  return undefined;
}

/** Appends the row that stands at `at`; gives its end. Neither the root nor the object behind a reference is a table. */
function pushRow(text: string, at: number, segments: Segment[]): number | Refusal {
  if (segments.length < 2 || segments.at(-1)?.kind !== 'name') return refuse(at, 'expected a name');
  const row = readRow(text, at);
  if (isRefusal(row)) return row;
  segments.push(row.segment);
  return row.end;
}

/** Appends a name, and the reference that may follow it; gives the end of both. */
function pushName(text: string, at: number, end: number, segments: Segment[]): number | Refusal {
  const isRoot = segments.length === 0;
  segments.push({ kind: 'name', name: text.slice(at, end) });
  if (isRoot || !startsReference(text, end)) return end;
  const reference = readReference(text, end);
  if (isRefusal(reference)) return reference;
  segments.push(reference.segment);
  return reference.end;
}

export function parsePath(text: string): ParsedPath {
  if (text === '') return refuse(0, 'the path is empty');
  if (text.length > longestPath) return refuse(longestPath, `the path is longer than ${longestPath} characters`);
  const segments: Segment[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (segments.length >= mostSegments) return refuse(at, `the path has more than ${mostSegments} segments`);
    const nameEnd = endOfName(text, at);
    const leaf = nameEnd === at ? undefined : leafNamed(text, at, nameEnd);
    if (leaf !== undefined) {
      if (segments.length > 0 || leaf.kind === 'parameter-or-object') return { ok: true, path: { segments, leaf } };
      return refuse(at, 'expected the name of an object');
    }
    const end = nameEnd === at ? pushRow(text, at, segments) : pushName(text, at, nameEnd, segments);
    if (typeof end !== 'number') return end;
    if (end < text.length && text.charCodeAt(end) !== DOT) return refuse(end, 'expected a dot');
    at = end;
  }
  return { ok: true, path: { segments, leaf: { kind: 'object' } } };
}
