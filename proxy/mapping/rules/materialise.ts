// The objects of the view that one CPE has now, each parameter with what it is made of. Worked out once for a tree and what
// is remembered of it; every look-up afterwards is a look into a map. Pure.
import type { TreeObject } from '../../device/instance-tree/tree.ts';
import { generalise, lastNameOf, parentOf, rowNumberOf } from '../../path/concrete.ts';
import type { StandardModel } from '../standard-model.ts';
import type { SupportedModel, SupportedObject } from '../supported.ts';
import { type Binding, bind, isWritable, type Place } from './binding.ts';
import type { CompiledObject, CompiledParameter, CompiledRules, CompiledSource } from './compile.ts';
import { type Device, holds } from './conditions.ts';
import { type Captures, compilePattern, findAll, type Found, NO_CAPTURES } from './pattern.ts';
import { type Numbers, numberRows } from './remember.ts';
import { canBeDeleted } from './removable.ts';
import { foundBy, foundIn, type Row, rowsOf, type TableRows } from './rows.ts';
import { withMirrored } from './mirrored-object.ts';
import { type Mirror, mirrored, originOf, RAW_PLACE } from './mirror.ts';
import { connect, type Placed } from './references.ts';
import { VERSION } from './supported.ts';
import { edgesOf, rowOfEdge, STACK, STACK_NUMBERS } from './stack.ts';

export interface ViewObject extends TreeObject {
  /** By the names of its parameters. */
  readonly bindings: ReadonlyMap<string, Binding>;
  /** Objects of the CPE that it is made of. */
  readonly members: readonly Found[];
  /** It stands here as the CPE has it. */
  readonly isMirrored: boolean;
}

export interface Materialised {
  /** By path, tables and everything above included. */
  readonly objects: ReadonlyMap<string, ViewObject>;
  readonly numbers: ReadonlyMap<string, Numbers>;
  /** Objects of the view by the object of the CPE that they are made of. */
  readonly madeOf: ReadonlyMap<string, readonly string[]>;
}

export interface Model {
  readonly rules: CompiledRules;
  readonly supported: SupportedModel;
  readonly standard: StandardModel;
  readonly mirrors: readonly Mirror[];
}

interface Draft {
  readonly path: string;
  readonly supported: SupportedObject | undefined;
  readonly bindings: Map<string, Binding>;
  readonly members: Found[];
  readonly objects: string[];
  readonly instances: number[];
  writable: boolean;
  /** Of an object that stands here as it is: what is shown of it. */
  mirrored: ReadonlyMap<string, CompiledParameter> | undefined;
}

const NO_PARAMETERS: ReadonlyMap<string, CompiledParameter> = new Map();
const DEVICE = 'Device.';
const ROW = '{i}.';

class Materialising {
  readonly #model: Model;
  readonly #device: Device;
  readonly #tables = new Map<string, TableRows>();
  readonly #drafts = new Map<string, Draft>();
  readonly #placed = new Map<string, Placed[]>();
  readonly #generals = new Map<string, string>();

  constructor(model: Model, device: Device, numbers: ReadonlyMap<string, Numbers>) {
    this.#model = model;
    this.#device = device;
    for (const [name, table] of model.rules.tables) {
      this.#tables.set(name, rowsOf(table, device, numbers.get(name)));
    }
  }

