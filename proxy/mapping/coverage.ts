// How much of what a device has is in its view, parameter by parameter. Pure.
//
// Counted are the standard parameters of the device's own root (TR-098), but for those that are left out on purpose. One is
// covered when a path of Device:2, as the standard has it, shows it: as a value, as the count of a table, as what a command
// takes or tells, or in which rows there are. Neither the raw place nor a vendor's path below Device. covers anything.
import type { InstanceTree } from '../device/instance-tree/tree.ts';
import type { NamedValue } from '../device/ledger.ts';
import { generalise, parentOf, rowNumberOf } from '../path/concrete.ts';
import type { StandardModel } from './standard-model.ts';
import type { CpeDiagnostic, TriggerSettings, View } from './view.ts';

export type Disposition =
  /** A parameter of the view is made of it. */
  | 'shown'
  /** Its object is shown as one with others of its table, which speak for it: a radio with several SSIDs. */
  | 'together'
  /** Another parameter of the same object says the same, and is shown. */
  | 'instead'
  /** It counts rows of a table of the view. */
  | 'counted'
  /** It says which rows there are, and what stands on what: an AccessType, a ConnectionType. */
  | 'decides'
  /** A command takes, tells or writes it. */
  | 'command'
  /** Left out on purpose. */
  | 'dropped'
  /** A service's: below Services. it stands by itself, as another model. */
  | 'service'
  /** Not the standard's. */
  | 'vendor'
  | 'open';

export interface Covered {
  readonly name: string;
  readonly disposition: Disposition;
  /** Paths of the view that show it. */
  readonly shownBy: readonly string[];
}

/** What of a view it takes to know what the view shows. */
export type CoveringView = Pick<
  View,
  'instances' | 'rowOf' | 'counters' | 'diagnosticFor' | 'triggerFor' | 'supported'
>;

export interface CoverageSubject {
  readonly tree: InstanceTree;
  /** Fitted to the tree. */
  readonly view: CoveringView;
  /** The standard's model of the tree's root. */
  readonly own: StandardModel;
  /** Device:2 as the view shows it. */
  readonly standard: StandardModel;
  /** Names of the CPE whose values say which rows there are. */
  readonly deciding: ReadonlySet<string>;
  /** By generalised name, those that say the same. */
  readonly alternatives: ReadonlyMap<string, readonly string[]>;
  /** Generalised names, and objects, that are left out on purpose. */
  readonly dropped: ReadonlySet<string>;
}

/** Every parameter of the tree, in the CPE's order. */
export function coverageOf(subject: CoverageSubject): readonly Covered[] {
  const { tree, own } = subject;
  const shown = shownBy(subject);
  const together = new Together(subject, shown);
  const covered: Covered[] = [];
  const add = (name: string, disposition: Disposition, by: readonly string[] = []): void => {
    covered.push({ name, disposition, shownBy: by });
  };
  for (const object of tree.objects.values()) {
    for (const parameter of object.parameters.keys()) {
      const name = object.path + parameter;
      const general = generalise(name);
      const direct = shown.get(name);
      if (general.startsWith(`${tree.root}Services.`)) add(name, 'service');
      else if (own.parameter(general) === undefined) add(name, 'vendor', direct?.paths);
      else if (isDropped(general, subject.dropped)) add(name, 'dropped', direct?.paths);
      else if (direct !== undefined) add(name, direct.how, direct.paths);
      else {
        const others = together.pathsFor(name, general);
        const instead = (subject.alternatives.get(general) ?? []).flatMap(
          (other) => shown.get(likeNumbers(other, name)) ?? [],
        );
        if (others.length > 0) add(name, 'together', others);
        else if (instead.length > 0)
          add(
            name,
            'instead',
            instead.flatMap(({ paths }) => paths),
          );
        else add(name, subject.deciding.has(name) ? 'decides' : 'open');
      }
    }
  }
  return covered;
}

export interface CoverageSum {
  readonly counts: Readonly<Record<Disposition, number>>;
  /** Parameters that could be covered, and those that are. */
  readonly of: number;
  readonly covered: number;
}

const NONE: Readonly<Record<Disposition, number>> = {
  shown: 0,
  together: 0,
  instead: 0,
  counted: 0,
  command: 0,
  decides: 0,
  dropped: 0,
  service: 0,
  vendor: 0,
  open: 0,
};

export function sumOf(all: readonly Covered[]): CoverageSum {
  const counts = { ...NONE };
  for (const { disposition } of all) counts[disposition] += 1;
  const covered = counts.shown + counts.together + counts.instead + counts.counted + counts.command + counts.decides;
  return { counts, of: covered + counts.open, covered };
}

