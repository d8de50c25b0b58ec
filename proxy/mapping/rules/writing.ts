// What is written to the CPE for a value of the view. The view's own standard judges first: what Device:2 does not allow no
// CPE is asked for. Pure.
import { valueFromCpe, valueToCpe } from '../../path/values.ts';
import { codes } from '../../usp/codes.ts';
import { checkValue, type StandardModel } from '../standard-model.ts';
import { typeOfStandard, xsiOf } from '../value-type.ts';
import type { CpeSetting, KnownValues, ViewSettings } from '../view.ts';
import { generalise } from '../../path/concrete.ts';
import type { Binding, SourceBinding } from './binding.ts';
import type { FixedSetting, Place } from './document.ts';
import { keyOfRow, rowByKey } from './keys.ts';
import type { Materialised } from './materialise.ts';
import { type Found, pathFrom } from './pattern.ts';
import { textShown } from './reading.ts';
import { toCpe, toView } from './references.ts';

const refused = (code: number, why: string): ViewSettings => ({ ok: false, code, why });

/** The type to write where the CPE was never seen to use one. */
export function typeOfOwn(own: StandardModel, name: string): string | undefined {
  const known = own.parameter(generalise(name));
  return known === undefined ? undefined : xsiOf(typeOfStandard(known));
}

export interface Writer {
  readonly root: string;
  readonly own: StandardModel;
  readonly view: Materialised;
}

export function settingsOf(binding: Binding, value: string, known: KnownValues, writer: Writer): ViewSettings {
  // What is so anyway need not be written.
  if (binding.kind === 'fixed') {
    return value.replace(/\.$/, '') === binding.value
      ? { ok: true, settings: [], shown: binding.value }
      : refused(codes.invalidValue, `it can be nothing but "${binding.value}" on this device`);
  }
  return (
    unchanged(binding, value, known, writer) ??
    (binding.rule.references === undefined
      ? valueSettings(binding, value, known, writer)
      : referenceSettings(binding, value, known, writer))
  );
}

/** What the CPE refers to in words of its own shows as nothing; when nothing is set, it stays. */
function unchanged(
  binding: SourceBinding,
  value: string,
  known: KnownValues,
  writer: Writer,
): ViewSettings | undefined {
  if (!binding.supported.isReference) return undefined;
  const before = binding.names.map((name) => (name === undefined ? undefined : known.value(name)));
  if (before.every((text) => text === undefined)) return undefined;
  const shown = textShown(binding, before, writer.root, writer.view);
  if (shown !== value.replace(/\.$/, '')) return undefined;
  // What it is read with, and not made of, is nobody's to write.
  const own = before.slice(0, binding.names.length - ofKeys(binding));
  return { ok: true, settings: settingsWith(binding, own, known, writer), shown };
}

/** How many of the names are keys of other objects. */
const ofKeys = ({ names, rule, keyed }: SourceBinding): number =>
  keyed.length > 0 ? names.length - rule.rule.from.length : 0;

function referenceSettings(binding: SourceBinding, value: string, known: KnownValues, writer: Writer): ViewSettings {
  const { references } = binding.rule;
  const none = refused(codes.invalidValue, 'the device has nothing that this reference could name');
  if (references === undefined) return none;
  const rowOf = (path: string): string => toView(path, writer.root, writer.view, references);
  const before = binding.names.map((name) => (name === undefined ? undefined : known.value(name)));
  const isKey = references.keys.length > 0;
  const text = isKey
    ? keyOfRow(binding.keyed, before, value.replace(/\.$/, ''), rowOf)
    : toCpe(value, writer.view, references);
  if (text === undefined) return none;
  const shown = isKey ? rowByKey(binding.keyed, [text, ...before.slice(1)], rowOf) : rowOf(text);
  return { ok: true, settings: settingsWith(binding, [text], known, writer), shown };
}

function valueSettings(binding: SourceBinding, value: string, known: KnownValues, writer: Writer): ViewSettings {
  const { parameter, codec, names, rule } = binding;
  const typed = valueToCpe(parameter.type, value);
  if (!typed.ok) return typed;
  const given = valueFromCpe(parameter.type, typed.value).value;
  const allowed = parameter.standard === undefined ? undefined : checkValue(parameter.standard, given);
  if (allowed?.ok === false) return refused(allowed.code, allowed.why);
  const before = names.map((name) => (name === undefined ? undefined : known.value(name)));
  const written = codec.write?.(given, before);
  if (written === undefined) return refused(codes.nonWriteableParameter, 'the parameter cannot be written');
  if (!written.ok) return refused(written.code, written.why);
  const problem = isOfVendor(rule.rule.place) ? undefined : whyForeign(names, written.texts, before, writer.own);
  if (problem !== undefined) return refused(codes.invalidValue, problem);
  const after = names.map((_, index) => written.texts[index] ?? before[index]);
  return {
    ok: true,
    settings: settingsWith(binding, written.texts, known, writer),
    shown: codec.read(after) ?? given,
  };
}

/** A vendor's file knows what its devices take beyond the standard. */
const isOfVendor = ({ file }: Place): boolean => file.includes('/vendors/');

/**
 * Why the CPE's own standard does not allow a text: Device:2 has wider ranges, and values that TR-098 has not. A CPE whose own
 * value is none of the standard's speaks a dialect, and is not held to it.
 */
function whyForeign(
  names: SourceBinding['names'],
  texts: readonly (string | undefined)[],
  before: readonly (string | undefined)[],
  own: StandardModel,
): string | undefined {
  for (const [index, name] of names.entries()) {
    const text = texts[index];
    const known = name === undefined ? undefined : own.parameter(generalise(name));
    if (known === undefined || text === undefined) continue;
    const check = checkValue(known, text);
    const now = before[index];
    if (!check.ok && (now === undefined || checkValue(known, now).ok)) return `the device cannot have it: ${check.why}`;
  }
  return undefined;
}

/** Rows that are one row here are told the same, where the rule says so. */
function settingsWith(
  { names, others, rule }: SourceBinding,
  texts: readonly (string | undefined)[],
  known: KnownValues,
  { own }: Writer,
): readonly CpeSetting[] {
  const { order } = rule.rule;
  const all = [...names, ...others];
  return all.flatMap((name, index): readonly CpeSetting[] => {
    const Value = texts[index % names.length];
    if (name === undefined || Value === undefined) return [];
    const Type = known.type(name) ?? typeOfOwn(own, name) ?? 'string';
    return [{ Name: name, Value, Type, ...(order !== 0 && { order }) }];
  });
}

/** Of a rule about an object that is there. */
export const fixedSettings = (
  set: readonly FixedSetting[],
  found: Found,
  root: string,
  own: StandardModel,
): readonly CpeSetting[] =>
  set.flatMap(({ path, value }) => {
    const Name = pathFrom(path, root, found);
    return Name === undefined ? [] : [{ Name, Value: value, Type: typeOfOwn(own, Name) ?? 'string' }];
  });
