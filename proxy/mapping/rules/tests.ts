// Tests of a translated CPE that are commands in USP (facts: mapping-notes §2.5, example 4): what is written to begin one,
// and what its results are. Pure.
import { hasParameter, type InstanceTree } from '../../device/instance-tree/tree.ts';
import type { NamedValue } from '../../device/ledger.ts';
import { generalise, instanceNumbersOf, lastNameOf, parentOf } from '../../path/concrete.ts';
import { valueToCpe } from '../../path/values.ts';
import type { ValueType } from '../../path/value-type.ts';
import { codes } from '../../usp/codes.ts';
import { checkValue, type StandardArgument, type StandardCommand } from '../standard-model.ts';
import { statusOf } from '../tr181-diagnostics.ts';
import { typeOfStandard } from '../value-type.ts';
import type { CpeDiagnostic, CpeSetting, DiagnosticSettings, TriggerSettings, WireTypes } from '../view.ts';
import type { CommandRule, InputRule } from './document.ts';
import type { Materialised } from './materialise.ts';
import { compilePattern, findAll, type Found, pathFrom } from './pattern.ts';
import { toCpe } from './references.ts';
import type { TranslatedModel } from './translated-model.ts';
import { fixedSettings, typeOfOwn } from './writing.ts';

type TestRule = Extract<CommandRule, { kind: 'test' }>;
type SetRule = Extract<CommandRule, { kind: 'set' }>;

const STRING: ValueType = { base: 'string' };
const REQUESTED = 'Requested';
const CANCELED = 'Canceled';
const DEVICE = 'Device.';
const NO_ARGUMENTS: ReadonlyMap<string, string> = new Map();

interface Scene {
  readonly model: TranslatedModel;
  readonly tree: InstanceTree;
  readonly view: Materialised;
}

const refused = (code: number, why: string): { readonly ok: false; readonly code: number; readonly why: string } => ({
  ok: false,
  code,
  why,
});

const rulesFor = ({ model }: Scene, command: string): readonly CommandRule[] => {
  const general = generalise(command);
  return model.rules.commands.filter((rule) => DEVICE + rule.command.replace(/\{\w+\}/g, '{i}') === general);
};

