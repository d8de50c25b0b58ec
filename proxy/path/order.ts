// Orders: of texts as such, and of concrete paths as a person would have it.
import { isDigit } from './tokens.ts';

/** By code unit; the same on every machine. A comparator for sort(). */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Where the segment that holds position `at` begins. */
const segmentStart = (path: string, at: number): number => (at === 0 ? 0 : path.lastIndexOf('.', at - 1) + 1);

function segmentAt(path: string, start: number): string {
  const dot = path.indexOf('.', start);
  return dot < 0 ? path.slice(start) : path.slice(start, dot);
}

/**
 * Orders paths as a person would: an object before what it holds, rows by number (`.9.` before `.10.`), names by code
 * unit. A comparator for sort().
 */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  let common = 0;
  while (common < a.length && a.charCodeAt(common) === b.charCodeAt(common)) common += 1;
  const start = segmentStart(a, common);
  const left = segmentAt(a, start);
  const right = segmentAt(b, start);
  // Numbers have no leading zeros: the longer is the larger.
  const numbers = isDigit(left.charCodeAt(0)) && isDigit(right.charCodeAt(0));
  if (numbers && left.length !== right.length) return left.length - right.length;
  return compareText(left, right) || a.length - b.length;
}
