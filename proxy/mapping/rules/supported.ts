// The Supported Data Model of a translated CPE: what rules make of all that devices of its model were seen to have, with
// types, access and keys of the standard. Pure.
import type { StandardModel, StandardObject } from '../standard-model.ts';
import type { SupportedCommand, SupportedEvent, SupportedObject, SupportedParameter } from '../supported.ts';
import { canCall, commandOf, EVENTS, keysOf, type Methods, parentOfGeneral } from '../tr181-supported.ts';
import type { CompiledObject, CompiledParameter, CompiledRule, CompiledRules } from './compile.ts';
import { typeOfStandard } from '../value-type.ts';
import type { CommandRule } from './document.ts';
import type { Kinds, Presence } from './kinds.ts';
import { type Mirror, mirrored, mirrorOf, originOf, RAW_PLACE } from './mirror.ts';
import { STACK } from './stack.ts';

const DEVICE = 'Device.';
/** The version that the view shows itself; what the CPE's own model is does not matter to anybody. */
export const VERSION = 'RootDataModelVersion';
const isRow = (path: string): boolean => path.endsWith('{i}.');

interface Draft {
  readonly parameters: Map<string, SupportedParameter>;
  readonly commands: Map<string, SupportedCommand>;
}

class Supported {
  readonly #rules: CompiledRules;
  readonly #standard: StandardModel;
  readonly #kinds: Kinds;
  readonly #own: StandardModel;
  readonly #drafts = new Map<string, Draft>();
  /** Parameters of the CPE, generalised, that have their place. */
  readonly #mapped = new Set<string>();
  readonly #mirrors: Mirror[] = [];

  constructor({ rules, standard, own, kinds }: SupportedInput) {
    this.#rules = rules;
    this.#standard = standard;
    this.#own = own;
    this.#kinds = kinds;
  }

  get mirrors(): readonly Mirror[] {
    return this.#mirrors;
  }

