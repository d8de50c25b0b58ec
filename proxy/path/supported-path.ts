// A path of the Supported Data Model, as GetSupportedDM takes it: `{i}` where the Instantiated Data Model has a number. A
// number is taken too, since a Controller may ask about an instance that it knows.
import { leafNamed } from './parse.ts';
import type { Leaf } from './path.ts';
import { longestPath, mostSegments, refuse, type Refusal } from './refusal.ts';
import { DOT, endOfDigits, endOfName, instanceNumber } from './tokens.ts';

export interface SupportedPath {
  /** With `{i}` for every row: `Device.IP.Interface.{i}.`; as asked, whether or not the last is a table without its `{i}`. */
  readonly object: string;
  readonly leaf: Leaf;
}
export type ParsedSupportedPath = { readonly ok: true; readonly path: SupportedPath } | Refusal;

function endOfRow(text: string, at: number): number {
  if (text.startsWith('{i}', at)) return at + 3;
  const end = endOfDigits(text, at);
  return instanceNumber(text.slice(at, end)) === undefined ? at : end;
}

export function parseSupportedPath(text: string): ParsedSupportedPath {
  if (text === '') return refuse(0, 'the path is empty');
  if (text.length > longestPath) return refuse(longestPath, `the path is longer than ${longestPath} characters`);
  let object = '';
  /** How many names have come since the last row; the root takes none. */
  let names = -1;
  for (let at = 0, segments = 0; at < text.length; at += 1, segments += 1) {
    if (segments >= mostSegments) return refuse(at, `the path has more than ${mostSegments} segments`);
    let end = endOfName(text, at);
    if (end > at) {
      const leaf = leafNamed(text, at, end);
      if (leaf !== undefined) {
        if (segments > 0 || leaf.kind === 'parameter-or-object') return { ok: true, path: { object, leaf } };
        return refuse(at, 'expected the name of an object');
      }
      object += `${text.slice(at, end)}.`;
      names += 1;
    } else {
      if (names < 1) return refuse(at, 'expected a name');
      end = endOfRow(text, at);
      if (end === at) return refuse(at, 'expected a name, {i} or an instance number');
      object += '{i}.';
      names = 0;
    }
    if (end < text.length && text.charCodeAt(end) !== DOT) return refuse(end, 'expected a dot');
    at = end;
  }
  return { ok: true, path: { object, leaf: { kind: 'object' } } };
}
