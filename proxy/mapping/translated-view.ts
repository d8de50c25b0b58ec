// The view of a CPE with another root than Device., by the rules of mappings/: what it has is shown as Device:2, and what is
// asked of Device:2 is asked of what it has. Made for one device as it is; shared by devices that are alike.
import type { InstanceTree, TreeObject } from '../device/instance-tree/tree.ts';
import type { ReadValues } from '../device/read-values.ts';
import { generalise, lastNameOf, parentOf, rowNumberOf } from '../path/concrete.ts';
import { codes } from '../usp/codes.ts';
import { mirrored, originOf } from './rules/mirror.ts';
import { type Materialised, materialise, type ViewObject } from './rules/materialise.ts';
import type { Place } from './rules/document.ts';
import type { Device } from './rules/conditions.ts';
import { NO_READING, readingOf } from './rules/reading.ts';
import { contradicted } from './rules/doubts.ts';
import { learn } from './rules/learn.ts';
import { formatRemembered, parseRemembered, type Remembered, sharedAndSince, withSince } from './rules/remember.ts';
import { type Deciding, decidingNames } from './rules/rows.ts';
import { countersOf, cpeObjectsOf, creationIn, removalOf } from './rules/tables.ts';
import { testOf, triggerOf } from './rules/tests.ts';
import type { TranslatedModel } from './rules/translated-model.ts';
import { settingsOf } from './rules/writing.ts';
import { checkValue } from './standard-model.ts';
import type { SupportedModel } from './supported.ts';
import type {
  Counter,
  CpeDiagnostic,
  KnownValues,
  Reading,
  RowCreation,
  RowRemoval,
  TriggerSettings,
  View,
  ViewAccess,
  ViewNews,
  ViewSettings,
  ViewTree,
  WireTypes,
} from './view.ts';

/** Which rules say what a parameter is, and what they make it of. */
export interface Explanation {
  readonly rules: readonly Place[];
  readonly cpeNames: readonly string[];
}

class TranslatedTree implements ViewTree {
  readonly root = 'Device.';
  readonly objects: ReadonlyMap<string, TreeObject>;
  readonly #view: Materialised;
  readonly #root: string;
  readonly #readings = new Map<string, ReadonlyMap<string, Reading>>();

  constructor(view: Materialised, root: string) {
    this.objects = view.objects;
    this.#view = view;
    this.#root = root;
  }