/** `general` with the instance numbers of `name`, one after the other; 1 where it has no more. */
function likeNumbers(general: string, name: string): string {
  const numbers = name.match(/(?<=\.)\d+(?=\.)/g) ?? [];
  let next = 0;
  return general.replaceAll('{i}', () => numbers[next++] ?? '1');
}

function isDropped(general: string, dropped: ReadonlySet<string>): boolean {
  for (let path = general; path !== ''; path = parentOf(path)) if (dropped.has(path)) return true;
  return false;
}

interface Shown {
  readonly how: 'shown' | 'counted' | 'command';
  readonly paths: string[];
}

/** By names of the CPE: what of the view, and of Device:2, is made of them. */
function shownBy({ tree, view, standard }: CoverageSubject): ReadonlyMap<string, Shown> {
  const shown = new Map<string, Shown>();
  const add = (name: string, how: Shown['how'], path: string): void => {
    const known = shown.get(name);
    if (known === undefined) shown.set(name, { how, paths: [path] });
    else known.paths.push(path);
  };
  const all = view.instances(tree);
  for (const path of all.objects.keys()) {
    for (const [name, reading] of all.readings(path)) {
      if (standard.parameter(generalise(path) + name) === undefined) continue;
      for (const cpeName of reading.cpeNames) add(cpeName, 'shown', path + name);
    }
  }
  for (const path of all.objects.keys()) {
    const general = generalise(path);
    const count = standard.object(`${general}{i}.`)?.numEntriesParam;
    for (const counter of count === undefined ? [] : view.counters(path)) {
      add(counter.name, 'counted', parentOf(path) + (count ?? ''));
    }
    for (const command of view.supported.objects.get(general)?.commands.keys() ?? []) {
      if (standard.command(general + command) === undefined) continue;
      const inputs = standard.command(general + command)?.inputs ?? [];
      const args = new Map(inputs.map(({ name, value }) => [name, value.enumeration?.[0] ?? '1']));
      for (const name of commandNames(view, path + command, args, tree)) add(name, 'command', path + command);
    }
  }
  return shown;
}

/** CPE parameters that a command is made of. */
function commandNames(
  view: CoveringView,
  command: string,
  args: ReadonlyMap<string, string>,
  tree: InstanceTree,
): readonly string[] {
  const noTypes = (): undefined => undefined;
  const trigger: TriggerSettings | undefined = view.triggerFor(command, args, noTypes);
  const diagnostic = view.diagnosticFor(command);
  return [
    ...(trigger?.ok === true ? trigger.settings.map(({ Name }) => Name) : []),
    ...(diagnostic === undefined ? [] : diagnosticNames(diagnostic, tree)),
  ];
}

/** Values that any output can be made of. */
const TELLING = ['1', '2026-01-01T00:00:00Z'];

/** A parameter is an output of a test when the test, once it is complete, tells anything by it. */
function diagnosticNames(diagnostic: CpeDiagnostic, tree: InstanceTree): readonly string[] {
  const complete: NamedValue = [diagnostic.state, 'Complete'];
  const untold = diagnostic.outputsOf([complete]).size;
  const results = [...tree.objects.values()]
    .filter(({ path }) => path.startsWith(diagnostic.object))
    .flatMap(({ path, parameters }) => [...parameters.keys()].map((name) => path + name))
    .filter((name) => TELLING.some((value) => diagnostic.outputsOf([complete, [name, value]]).size > untold));
  return [diagnostic.state, ...diagnostic.inputs, ...results];
}

/** Objects of the CPE that the view shows as one: the values of the first are shown, and stand for those of all. */
class Together {
  readonly #view: CoveringView;
  /** Rows of the view that show a parameter of some row, by its generalised name. */
  readonly #paths = new Map<string, Set<string>>();

  constructor({ view }: CoverageSubject, shown: ReadonlyMap<string, Shown>) {
    this.#view = view;
    for (const [name, { how, paths }] of shown) {
      const general = generalise(name);
      if (how !== 'shown' || general === name) continue;
      const known = this.#paths.get(general) ?? new Set();
      this.#paths.set(general, known);
      for (const path of paths) known.add(path);
    }
  }

  pathsFor(name: string, general: string): readonly string[] {
    const own = rowAbove(name);
    if (own === undefined) return [];
    return [...(this.#paths.get(general) ?? [])].filter((path) => {
      for (let row = rowAbove(path); row !== undefined; row = rowAbove(row)) {
        if (this.#view.rowOf(parentOf(row), own) === row) return true;
      }
      return false;
    });
  }
}

/** The row that a path lies in; undefined when it lies in none. */
function rowAbove(path: string): string | undefined {
  for (let object = parentOf(path); object !== ''; object = parentOf(object)) {
    if (rowNumberOf(object) !== undefined) return object;
  }
  return undefined;
}
