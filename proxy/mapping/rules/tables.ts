// Rows of the view that come and go: what is done at the CPE for it, and where the CPE has to be asked for them. Pure.
import type { InstanceTree } from '../../device/instance-tree/tree.ts';
import { generalise, lastNameOf, parentOf } from '../../path/concrete.ts';
import { codes } from '../../usp/codes.ts';
import type { Counter, KnownValues, RowCreation, RowRemoval, ViewSettings } from '../view.ts';
import type { SourceBinding } from './binding.ts';
import type { CompiledParameter, CompiledSource, CompiledTable } from './compile.ts';
import { type Device, holds } from './conditions.ts';
import type { AddRule } from './document.ts';
import type { Materialised } from './materialise.ts';
import { originOf } from './mirror.ts';
import { type Captures, compilePattern, findAll, type Found, isThere, NO_CAPTURES, pathFrom } from './pattern.ts';
import { presenceOf } from './supported.ts';
import { keyedObjects } from './keys.ts';
import { foundBy } from './rows.ts';
import { canBeDeleted } from './removable.ts';
import type { TranslatedModel } from './translated-model.ts';
import { fixedSettings, settingsOf } from './writing.ts';

const ROW = '{i}.';
const refused = (why: string): { readonly kind: 'refused'; readonly code: number; readonly why: string } => ({
  kind: 'refused',
  code: codes.nonCreatableObject,
  why,
});

interface Scene {
  readonly model: TranslatedModel;
  readonly device: Device;
  readonly view: Materialised;
}

/** See `View.creation`. */
export function creationIn(scene: Scene, table: string, given: ReadonlyMap<string, string>): RowCreation {
  const { model } = scene;
  const origin = originOf(model.mirrors, table);
  if (origin !== undefined) return mirroredCreation(scene, table, origin);
  const compiled = model.rules.tableOf.get(`${generalise(table)}${ROW}`);
  const add = compiled?.rule.add;
  if (compiled === undefined || add === undefined) return refused('rows of this table cannot be created');
  if (add.kind === 'claim') return claim(scene, table, compiled, add);
  const parent = parentOfRow(scene, table, add, given);
  if (parent === undefined) {
    const name = add.parent?.parameter;
    return refused(`the device has no place for such a row${name === undefined ? '' : `: ${name} says where`}`);
  }
  const source = compiled.sources.find(({ pattern }) => model.root + pattern.general === generalise(parent.path) + ROW);
  if (source === undefined) return refused('nothing says what a row of this table would be');
  const own = source.pattern.names.at(-1) ?? '';
  const row: Found = { path: `${parent.path}0.`, captures: new Map([...parent.captures, [own, 0]]) };
  const planned = plannedBindings(scene, table, row);
  const settingsFor = (param: string, value: string, known: KnownValues): ViewSettings => {
    const binding = planned.get(param);
    // It has said where the row is made, or it is so in any case.
    if (binding === 'given') return { ok: true, settings: [], shown: value };
    return binding === undefined
      ? { ok: false, code: codes.unsupportedParameter, why: 'the device has no such parameter here' }
      : settingsOf(binding, value, known, { root: model.root, own: model.own, view: scene.view });
  };
  // Keys of rows that are there; of the row that is to be there is nothing to read.
  const readBefore = (param: string): readonly string[] => {
    const binding = planned.get(param);
    const hasNone = binding === undefined || binding === 'given' || binding.keyed.length === 0;
    return hasNone ? [] : binding.names.slice(1).filter((name) => name !== undefined);
  };
  return { kind: 'object', object: parent.path, settingsFor, readBefore };
}

/** A row of what is shown as it is. */
function mirroredCreation({ model, device, view }: Scene, table: string, object: string): RowCreation {
  if (device.tree.objects.get(object)?.writable !== true) return refused('the device adds no rows to its table');
  const general = `${generalise(table)}${ROW}`;
  const base = generalise(object) + ROW;
  const row: Found = { path: `${object}0.`, captures: NO_CAPTURES };
  const parameters = model.mirrors.map(({ objects }) => objects.get(base)).find((found) => found !== undefined);
  return {
    kind: 'object',
    object,
    settingsFor: (param, value, known) => {
      const parameter = parameters?.get(param);
      const supported = model.supported.objects.get(general)?.parameters.get(param);
      const planned = parameter === undefined ? undefined : plannedBinding(model, device.tree, parameter, base, row);
      return supported === undefined || planned === undefined || planned === 'given'
        ? { ok: false, code: codes.unsupportedParameter, why: 'the device has no such parameter here' }
        : settingsOf({ ...planned, supported }, value, known, { root: model.root, own: model.own, view });
    },
    readBefore: () => [],
  };
}