  readings(path: string): ReadonlyMap<string, Reading> {
    const known = this.#readings.get(path);
    if (known !== undefined) return known;
    const object = this.#view.objects.get(path);
    if (object === undefined) return NO_READINGS;
    const readings = new Map(
      [...object.bindings].map(([name, binding]) => [name, readingOf(binding, this.#root, this.#view)] as const),
    );
    this.#readings.set(path, readings);
    return readings;
  }
}
/** Objects of the CPE are below ''. */
const EVERYTHING: ViewNews = { doubted: true, asked: [''] };
const NO_READINGS: ReadonlyMap<string, Reading> = new Map();

const views = new WeakMap<TranslatedModel, WeakMap<InstanceTree, Map<string, TranslatedView>>>();
/** Memories of one tree that are kept: devices with the same rows, each with numbers of its own. */
const MEMORIES_KEPT = 64;
const PATHS_KEPT = 1000;

/** `remembered`: what an earlier view of the device wrote; '' for nothing. */
export function translatedView(model: TranslatedModel, tree: InstanceTree, remembered: string): TranslatedView {
  return viewWith(model, tree, sharedAndSince(remembered).shared);
}

function viewWith(model: TranslatedModel, tree: InstanceTree, remembered: string): TranslatedView {
  const ofModel = views.get(model) ?? new WeakMap<InstanceTree, Map<string, TranslatedView>>();
  views.set(model, ofModel);
  const ofTree = ofModel.get(tree) ?? new Map<string, TranslatedView>();
  ofModel.set(tree, ofTree);
  const known = ofTree.get(remembered);
  if (known !== undefined) return known;
  if (ofTree.size >= MEMORIES_KEPT) ofTree.clear();
  const view = new TranslatedView(model, tree, remembered);
  ofTree.set(remembered, view);
  return view;
}

export class TranslatedView implements View {
  readonly supported: SupportedModel;
  readonly dataModelUri: string;
  readonly #model: TranslatedModel;
  readonly #tree: InstanceTree;
  readonly #text: string;
  readonly #remembered: Remembered;
  /** What it remembers is what it would remember anew. */
  #isSettled = false;
  #deciding: readonly Deciding[] | undefined;
  /** Where the CPE has to be asked for what, by path of the view. */
  readonly #asked = new Map<string, readonly string[]>();
  #objects: Materialised | undefined;
  #shown: TranslatedTree | undefined;
  #viewNames: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(model: TranslatedModel, tree: InstanceTree, remembered: string) {
    this.supported = model.supported;
    this.dataModelUri = `urn:broadband-forum-org:tr-181-2-${model.standard.minor}-0`;
    this.#model = model;
    this.#tree = tree;
    this.#text = remembered;
    this.#remembered = parseRemembered(remembered, model.root);
  }

  async fit(access: ViewAccess, tree: InstanceTree, news: ViewNews = {}): Promise<View> {
    const { shared, since } = sharedAndSince(access.remembered);
    const isThis = tree === this.#tree && shared === this.#text;
    const before = isThis ? this : viewWith(this.#model, tree, shared);
    const now = Math.max(since, access.since ?? 0);
    const values = await learn(access, before.#decides, before.#remembered.values, now > since ? EVERYTHING : news);
    if (values === before.#remembered.values && before.#isSettled) {
      if (now > since) await access.remember(withSince(shared, now));
      return before;
    }
    const device = before.#device(values);
    const objects = materialise(this.#model, device, before.#remembered.numbers);
    const text = formatRemembered({ values, numbers: objects.numbers }, this.#model.root);
    const stored = withSince(text, now);
    if (stored !== access.remembered) await access.remember(stored);
    const fitted = viewWith(this.#model, tree, text);
    // With the numbers that it gave it would give the same ones.
    fitted.#objects ??= objects;
    fitted.#deciding ??= before.#deciding;
    fitted.#isSettled = true;
    return fitted;
  }

  get #decides(): readonly Deciding[] {
    this.#deciding ??= decidingNames(this.#model.rules, this.#device(this.#remembered.values));
    return this.#deciding;
  }

  #device(values: ReadonlyMap<string, string>): Device {
    return { tree: this.#tree, value: (name) => values.get(name) ?? '' };
  }

  get #view(): Materialised {
    this.#objects ??= materialise(this.#model, this.#device(this.#remembered.values), this.#remembered.numbers);
    return this.#objects;
  }

  get #scene(): { model: TranslatedModel; device: Device; view: Materialised; tree: InstanceTree } {
    const device = this.#device(this.#remembered.values);
    return { model: this.#model, device, view: this.#view, tree: this.#tree };
  }

  instances(tree: InstanceTree): ViewTree {
    if (tree !== this.#tree) return translatedView(this.#model, tree, this.#text).instances(tree);
    this.#shown ??= new TranslatedTree(this.#view, this.#model.root);
    return this.#shown;
  }

  cpeObjects(path: string): readonly string[] {
    const known = this.#asked.get(path);
    if (known !== undefined) return known;
    const objects = cpeObjectsOf(this.#scene, path);
    if (this.#asked.size >= PATHS_KEPT) this.#asked.clear();
    this.#asked.set(path, objects);
    return objects;
  }

  doubts(read: ReadValues): ViewNews | undefined {
    const names = new Set(contradicted(this.#remembered.values, read));
    if (names.size === 0) return undefined;
    const moved = this.#decides.filter(({ name, moves }) => moves && names.has(name)).map(({ name }) => name);
    // With one row of a table others will have moved as well; an item stands in a list that is one value.
    const asked = moved.map((name) => (rowNumberOf(parentOf(name)) === undefined ? name : parentOf(parentOf(name))));
    return { doubted: moved.length < names.size, asked: [...new Set(asked)] };
  }

  reading(path: string): Reading {
    return this.instances(this.#tree).readings(parentOf(path)).get(lastNameOf(path)) ?? NO_READING;
  }

  viewNames(cpeName: string): readonly string[] {
    this.#viewNames ??= namesByCpe(this.#view.objects.values());
    const names = this.#viewNames.get(cpeName);
    if (names !== undefined) return names;
    return this.#model.mirrors.flatMap((mirror) => {
      const path = mirrored(mirror, cpeName) ?? '';
      return this.#view.objects.get(parentOf(path))?.parameters.has(lastNameOf(path)) === true ? [path] : [];
    });
  }

  readBefore(path: string): readonly string[] {
    const binding = this.#view.objects.get(parentOf(path))?.bindings.get(lastNameOf(path));
    if (binding?.kind !== 'source') return [];
    if (!binding.supported.isReference && binding.codec.readsBefore !== true) return [];
    return binding.names.filter((name) => name !== undefined);
  }

  settingsFor(path: string, value: string, known: KnownValues): ViewSettings {
    const binding = this.#view.objects.get(parentOf(path))?.bindings.get(lastNameOf(path));
    if (binding === undefined) {
      return { ok: false, code: codes.unsupportedParameter, why: 'the device has no such parameter here' };
    }
    return settingsOf(binding, value, known, { root: this.#model.root, own: this.#model.own, view: this.#view });
  }

  allows(path: string, value: string): boolean {
    const known = this.#model.standard.parameter(generalise(path));
    return known === undefined || checkValue(known, value).ok;
  }

  creation(table: string, given: ReadonlyMap<string, string>): RowCreation {
    return creationIn(this.#scene, table, given);
  }

  removal(row: string): RowRemoval {
    return removalOf(this.#scene, row);
  }

  rowOf(table: string, cpeRow: string): string | undefined {
    const origin = originOf(this.#model.mirrors, table);
    if (origin !== undefined) return table + cpeRow.slice(origin.length);
    return this.#view.madeOf.get(cpeRow)?.find((path) => parentOf(path) === table);
  }

  counters(table: string): readonly Counter[] {
    return countersOf(this.#scene, table);
  }

  triggerFor(command: string, args: ReadonlyMap<string, string>, types: WireTypes): TriggerSettings | undefined {
    return triggerOf(this.#scene, command, args, types);
  }

  diagnosticFor(command: string, args?: ReadonlyMap<string, string>): CpeDiagnostic | undefined {
    return testOf(this.#scene, command, args);
  }

  /** Undefined for what is not there. */
  explain(path: string): Explanation | undefined {
    const binding = this.#view.objects.get(parentOf(path))?.bindings.get(lastNameOf(path));
    if (binding === undefined) return undefined;
    const place = binding.kind === 'fixed' ? binding.place : binding.rule.rule.place;
    return { rules: place === undefined ? [] : [place], cpeNames: this.reading(path).cpeNames };
  }
}

function namesByCpe(objects: Iterable<ViewObject>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const object of objects) {
    if (object.isMirrored) continue;
    const { path, bindings } = object;
    for (const [name, binding] of bindings) {
      for (const cpeName of binding.kind === 'source' ? binding.names : []) {
        if (cpeName === undefined) continue;
        const known = names.get(cpeName);
        if (known === undefined) names.set(cpeName, [path + name]);
        else known.push(path + name);
      }
    }
  }
  return names;
}
