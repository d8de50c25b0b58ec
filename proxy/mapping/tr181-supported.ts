// The Supported Data Model of a CPE whose root is Device.: what devices of its model were seen to have, joined with what
// the standard says of it. Commands and events are those that Causeway can do for such a CPE.
import type { Catalogue } from '../device/instance-tree/catalogue.ts';
import type { Shape } from '../device/instance-tree/tree.ts';
import { parentOf } from '../path/concrete.ts';
import type {
  CwmpDifference,
  DiagnosticsObject,
  StandardCommand,
  StandardModel,
  StandardObject,
} from './standard-model.ts';
import type { SupportedCommand, SupportedEvent, SupportedObject, SupportedParameter, UniqueKey } from './supported.ts';
import { typeOfStandard, typeOfXsi } from './value-type.ts';

/** What a CPE can do besides reading and writing parameters, as its GetRPCMethods said; empty when it never did. */
export type Methods = readonly string[];

interface Seen {
  readonly parameters: Map<string, boolean>;
  /** Rows of it can be deleted; of a table: rows can be added. */
  writable: boolean;
}

const ROW = '{i}.';
const ALIAS = 'Alias';
const isRow = (path: string): boolean => path.endsWith(ROW);
/** In a generalised path `{i}` is a part like any other. */
export const parentOfGeneral = (path: string): string => parentOf(isRow(path) ? path.slice(0, -ROW.length) : path);

function unionOf(shapes: readonly Shape[]): Seen {
  const seen: Seen = { parameters: new Map(), writable: false };
  for (const shape of shapes) {
    seen.writable ||= shape.writable;
    for (const [name, writable] of shape.parameters) {
      seen.parameters.set(name, writable || (seen.parameters.get(name) ?? false));
    }
  }
  return seen;
}

function parameterOf(
  name: string,
  writable: boolean,
  standard: StandardObject | undefined,
  xsi: string | undefined,
): SupportedParameter {
  const known = standard?.parameters.get(name);
  if (known === undefined) {
    return {
      name,
      access: !writable ? 'readOnly' : name === ALIAS ? 'writeOnceReadOnly' : 'readWrite',
      type: typeOfXsi(xsi ?? 'string'),
      valueChange: 'ALLOWED',
      secured: false,
      isReference: false,
    };
  }
  return {
    name,
    access: !writable ? 'readOnly' : known.access === 'writeOnceReadOnly' ? 'writeOnceReadOnly' : 'readWrite',
    type: typeOfStandard(known),
    valueChange: known.valueChange,
    secured: known.secured,
    isReference: known.reference?.kind === 'row',
  };
}

/** An Alias names its row wherever a row has one (TR-106 _AliasUSP), in tables of the vendor's or of an older standard too. */
export function keysOf(
  standard: StandardObject | undefined,
  parameters: ReadonlyMap<string, SupportedParameter>,
): readonly UniqueKey[] {
  const keys = (standard?.uniqueKeys ?? []).filter(({ names }) => names.every((name) => parameters.has(name)));
  const isNamed = !parameters.has(ALIAS) || keys.some(({ names }) => names.includes(ALIAS));
  return isNamed ? keys : [...keys, { functional: false, names: [ALIAS] }];
}

export const commandOf = ({ name, type, inputs, outputs }: StandardCommand): SupportedCommand => ({
  name,
  type,
  inputs: inputs.map((input) => ({ name: input.name, mandatory: input.mandatory })),
  outputs: outputs.map((output) => output.name),
});

/** Commands that are an RPC of their own in CWMP, with the RPC. */
const BY_RPC: ReadonlyMap<string, string> = new Map([
  ['Device.Reboot()', 'Reboot'],
  ['Device.FactoryReset()', 'FactoryReset'],
  ['Device.DeviceInfo.FirmwareImage.{i}.Download()', 'Download'],
  ['Device.DeviceInfo.VendorConfigFile.{i}.Restore()', 'Download'],
  ['Device.DeviceInfo.VendorConfigFile.{i}.Backup()', 'Upload'],
  ['Device.DeviceInfo.VendorLogFile.{i}.Upload()', 'Upload'],
  ['Device.SoftwareModules.InstallDU()', 'ChangeDUState'],
  ['Device.SoftwareModules.DeploymentUnit.{i}.Update()', 'ChangeDUState'],
  ['Device.SoftwareModules.DeploymentUnit.{i}.Uninstall()', 'ChangeDUState'],
]);
/** Mandatory in TR-069 (A.3); the others count only when the CPE names them. */
const MANDATORY = new Set(['Reboot', 'Download']);

/** Undefined for what is no RPC of its own. */
export function canCall(command: string, methods: Methods): boolean | undefined {
  const rpc = BY_RPC.get(command);
  return rpc === undefined ? undefined : MANDATORY.has(rpc) || methods.includes(rpc);
}

export const EVENTS: ReadonlySet<string> = new Set(['Device.Boot!', 'Device.SoftwareModules.DUStateChange!']);

export class Tr181Supported {
  readonly #standard: StandardModel;
  readonly #difference: CwmpDifference;
  readonly #catalogue: Catalogue;
  readonly #methods: Methods;
  readonly #objects = new Map<string, SupportedObject>();

  constructor(standard: StandardModel, difference: CwmpDifference, catalogue: Catalogue, methods: Methods) {
    this.#standard = standard;
    this.#difference = difference;
    this.#catalogue = catalogue;
    this.#methods = methods;
  }

