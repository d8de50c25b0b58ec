// Values there and back: what a view shows is set as it is, and the device must be as it was; what the standard allows is
// set, and must be shown, and be something that the device may have. Without a device: on a dump.
import { hasParameter } from '../../device/instance-tree/tree.ts';
import { generalise } from '../../path/concrete.ts';
import { sameValue } from '../../path/compare.ts';
import type { ValueType } from '../../path/value-type.ts';
import { checkValue, type StandardModel } from '../standard-model.ts';
import { typeOfStandard, typeOfXsi } from '../value-type.ts';
import type { CpeSetting, KnownValues, Reading, View } from '../view.ts';
import type { DumpCpe } from './cpe.ts';
import { valuesAllowed } from './values-allowed.ts';

export interface TripSubject {
  readonly cpe: DumpCpe;
  /** Fitted to it. */
  readonly view: View;
  /** The standard's model of the CPE's root. */
  readonly own: StandardModel;
  /** Device:2 as the view shows it. */
  readonly standard: StandardModel;
}

export interface Trip {
  readonly path: string;
  readonly value: string;
  readonly outcome:
    | { readonly kind: 'good' }
    /** The view does not take the value: the device cannot be told it. */
    | { readonly kind: 'refused'; readonly code: number; readonly why: string }
    | { readonly kind: 'wrong'; readonly why: string };
}

interface Writable {
  readonly path: string;
  readonly general: string;
  readonly reading: Reading;
}

function* writables({ cpe, view }: TripSubject): Generator<Writable> {
  const all = view.instances(cpe.tree);
  for (const object of all.objects.values()) {
    const readings = all.readings(object.path);
    for (const [name, writable] of object.parameters) {
      const reading = readings.get(name);
      if (writable && reading !== undefined) {
        yield { path: object.path + name, general: generalise(object.path) + name, reading };
      }
    }
  }
}

const knownOf = ({ told }: DumpCpe): KnownValues => ({
  type: (name) => told.values.get(name)?.Type,
  value: (name) => told.values.get(name)?.Value,
});

const typeOfOwn = ({ own, cpe }: TripSubject, name: string): ValueType => {
  const known = own.parameter(generalise(name));
  return known === undefined ? typeOfXsi(cpe.told.values.get(name)?.Type ?? '') : typeOfStandard(known);
};

const shownType = ({ standard }: TripSubject, general: string): ValueType => {
  const known = standard.parameter(general);
  return known === undefined ? { base: 'string' } : typeOfStandard(known);
};

/** Sets every value that can be set to what it is. */
export function* setWhatIsThere(subject: TripSubject): Generator<Trip> {
  const { cpe, view } = subject;
  const known = knownOf(cpe);
  for (const { path, reading } of writables(subject)) {
    const shown = reading.valueOf(cpe.told);
    if (shown.kind !== 'value') continue;
    const { value } = shown;
    const written = view.settingsFor(path, value, known);
    if (!written.ok) {
      yield { path, value, outcome: { kind: 'refused', code: written.code, why: written.why } };
      continue;
    }
    const changed = written.settings.filter(
      ({ Name, Value }) => !sameValue(typeOfOwn(subject, Name), Value, cpe.told.values.get(Name)?.Value ?? ''),
    );
    const why = changed.map(({ Name, Value }) => `${Name} was "${known.value(Name) ?? ''}" and becomes "${Value}"`);
    yield { path, value, outcome: why.length === 0 ? { kind: 'good' } : { kind: 'wrong', why: why.join('; ') } };
  }
}

/** Sets one instance of every parameter that can be set to each value of its enumeration, and to its bounds. */
export function* setWhatIsAllowed(subject: TripSubject): Generator<Trip> {
  const { cpe, view, standard } = subject;
  const done = new Set<string>();
  const { objects } = view.instances(cpe.tree);
  for (const { path, general, reading } of writables(subject)) {
    const parameter = standard.parameter(general);
    if (parameter === undefined || done.has(general)) continue;
    done.add(general);
    for (const value of valuesAllowed(parameter, objects.keys())) {
      yield { path, value, outcome: outcomeOf(subject, { path, general, reading }, value) };
    }
  }
}

function outcomeOf(subject: TripSubject, { path, general, reading }: Writable, value: string): Trip['outcome'] {
  const { cpe, view } = subject;
  const written = view.settingsFor(path, value, knownOf(cpe));
  if (!written.ok) return { kind: 'refused', code: written.code, why: written.why };
  const illegal = written.settings.map((setting) => whyIllegal(subject, setting)).find((why) => why !== undefined);
  if (illegal !== undefined) return { kind: 'wrong', why: illegal };
  const after = new Map(cpe.told.values);
  for (const setting of written.settings) after.set(setting.Name, setting);
  const now = reading.valueOf({ ...cpe.told, values: after });
  if (now.kind !== 'value') return { kind: 'wrong', why: 'it shows nothing afterwards' };
  const type = shownType(subject, general);
  if (!sameValue(type, now.value, value)) return { kind: 'wrong', why: `it shows "${now.value}" afterwards` };
  if (sameValue(type, written.shown, now.value)) return { kind: 'good' };
  return { kind: 'wrong', why: `it shows "${now.value}" where "${written.shown}" was announced` };
}

/** A CPE whose own value is none of the standard's speaks a dialect, and is told what it says itself. */
function whyIllegal({ cpe, own }: TripSubject, { Name, Value }: CpeSetting): string | undefined {
  if (!hasParameter(cpe.tree, Name)) return `${Name} is nothing that the device has`;
  const known = own.parameter(generalise(Name));
  if (known === undefined || checkValue(known, Value).ok) return undefined;
  const before = cpe.told.values.get(Name)?.Value;
  if (before !== undefined && !checkValue(known, before).ok) return undefined;
  return `${Name} becomes "${Value}", which the standard does not allow`;
}