function claim(
  { model, device, view }: Scene,
  table: string,
  compiled: CompiledTable,
  add: Extract<AddRule, { kind: 'claim' }>,
): RowCreation {
  for (const source of compiled.sources) {
    for (const found of foundBy(source, device)) {
      if (!holds(add.where, device, found)) continue;
      const row = view.madeOf.get(found.path)?.find((path) => parentOf(path) === table);
      if (row !== undefined) {
        return { kind: 'claim', row, settings: fixedSettings(add.set, found, model.root, model.own) };
      }
    }
  }
  return refused('the device has no spare row left');
}

/** The CPE's table that AddObject is called on, with what is captured above it. */
function parentOfRow(
  { model, device, view }: Scene,
  table: string,
  add: Extract<AddRule, { kind: 'object' }>,
  given: ReadonlyMap<string, string>,
): Found | undefined {
  const within = (captures: Captures): Found | undefined =>
    add.objects.map((text) => tableIn(text, device, captures)).find((found) => found !== undefined);
  const membersOf = (row: string): readonly Found[] => view.objects.get(row)?.members ?? [];
  const first = (members: readonly Found[]): Found | undefined =>
    members.map(({ captures }) => within(captures)).find((found) => found !== undefined);
  if (add.parent === undefined) {
    const above = membersOf(parentOf(table));
    return above.length === 0 ? within(NO_CAPTURES) : first(above);
  }
  const { parameter, otherwise, tables } = add.parent;
  const named = given.get(parameter)?.replace(/\.$/, '');
  if (named !== undefined && named !== '') return first(membersOf(`${named}.`));
  const text = otherwise === undefined ? '' : device.value(model.root + otherwise.replace(/^\//, '')).trim();
  const path = `${(text.startsWith(model.root) ? text : model.root + text).replace(/\.$/, '')}.`;
  const meant = (view.madeOf.get(path) ?? []).flatMap(membersOf).filter((member) => member.path === path);
  // Where the device names none it is the first row that can hold it.
  const rows = tables.flatMap((name) => {
    const ofTable = `Device.${name.replace(/\.$/, '')}.`;
    return (view.objects.get(ofTable)?.instances ?? []).flatMap((number) => membersOf(`${ofTable}${number}.`));
  });
  return first(meant) ?? first(rows);
}

/** The table that a pattern finds where all of its names are known; of others the first. */
function tableIn(text: string, { tree }: Device, captures: Captures): Found | undefined {
  return findAll(compilePattern(text), tree, captures).find(({ path, captures: found }) => {
    const isMeant = [...found].every(([name, number]) => (captures.get(name) ?? number) === number);
    const isKnown = captures.size === 0 || compilePattern(text).names.every((name) => captures.has(name));
    return isMeant && isKnown && tree.objects.get(path)?.writable === true;
  });
}

/** What parameters of a row that is to be are made of; 'given' for those that no parameter of the CPE holds. */
function plannedBindings(
  { model, device }: Scene,
  table: string,
  row: Found,
): ReadonlyMap<string, SourceBinding | 'given'> {
  const general = `${generalise(table)}${ROW}`;
  const base = generalise(row.path);
  const supported = model.supported.objects.get(general);
  const planned = new Map<string, SourceBinding | 'given'>();
  for (const object of model.rules.objects) {
    const isMeant = object.general === general && object.sources.some((source) => comesFrom(source, model.root, base));
    for (const parameter of isMeant ? object.parameters : []) {
      const shown = supported?.parameters.get(parameter.name);
      if (shown === undefined || planned.has(parameter.name)) continue;
      const binding = plannedBinding(model, device.tree, parameter, base, row);
      if (binding !== undefined)
        planned.set(parameter.name, binding === 'given' ? binding : { ...binding, supported: shown });
    }
  }
  return planned;
}

const comesFrom = ({ pattern }: CompiledSource, root: string, base: string): boolean => root + pattern.general === base;

function plannedBinding(
  { kinds, root }: TranslatedModel,
  tree: InstanceTree,
  parameter: CompiledParameter,
  base: string,
  row: Found,
): Omit<SourceBinding, 'supported'> | 'given' | undefined {
  for (const rule of parameter.rules) {
    if (rule.kind !== 'source') return 'given';
    if (presenceOf(rule, kinds, base) === 'absent') continue;
    const names = rule.rule.from.map((path) =>
      kinds.parameter(kinds.general(path, base)) === 'absent' ? undefined : pathFrom(path, root, row),
    );
    const keyed = keyedObjects(rule.references?.keys ?? [], row, tree, names);
    const ofNew = { others: [], writable: true, guards: undefined };
    return { kind: 'source', parameter, rule, codec: rule.codec, names, keyed, ...ofNew };
  }
  return undefined;
}

/** See `View.removal`. */
export function removalOf({ model, device, view }: Scene, row: string): RowRemoval {
  const cannot = { kind: 'refused', code: codes.deleteFailure, why: 'the row cannot be deleted' } as const;
  const origin = originOf(model.mirrors, row);
  if (origin !== undefined) {
    return device.tree.objects.get(origin)?.writable === true ? { kind: 'object', object: origin } : cannot;
  }
  const rule = model.rules.tableOf.get(generalise(row))?.rule;
  const remove = rule?.remove;
  const [member, ...more] = view.objects.get(row)?.members ?? [];
  if (rule === undefined || remove === undefined || member === undefined) return cannot;
  if (remove.kind === 'set') {
    return { kind: 'set', settings: fixedSettings(remove.set, member, model.root, model.own) };
  }
  const isOne = more.every(({ path }) => path === member.path);
  return isOne && canBeDeleted(rule, member.path, model.root) && device.tree.objects.get(member.path)?.writable === true
    ? { kind: 'object', object: member.path }
    : cannot;
}

/** What counts rows of a CPE's table. */
function counterOf({ model }: Scene, table: string): Counter {
  const count = model.own.object(`${generalise(table)}${ROW}`)?.numEntriesParam;
  return { name: parentOf(table) + (count ?? `${lastNameOf(table)}NumberOfEntries`), table };
}

function tablePaths(pattern: string, { tree }: Device, above: Found['captures']): readonly string[] {
  const end = pattern.lastIndexOf('{');
  return findAll(compilePattern(end < 0 ? pattern : pattern.slice(0, end)), tree, above).map(({ path }) => path);
}

/** See `View.counters`. A table that is empty now counts too, though many CPEs name it only by its counter then. */
export function countersOf(scene: Scene, table: string): readonly Counter[] {
  const { model, device, view } = scene;
  const general = `${generalise(table)}${ROW}`;
  const above = view.objects.get(parentOf(table))?.members[0]?.captures ?? NO_CAPTURES;
  const texts = model.rules.objects
    .filter((object) => object.general === general)
    .flatMap(({ sources }) => sources.map(({ pattern }) => pattern.text));
  const listed = texts.flatMap((text) => tablePaths(text, device, above)).map((path) => counterOf(scene, path));
  const unlisted = texts
    .flatMap((text) => unlistedTables(text, device, above))
    .map((path) => counterOf(scene, path))
    .filter(({ name }) => isThere(device.tree, name));
  return [...new Map([...listed, ...unlisted].map((counter) => [counter.name, counter])).values()];
}

/** Where the CPE could have the table of a pattern's rows. */
function unlistedTables(pattern: string, { tree }: Device, above: Captures): readonly string[] {
  const [, parent, name] = /^(.*?)([^.{}]+)\.\{\w+\}\.$/.exec(pattern) ?? [];
  return parent === undefined
    ? []
    : findAll(compilePattern(parent), tree, above).map(({ path }) => `${path}${name ?? ''}.`);
}

/** See `View.cpeObjects`: few, since each of them is a question to the CPE. */
export function cpeObjectsOf(scene: Scene, path: string): readonly string[] {
  const { model, device, view } = scene;
  const object = view.objects.get(path);
  if (path === 'Device.') return [model.root];
  const general = generalise(path);
  const members = object?.members.map((member) => member.path) ?? [];
  const above = object?.members[0]?.captures ?? view.objects.get(parentOf(path))?.members[0]?.captures ?? NO_CAPTURES;
  const inside = model.rules.objects
    .filter((one) => one.general.startsWith(general))
    .flatMap(({ sources }) => sources.flatMap(({ pattern }) => tablePaths(pattern.text, device, above)));
  const paths = members.length + inside.length > 0 ? [...members, ...inside] : unlisted(scene, general, above);
  return fewest([...new Set(paths)], model.root);
}

/** Where rows would come to be of a table that the CPE does not list while it is empty. */
const unlisted = ({ model, device }: Scene, table: string, above: Captures): readonly string[] =>
  model.rules.objects
    .filter((one) => one.general === `${table}${ROW}`)
    .flatMap(({ sources }) => sources.flatMap(({ pattern }) => unlistedTables(pattern.text, device, above)))
    .map(parentOf);

const MOST_ASKED = 2;

/** Without those that lie inside others; many are asked for by what they have in common. */
function fewest(paths: readonly string[], root: string): readonly string[] {
  const outer = paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(other)));
  if (outer.length <= MOST_ASKED) return outer;
  const groups = new Map<string, string[]>();
  for (const path of outer) {
    const branch = path.slice(root.length, path.indexOf('.', root.length) + 1);
    groups.set(branch, [...(groups.get(branch) ?? []), path]);
  }
  return [...groups.values()].map(([first = root, ...more]) => more.reduce(common, first));
}

function common(one: string, other: string): string {
  let shared = one;
  while (!other.startsWith(shared)) shared = parentOf(shared);
  return shared;
}
