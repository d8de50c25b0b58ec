// What all translated devices of a model share: the rules that are for it, and the Supported Data Model that they make of
// what such devices were seen to have. Views of devices with the same tree and the same memory are one.
import type { Catalogue } from '../../device/instance-tree/catalogue.ts';
import type { StandardModel } from '../standard-model.ts';
import type { SupportedModel } from '../supported.ts';
import type { Methods } from '../tr181-supported.ts';
import type { MakeCodec } from './codec.ts';
import { type CompiledRules, compileRules } from './compile.ts';
import type { RuleFile } from './document.ts';
import { Kinds } from './kinds.ts';
import type { Mirror } from './mirror.ts';
import { supportedBy } from './supported.ts';

export interface TranslatedModel {
  readonly root: string;
  readonly rules: CompiledRules;
  readonly supported: SupportedModel;
  /** Device:2 as it is shown. */
  readonly standard: StandardModel;
  /** What the standard says of the CPE's own model. */
  readonly own: StandardModel;
  readonly kinds: Kinds;
  readonly mirrors: readonly Mirror[];
}

export interface RuleBook {
  readonly files: readonly RuleFile[];
  readonly codecs: ReadonlyMap<string, MakeCodec>;
  readonly standard: StandardModel;
  readonly own: StandardModel;
}

const compiled = new WeakMap<RuleBook, Map<string, CompiledRules>>();

/** The rules of the files that are for devices of the model; compiled once for each set of files. */
function rulesFor(book: RuleBook, kinds: Kinds): CompiledRules {
  const files = book.files.filter(
    ({ onlyWith }) => onlyWith.length === 0 || onlyWith.some((path) => isKnown(kinds, path)),
  );
  const name = files.map(({ file }) => file).join('\n');
  const known = compiled.get(book) ?? new Map<string, CompiledRules>();
  compiled.set(book, known);
  const rules = known.get(name) ?? compileRules(files, book.standard, book.codecs);
  known.set(name, rules);
  return rules;
}

function isKnown(kinds: Kinds, path: string): boolean {
  const general = kinds.general(`/${path.replaceAll('*', '{i}')}`, '');
  return general.endsWith('.') ? kinds.hasObject(general) : kinds.parameter(general) !== 'absent';
}

export function translatedModel(book: RuleBook, root: string, catalogue: Catalogue, methods: Methods): TranslatedModel {
  const kinds = new Kinds(catalogue, root);
  const rules = rulesFor(book, kinds);
  const { standard, own } = book;
  const { objects, mirrors } = supportedBy({ rules, standard, own, kinds }, methods);
  return { root, rules, supported: { objects }, standard, own, kinds, mirrors };
}