  build(methods: Methods): ReadonlyMap<string, SupportedObject> {
    this.#draft(DEVICE);
    for (const object of this.#rules.objects) this.#add(object);
    for (const { from, to } of this.#rules.prefixes) this.#addMirror(from, DEVICE + to);
    this.#addMirror('', RAW_PLACE);
    for (const command of this.#rules.commands) this.#addCommand(command);
    this.#addComputed(DEVICE, VERSION);
    this.#addStack();
    this.#addCounts();
    this.#addCalls(methods);
    const children = new Map<string, string[]>();
    for (const path of this.#drafts.keys()) {
      if (path === DEVICE) continue;
      const parent = parentOfGeneral(path);
      children.set(parent, [...(children.get(parent) ?? []), path]);
    }
    return new Map(
      [...this.#drafts].map(([path, draft]) => [path, this.#object(path, draft, children.get(path) ?? [])]),
    );
  }

  /** The object and all above it. */
  #draft(path: string): Draft {
    const known = this.#drafts.get(path);
    if (known !== undefined) return known;
    if (path !== DEVICE) this.#draft(parentOfGeneral(path));
    const draft: Draft = { parameters: new Map(), commands: new Map() };
    this.#drafts.set(path, draft);
    return draft;
  }

  #add(object: CompiledObject): void {
    for (const { pattern, when } of object.sources) {
      const base = this.#kinds.root + pattern.general;
      if (!this.#kinds.hasObject(base) || !this.#kinds.mayHold(when, base)) continue;
      const present = object.parameters.map((one) => [one, this.#presence(one, base)] as const);
      // An object that the CPE has nothing for is not there; a row is there by itself.
      if (!isRow(object.general) && present.every(([, presence]) => presence === 'absent')) continue;
      const { parameters } = this.#draft(object.general);
      for (const [parameter, presence] of present) {
        if (presence === 'absent') continue;
        this.#claim(parameter, base);
        const known = parameters.get(parameter.name);
        const shown = this.#parameter(object, parameter, presence);
        if (known === undefined || known.access === 'readOnly') parameters.set(parameter.name, shown);
      }
    }
  }

  /** What it is made of has a place in the view, on every device that has it. */
  #claim({ rules }: CompiledParameter, base: string): void {
    for (const rule of rules) {
      for (const path of rule.kind === 'source' ? rule.rule.from : [])
        this.#mapped.add(this.#kinds.general(path, base));
    }
  }

  #addMirror(from: string, to: string): void {
    const mirror = mirrorOf(this.#kinds.root + from, to, this.#kinds, this.#own, (path) => this.#mapped.has(path));
    this.#mirrors.push(mirror);
    for (const [path, parameters] of mirror.objects) {
      // A table is its rows here.
      if (mirror.objects.has(`${path}{i}.`)) continue;
      const draft = this.#draft(mirrored(mirror, path) ?? path);
      for (const parameter of parameters.values()) {
        const { name, type, secured } = parameter;
        const access = this.#kinds.parameter(path + name) === 'writable' ? 'readWrite' : 'readOnly';
        draft.parameters.set(name, { name, access, type, valueChange: 'ALLOWED', secured, isReference: false });
        this.#mapped.add(path + name);
      }
    }
  }

  #presence({ rules }: CompiledParameter, base: string): Presence {
    const all = rules.map((rule) => presenceOf(rule, this.#kinds, base));
    return all.find((presence) => presence !== 'absent') ?? 'absent';
  }

  #parameter(object: CompiledObject, parameter: CompiledParameter, presence: Presence): SupportedParameter {
    const { name, standard, type, secured, rules } = parameter;
    return {
      name,
      access: this.#access(object, parameter, presence),
      type,
      valueChange: standard?.valueChange ?? 'ALLOWED',
      secured: secured || rules.some(({ kind, rule }) => kind === 'source' && 'secret' in rule && rule.secret),
      isReference: standard?.reference?.kind === 'row',
    };
  }

  #access(
    { general }: CompiledObject,
    { standard, rules }: CompiledParameter,
    presence: Presence,
  ): SupportedParameter['access'] {
    if (standard?.access === 'readOnly') return 'readOnly';
    // What says where a row is to be made is given once.
    const isPlace = rules.every(({ kind }) => kind !== 'source');
    if (presence !== 'writable' && !isPlace) return 'readOnly';
    if (presence === 'writable' && standard?.access !== 'writeOnceReadOnly') return 'readWrite';
    return this.#isCreatable(general) ? 'writeOnceReadOnly' : 'readOnly';
  }

  #isCreatable(general: string): boolean {
    const origin = isRow(general) ? originOf(this.#mirrors, general) : undefined;
    if (origin !== undefined) return this.#kinds.isWritableObject(origin.slice(0, -'{i}.'.length));
    const table = this.#rules.tableOf.get(general);
    const add = table?.rule.add;
    if (table === undefined || add === undefined) return false;
    if (add.kind === 'claim') return true;
    return table.sources.some(({ pattern }) => {
      const row = this.#kinds.root + pattern.general;
      return this.#kinds.isWritableObject(row.slice(0, -'{i}.'.length));
    });
  }

  #isDeletable(general: string): boolean {
    const origin = isRow(general) ? originOf(this.#mirrors, general) : undefined;
    if (origin !== undefined) return this.#kinds.isWritableObject(origin);
    const table = this.#rules.tableOf.get(general);
    const remove = table?.rule.remove;
    if (table === undefined || remove === undefined) return false;
    return (
      remove.kind === 'set' ||
      table.sources.some(({ pattern }) => this.#kinds.isWritableObject(this.#kinds.root + pattern.general))
    );
  }

  #addCommand(rule: CommandRule): void {
    const general = DEVICE + rule.command.replace(/\{\w+\}/g, '{i}');
    const command = this.#standard.command(general);
    const base = this.#kinds.general(`/${rule.at}`, '');
    const written = [...rule.inputs.values()].flatMap(({ to }) => to ?? []);
    const begins = rule.kind === 'test' ? [rule.state] : [...rule.set.map(({ path }) => path), ...written];
    const canBegin = begins.every((path) => this.#kinds.parameter(this.#kinds.general(path, base)) === 'writable');
    if (command === undefined || !canBegin) return;
    const object = general.slice(0, -command.name.length);
    if (isRow(object) && !this.#drafts.has(object)) return;
    this.#draft(object).commands.set(command.name, commandOf(command));
  }

  /** What the view works out by itself: nothing of it is any parameter of the CPE. */
  #addComputed(object: string, name: string): void {
    const known = this.#standard.parameter(object + name);
    if (known === undefined) return;
    this.#draft(object).parameters.set(name, {
      name,
      access: 'readOnly',
      type: typeOfStandard(known),
      valueChange: known.valueChange,
      secured: false,
      isReference: known.reference?.kind === 'row',
    });
  }

  #addStack(): void {
    const hasLayers = [...this.#drafts.values()].some(({ parameters }) => parameters.has('LowerLayers'));
    if (hasLayers) for (const name of ['HigherLayer', 'LowerLayer']) this.#addComputed(`${STACK}{i}.`, name);
  }

  /** The number of rows is known wherever the rows are. */
  #addCounts(): void {
    for (const path of [...this.#drafts.keys()]) {
      const count = isRow(path) ? this.#standard.object(path)?.numEntriesParam : undefined;
      if (count !== undefined) this.#addComputed(parentOfGeneral(path), count);
    }
  }

  #addCalls(methods: Methods): void {
    for (const [path, { commands }] of this.#drafts) {
      for (const [name, command] of this.#standard.object(path)?.commands ?? []) {
        if (canCall(path + name, methods) === true) commands.set(name, commandOf(command));
      }
    }
  }

  #object(path: string, { parameters, commands }: Draft, children: readonly string[]): SupportedObject {
    const standard = this.#standard.object(path);
    return {
      path,
      multi: isRow(path),
      creatable: this.#isCreatable(path),
      deletable: this.#isDeletable(path),
      uniqueKeys: isRow(path) ? keysOf(standard, parameters) : [],
      enableParameter: standard?.enableParam,
      parameters,
      commands,
      events: eventsOf(path, standard),
      children,
    };
  }
}

