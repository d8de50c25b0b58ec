// Rules made ready for use: patterns taken apart, codecs chosen by the two types, what the standard says of each parameter
// of the view at hand. Once for every set of files; shared by all devices. Throws CAUSEWAY_MAPPING_INVALID, with file and
// line, for a rule that contradicts the standard or itself.
import { CausewayError } from '../../errors.ts';
import { generalise } from '../../path/concrete.ts';
import { valueFromCpe, valueToCpe } from '../../path/values.ts';
import type { ValueType } from '../../path/value-type.ts';
import type { StandardModel, StandardParameter } from '../standard-model.ts';
import { typeOfStandard } from '../value-type.ts';
import type { Codec, MakeCodec } from './codec.ts';
import type {
  CodecRule,
  CommandRule,
  Condition,
  EnumRule,
  KeyRule,
  ObjectRule,
  ParameterRule,
  Place,
  PrefixRule,
  RuleFile,
  Source,
  TableRule,
  ValueRule,
} from './document.ts';
import { type Captures, compilePattern, type Pattern } from './pattern.ts';
import { isWorthKeeping, remembering } from './remembering.ts';

export interface CompiledSource {
  readonly pattern: Pattern;
  readonly each: string | undefined;
  readonly when: readonly Condition[];
  readonly given: Captures;
}

export interface CompiledValue {
  readonly from: readonly string[];
  readonly needed: number;
  readonly codec: Codec;
  readonly otherwise: CompiledValue | undefined;
}

export interface CompiledTable {
  readonly rule: TableRule;
  readonly sources: readonly CompiledSource[];
  readonly together: CompiledValue | undefined;
}

/** How path values are turned: `reference`, or `references` for a list, with the tables of the view that are preferred. */
export interface References {
  readonly list: boolean;
  readonly tables: readonly string[];
  /** The CPE says keys, not paths. */
  readonly keys: readonly CompiledKey[];
}

export interface CompiledKey extends KeyRule {
  /** `at` taken apart. */
  readonly pattern: Pattern;
}

export type CompiledRule =
  | {
      readonly kind: 'source';
      readonly rule: Extract<ParameterRule, { kind: 'source' }>;
      readonly codec: Codec;
      readonly references: References | undefined;
    }
  | { readonly kind: 'constant'; readonly rule: ParameterRule; readonly value: string }
  | { readonly kind: 'refer'; readonly rule: Extract<ParameterRule, { kind: 'refer' }> };

export interface CompiledParameter {
  readonly name: string;
  readonly place: Place;
  /** Undefined for what the standard does not have: a vendor's, or of a service. */
  readonly standard: StandardParameter | undefined;
  readonly type: ValueType;
  readonly secured: boolean;
  /** In order of preference. */
  readonly rules: readonly CompiledRule[];
}

export interface CompiledObject {
  readonly rule: ObjectRule;
  readonly sources: readonly CompiledSource[];
  /** `WiFi.SSID.{ssid}.` taken apart. */
  readonly to: Pattern;
  /** `Device.WiFi.SSID.{i}.` */
  readonly general: string;
  /** Of the numbers in `to`, those that are a table's rows. */
  readonly tables: readonly string[];
  readonly parameters: readonly CompiledParameter[];
}

export interface CompiledRules {
  readonly tables: ReadonlyMap<string, CompiledTable>;
  readonly objects: readonly CompiledObject[];
  /** Generalised objects of the view that rules make. */
  readonly placed: ReadonlySet<string>;
  readonly prefixes: readonly PrefixRule[];
  readonly commands: readonly CommandRule[];
  /** Table rules by the generalised row of the view: whose rows can be added. */
  readonly tableOf: ReadonlyMap<string, CompiledTable>;
  readonly codecFor: (rule: CodecRule | undefined, type: ValueType, place: Place) => Codec;
}

const STRING: ValueType = { base: 'string' };

function fail({ file, line }: Place, why: string): never {
  throw new CausewayError('CAUSEWAY_MAPPING_INVALID', `${file}:${line}: ${why}`);
}

const compileSource = ({ at, ...more }: Source): CompiledSource => ({ pattern: compilePattern(at), ...more });

/** Nothing is said of how: by the type that the view has. */
export const byType = (type: ValueType): Codec => ({
  spells: type,
  read: (texts) => (texts[0] === undefined ? undefined : valueFromCpe(type, texts[0]).value),
  write: (value) => {
    const written = valueToCpe(type, value);
    return written.ok ? { ok: true, texts: [written.value] } : written;
  },
});

