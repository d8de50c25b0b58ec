// Writes what is different for a CPE that speaks CWMP and has the Device. root already: paths hidden from USP, parameters
// that trigger a command, objects that hold a diagnostic, parameters at another place, accesses. Pure.
import { readFactTable, type FactRow, type Report } from './facts-table.ts';
import { lastName, parentOf, type ModelFact } from './model-facts.ts';

export type DifferenceFact = FactRow<'cwmpPath' | 'uspPath' | 'relation' | 'note'>;

export function readDifferenceFacts(text: string, report: Report): readonly DifferenceFact[] {
  return readFactTable(text, ['cwmpPath', 'uspPath', 'relation', 'note'], report);
}

/** Relations that tell nothing beyond the two models and the lines written for their neighbours. */
const SILENT = new Set(['param->output', 'state->status']);
/** TR-106 DiagnosticsState: what is written to start a test. */
const REQUESTED = 'Requested';

interface Tables {
  readonly usp: ReadonlyMap<string, ModelFact>;
  readonly cwmp: ReadonlyMap<string, ModelFact>;
  readonly facts: readonly DifferenceFact[];
  readonly report: Report;
}

/** Commands with the settings that trigger them: `Reset=true`, or `MACAddress=<MACAddress>` for an argument's value. */
type Triggers = Map<string, string[]>;

function addSetting(triggers: Triggers, fact: DifferenceFact, command: string, value: string, report: Report): void {
  if (parentOf(fact.cwmpPath) !== parentOf(command)) report(fact.line, `is not in the object of ${command}`);
  const setting = `${lastName(fact.cwmpPath)}=${value}`;
  const settings = triggers.get(command);
  if (settings === undefined) triggers.set(command, [setting]);
  else settings.push(setting);
}

/** Arguments before what sets the command off, for CPEs that take a SetParameterValues one by one. */
function triggerLine(command: string, settings: readonly string[]): string {
  const isArgument = (setting: string): boolean => setting.endsWith('>');
  const ordered = [...settings.filter(isArgument), ...settings.filter((setting) => !isArgument(setting))];
  return ['trigger', command, ...ordered].join(' ');
}

/** A parameter whose writing is a USP command: by a fixed value, or by the command's argument of the same name. */
function triggerSetting(fact: DifferenceFact, { usp, report }: Tables): string {
  const name = lastName(fact.cwmpPath);
  if (fact.note === `SPV ${name}=true`) return 'true';
  const argument = usp.get(`${fact.uspPath}.Input.${name}`);
  if (fact.note !== 'argument' || argument === undefined) report(fact.line, `unknown trigger "${fact.note}"`);
  return `<${name}>`;
}

/**
 * Tests whose parameters stand beside the command instead of in an object of their own (MoCA Aca, Babel MACTest): the
 * table lists both sides as without a counterpart. They are known by a state that can be Requested.
 */
function besideDiagnostics(hidden: ReadonlySet<string>, { usp, cwmp, facts }: Tables): Map<string, string> {
  const lines = new Map<string, string>();
  for (const { uspPath, relation } of facts) {
    if (relation !== 'usp-only:command') continue;
    const object = parentOf(uspPath);
    const inputs = [...usp.values()].filter(({ path, kind }) => kind === 'input' && path.startsWith(`${uspPath}.`));
    if (inputs.length === 0 || !inputs.every(({ path }) => hidden.has(object + lastName(path)))) continue;
    const states = [...cwmp.values()].filter(
      ({ path, enum: values }) =>
        hidden.has(path) && parentOf(path) === object && values.split('|').includes(REQUESTED),
    );
    const [state] = states;
    if (state === undefined || states.length > 1) continue;
    const word = lastName(state.path) === 'DiagnosticsState' ? '' : ` state=${lastName(state.path)}`;
    lines.set(uspPath, `diagnostics ${uspPath} ${object}${word}`);
  }
  return lines;
}

