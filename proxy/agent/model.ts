// The Agent's model at one moment: Device.LocalAgent. over the view of the CPE. Everything that reads paths, instances or
// values goes through here, so that no message can tell who owns what.
import type { CpeAccess } from '../device/access.ts';
import { type InstanceTree, rowsMissingFrom } from '../device/instance-tree/tree.ts';
import { type ReadValues, readValues } from '../device/read-values.ts';
import { readAll } from '../mapping/parameters.ts';
import type { SupportedModel, SupportedObject, SupportedParameter } from '../mapping/supported.ts';
import type { Reading, View, ViewNews, ViewTree, ViewValue } from '../mapping/view.ts';
import { generalise, lastNameOf, parentOf, rowOf } from '../path/concrete.ts';
import type { LocalAgent } from './local-agent/local-agent.ts';
import { LOCAL_SUPPORTED } from './local-agent/objects.ts';
import { isLocal, LOCAL_ROOT } from './local-agent/root.ts';
import { SCHEDULE_TIMER } from './operations/schedule-timer.ts';
import { isOverlaidWritable, overlaidNames, overlaidValue, withOverlay } from './overlay/parameters.ts';
import { isRaw } from './permissions/raw-place.ts';
import { FULL, mayRead, type Rights } from './permissions/rights.ts';
import { StepBudget } from './step-budget.ts';

/** The CPE whose turn it is, through its view. */
export interface CpePart {
  readonly view: View;
  readonly access: CpeAccess;
  /** The CPE's own tree, not the view's. */
  readonly tree: InstanceTree;
}

export const ROOT = 'Device.';
const NO_INSTANCES: ViewTree = { root: ROOT, objects: new Map(), readings: () => new Map() };
/** Objects of the CPE are below ''. */
const EVERYTHING: ViewNews = { doubted: true, asked: [''] };
const MISSING: ViewValue = { kind: 'missing' };
const EMPTY: ViewValue = { kind: 'value', value: '' };

/** Some parameters of one object, by their names. */
export interface ObjectPart {
  readonly object: string;
  readonly names: readonly string[];
}
/** By object and name. */
export type ObjectValues = ReadonlyMap<string, ReadonlyMap<string, ViewValue>>;

/** A value to be read, and where it goes. */
interface Wanted {
  readonly known: Map<string, ViewValue>;
  readonly name: string;
  readonly reading: Reading;
}

const haveOtherRows = (one: InstanceTree, other: InstanceTree): boolean =>
  one.objects !== other.objects && (rowsMissingFrom(one, other).length > 0 || rowsMissingFrom(other, one).length > 0);

/** What could not be read is tried again. */
const isUnknown = (value: ViewValue | undefined): boolean => value === undefined || value.kind === 'failed';

function supportedWith(view: View | undefined): SupportedModel {
  // Some CPEs list an Agent of their own in CWMP: this one stands in its place.
  const ofCpe = [...(view?.supported.objects ?? [])].filter(([path]) => !isLocal(path));
  const objects = new Map<string, SupportedObject>(ofCpe.map(([path, object]) => [path, withOverlay(object)]));
  const root = objects.get(ROOT) ?? EMPTY_ROOT;
  const commands = new Map([...root.commands, [SCHEDULE_TIMER.name, SCHEDULE_TIMER] as const]);
  objects.set(ROOT, { ...root, commands, children: [...root.children.filter((path) => !isLocal(path)), LOCAL_ROOT] });
  for (const [path, object] of LOCAL_SUPPORTED) objects.set(path, object);
  return { objects };
}

const EMPTY_ROOT: SupportedObject = {
  path: ROOT,
  multi: false,
  creatable: false,
  deletable: false,
  uniqueKeys: [],
  enableParameter: undefined,
  parameters: new Map(),
  commands: new Map(),
  events: new Map(),
  children: [],
};

const LOCAL_ONLY = supportedWith(undefined);
const merged = new WeakMap<SupportedModel, SupportedModel>();
/** The supported model of an Agent: what the view supports, with LocalAgent below the root. */
export function supportedOf(view: View | undefined): SupportedModel {
  if (view === undefined) return LOCAL_ONLY;
  const known = merged.get(view.supported) ?? supportedWith(view);
  merged.set(view.supported, known);
  return known;
}