export function compileRules(
  files: readonly RuleFile[],
  standard: StandardModel,
  codecs: ReadonlyMap<string, MakeCodec>,
): CompiledRules {
  const ranked = files.toSorted((one, other) => other.rank - one.rank);
  const enums = enumsOf(ranked);
  const codecFor = (rule: CodecRule | undefined, type: ValueType, place: Place): Codec => {
    if (rule === undefined) return byType(type);
    const made = codecs.get(rule.name)?.({ argument: rule.argument, enums, type }) ?? `there is no codec ${rule.name}`;
    if (typeof made === 'string') fail(place, made);
    return isWorthKeeping(rule.name) ? remembering(made) : made;
  };
  const compileValue = (rule: ValueRule): CompiledValue => ({
    from: rule.from,
    needed: rule.needed,
    codec: codecFor(rule.as, STRING, rule.place),
    otherwise: rule.otherwise === undefined ? undefined : compileValue(rule.otherwise),
  });
  const tables = new Map<string, CompiledTable>();
  for (const rule of tablesOf(ranked)) {
    const together = rule.together === undefined ? undefined : compileValue(rule.together);
    tables.set(rule.name, { rule, sources: rule.sources.map(compileSource), together });
  }
  const objects = ranked.flatMap((file) => file.objects.map((rule) => compileObject(rule, tables, standard, codecFor)));
  const tableOf = new Map<string, CompiledTable>();
  for (const { general, to, tables: named } of objects) {
    const table = tables.get(to.steps.at(-1)?.name ?? '');
    if (table !== undefined && named.includes(table.rule.name)) tableOf.set(general, table);
  }
  const prefixes = ranked.flatMap((file) => file.prefixes);
  const placed = new Set(objects.map(({ general }) => general));
  return { tables, objects, placed, prefixes, commands: commandsOf(ranked), tableOf, codecFor };
}

/** Of several for one command in files of different rank the first counts; within a file each speaks of other objects. */
function commandsOf(ranked: readonly RuleFile[]): readonly CommandRule[] {
  const taken = new Set<string>();
  return ranked.flatMap(({ commands }) => {
    const fresh = commands.filter(({ command }) => !taken.has(command));
    for (const { command } of fresh) taken.add(command);
    return fresh;
  });
}

function enumsOf(ranked: readonly RuleFile[]): ReadonlyMap<string, EnumRule> {
  const enums = new Map<string, EnumRule>();
  for (const [name, rule] of ranked.flatMap((file) => [...file.enums])) if (!enums.has(name)) enums.set(name, rule);
  return enums;
}

/** A table that several files speak of: sources of all of them, the rest by whoever says it first. */
function tablesOf(ranked: readonly RuleFile[]): readonly TableRule[] {
  const tables = new Map<string, TableRule>();
  for (const rule of ranked.flatMap((file) => file.tables)) {
    const above = tables.get(rule.name);
    if (above === undefined) tables.set(rule.name, rule);
    else {
      tables.set(rule.name, {
        ...above,
        sources: [...above.sources, ...rule.sources],
        key: above.key ?? rule.key,
        together: above.together === undefined ? rule.together : chained(above.together, rule.together),
        number: above.number ?? rule.number,
        add: above.add ?? rule.add,
        remove: above.remove ?? rule.remove,
      });
    }
  }
  return [...tables.values()];
}

const chained = (first: ValueRule, last: ValueRule | undefined): ValueRule => ({
  ...first,
  otherwise: first.otherwise === undefined ? last : chained(first.otherwise, last),
});

function compileObject(
  rule: ObjectRule,
  tables: ReadonlyMap<string, CompiledTable>,
  standard: StandardModel,
  codecFor: CompiledRules['codecFor'],
): CompiledObject {
  const sources = rule.sources.map(compileSource);
  const to = compilePattern(rule.to);
  for (const name of to.names) {
    const isKnown = tables.has(name) || sources.every(({ pattern, each }) => has(pattern, name, each));
    if (!isKnown) fail(rule.place, `{${name}} is neither a table nor a number of every source`);
  }
  const general = generalise(`Device.${to.general}`);
  const isOfStandard = !/(?:^|\.)X_|^Device\.Services\./.test(general);
  if (isOfStandard && standard.object(general) === undefined) fail(rule.place, `the standard has no ${general}`);
  const parameters = [...rule.parameters].map(([name, one]): CompiledParameter => {
    const known = standard.parameter(general + name);
    if (known === undefined && isOfStandard && !name.startsWith('X_'))
      fail(one.place, `the standard has no ${general}${name}`);
    const type = known === undefined ? STRING : typeOfStandard(known);
    return {
      name,
      place: one.place,
      standard: known,
      type,
      secured: known?.secured ?? false,
      rules: alternatives(one).map((single) => compileRule(single, type, codecFor)),
    };
  });
  return { rule, sources, to, general, tables: to.names.filter((name) => tables.has(name)), parameters };
}

const has = ({ names }: Pattern, name: string, each: string | undefined): boolean =>
  names.includes(name) || (each !== undefined && name === 'item');

const alternatives = (rule: ParameterRule): readonly Exclude<ParameterRule, { kind: 'first' }>[] =>
  rule.kind === 'first' ? rule.rules.flatMap(alternatives) : [rule];

function compileRule(
  rule: Exclude<ParameterRule, { kind: 'first' }>,
  type: ValueType,
  codecFor: CompiledRules['codecFor'],
): CompiledRule {
  if (rule.kind === 'constant') return { kind: 'constant', rule, value: rule.value };
  if (rule.kind === 'refer') return { kind: 'refer', rule };
  const { as } = rule;
  const isReference = as?.name === 'reference' || as?.name === 'references';
  return {
    kind: 'source',
    rule,
    codec: isReference ? byType(STRING) : codecFor(as, type, rule.place),
    references: isReference
      ? {
          list: as.name === 'references',
          tables: as.argument.split(',').filter((table) => table !== ''),
          keys: rule.keys.map((key) => ({ ...key, pattern: compilePattern(key.at) })),
        }
      : undefined,
  };
}
