// Reads what a model line says of a parameter or argument behind its name: its type, then words in any order
// (mappings/README.md). Equal texts give one and the same object, which keeps 7,000 parameters small.
import { type ParameterAccess, type Reference, type ValueRules } from './model.ts';
import { createRulesReader, isRule, unescape } from './value-rules.ts';

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

interface Draft {
  access: ParameterAccess;
  reference: Reference | undefined;
  nullValue: string | undefined;
  canDeny: boolean;
  secured: boolean;
  mandatory: boolean;
  defaultValue: string | undefined;
}

function pathReference(kind: 'row' | 'parameter', text: string): Reference | undefined {
  const [strength = '', ...targets] = text.split(',');
  return strength === 'strong' || strength === 'weak' ? { kind, strength, targets } : undefined;
}

/** Puts one word into the draft; false when it is not understood. */
function take(draft: Draft, word: string): boolean {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals + 1);
  const text = equals < 0 ? '' : word.slice(equals + 1);
  switch (name) {
    case 'rw':
      draft.access = 'readWrite';
      return true;
    case 'wo':
      draft.access = 'writeOnceReadOnly';
      return true;
    case 'canDeny':
    case 'secured':
    case 'mandatory':
      draft[name] = true;
      return true;
    case 'default=':
      draft.defaultValue = unescape(text);
      return true;
    case 'row=':
    case 'parameter=':
      return (draft.reference = pathReference(name === 'row=' ? 'row' : 'parameter', text)) !== undefined;
    case 'valuesOf=':
      draft.reference = { kind: 'values', target: text, nullValue: undefined };
      return true;
    case 'null=':
      draft.nullValue = unescape(text);
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
  const rules = createRulesReader();
  const factsOfText = new Map<string, ValueFacts>();

  const parse = (text: string): ValueFacts | string => {
    const [type = '', ...words] = text.split(' ');
    const ruleWords = [type];
    const draft: Draft = {
      access: 'readOnly',
      reference: undefined,
      nullValue: undefined,
      canDeny: false,
      secured: false,
      mandatory: false,
      defaultValue: undefined,
    };
    for (const word of words) {
      if (isRule(word)) ruleWords.push(word);
      else if (!take(draft, word)) return `unknown word "${word}"`;
    }
    const value = rules.read(ruleWords);
    if (typeof value === 'string') return value;
    const { access, nullValue, canDeny, secured, mandatory, defaultValue } = draft;
    let { reference } = draft;
    if (nullValue !== undefined) {
      if (reference?.kind !== 'values') return 'null= without valuesOf=';
      reference = { ...reference, nullValue };
    }
    return { access, value, reference, canDeny, secured, mandatory, defaultValue };
  };

  return {
    defineType: (name, text) => rules.defineType(name, text.split(' ')),
    read: (text) => {
      const known = factsOfText.get(text);
      if (known !== undefined) return known;
      const facts = parse(text);
      if (typeof facts !== 'string') factsOfText.set(text, facts);
      return facts;
    },
  };
}
