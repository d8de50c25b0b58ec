// Reads the words of a model line that say which values there are (mappings/README.md).
import { type Interval, type ValueRules, type ValueType } from './model.ts';

const VALUE_TYPES: Readonly<Record<string, ValueType>> = {
  base64: 'BASE_64',
  boolean: 'BOOLEAN',
  dateTime: 'DATE_TIME',
  decimal: 'DECIMAL',
  hexBinary: 'HEX_BINARY',
  int: 'INT',
  long: 'LONG',
  string: 'STRING',
  unsignedInt: 'UNSIGNED_INT',
  unsignedLong: 'UNSIGNED_LONG',
};

type Draft = { -readonly [K in keyof ValueRules]: ValueRules[K] };

function plainRules(itemType: ValueType): ValueRules {
  return {
    valueType: itemType,
    itemType,
    list: false,
    typeName: undefined,
    enumeration: undefined,
    ranges: undefined,
    step: undefined,
    lengths: undefined,
    pattern: undefined,
    itemCounts: undefined,
    listLengths: undefined,
  };
}

/** Blanks part the words of a line, so a blank inside one is %20 and % itself %25. */
export function unescape(text: string): string {
  return text.includes('%') ? text.replaceAll('%20', ' ').replaceAll('%25', '%') : text;
}

const INTERVAL = /^(?:(-?\d+)|(-?\d*)\.\.(-?\d*))$/;

function intervalsOf(text: string): readonly Interval[] | undefined {
  const intervals: Interval[] = [];
  for (const part of text.split(',')) {
    const [whole, only, low = '', high = ''] = INTERVAL.exec(part) ?? [];
    if (whole === undefined) return undefined;
    if (only !== undefined) intervals.push({ low: Number(only), high: Number(only) });
    else intervals.push({ low: low === '' ? -Infinity : Number(low), high: high === '' ? Infinity : Number(high) });
  }
  return intervals;
}

/** What each rule's text does to the draft; false when the text is not understood. */
const RULES: Readonly<Record<string, (draft: Draft, text: string) => boolean>> = {
  enum: (draft, text) => (draft.enumeration = unescape(text).split('|')).length > 0,
  range: (draft, text) => (draft.ranges = intervalsOf(text)) !== undefined,
  step: (draft, text) => (draft.step = Number(text)) > 0,
  len: (draft, text) => (draft.lengths = intervalsOf(text)) !== undefined,
  pattern: (draft, text) => (draft.pattern = unescape(text)) !== '',
  items: (draft, text) => (draft.itemCounts = intervalsOf(text)) !== undefined,
  listlen: (draft, text) => (draft.listLengths = intervalsOf(text)) !== undefined,
};

export function isRule(word: string): boolean {
  const equals = word.indexOf('=');
  return equals > 0 && Object.hasOwn(RULES, word.slice(0, equals));
}

export interface RulesReader {
  /** Gives `string`, `len=..17` the name MACAddress; answers a reason when it cannot. */
  readonly defineType: (name: string, words: readonly string[]) => string | undefined;
  /** A type and rules for its values; a string is the reason why they make none. Equal words give the same object. */
  readonly read: (words: readonly string[]) => ValueRules | string;
}

export function createRulesReader(): RulesReader {
  const types = new Map(Object.entries(VALUE_TYPES).map(([name, type]) => [name, plainRules(type)]));
  const shared = new Map<string, ValueRules>();

  const parse = ([type = '', ...words]: readonly string[]): ValueRules | string => {
    const list = type.endsWith('[]');
    const base = types.get(list ? type.slice(0, -2) : type);
    if (base === undefined) return `unknown type "${type}"`;
    const draft: Draft = { ...base, list, valueType: list ? 'STRING' : base.valueType };
    for (const word of words) {
      const equals = word.indexOf('=');
      const known = isRule(word) && RULES[word.slice(0, equals)]?.(draft, word.slice(equals + 1)) === true;
      if (!known) return `unknown word "${word}"`;
    }
    return draft;
  };

  return {
    defineType: (name, words) => {
      if (!/^\w+$/.test(name) || types.has(name)) return `not the name of a new type: "${name}"`;
      const rules = parse(words);
      if (typeof rules === 'string') return rules;
      types.set(name, { ...rules, typeName: name });
      return undefined;
    },
    read: (words) => {
      const key = words.join(' ');
      const rules = shared.get(key) ?? parse(words);
      if (typeof rules !== 'string') shared.set(key, rules);
      return rules;
    },
  };
}
