// Reads what a model line says of a value: its type, then words and `name=value` tokens in any order (mappings/README.md).
// Equal lines give one and the same object, which keeps 7,000 parameters small.
import { type Interval, type ParameterAccess, type Reference, type ValueRules, type ValueType } from './model.ts';

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

/** Everything a line can say of a value beyond its versions. */
export interface ValueFacts {
  readonly access: ParameterAccess;
  readonly value: ValueRules;
  readonly reference: Reference | undefined;
  readonly canDeny: boolean;
  readonly secured: boolean;
  readonly mandatory: boolean;
  readonly defaultValue: string | undefined;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Draft = Writable<Omit<ValueFacts, 'value'>> & {
  readonly value: Writable<ValueRules>;
  nullValue: string | undefined;
};

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

/** Blanks part the tokens, so a blank inside one is %20 and % itself %25. */
function unescape(text: string): string {
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

function pathReference(kind: 'row' | 'parameter', text: string): Reference | undefined {
  const [strength = '', ...targets] = text.split(',');
  return strength === 'strong' || strength === 'weak' ? { kind, strength, targets } : undefined;
}

/** Puts one `name=value` token into the draft; false when name or value is not understood. */
function assign(draft: Draft, name: string, text: string): boolean {
  const { value } = draft;
  switch (name) {
    case 'enum':
      value.enumeration = unescape(text).split('|');
      return true;
    case 'range':
      return (value.ranges = intervalsOf(text)) !== undefined;
    case 'len':
      return (value.lengths = intervalsOf(text)) !== undefined;
    case 'items':
      return (value.itemCounts = intervalsOf(text)) !== undefined;
    case 'listlen':
      return (value.listLengths = intervalsOf(text)) !== undefined;
    case 'step':
      value.step = Number(text);
      return value.step > 0;
    case 'pattern':
      value.pattern = unescape(text);
      return true;
    case 'row':
    case 'parameter':
      return (draft.reference = pathReference(name, text)) !== undefined;
    case 'valuesOf':
      draft.reference = { kind: 'values', target: text, nullValue: undefined };
      return true;
    case 'null':
      draft.nullValue = unescape(text);
      return true;
    case 'default':
      draft.defaultValue = unescape(text);
      return true;
    default:
      return false;
  }
}

function mark(draft: Draft, word: string): boolean {
  switch (word) {
    case 'rw':
      draft.access = 'readWrite';
      return true;
    case 'wo':
      draft.access = 'writeOnceReadOnly';
      return true;
    case 'canDeny':
    case 'secured':
    case 'mandatory':
      draft[word] = true;
      return true;
    default:
      return false;
  }
}

export interface ValueReader {
  /** Gives `string len=..17` the name MACAddress; answers a reason when it cannot. */
  readonly defineType: (name: string, text: string) => string | undefined;
  /** Reads a type and all words behind it, without versions; a string is the reason why they make no value. */
  readonly read: (text: string) => ValueFacts | string;
}

export function createValueReader(): ValueReader {
  const types = new Map(Object.entries(VALUE_TYPES).map(([name, type]) => [name, plainRules(type)]));
  const factsOfText = new Map<string, ValueFacts>();
  const sharedRules = new Map<string, ValueRules>();

  const parse = (text: string): ValueFacts | string => {
    const [type = '', ...tokens] = text.split(' ');
    const list = type.endsWith('[]');
    const base = types.get(list ? type.slice(0, -2) : type);
    if (base === undefined) return `unknown type "${type}"`;
    const draft: Draft = {
      access: 'readOnly',
      value: { ...base, list, valueType: list ? 'STRING' : base.valueType },
      reference: undefined,
      canDeny: false,
      secured: false,
      mandatory: false,
      defaultValue: undefined,
      nullValue: undefined,
    };
    for (const token of tokens) {
      const equals = token.indexOf('=');
      const known = equals < 0 ? mark(draft, token) : assign(draft, token.slice(0, equals), token.slice(equals + 1));
      if (!known) return `unknown word "${token}"`;
    }
    if (draft.nullValue !== undefined) {
      if (draft.reference?.kind !== 'values') return 'null= without valuesOf=';
      draft.reference = { ...draft.reference, nullValue: draft.nullValue };
    }
    const key = JSON.stringify(draft.value);
    const value = sharedRules.get(key) ?? draft.value;
    sharedRules.set(key, value);
    const { access, reference, canDeny, secured, mandatory, defaultValue } = draft;
    return { access, value, reference, canDeny, secured, mandatory, defaultValue };
  };

  return {
    defineType: (name, text) => {
      if (!/^\w+$/.test(name) || types.has(name)) return `not the name of a new type: "${name}"`;
      const facts = parse(text);
      if (typeof facts === 'string') return facts;
      types.set(name, { ...facts.value, typeName: name });
      return undefined;
    },
    read: (text) => {
      const known = factsOfText.get(text);
      if (known !== undefined) return known;
      const facts = parse(text);
      if (typeof facts !== 'string') factsOfText.set(text, facts);
      return facts;
    },
  };
}