const tableHolders = new WeakMap<SupportedModel, ReadonlySet<string>>();
/** Generalised paths of all objects that are a table or have tables somewhere below; '' among them. */
function tableHoldersOf(model: SupportedModel): ReadonlySet<string> {
  const known = tableHolders.get(model);
  if (known !== undefined) return known;
  const holders = new Set<string>();
  for (const path of model.objects.keys()) {
    if (!path.endsWith('{i}.')) continue;
    for (let above = path; above !== '';) {
      above = parentOf(above);
      holders.add(above);
    }
  }
  tableHolders.set(model, holders);
  return holders;
}

export class AgentModel {
  readonly local: LocalAgent;
  readonly supported: SupportedModel;
  /** Named in GetSupportedDM; '' while nothing is known of the device's model. */
  readonly dataModelUri: string;
  /** Follows the reason why something is not in the model: '' where the model is whole. */
  readonly limits: string;
  /** What the Controller may do whose request this is; the Agent itself may do everything. */
  readonly rights: Rights;
  readonly steps = new StepBudget();
  #cpe: CpePart | undefined;
  /** The CPE's own tree when this model was made. */
  readonly #treeThen: InstanceTree | undefined;
  /** And what was shown of it. */
  readonly #shownThen: InstanceTree;
  /** What was read, by object and name. What is local is looked up anew each time. */
  #values = new Map<string, Map<string, ViewValue>>();
  #learnt = new Map<string, string>();
  /** What readings said otherwise than the view was worked out from. */
  #doubts: ViewNews[] = [];
  #tree: ViewTree;

  /** `cpe` undefined: only what is local can be resolved; its view is fitted. `limits`: what is not shown of the device, and why. */
  constructor(local: LocalAgent, view: View | undefined, cpe: CpePart | undefined, limits = '', rights = FULL) {
    this.local = local;
    this.supported = supportedOf(view);
    this.dataModelUri = view?.dataModelUri ?? '';
    this.limits = limits;
    this.rights = rights;
    this.#cpe = cpe;
    this.#treeThen = cpe?.tree;
    this.#tree = cpe === undefined ? NO_INSTANCES : cpe.view.instances(cpe.tree);
    this.#shownThen = this.#tree;
  }

  /** As it is now: another one after each look at the CPE, and after each change. */
  get cpe(): CpePart | undefined {
    return this.#cpe;
  }

  /** The object, or of a table its rows, by a concrete path. */
  object(path: string): SupportedObject | undefined {
    const general = generalise(path);
    return this.supported.objects.get(general) ?? this.supported.objects.get(`${general}{i}.`);
  }

  /** What a parameter is, by its concrete path. */
  parameter(path: string): SupportedParameter | undefined {
    return this.supported.objects.get(generalise(parentOf(path)))?.parameters.get(lastNameOf(path));
  }

  isTable(path: string): boolean {
    return this.supported.objects.has(`${generalise(path)}{i}.`);
  }

