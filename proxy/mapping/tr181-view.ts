// The view of a CPE whose root is Device.: paths and numbers are its own; what only CWMP has is hidden, commands stand for
// the parameters that trigger them, and values are spelt as USP spells them.
import type { Catalogue } from '../device/instance-tree/catalogue.ts';
import { hasParameter, type InstanceTree, type TreeObject } from '../device/instance-tree/tree.ts';
import type { ReadValues } from '../device/read-values.ts';
import { generalise, lastNameOf, parentOf, rowOf } from '../path/concrete.ts';
import type { ValueType } from '../path/value-type.ts';
import { valueFromCpe, valueToCpe } from '../path/values.ts';
import { Tr181Diagnostics } from './tr181-diagnostics.ts';
import { checkValue, loadDiagnosticDefaults, type CwmpDifference, type StandardModel } from './standard-model.ts';
import { refersToNeighbour } from './standard/neighbours.ts';
import { type SupportedModel, type SupportedParameter } from './supported.ts';
import { type Methods, Tr181Supported } from './tr181-supported.ts';
import { typeOfStandard, xsiOf } from './value-type.ts';
import type {
  Counter,
  CpeDiagnostic,
  CpeSetting,
  KnownValues,
  Reading,
  RowCreation,
  RowRemoval,
  TriggerSettings,
  View,
  ViewSettings,
  ViewTree,
  ViewValue,
  WireTypes,
} from './view.ts';

/**
 * Of an object, or of a parameter whose value the CPE would then show or send elsewhere: bulk data and statistics have such
 * a `Reference` without saying of what.
 */
const isReference = ({ name, type }: SupportedParameter): boolean => type.equality === 'path' || name === 'Reference';

/** A CPE could tell of objects without end. */
const OBJECTS_KEPT = 10_000;

class Tr181Reading implements Reading {
  readonly cpeNames: readonly [string];
  readonly secured: boolean;
  /** Undefined for what no model knows. */
  readonly #type: ValueType | undefined;

  constructor(cpeName: string, parameter: SupportedParameter | undefined) {
    this.cpeNames = [cpeName];
    this.secured = parameter?.secured ?? false;
    this.#type = parameter?.type;
  }

  valueOf(read: ReadValues): ViewValue {
    const [name] = this.cpeNames;
    const item = read.values.get(name);
    if (item !== undefined) {
      return {
        kind: 'value',
        value: this.#type === undefined ? item.Value : valueFromCpe(this.#type, item.Value).value,
      };
    }
    const failure = read.failed.get(name);
    return failure === undefined ? { kind: 'missing' } : { kind: 'failed', failure };
  }
}

class Tr181Tree implements ViewTree {
  readonly root: string;
  readonly objects: ReadonlyMap<string, TreeObject>;
  readonly #readings = new Map<string, ReadonlyMap<string, Reading>>();
  readonly #read: (object: TreeObject) => ReadonlyMap<string, Reading>;

  constructor(
    root: string,
    objects: ReadonlyMap<string, TreeObject>,
    read: (object: TreeObject) => ReadonlyMap<string, Reading>,
  ) {
    this.root = root;
    this.objects = objects;
    this.#read = read;
  }

  readings(path: string): ReadonlyMap<string, Reading> {
    const known = this.#readings.get(path);
    if (known !== undefined) return known;
    const object = this.objects.get(path);
    if (object === undefined) return NO_READINGS;
    const readings = this.#read(object);
    this.#readings.set(path, readings);
    return readings;
  }
}
const NO_READINGS: ReadonlyMap<string, Reading> = new Map();

