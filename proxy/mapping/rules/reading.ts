// Values of the view from what the CPE answered. Pure.
import type { ReadValues } from '../../device/read-values.ts';
import { valueFromCpe } from '../../path/values.ts';
import type { ValueType } from '../../path/value-type.ts';
import type { Reading, ViewValue } from '../view.ts';
import type { Binding, FixedBinding, SourceBinding } from './binding.ts';
import { rowByKey } from './keys.ts';
import type { Materialised } from './materialise.ts';
import { toView } from './references.ts';

const MISSING: ViewValue = { kind: 'missing' };

/** Of what is not there. */
export const NO_READING: Reading = { cpeNames: [], secured: false, valueOf: () => MISSING };

class FixedReading implements Reading {
  readonly cpeNames: readonly string[] = [];
  readonly secured = false;
  readonly counts: string | undefined;
  readonly #value: ViewValue;

  constructor({ value, counts }: FixedBinding) {
    this.#value = { kind: 'value', value };
    this.counts = counts;
  }

  valueOf(): ViewValue {
    return this.#value;
  }
}

/** Names of the CPE, each with the value by which the row is known. */
type Guards = readonly (readonly [string, string])[];
const NO_GUARDS: Guards = [];

/** Whether the CPE has put another row in its place (facts: mapping-notes H5). */
function isOtherRow(guards: Guards, read: ReadValues): boolean {
  for (const [name, value] of guards) {
    const now = read.values.get(name)?.Value;
    if (now !== undefined && now !== value && now.trim().toLowerCase() !== value.toLowerCase()) return true;
  }
  return false;
}

class SourceReading implements Reading {
  readonly cpeNames: readonly string[];
  readonly secured: boolean;
  readonly #binding: SourceBinding;
  readonly #root: string;
  readonly #view: Materialised;
  /** Nearly every value is one parameter, read by itself: it is worth a shorter way. */
  readonly #single: string | undefined;
  readonly #spells: ValueType | undefined;
  readonly #guards: Guards;

  constructor(binding: SourceBinding, root: string, view: Materialised) {
    const names = binding.names.filter((name) => name !== undefined);
    const { guards, rule, supported } = binding;
    const isPlain = rule.references === undefined && !supported.isReference;
    this.#guards = guards === undefined ? NO_GUARDS : [...guards];
    this.cpeNames = guards === undefined ? names : [...new Set([...names, ...guards.keys()])];
    this.secured = supported.secured;
    this.#binding = binding;
    this.#root = root;
    this.#view = view;
    this.#single = isPlain && binding.names.length === 1 ? binding.names[0] : undefined;
    this.#spells = binding.codec.spells;
  }

  valueOf(read: ReadValues): ViewValue {
    if (isOtherRow(this.#guards, read)) return MISSING;
    const single = this.#single;
    if (single === undefined) return this.#valueOf(read);
    const item = read.values.get(single);
    if (item === undefined) return notRead([single], read);
    if (this.#spells !== undefined) return { kind: 'value', value: valueFromCpe(this.#spells, item.Value).value };
    const value = this.#binding.codec.read([item.Value]);
    return value === undefined ? MISSING : { kind: 'value', value };
  }

  #valueOf(read: ReadValues): ViewValue {
    const { names } = this.#binding;
    const texts = names.map((name) => (name === undefined ? undefined : read.values.get(name)?.Value));
    if (texts.every((text) => text === undefined)) return notRead(names, read);
    const value = textShown(this.#binding, texts, this.#root, this.#view);
    return value === undefined ? MISSING : { kind: 'value', value };
  }
}

/** What the view makes of the CPE's texts; undefined where that is no value. */
export function textShown(
  { codec, keyed, rule, supported }: SourceBinding,
  texts: readonly (string | undefined)[],
  root: string,
  view: Materialised,
): string | undefined {
  const { references } = rule;
  if (references !== undefined) {
    const rowOf = (path: string): string => toView(path, root, view, references);
    return references.keys.length === 0 ? rowOf(texts[0] ?? '') : rowByKey(keyed, texts, rowOf);
  }
  const value = codec.read(texts);
  return value !== undefined && supported.isReference ? thereOf(value, view) : value;
}

/** References name objects that are there, and nothing else. */
const thereOf = (value: string, { objects }: Materialised): string =>
  value
    .split(',')
    .filter((path) => objects.has(`${path.trim()}.`))
    .join(',');

function notRead(names: readonly (string | undefined)[], read: ReadValues): ViewValue {
  for (const name of names) {
    const failure = name === undefined ? undefined : read.failed.get(name);
    if (failure !== undefined) return { kind: 'failed', failure };
  }
  return MISSING;
}

export const readingOf = (binding: Binding, root: string, view: Materialised): Reading =>
  binding.kind === 'fixed' ? new FixedReading(binding) : new SourceReading(binding, root, view);