  build(numbers: ReadonlyMap<string, Numbers>): Materialised {
    const version = `2.${this.#model.standard.minor}`;
    this.#draft(DEVICE).bindings.set(VERSION, { kind: 'fixed', value: version, place: undefined });
    for (const object of this.#model.rules.objects) this.#addObject(object);
    connect(this.#drafts.values(), this.#placed);
    const stack = this.#addStack(numbers.get(STACK_NUMBERS));
    for (const mirror of this.#model.mirrors) this.#addMirror(mirror);
    for (const draft of [...this.#drafts.values()]) this.#addTables(draft);
    this.#addCounts();
    const madeOf = this.#madeOf();
    for (const draft of this.#drafts.values()) draft.writable = this.#isChangeable(draft);
    const objects = new Map<string, ViewObject>();
    const { rules } = this.#model;
    const { tree } = this.#device;
    for (const draft of this.#drafts.values()) {
      const { mirrored } = draft;
      const object = finish(draft);
      objects.set(
        draft.path,
        mirrored === undefined ? object : withMirrored(object, mirrored, draft.supported, tree, rules),
      );
    }
    const given = [...this.#tables].map(([name, table]) => [name, table.numbers] as const);
    return { objects, numbers: new Map([...given, [STACK_NUMBERS, stack]]), madeOf };
  }

  #addObject(object: CompiledObject): void {
    const supported = this.#model.supported.objects.get(object.general);
    if (supported === undefined) return;
    for (const source of object.sources) {
      const all = source.each === undefined ? foundIn(source, this.#device.tree) : foundBy(source, this.#device);
      for (const found of all) {
        if (source.each === undefined && !holds(source.when, this.#device, found)) continue;
        const path = this.#pathOf(object, found.captures);
        if (path !== undefined) this.#place(object, source, found, path);
      }
    }
  }

  #addStack(known: Numbers | undefined): Numbers {
    const edges = edgesOf(this.#drafts.values());
    const wishes = edges.map(({ key }) => ({ key, liked: undefined, fixed: undefined }));
    const numbers = numberRows(known, wishes, 1);
    for (const edge of edges) {
      const draft = this.#draft(`${STACK}${numbers.byKey.get(edge.key) ?? 0}.`);
      for (const [name, binding] of rowOfEdge(edge)) draft.bindings.set(name, binding);
    }
    return numbers;
  }

  /** Where in the view it lies; undefined when one of its tables has no row for it. */
  #pathOf({ to, tables }: CompiledObject, captures: Captures): string | undefined {
    let path = DEVICE;
    for (const step of to.steps) {
      if (step.kind === 'name') {
        path += `${step.name}.`;
        continue;
      }
      const number = tables.includes(step.name)
        ? this.#tables.get(step.name)?.numberOf(captures)
        : captures.get(step.name);
      if (number === undefined) return undefined;
      path += `${number}.`;
    }
    return path;
  }

  #place(object: CompiledObject, { given }: CompiledSource, found: Found, path: string): void {
    const place: Place = {
      found,
      itself: without(found, given),
      tree: this.#device.tree,
      guards: this.#guardsOf(object, found.captures),
    };
    const supported = this.#model.supported.objects.get(object.general)?.parameters;
    const bindings = object.parameters.flatMap((parameter) => {
      const shown = supported?.get(parameter.name);
      const binding = shown === undefined ? undefined : bind(parameter, shown, place, this.#model.rules);
      return binding === undefined ? [] : [[parameter.name, binding] as const];
    });
    // An object that the CPE has nothing for is not there; a row is there by itself.
    if (bindings.length === 0 && rowNumberOf(path) === undefined) return;
    const draft = this.#draft(path);
    draft.members.push(found);
    const placed = this.#placed.get(object.rule.to) ?? [];
    this.#placed.set(object.rule.to, placed);
    placed.push({ path, captures: found.captures });
    for (const [name, binding] of bindings) {
      const known = draft.bindings.get(name);
      if (known === undefined) draft.bindings.set(name, binding);
      else if (known.kind === 'source' && binding.kind === 'source' && known.rule === binding.rule) {
        // The same parameter of another member: it is told the same, or is a part of the same value.
        if (known.rule.rule.everywhere) known.others.push(...binding.names);
        else if (known.rule.rule.all) known.names.push(...binding.names);
      }
    }
  }

  #guardsOf({ tables }: CompiledObject, captures: Captures): ReadonlyMap<string, string> | undefined {
    for (const name of tables) {
      const rows = this.#tables.get(name);
      const number = rows?.numberOf(captures);
      const row: Row | undefined = rows?.rows.find((one) => one.number === number);
      if (row !== undefined && row.guards.size > 0) return row.guards;
    }
    return undefined;
  }

  /** The object, and all above it. */
  #draft(path: string): Draft {
    const known = this.#drafts.get(path);
    if (known !== undefined) return known;
    if (path !== DEVICE) {
      const parent = this.#draft(parentOf(path));
      const number = rowNumberOf(path);
      if (number === undefined) parent.objects.push(lastNameOf(path));
      else parent.instances.push(number);
    }
    const draft: Draft = {
      path,
      supported: this.#model.supported.objects.get(this.#generalOf(path)),
      bindings: new Map(),
      members: [],
      objects: [],
      instances: [],
      writable: false,
      mirrored: undefined,
    };
    this.#drafts.set(path, draft);
    return draft;
  }

  #generalOf(path: string): string {
    const known = this.#generals.get(path) ?? generalise(path);
    this.#generals.set(path, known);
    return known;
  }

  /** Tables without rows are there too, since rows may come; and objects that hold nothing but tables. */
  #addTables({ path, supported }: Draft): void {
    const general = this.#generalOf(path);
    for (const child of supported?.children ?? []) {
      const name = path + child.slice(general.length);
      if (child.endsWith(ROW)) this.#draft(name.slice(0, -ROW.length));
      else if (!this.#drafts.has(name) && !this.#model.rules.placed.has(child)) this.#addTables(this.#draft(name));
    }
  }

  /** Objects of the CPE that stand in the view as they are; what their parameters are made of is seen to when it is asked. */
  #addMirror(mirror: Mirror): void {
    for (const object of this.#device.tree.objects.values()) {
      const path = mirrored(mirror, object.path);
      if (path === undefined || path === mirror.to) continue;
      const general = generalise(object.path);
      const parameters = mirror.objects.get(general);
      if (parameters === undefined && !mirror.objects.has(`${general}${ROW}`)) continue;
      const draft = this.#draft(path);
      draft.members.push({ path: object.path, captures: NO_CAPTURES });
      draft.mirrored = parameters ?? NO_PARAMETERS;
    }
  }

  #addCounts(): void {
    for (const draft of [...this.#drafts.values()]) {
      const row = `${this.#generalOf(draft.path)}${ROW}`;
      const count = this.#model.supported.objects.has(row)
        ? this.#model.standard.object(row)?.numEntriesParam
        : undefined;
      if (count === undefined) continue;
      const value = String(draft.instances.length);
      this.#drafts
        .get(parentOf(draft.path))
        ?.bindings.set(count, { kind: 'fixed', value, place: undefined, counts: draft.path });
    }
  }

  #madeOf(): ReadonlyMap<string, readonly string[]> {
    const madeOf = new Map<string, string[]>();
    for (const { path, members } of this.#drafts.values()) {
      if (path.startsWith(RAW_PLACE)) continue;
      for (const { path: member } of members) {
        const known = madeOf.get(member);
        if (known === undefined) madeOf.set(member, [path]);
        else if (!known.includes(path)) known.push(path);
      }
    }
    return madeOf;
  }

  /** Whether rows can be added to a table, and whether a row can be deleted. */
  #isChangeable({ path, supported, members }: Draft): boolean {
    const { rules, mirrors } = this.#model;
    const { objects } = this.#device.tree;
    const origin = originOf(mirrors, path);
    if (origin !== undefined) return objects.get(origin)?.writable ?? false;
    const table = rules.tableOf.get(this.#generalOf(path));
    if (supported?.multi === true) {
      const remove = table?.rule.remove;
      if (table === undefined || remove?.kind !== 'object') return remove !== undefined;
      const object = members[0]?.path ?? '';
      return objects.get(object)?.writable === true && canBeDeleted(table.rule, object, this.#device.tree.root);
    }
    const ofRows = rules.tableOf.get(`${this.#generalOf(path)}${ROW}`);
    const add = ofRows?.rule.add;
    if (ofRows === undefined || add === undefined) return false;
    if (add.kind === 'claim')
      return ofRows.sources.some((source) =>
        foundBy(source, this.#device).some((found) => holds(add.where, this.#device, found)),
      );
    return ofRows.sources.some(({ pattern }) => {
      const cpeTable = pattern.text.replace(/\{\w+\}\.$/, '');
      return tablesOf(cpeTable, this.#device).some((cpePath) => objects.get(cpePath)?.writable === true);
    });
  }
}

/** With what its own pattern has captured only: so it is told what stands on what. */
const without = (found: Found, given: Captures): Found =>
  given.size === 0 ? found : { ...found, captures: new Map([...found.captures].filter(([name]) => !given.has(name))) };

const tablesOf = (text: string, { tree }: Device): readonly string[] =>
  findAll(compilePattern(text), tree).map(({ path }) => path);

const finish = ({ path, bindings, members, objects, instances, writable, mirrored }: Draft): ViewObject => ({
  path,
  isMirrored: mirrored !== undefined,
  bindings,
  members,
  objects,
  instances: instances.sort((one, other) => one - other),
  writable,
  parameters: new Map([...bindings].map(([name, binding]) => [name, isWritable(binding)])),
});

export const materialise = (model: Model, device: Device, numbers: ReadonlyMap<string, Numbers>): Materialised =>
  new Materialising(model, device, numbers).build(numbers);
