// Turns type, enum and constraint cells of a fact row into the tokens of a model line.
import { type Report } from './facts-table.ts';
import { type ModelFact } from './model-facts.ts';

export const BASE_TYPES = new Set([
  'base64',
  'boolean',
  'dateTime',
  'decimal',
  'hexBinary',
  'int',
  'long',
  'string',
  'unsignedInt',
  'unsignedLong',
]);

export interface ValueTokens {
  readonly base: string;
  /** The named type of TR-106 or TR-181, '' when there is none. */
  readonly named: string;
  readonly list: boolean;
  /** What is said of one value, or of each item of a list; a named type may say it once for all its users. */
  readonly item: readonly string[];
  /** What is said of a list as a whole. */
  readonly whole: readonly string[];
}

/** Tokens are parted by blanks, so a blank inside one is written %20, and % itself %25. */
export function escapeToken(text: string): string {
  return text.replaceAll('%', '%25').replaceAll(' ', '%20');
}

const INTERVAL = /^(-?\d+)?(?:(\.\.)(-?\d+|unbounded)?)?$/;

function interval(text: string, lowest: '' | '0'): string | undefined {
  const [whole, low = '', dots, high = ''] = INTERVAL.exec(text) ?? [];
  if (whole === undefined || whole === '') return undefined;
  const top = high === 'unbounded' ? '' : high;
  if (dots === undefined || low === top) return low;
  return `${low === lowest ? '' : low}..${top}`;
}

/** Intervals without what says nothing; '' when any value would do. A size's lowest is 0, a range's is the type's own. */
function intervals(text: string, lowest: '' | '0', line: number, report: Report): string {
  const parts = text.split(',').map((part) => interval(part, lowest));
  if (parts.some((part) => part === undefined)) report(line, `not a list of intervals: "${text}"`);
  return parts.includes('..') ? '' : parts.join(',');
}

function constraintTokens(fact: ModelFact, report: Report): { item: string[]; whole: string[] } {
  const item: string[] = [];
  const whole: string[] = [];
  const add = (to: string[], name: string, value: string): void => {
    if (value !== '') to.push(`${name}=${value}`);
  };
  for (const segment of fact.constraint === '' ? [] : fact.constraint.split('; ')) {
    if (segment.startsWith('pat ')) {
      // The table parts alternatives by ~; an empty one allows the empty value.
      add(item, 'pattern', escapeToken(segment.slice('pat '.length).replaceAll('~', '|')));
      continue;
    }
    const words = segment.split(' ');
    for (let at = 0; at < words.length; at += 2) {
      const [word = '', value = ''] = words.slice(at, at + 2);
      if (word === 'range') add(item, word, intervals(value, '', fact.line, report));
      else if (word === 'len') add(item, word, intervals(value, '0', fact.line, report));
      else if (word === 'items' || word === 'listlen') add(whole, word, intervals(value, '0', fact.line, report));
      else if (word === 'step' && /^\d+$/.test(value)) add(item, word, value);
      else report(fact.line, `unknown constraint "${segment}"`);
    }
  }
  return { item, whole };
}

export function valueTokens(fact: ModelFact, report: Report): ValueTokens {
  const [base = '', named = ''] = fact.type.split(':');
  if (!BASE_TYPES.has(base)) report(fact.line, `unknown type "${fact.type}"`);
  const { item, whole } = constraintTokens(fact, report);
  // The table marks deprecated values with a final ^; they are values all the same.
  if (fact.enum !== '') item.unshift(`enum=${escapeToken(fact.enum.replace(/\^(?=\||$)/g, ''))}`);
  const list = fact.list === '1';
  if (!list && whole.length > 0) report(fact.line, `${whole.join(' ')} on a value that is no list`);
  return { base, named, list, item, whole };
}

export interface NamedType {
  readonly base: string;
  readonly item: readonly string[];
}

/** Each named type with what all its users say of their values, so that a model line need not repeat it. */
export function namedTypes(values: Iterable<ValueTokens>): ReadonlyMap<string, NamedType> {
  const types = new Map<string, NamedType>();
  for (const { base, named, item } of values) {
    if (named === '') continue;
    const known = types.get(named);
    types.set(named, { base, item: known?.item.filter((token) => item.includes(token)) ?? item });
  }
  return types;
}
