// Which part of a file a request wants, and whether it wants it at all (RFC 9110 §13, §14). Pure.

export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly size: number;
}

/** Header fields as Node gives them. */
export interface Wanted {
  readonly method: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

/** Bytes `start` up to but not including `end`. */
export type Selection =
  | { readonly kind: 'whole' | 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'not-modified' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'unsatisfiable' };

const RANGE = /^bytes *= *(\d*) *- *(\d*)$/i;
/** Entity tags of a list; weak ones keep their mark. */
const TAGS = /(?:W\/)?"[^"]*"/g;

export function select(wanted: Wanted, file: Validators): Selection {
  const { ifMatch, ifNoneMatch, method, range } = wanted;
  if (ifMatch !== undefined && !names(ifMatch, file.etag, false)) return { kind: 'changed' };
  if (ifNoneMatch !== undefined && names(ifNoneMatch, file.etag, true)) return { kind: 'not-modified' };
  const whole: Selection = { kind: 'whole', start: 0, end: file.size };
  // Of HEAD a range means nothing (RFC 9110 §14.2).
  if (method !== 'GET' || range === undefined || !holds(wanted.ifRange, file)) return whole;
  return part(range, file.size) ?? whole;
}

/** §13.1.1 compares strongly, §13.1.2 weakly: a weak tag is never ours, but a client may have made ours weak. */
function names(list: string, etag: string, weakly: boolean): boolean {
  if (list.trim() === '*') return true;
  return (list.match(TAGS) ?? []).some((tag) => tag === etag || (weakly && tag === `W/${etag}`));
}

/** If-Range: a strong tag, or the exact date that we gave (§13.1.5). */
function holds(ifRange: string | undefined, { etag, modifiedAt }: Validators): boolean {
  return ifRange === undefined || ifRange.trim() === etag || ifRange.trim() === httpDate(modifiedAt);
}

/** Undefined for what is to be ignored: no single range of bytes (§14.2: several, or other units, or nonsense). */
function part(range: string, size: number): Selection | undefined {
  const [match, first = '', last = ''] = RANGE.exec(range.trim()) ?? [];
  if (match === undefined || (first === '' && last === '')) return undefined;
  const [from, to] = [Number(first), Number(last)];
  if (first === '') {
    const length = Math.min(to, size);
    return length === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', start: size - length, end: size };
  }
  if (last !== '' && to < from) return undefined;
  if (from >= size) return { kind: 'unsatisfiable' };
  return { kind: 'part', start: from, end: last === '' ? size : Math.min(to + 1, size) };
}

export const httpDate = (at: number): string => new Date(at).toUTCString();