export class Tr181View implements View {
  readonly supported: SupportedModel;
  readonly dataModelUri: string;
  readonly #standard: StandardModel;
  readonly #difference: CwmpDifference;
  readonly #diagnostics: Tr181Diagnostics;
  readonly #trees = new WeakMap<InstanceTree, ViewTree>();
  /** Which parameters of an object the view shows, by the object's kind and the very map of its shape. */
  readonly #shown = new WeakMap<ReadonlyMap<string, boolean>, Map<string, ReadonlyMap<string, boolean>>>();
  /** Parameters that USP has elsewhere than CWMP, by the object that USP has them in. */
  readonly #moved = new Map<string, readonly string[]>();
  /** What CWMP calls them → what USP calls them. */
  readonly #movedFrom = new Map<string, string>();
  readonly #hiddenObjects = new Map<string, boolean>();

  constructor(
    standard: StandardModel,
    difference: CwmpDifference,
    catalogue: Catalogue,
    methods: Methods,
    defaults = loadDiagnosticDefaults(),
  ) {
    this.#diagnostics = new Tr181Diagnostics(standard, difference, defaults);
    this.#standard = standard;
    this.#difference = difference;
    this.supported = { objects: new Tr181Supported(standard, difference, catalogue, methods).build() };
    this.dataModelUri = `urn:broadband-forum-org:tr-181-2-${standard.minor}-0`;
    for (const [path, { parameters }] of this.supported.objects) {
      const moved = [...parameters.keys()].filter((name) => difference.cwmpPathOf(path + name) !== path + name);
      if (moved.length > 0) this.#moved.set(path, moved);
      for (const name of moved) this.#movedFrom.set(difference.cwmpPathOf(path + name), path + name);
    }
  }

  /** Paths and numbers are the CPE's own: nothing depends on the device. */
  fit(): Promise<View> {
    return Promise.resolve(this);
  }