/** Accesses that CWMP has otherwise; of a name that differs the same way wherever it stands, one line (`*.Alias`). */
function accessLines({ usp, cwmp }: Tables): readonly string[] {
  const byName = new Map<string, { readonly path: string; readonly other: string }[]>();
  for (const { path, kind, access } of usp.values()) {
    const there = cwmp.get(path);
    if (kind !== 'param' || there === undefined) continue;
    const name = lastName(path);
    const entry = { path, other: there.access === access ? '' : there.access };
    byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  const lines: string[] = [];
  for (const [name, entries] of byName) {
    const differing = entries.filter(({ other }) => other !== '');
    const [first] = differing;
    const alike = differing.length === entries.length && differing.every(({ other }) => other === first?.other);
    if (first !== undefined && alike && entries.length > 1) lines.push(`access *.${name} ${first.other}`);
    else lines.push(...differing.map(({ path, other }) => `access ${path} ${other}`));
  }
  return lines.sort();
}

/** Whether a place below a test's own object is in USP the parameter of the same name beside the command. */
function movedTo(fact: DifferenceFact, singleton: string | undefined, { usp }: Tables): string | undefined {
  if (fact.relation === 'moved') return fact.uspPath;
  if (singleton === undefined) return undefined;
  const beside = parentOf(singleton) + fact.cwmpPath.slice(singleton.length);
  return usp.has(beside) ? beside : undefined;
}

interface Found {
  readonly hidden: Set<string>;
  readonly triggers: Triggers;
  /** Lines by command. */
  readonly diagnostics: Map<string, string>;
  /** CWMP paths by the USP path. */
  readonly moved: Map<string, string>;
}

/** Puts what one row says where it belongs; false for a relation that is not known. */
function take(fact: DifferenceFact, singletons: readonly string[], found: Found, tables: Tables): boolean {
  const { cwmpPath, uspPath, relation } = fact;
  const singleton = singletons.find((object) => cwmpPath.startsWith(object));
  switch (relation) {
    case 'cwmp-only':
      found.hidden.add(cwmpPath);
      return true;
    case 'param->command':
      addSetting(found.triggers, fact, uspPath, triggerSetting(fact, tables), tables.report);
      return true;
    case 'object->command':
      found.diagnostics.set(uspPath, `diagnostics ${uspPath} ${cwmpPath}`);
      return true;
    case 'param->input': {
      if (singleton !== undefined) return true;
      const command = uspPath.slice(0, uspPath.indexOf('.Input.'));
      addSetting(found.triggers, fact, command, `<${lastName(cwmpPath)}>`, tables.report);
      return true;
    }
    case 'moved':
    case 'none':
    case 'count': {
      const to = movedTo(fact, singleton, tables);
      if (to !== undefined) found.moved.set(to, cwmpPath);
      else if (singleton === undefined) {
        // A trigger that the table did not recognise: its name is a command's.
        const command = `${cwmpPath}()`;
        if (!tables.usp.has(command)) tables.report(fact.line, `${cwmpPath} has no place in USP`);
        addSetting(found.triggers, fact, command, 'true', tables.report);
      }
      return true;
    }
    case 'differs':
      // Accesses are taken from the models themselves; enums and ranges that differ stay the CPE's business.
      return /^(access|enum|constraint):/.test(fact.note);
    default:
      return SILENT.has(relation) || relation.startsWith('usp-only:');
  }
}

/** Paths that lie in no object of the same set: what is said of an object holds for all that is in it. */
function outermost(paths: Iterable<string>): readonly string[] {
  const all = new Set(paths);
  const covered = (path: string): boolean => {
    for (let owner = parentOf(path); owner !== ''; owner = parentOf(owner)) if (all.has(owner)) return true;
    return false;
  };
  return [...all].filter((path) => !covered(path)).sort();
}

/** The text of the difference file. Problems go to `report`, which is that of the difference table. */
export function differenceText(
  facts: readonly DifferenceFact[],
  usp: readonly ModelFact[],
  cwmp: readonly ModelFact[],
  report: Report,
): string {
  const byPath = (table: readonly ModelFact[]): ReadonlyMap<string, ModelFact> =>
    new Map(table.map((fact) => [fact.path, fact]));
  const tables: Tables = { usp: byPath(usp), cwmp: byPath(cwmp), facts, report };
  const singletons = facts.filter(({ relation }) => relation === 'object->command').map(({ cwmpPath }) => cwmpPath);
  const found: Found = { hidden: new Set(), triggers: new Map(), diagnostics: new Map(), moved: new Map() };
  for (const fact of facts) {
    if (!take(fact, singletons, found, tables)) report(fact.line, `unknown relation "${fact.relation}" ${fact.note}`);
    if (fact.relation === 'cwmp-only' && tables.usp.has(fact.cwmpPath))
      report(fact.line, 'is in the USP model as well');
  }
  const diagnostics = new Map([...found.diagnostics, ...besideDiagnostics(found.hidden, tables)]);
  const lines = [
    '# Made by `npm run mappings:tr181`, never by hand; the format is described in mappings/README.md.',
    ...outermost(found.hidden).map((path) => `hide ${path}`),
    ...accessLines(tables),
    ...outermost(found.moved.keys()).map((path) => `moved ${path} ${found.moved.get(path) ?? ''}`),
    ...[...found.triggers].map(([command, settings]) => triggerLine(command, settings)).sort(),
    ...[...diagnostics.values()].sort(),
  ];
  return `${lines.join('\n')}\n`;
}