  /** All objects, the root included even where nothing was discovered yet. */
  build(): ReadonlyMap<string, SupportedObject> {
    const paths = new Set<string>(['Device.']);
    for (const path of this.#catalogue.paths) for (const supported of this.#pathsFrom(path)) paths.add(supported);
    const children = new Map<string, string[]>();
    for (const path of paths) {
      if (path === 'Device.') continue;
      const parent = parentOfGeneral(path);
      children.set(parent, [...(children.get(parent) ?? []), path]);
    }
    for (const path of paths) this.#objects.set(path, this.#object(path, children.get(path) ?? []));
    return this.#objects;
  }

  /** A path of the CPE's as objects of the view; a table that was never seen with a row is taken from the standard. */
  *#pathsFrom(path: string): Generator<string> {
    if (this.#difference.isHidden(path)) return;
    const row = `${path}${ROW}`;
    if (this.#catalogue.shapes.has(row)) return;
    if (this.#standard.objects.get(row)?.multi === true) yield* this.#assumed(row);
    else if (this.#isEmptyVendorTable(path)) return;
    else yield path;
  }

  *#assumed(path: string): Generator<string> {
    if (this.#difference.isHidden(path)) return;
    yield path;
    for (const child of this.#standard.objects.get(path)?.children ?? []) yield* this.#assumed(child);
  }

  /** Writable without parameters or children: a table of the vendor's without rows. Of its rows nothing is known. */
  #isEmptyVendorTable(path: string): boolean {
    const shapes = this.#catalogue.shapes.get(path) ?? [];
    return !isRow(path) && shapes.length > 0 && shapes.every((shape) => shape.writable && shape.parameters.size === 0);
  }

  #object(path: string, children: readonly string[]): SupportedObject {
    const standard = this.#standard.objects.get(path);
    const shapes = this.#catalogue.shapes.get(path);
    const parameters = shapes === undefined ? this.#assumedParameters(path) : this.#parameters(path, shapes, standard);
    const table = isRow(path) ? this.#catalogue.shapes.get(path.slice(0, -ROW.length)) : undefined;
    return {
      path,
      multi: isRow(path),
      creatable: table?.some((shape) => shape.writable) ?? false,
      deletable: isRow(path) && (shapes?.some((shape) => shape.writable) ?? standard?.access === 'readWrite'),
      uniqueKeys: isRow(path) ? keysOf(standard, parameters) : [],
      enableParameter: standard?.enableParam,
      parameters,
      commands: this.#commands(path, standard),
      events: this.#events(path, standard),
      children,
    };
  }

  #parameters(
    path: string,
    shapes: readonly Shape[],
    standard: StandardObject | undefined,
  ): ReadonlyMap<string, SupportedParameter> {
    const parameters = new Map<string, SupportedParameter>();
    for (const [name, writable] of unionOf(shapes).parameters) {
      if (this.#difference.isHidden(path + name)) continue;
      parameters.set(name, parameterOf(name, writable, standard, this.#catalogue.types.get(path + name)));
    }
    for (const name of standard?.parameters.keys() ?? []) {
      const moved = this.#difference.cwmpPathOf(path + name);
      if (moved === path + name) continue;
      const from = this.#catalogue.shapes.get(parentOf(moved));
      if (from?.some((shape) => shape.parameters.has(name)) === true) {
        parameters.set(name, parameterOf(name, false, standard, undefined));
      }
    }
    return parameters;
  }

  #assumedParameters(path: string): ReadonlyMap<string, SupportedParameter> {
    const standard = this.#standard.objects.get(path);
    const parameters = new Map<string, SupportedParameter>();
    for (const [name, { access }] of standard?.parameters ?? []) {
      if (this.#difference.isHidden(path + name)) continue;
      parameters.set(name, parameterOf(name, access !== 'readOnly', standard, undefined));
    }
    return parameters;
  }

  #commands(path: string, standard: StandardObject | undefined): ReadonlyMap<string, SupportedCommand> {
    const commands = new Map<string, SupportedCommand>();
    for (const [name, command] of standard?.commands ?? []) {
      if (this.#canRun(path, path + name)) commands.set(name, commandOf(command));
    }
    return commands;
  }

  #canRun(object: string, command: string): boolean {
    const called = canCall(command, this.#methods);
    if (called !== undefined) return called;
    const diagnostics = this.#difference.singletonOf(command);
    if (diagnostics !== undefined) return this.#canTest(command, diagnostics);
    const trigger = this.#difference.triggerOf(command);
    const shapes = this.#catalogue.shapes.get(object) ?? [];
    const written = trigger?.map(({ parameter }) => parameter.slice(object.length));
    const isThere = (name: string): boolean => shapes.some((shape) => shape.parameters.get(name) === true);
    return written !== undefined && this.#standard.command(command)?.type === 'SYNC' && written.every(isThere);
  }

  /** One that ends within the answer (SYNC) cannot be run: a CPE begins its tests when the session is over. */
  #canTest(command: string, { object, stateParameter }: DiagnosticsObject): boolean {
    const state = stateParameter.slice(object.length);
    const isThere = this.#catalogue.shapes.get(object)?.some((shape) => shape.parameters.get(state) === true) ?? false;
    return isThere && this.#standard.command(command)?.type === 'ASYNC';
  }

  #events(path: string, standard: StandardObject | undefined): ReadonlyMap<string, SupportedEvent> {
    const events = new Map<string, SupportedEvent>();
    for (const [name, event] of standard?.events ?? []) {
      if (!EVENTS.has(path + name)) continue;
      events.set(name, { name, arguments: event.arguments.map((argument) => argument.name) });
    }
    return events;
  }
}