  instances(tree: InstanceTree): ViewTree {
    const known = this.#trees.get(tree);
    if (known !== undefined) return known;
    const objects = new Map<string, TreeObject>();
    for (const object of tree.objects.values()) {
      const general = generalise(object.path);
      if (this.#isHiddenObject(general)) continue;
      objects.set(object.path, this.#instance(tree, object, general));
    }
    const shown = new Tr181Tree(tree.root, objects, (object) => this.#readings(object));
    this.#trees.set(tree, shown);
    return shown;
  }

  #instance(tree: InstanceTree, object: TreeObject, general: string): TreeObject {
    const parameters = this.#shownParameters(object.parameters, general);
    const moved = this.#moved.get(general)?.filter((name) => hasParameter(tree, this.#cpePath(object.path + name)));
    const hides = (name: string): boolean => this.#isHiddenObject(`${general}${name}.`);
    const children = object.objects.some(hides) ? object.objects.filter((name) => !hides(name)) : object.objects;
    return {
      ...object,
      objects: children,
      parameters:
        moved === undefined || moved.length === 0
          ? parameters
          : new Map([...parameters, ...moved.map((name) => [name, false] as const)]),
    };
  }

  #readings(object: TreeObject): ReadonlyMap<string, Reading> {
    const supported = this.supported.objects.get(generalise(object.path))?.parameters;
    const names = [...object.parameters.keys()];
    return new Map(
      names.map((name) => [name, new Tr181Reading(this.#cpePath(object.path + name), supported?.get(name))]),
    );
  }

  reading(path: string): Reading {
    return new Tr181Reading(this.#cpePath(path), this.#parameter(path));
  }

  #isHiddenObject(general: string): boolean {
    let hidden = this.#hiddenObjects.get(general);
    if (hidden === undefined) {
      hidden = this.#difference.isHidden(general);
      if (this.#hiddenObjects.size >= OBJECTS_KEPT) this.#hiddenObjects.clear();
      this.#hiddenObjects.set(general, hidden);
    }
    return hidden;
  }

  #shownParameters(parameters: ReadonlyMap<string, boolean>, general: string): ReadonlyMap<string, boolean> {
    let byKind = this.#shown.get(parameters);
    if (byKind === undefined) {
      byKind = new Map();
      this.#shown.set(parameters, byKind);
    }
    let shown = byKind.get(general);
    if (shown === undefined) {
      const visible = [...parameters].filter(([name]) => !this.#difference.isHidden(general + name));
      shown = visible.length === parameters.size ? parameters : new Map(visible);
      byKind.set(general, shown);
    }
    return shown;
  }

  cpeObjects(path: string): readonly string[] {
    return [path];
  }

  viewNames(cpeName: string): readonly string[] {
    const moved = this.#movedFrom.get(cpeName);
    if (moved !== undefined) return [moved];
    return this.#difference.isHidden(generalise(cpeName)) ? [] : [cpeName];
  }

  readBefore(): readonly string[] {
    return [];
  }

  settingsFor(path: string, value: string, known: KnownValues): ViewSettings {
    const parameter = this.#parameter(path);
    if (parameter === undefined) return { ok: false, code: 7010, why: 'the model has no such parameter' };
    if (isReference(parameter) && refersToNeighbour(value)) {
      return { ok: false, code: 7012, why: 'the reference names what the model does not have' };
    }
    const converted = valueToCpe(parameter.type, value);
    if (!converted.ok) return converted;
    const Name = this.#cpePath(path);
    const Type = known.type(Name) ?? xsiOf(parameter.type);
    // What comes back is the value as USP shows it, whatever spelling is sent.
    const shown = valueFromCpe(parameter.type, converted.value).value;
    return { ok: true, settings: [{ Name, Value: converted.value, Type }], shown };
  }

  creation(table: string): RowCreation {
    return {
      kind: 'object',
      object: table,
      settingsFor: (param, value, known) => this.settingsFor(rowOf(table, 0) + param, value, known),
      readBefore: () => [],
    };
  }

  removal(row: string): RowRemoval {
    return { kind: 'object', object: row };
  }

  rowOf(_table: string, cpeRow: string): string {
    return cpeRow;
  }

  doubts(): undefined {
    return undefined;
  }

  counters(table: string): readonly Counter[] {
    const count = `${parentOf(table)}${lastNameOf(table)}NumberOfEntries`;
    return this.#parameter(count) === undefined ? [] : [{ name: this.#cpePath(count), table }];
  }

  allows(path: string, value: string): boolean {
    const known = this.#standard.parameter(generalise(path));
    return known === undefined || checkValue(known, value).ok;
  }

  triggerFor(command: string, args: ReadonlyMap<string, string>, types: WireTypes): TriggerSettings | undefined {
    const general = generalise(command);
    const trigger = this.#difference.triggerOf(general);
    if (trigger === undefined) return undefined;
    const settings: CpeSetting[] = [];
    for (const setting of trigger) {
      const Name = parentOf(command) + lastNameOf(setting.parameter);
      if ('value' in setting) {
        settings.push({ Name, Value: setting.value === 'true' ? '1' : setting.value, Type: types(Name) ?? 'boolean' });
        continue;
      }
      const input = this.#standard.command(general)?.inputs.find(({ name }) => name === setting.argument);
      // What is not given must not stay as an earlier command left it.
      const given = args.get(setting.argument) ?? input?.defaultValue ?? '';
      const type: ValueType = input === undefined ? { base: 'string' } : typeOfStandard(input);
      const converted = valueToCpe(type, given);
      if (!converted.ok) return { ok: false, code: 7027, why: `${setting.argument}: ${converted.why}` };
      settings.push({ Name, Value: converted.value, Type: types(Name) ?? xsiOf(type) });
    }
    return { ok: true, settings };
  }

  diagnosticFor(command: string): CpeDiagnostic | undefined {
    return this.#diagnostics.find(command);
  }

  #parameter(path: string): SupportedParameter | undefined {
    return this.supported.objects.get(generalise(parentOf(path)))?.parameters.get(lastNameOf(path));
  }

  /** Where the CPE has what USP calls `path`. The few that moved stand in objects of one instance. */
  #cpePath(path: string): string {
    return this.#moved.size === 0 ? path : this.#difference.cwmpPathOf(path);
  }
}