/** Whether devices of the model have what a rule is made of, and whether it can be written. */
export function presenceOf(rule: CompiledRule, kinds: Kinds, base: string): Presence {
  if (rule.kind !== 'source') return 'readOnly';
  const all = rule.rule.from.map((path) => kinds.parameter(kinds.general(path, base)));
  if (all.slice(0, rule.rule.needed).includes('absent') || all.every((one) => one === 'absent')) return 'absent';
  const canWrite = rule.rule.write && (rule.references !== undefined || rule.codec.write !== undefined);
  return canWrite && all.includes('writable') ? 'writable' : 'readOnly';
}

function eventsOf(path: string, standard: StandardObject | undefined): ReadonlyMap<string, SupportedEvent> {
  const events = new Map<string, SupportedEvent>();
  for (const [name, event] of standard?.events ?? []) {
    if (EVENTS.has(path + name)) events.set(name, { name, arguments: event.arguments.map((one) => one.name) });
  }
  return events;
}

export interface SupportedInput {
  readonly rules: CompiledRules;
  readonly standard: StandardModel;
  /** What the standard says of the CPE's own model. */
  readonly own: StandardModel;
  readonly kinds: Kinds;
}

export function supportedBy(
  input: SupportedInput,
  methods: Methods,
): { readonly objects: ReadonlyMap<string, SupportedObject>; readonly mirrors: readonly Mirror[] } {
  const supported = new Supported(input);
  return { objects: supported.build(methods), mirrors: supported.mirrors };
}