  has(path: string): boolean {
    return path === ROOT || path === '' || (isLocal(path) ? this.local.has(path) : this.#tree.objects.has(path));
  }

  /** Instance numbers of a table, ascending. */
  rows(table: string): readonly number[] {
    return isLocal(table) ? this.local.rowsOf(table) : (this.#tree.objects.get(table)?.instances ?? []);
  }

  /** Names of the parameters that an object has; a table has none, its rows have. */
  parameters(path: string): readonly string[] {
    if (isLocal(path)) return [...(this.supported.objects.get(generalise(path))?.parameters.keys() ?? [])];
    const own = this.#tree.objects.get(path)?.parameters;
    return own === undefined ? [] : [...own.keys(), ...overlaidNames(path, own)];
  }

  /** Whether the Agent has the parameter in place of the CPE, which lacks it in this very object. */
  isOverlaid(path: string): boolean {
    const object = parentOf(path);
    const own = isLocal(path) ? undefined : this.#tree.objects.get(object)?.parameters;
    return own !== undefined && overlaidNames(object, own).includes(lastNameOf(path));
  }

  /** Whether the parameter is there, and whether the CPE says that it can be written. */
  presence(path: string): 'absent' | 'readOnly' | 'writable' {
    if (isLocal(path)) {
      const parameter = this.local.has(parentOf(path)) ? this.parameter(path) : undefined;
      if (parameter === undefined) return 'absent';
      return parameter.access === 'readOnly' ? 'readOnly' : 'writable';
    }
    const writable =
      this.#tree.objects.get(parentOf(path))?.parameters.get(lastNameOf(path)) ??
      (this.isOverlaid(path) ? isOverlaidWritable(lastNameOf(path)) : undefined);
    return writable === undefined ? 'absent' : writable ? 'writable' : 'readOnly';
  }

  /** Whether DeleteObject may be called on this very row. */
  isDeletable(row: string): boolean {
    if (isLocal(row)) return this.object(row)?.deletable ?? false;
    return this.#tree.objects.get(row)?.writable ?? false;
  }

  /** Whether AddObject may be called on this very table. */
  isCreatable(table: string): boolean {
    if (isLocal(table)) return this.object(table)?.creatable ?? false;
    return this.#tree.objects.get(table)?.writable ?? false;
  }

  /** Objects directly below: single ones, and of tables every row; a table counts as no object of its own. */
  *below(path: string): Generator<string> {
    const general = generalise(path);
    for (const child of this.supported.objects.get(general)?.children ?? []) {
      if (path === ROOT && isRaw(child) && !this.rights.raw) continue;
      const name = child.slice(general.length);
      if (!name.endsWith('{i}.')) {
        if (this.has(path + name)) yield path + name;
        continue;
      }
      const table = path + name.slice(0, -'{i}.'.length);
      for (const number of this.rows(table)) yield rowOf(table, number);
    }
  }

  /** Whether it is a table, or tables lie somewhere below. */
  hasTables(path: string): boolean {
    return tableHoldersOf(this.supported).has(generalise(path));
  }

  /** Asks the CPE what is below an object now, unless that was asked a moment ago. */
  async freshen(path: string, anyway = false): Promise<void> {
    if (this.#cpe === undefined || isLocal(path)) return;
    const { view, access } = this.#cpe;
    const asked: string[] = [];
    let { tree } = this.#cpe;
    for (const object of view.cpeObjects(path)) {
      if (anyway || !access.isFresh(object)) asked.push(object);
      tree = (await access.refresh(object, anyway)) ?? tree;
    }
    if (asked.length > 0 || tree !== this.#cpe.tree) await this.#fit(tree, { asked });
  }

  /** As `freshen`, of the table whose rows the parameter counts; for every other parameter nothing is asked. */
  async freshenCounted(path: string): Promise<void> {
    const table = this.#tree.readings(parentOf(path)).get(lastNameOf(path))?.counts;
    if (table !== undefined) await this.freshen(table);
  }

  /** Something was changed at the CPE: values are read anew, and the tree is what the change made of it. */
  async renew(news: ViewNews = {}): Promise<void> {
    this.#values = new Map();
    this.#learnt = new Map();
    const tree = await this.#cpe?.access.tree();
    if (tree !== undefined) await this.#fit(tree, news);
  }

  /**
   * Has the view worked out anew where what was read speaks against it, rows that may have moved asked for once more.
   * True when it is another one: what was found over the former may be wrong. `anyway`: the CPE itself has told of it.
   */
  async reconsider(anyway = false): Promise<boolean> {
    const doubts = anyway ? [...this.#doubts, EVERYTHING] : this.#doubts;
    if (this.#cpe === undefined || doubts.length === 0) return false;
    this.#doubts = [];
    const { view, access } = this.#cpe;
    const asked = [...new Set(doubts.flatMap((news) => news.asked ?? []))];
    let { tree } = this.#cpe;
    for (const object of asked) if (tree.objects.has(object)) tree = (await access.refresh(object, true)) ?? tree;
    await this.#fit(tree, { asked, doubted: doubts.some(({ doubted }) => doubted) });
    if (this.#cpe.view === view) return false;
    this.#values = new Map();
    this.#learnt = new Map();
    return true;
  }

  #heed(read: ReadValues): void {
    const news = this.#cpe?.view.doubts(read);
    if (news !== undefined) this.#doubts.push(news);
  }

  async #fit(tree: InstanceTree, news: ViewNews): Promise<void> {
    if (this.#cpe === undefined) return;
    const { access } = this.#cpe;
    const view = await this.#cpe.view.fit(access, tree, news);
    this.#cpe = { view, access, tree };
    this.#tree = view.instances(tree);
  }

  /** Whether other rows were found than were known when this model was made: the CPE's own, or those that are shown. */
  async hasOtherRows(): Promise<boolean> {
    const then = this.#treeThen;
    const now = await this.#cpe?.access.tree();
    if (now === undefined || then === undefined) return false;
    return haveOtherRows(now, then) || haveOtherRows(this.#tree, this.#shownThen);
  }

  /** Values of CPE parameters, by their names, as they are before they are written. */
  get learnt(): ReadonlyMap<string, string> {
    return this.#learnt;
  }

  /** Asks the CPE for those of them that are not learnt yet. */
  async learn(cpeNames: readonly string[]): Promise<void> {
    const names = new Set(cpeNames.filter((name) => !this.#learnt.has(name)));
    if (this.#cpe === undefined || names.size === 0) return;
    const read = await readValues(this.#cpe.access, [...names]);
    for (const [name, { Value }] of read.values) this.#learnt.set(name, Value);
    this.#heed(read);
  }

  /** Values by path; what is not there is `missing`. What was read before is not asked again. */
  async read(paths: readonly string[]): Promise<ReadonlyMap<string, ViewValue>> {
    const names = new Map<string, string[]>();
    for (const path of paths) {
      const object = parentOf(path);
      const known = names.get(object);
      if (known === undefined) names.set(object, [lastNameOf(path)]);
      else known.push(lastNameOf(path));
    }
    const values = await this.readObjects([...names].map(([object, names]) => ({ object, names })));
    return new Map(paths.map((path) => [path, values.get(parentOf(path))?.get(lastNameOf(path)) ?? MISSING]));
  }

  /** Whether the Controller may read the parameter, and its object. */
  mayRead(object: string, name: string): boolean {
    return mayRead(this.rights, object, name);
  }

  /**
   * As `read`, for parameters object by object: one round of reads for all of them. What the Controller may not read is not
   * there, and the CPE is not asked for it.
   */
  async readObjects(parts: readonly ObjectPart[]): Promise<ObjectValues> {
    if (this.rights.all && !parts.some(({ object }) => isRaw(object))) return this.lookUp(parts);
    const allowed = parts.map(({ object, names }) => ({
      object,
      names: names.filter((name) => this.mayRead(object, name)),
    }));
    const values = await this.lookUp(allowed);
    const shown = new Map<string, Map<string, ViewValue>>();
    for (const { object, names } of allowed) {
      const ofObject = shown.get(object) ?? new Map<string, ViewValue>();
      shown.set(object, ofObject);
      for (const name of names) ofObject.set(name, values.get(object)?.get(name) ?? MISSING);
    }
    return shown;
  }

  /** Values that the Agent itself needs to know, whoever asks. They are not to be shown. */
  async lookUp(parts: readonly ObjectPart[]): Promise<ObjectValues> {
    const values = this.#values;
    const wanted: Wanted[] = [];
    for (const { object, names } of parts) {
      const known = values.get(object) ?? new Map<string, ViewValue>();
      values.set(object, known);
      if (isLocal(object)) {
        this.#lookUpLocal(object, names, known);
        continue;
      }
      const there = this.#tree.readings(object);
      for (const name of names) {
        const reading = there.get(name);
        if (reading === undefined) known.set(name, this.#overlaidValue(object, name));
        else if (reading.secured && !this.rights.secured) known.set(name, EMPTY);
        else if (isUnknown(known.get(name))) wanted.push({ known, name, reading });
      }
    }
    if (this.#cpe === undefined || wanted.length === 0) return values;
    const read = await readAll(
      this.#cpe.access,
      wanted.map(({ reading }) => reading),
    );
    for (const { known, name, reading } of wanted) known.set(name, reading.valueOf(read));
    this.#heed(read);
    return values;
  }

  #overlaidValue(object: string, name: string): ViewValue {
    if (!this.isOverlaid(object + name)) return MISSING;
    return { kind: 'value', value: overlaidValue(this.local.own, object, name) };
  }

  #lookUpLocal(object: string, names: readonly string[], known: Map<string, ViewValue>): void {
    const parameters = this.supported.objects.get(generalise(object))?.parameters;
    const valueOf = this.local.reader(object);
    for (const name of names) {
      const isSecret = !this.rights.secured && parameters?.get(name)?.secured === true;
      const value = isSecret ? '' : valueOf?.(name);
      known.set(name, value === undefined ? MISSING : { kind: 'value', value });
    }
  }
}