/** The object of the CPE that a command of this row means. */
function objectOf({ tree, view }: Scene, rule: CommandRule, command: string): Found | undefined {
  const object = parentOf(command);
  const members = view.objects.get(object)?.members ?? [];
  const pattern = compilePattern(rule.at);
  if (instanceNumbersOf(object).length === 0) return findAll(pattern, tree)[0];
  for (const member of members) {
    const found = findAll(pattern, tree, member.captures).find(({ captures }) =>
      [...captures].every(([name, number]) => member.captures.get(name) === number),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** See `View.triggerFor`. */
export function triggerOf(
  scene: Scene,
  command: string,
  args: ReadonlyMap<string, string>,
  types: WireTypes,
): TriggerSettings | undefined {
  const rules = rulesFor(scene, command).filter((rule): rule is SetRule => rule.kind === 'set');
  const standard = scene.model.standard.command(generalise(command));
  if (rules.length === 0 || standard === undefined) return undefined;
  const { model, tree } = scene;
  for (const rule of rules) {
    const found = objectOf(scene, rule, command);
    if (found === undefined) continue;
    const given = inputSettings({ scene, rule, found, standard }, args, tree, types);
    if (!given.ok) return given;
    const settings = [...fixedSettings(rule.set, found, model.root, model.own), ...given.settings];
    if (settings.length > 0 && settings.every(({ Name }) => hasParameter(tree, Name))) return { ok: true, settings };
  }
  return refused(codes.commandFailure, 'the device cannot do this for this row');
}

/** The input that says which object is tested, where it does. */
const choosing = ({ inputs }: CommandRule): readonly [string, InputRule] | undefined =>
  [...inputs].find(([, { names }]) => names !== undefined);

/** The object that is tested: of this row, or in line with the row that an argument names. */
function testedBy(scene: Scene, rule: TestRule, command: string, args: ReadonlyMap<string, string>): Found | undefined {
  const [input] = choosing(rule) ?? [];
  const named = input === undefined ? undefined : args.get(input);
  if (named === undefined) return objectOf(scene, rule, command);
  return inLineWith(scene, rule.at, named) ?? objectOf(scene, rule, command);
}

function inLineWith({ tree, view }: Scene, at: string, row: string): Found | undefined {
  const pattern = compilePattern(at);
  const members = view.objects.get(`${row.replace(/\.$/, '')}.`)?.members ?? [];
  return members.flatMap(({ captures }) => findAll(pattern, tree, captures))[0];
}

/** See `View.diagnosticFor`. */
export function testOf(
  scene: Scene,
  command: string,
  args: ReadonlyMap<string, string> = NO_ARGUMENTS,
): CpeDiagnostic | undefined {
  const standard = scene.model.standard.command(generalise(command));
  if (standard?.type !== 'ASYNC') return undefined;
  for (const rule of rulesFor(scene, command)) {
    const found = rule.kind === 'test' ? testedBy(scene, rule, command, args) : undefined;
    const state =
      found === undefined ? undefined : pathFrom(rule.kind === 'test' ? rule.state : '', scene.tree.root, found);
    if (rule.kind !== 'test' || found === undefined || state === undefined) continue;
    const inputs = [...rule.inputs.values()].flatMap(({ to }) => (to === undefined ? [] : [found.path + to]));
    const [chosenBy] = choosing(rule) ?? [];
    return {
      object: found.path,
      state,
      cancel: { Name: state, Value: CANCELED, Type: 'string' },
      inputs,
      ...(chosenBy !== undefined && { chosenBy }),
      settingsFor: (given, tree, types) => beginning({ scene, rule, found, standard }, state, given, tree, types),
      outputsOf: (values) => results({ scene, rule, found, standard }, state, values),
    };
  }
  return undefined;
}

interface Run<Rule extends CommandRule = CommandRule> {
  readonly scene: Scene;
  readonly rule: Rule;
  readonly found: Found;
  readonly standard: StandardCommand;
}

function beginning(
  test: Run<TestRule>,
  state: string,
  given: ReadonlyMap<string, string>,
  tree: InstanceTree,
  types: WireTypes,
): DiagnosticSettings {
  if (!hasParameter(tree, state)) return refused(codes.invalidArguments, 'the device does not have this test');
  const inputs = inputSettings(test, given, tree, types);
  if (!inputs.ok) return inputs;
  // Last, so that a CPE which takes one parameter after another has all of them when it begins (TR-106 A.3).
  const settings = [...inputs.settings, { Name: state, Value: REQUESTED, Type: 'string' }];
  return { ok: true, settings, lastsMs: lastsMs(test.rule.lasts, inputs.args) };
}

type Inputs =
  | { readonly ok: true; readonly settings: readonly CpeSetting[]; readonly args: ReadonlyMap<string, string> }
  | ReturnType<typeof refused>;

/** What is written for the arguments of a command, and which of them were written. */
function inputSettings(run: Run, given: ReadonlyMap<string, string>, tree: InstanceTree, types: WireTypes): Inputs {
  const { scene, rule, found, standard } = run;
  const settings: CpeSetting[] = [];
  const args = new Map<string, string>();
  for (const input of standard.inputs) {
    const one = rule.inputs.get(input.name);
    const said = given.get(input.name);
    const value = said ?? one?.defaultValue ?? input.defaultValue;
    if (one?.to === undefined) {
      const problem = said === undefined ? undefined : notTaken(run, input.name, one, said);
      if (problem !== undefined) return problem;
      continue;
    }
    const Name = found.path + one.to;
    if (tree.objects.get(parentOf(Name))?.parameters.get(lastNameOf(Name)) !== true) {
      if (said === undefined || said === (one.defaultValue ?? '')) continue;
      return refused(codes.invalidArguments, `the device has no ${input.name} for this test`);
    }
    if (value === undefined) continue;
    const text = textOf(run, input, one, value);
    if (!text.ok) return text;
    args.set(input.name, value);
    settings.push({ Name, Value: text.value, Type: types(Name) ?? typeOfOwn(scene.model.own, Name) ?? 'string' });
  }
  return { ok: true, settings, args };
}

function notTaken(
  { scene, rule, found }: Run,
  name: string,
  one: InputRule | undefined,
  said: string,
): ReturnType<typeof refused> | undefined {
  if (one?.names !== undefined) {
    const isOfTable = said.startsWith(`${DEVICE}${one.names}.`);
    if (isOfTable && inLineWith(scene, rule.at, said)?.path === found.path) return undefined;
    return refused(codes.invalidCommandArguments, `${name}: the device has no such test for a "${said}"`);
  }
  if (one?.only.includes(said) === true || (one === undefined && said === '')) return undefined;
  const can = one === undefined || one.only.length === 0 ? 'no value of it' : one.only.join(', ');
  return refused(codes.invalidCommandArguments, `${name}: the device can do ${can}`);
}

type Text =
  { readonly ok: true; readonly value: string } | { readonly ok: false; readonly code: number; readonly why: string };

function textOf({ scene, rule }: Run, input: StandardArgument, one: InputRule, value: string): Text {
  const { as } = one;
  if (as?.name === 'reference' || as?.name === 'references') {
    const tables = as.argument.split(',').filter((table) => table !== '');
    const text = toCpe(value, scene.view, { list: as.name === 'references', tables, keys: [] });
    return text === undefined
      ? refused(codes.invalidCommandArguments, `${input.name}: the device has nothing that this could name`)
      : { ok: true, value: text };
  }
  const type = typeOfStandard(input);
  const typed = valueToCpe(type, value);
  const allowed = value === '' || !typed.ok ? undefined : checkValue(input, value);
  if (!typed.ok) return refused(codes.invalidCommandArguments, `${input.name}: ${typed.why}`);
  if (allowed?.ok === false) return refused(codes.invalidCommandArguments, `${input.name}: ${allowed.why}`);
  const written = scene.model.rules.codecFor(as, type, rule.place).write?.(value, [undefined]);
  const text = written?.ok === true ? written.texts[0] : undefined;
  return text === undefined
    ? refused(codes.invalidCommandArguments, `${input.name} cannot be given`)
    : { ok: true, value: text };
}

/** Products of arguments and numbers, and their sum; undefined where nobody can say how long it takes. */
function lastsMs(products: readonly string[], args: ReadonlyMap<string, string>): number | undefined {
  const factor = (word: string): number => (/^\d+$/.test(word) ? Number(word) : Number(args.get(word)));
  const sum = products.reduce(
    (ms, product) => ms + product.split('*').reduce((one, word) => one * factor(word.trim()), 1),
    0,
  );
  return sum > 0 && Number.isFinite(sum) ? sum : undefined;
}

/** Of a test that failed only its Status tells anything: results that an earlier one left are not its own. */
function results(test: Run<TestRule>, state: string, values: readonly NamedValue[]): ReadonlyMap<string, string> {
  const { scene, rule, found, standard } = test;
  const outputs = new Map(standard.outputs.map((output) => [output.name, output]));
  const told = (values.find(([name]) => name === state)?.[1] ?? '').trim();
  const shown = new Map([['Status', statusOf(told, standard)]]);
  if (shown.get('Status') !== 'Complete') return shown;
  const byName = new Map(values);
  const texts = (name: string): readonly [string | undefined] => [byName.get(name)];
  for (const [output, { from, as }] of rule.outputs) {
    const general = output.replace(/\{\w+\}/g, '{i}');
    const known = outputs.get(general);
    const type = known === undefined ? STRING : typeOfStandard(known);
    const codec = scene.model.rules.codecFor(as, type, rule.place);
    for (const [name, argument] of placesOf(found.path, from, output, values)) {
      const value = codec.read(texts(name));
      if (value !== undefined) shown.set(argument, value);
    }
  }
  return shown;
}

/** Parameters that an output is made of, with the argument's name: rows are counted from 1 on. */
function placesOf(
  base: string,
  from: string,
  output: string,
  values: readonly NamedValue[],
): readonly (readonly [string, string])[] {
  const open = from.indexOf('{');
  if (open < 0) return [[base + from, output]];
  const table = base + from.slice(0, open);
  const rest = from.slice(from.indexOf('}') + 1);
  const numbers = new Set<number>();
  for (const [name] of values) {
    const number = name.startsWith(table) ? /^(\d+)\./.exec(name.slice(table.length))?.[1] : undefined;
    if (number !== undefined) numbers.add(Number(number));
  }
  return [...numbers]
    .sort((one, other) => one - other)
    .map((number, index) => [`${table}${number}${rest}`, output.replace(/\{\w+\}/, String(index + 1))]);
}
