// Writes a root's model as the text that proxy/mapping reads; the format is described in mappings/README.md. Pure, and
// the same facts always give the same text.
import { type Report } from './facts-table.ts';
import { lastName, operationOf, parentOf, type ModelFact } from './model-facts.ts';
import { referenceTokens } from './references.ts';
import { escapeToken, namedTypes, valueTokens, type NamedType, type ValueTokens } from './value-tokens.ts';

const VALUE_KINDS = new Set(['param', 'input', 'output', 'event-arg']);
const OPERATION_KINDS = new Set(['command', 'event']);
/** Objects among arguments: their names stand in the names of the arguments inside them, and nothing else is needed. */
const ARGUMENT_OBJECT_KINDS = new Set(['input-object', 'output-object', 'event-object']);

/** Flags of the table that nothing reads: CWMP's Informs and forced notifications, object types, mount points. */
const UNUSED_FLAG = /^(forcedInform|command|notify=(forceEnabled|forceDefaultEnabled)|(discriminator|mount)=.*)$/;

/** What a root's tables have of their own. */
export interface ModelFamily {
  /** As the first line of the file names it, without minor versions: `Device:2`. */
  readonly name: string;
  /** With its dot. */
  readonly root: string;
  /** What stands before the minor in the table's versions: `2.`. */
  readonly major: string;
  /** The oldest minor in the file; the table says it of everything that is as old or older. */
  readonly oldest: number;
  /** Flags that become a word of the line. */
  readonly words: Readonly<Record<string, string>>;
  /** What makes the file, for its first line. */
  readonly script: string;
}

interface Context {
  readonly family: ModelFamily;
  readonly types: ReadonlyMap<string, NamedType>;
  readonly values: ReadonlyMap<ModelFact, ValueTokens>;
  readonly paths: ReadonlySet<string>;
  readonly report: Report;
}

type Told = Pick<Context, 'family' | 'report'>;

function minorOf(version: string, fact: ModelFact, { family, report }: Told): number {
  const minor = version.startsWith(family.major) ? version.slice(family.major.length) : '';
  if (/^\d+$/.test(minor)) return Number(minor);
  report(fact.line, `not a version of ${family.name}: "${version}"`);
  return family.oldest;
}

/** Version tokens, less those that the owner's line says as well. */
function lifeTokens(fact: ModelFact, owner: ModelFact | undefined, told: Told): readonly string[] {
  const { family, report } = told;
  const since = minorOf(fact.since, fact, told);
  const ownersSince = owner === undefined ? family.oldest : minorOf(owner.since, owner, told);
  const tokens = since === ownersSince ? [] : [`since=${since}`];
  if (owner !== undefined && fact.statusHistory === owner.statusHistory) return tokens;
  if (owner !== undefined && owner.statusHistory !== '' && fact.statusHistory === '') {
    report(fact.line, `outlives ${owner.path}, which is ${owner.statusHistory}`);
  }
  for (const stage of fact.statusHistory === '' ? [] : fact.statusHistory.split(' ')) {
    const [name = '', version = ''] = stage.split('@');
    if (!['deprecated', 'obsoleted', 'deleted'].includes(name)) report(fact.line, `unknown status "${stage}"`);
    tokens.push(`${name}=${minorOf(version, fact, told)}`);
  }
  return tokens;
}

function accessTokens(fact: ModelFact, report: Report): readonly string[] {
  switch (fact.access) {
    case '':
    case 'readOnly':
      return [];
    case 'readWrite':
      return ['rw'];
    case 'writeOnceReadOnly':
      return ['wo'];
    default:
      report(fact.line, `unknown access "${fact.access}"`);
      return [];
  }
}

function flagTokens(fact: ModelFact, { family, report }: Told): readonly string[] {
  const tokens: string[] = [];
  for (const flag of fact.flags === '' ? [] : fact.flags.split(' ')) {
    const word = family.words[flag];
    if (word !== undefined) tokens.push(word);
    else if (flag.startsWith('enableParam=')) tokens.push(flag.replace('enableParam', 'enable'));
    else if (!UNUSED_FLAG.test(flag)) report(fact.line, `unknown flag "${flag}"`);
  }
  return tokens;
}

function objectLine(fact: ModelFact, told: Told): string {
  const tokens = [fact.path, ...accessTokens(fact, told.report)];
  if (fact.uniqueKeys !== '') tokens.push(`keys=${fact.uniqueKeys}`);
  if (fact.numEntriesParam !== '') tokens.push(`count=${fact.numEntriesParam}`);
  return [...tokens, ...flagTokens(fact, told), ...lifeTokens(fact, undefined, told)].join(' ');
}

function valueLine(start: string, fact: ModelFact, owner: ModelFact, context: Context): string {
  const { family, types, values, paths, report } = context;
  const { base, named, list, item, whole } = values.get(fact) ?? valueTokens(fact, report);
  const said = types.get(named)?.item ?? [];
  const tokens = [`${named === '' ? base : named}${list ? '[]' : ''}`, ...accessTokens(fact, report)];
  if (fact.mandatory === '1') tokens.push('mandatory');
  tokens.push(...item.filter((token) => !said.includes(token)), ...whole);
  tokens.push(...referenceTokens(fact, { root: family.root, paths, report }), ...flagTokens(fact, context));
  // Defaults of parameters are the CPE's business; a command's are what the Agent fills in (R-OPR.7).
  if (fact.kind === 'input' && fact.default !== '') {
    tokens.push(`default=${escapeToken(fact.default.replace(/^[a-z]=/, ''))}`);
  }
  return [start, ...tokens, ...lifeTokens(fact, owner, context)].join(' ');
}

function memberLines(fact: ModelFact, owner: ModelFact, args: readonly ModelFact[], context: Context): string[] {
  const { report } = context;
  if (fact.kind === 'param') return [valueLine(` ${lastName(fact.path)}`, fact, owner, context)];
  if (fact.kind === 'command' && !['sync', 'async'].includes(fact.type)) report(fact.line, 'neither sync nor async');
  const type = fact.kind === 'command' ? [fact.type] : [];
  const first = [` ${lastName(fact.path)}`, ...type, ...lifeTokens(fact, owner, context)].join(' ');
  const lines = args.map((arg) => {
    // `.Input.X` is `in X`, `.Output.X` is `out X`; an event's arguments follow its name directly.
    const relative = arg.path.slice(fact.path.length + 1).replace(/^(Input|Output)\./, '');
    const word = { input: 'in', output: 'out' }[arg.kind] ?? 'arg';
    return valueLine(`  ${word} ${relative}`, arg, fact, context);
  });
  return [first, ...lines];
}

/** Facts by the object, command or event that they are a part of. */
function byOwner(facts: readonly ModelFact[]): ReadonlyMap<string, ModelFact[]> {
  const parts = new Map<string, ModelFact[]>();
  for (const fact of facts) {
    const owner = operationOf(fact.path) ?? parentOf(fact.path);
    const beside = parts.get(owner);
    if (beside === undefined) parts.set(owner, [fact]);
    else beside.push(fact);
  }
  return parts;
}

function headerLines(facts: readonly ModelFact[], context: Context): string[] {
  const { name, oldest, script } = context.family;
  const newest = Math.max(...facts.map((fact) => minorOf(fact.since, fact, context)));
  const typeLines = [...context.types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, { base, item }]) => ['type', type, base, ...item].join(' '));
  return [
    `# Made by \`npm run ${script}\`, never by hand; the format is described in mappings/README.md.`,
    `model ${name} ${oldest}..${newest}`,
    ...typeLines,
  ];
}

/** The text of the model file; problems of the facts go to `report`, and the text is of use only without any. */
export function modelText(family: ModelFamily, facts: readonly ModelFact[], report: Report): string {
  const objects = facts.filter(({ kind }) => kind === 'object');
  const values = new Map<ModelFact, ValueTokens>();
  const known = new Set(facts.map(({ path }) => path));
  const parts = byOwner(facts);
  for (const fact of facts) {
    if (VALUE_KINDS.has(fact.kind)) values.set(fact, valueTokens(fact, report));
    else if (fact.kind !== 'object' && !OPERATION_KINDS.has(fact.kind) && !ARGUMENT_OBJECT_KINDS.has(fact.kind)) {
      report(fact.line, `unknown kind "${fact.kind}"`);
    }
    const owner = operationOf(fact.path) ?? parentOf(fact.path);
    if (owner !== '' && !known.has(owner)) report(fact.line, `${owner}, which owns it, is not in the table`);
  }
  const context: Context = { family, types: namedTypes(values.values()), values, paths: known, report };
  const lines = headerLines(facts, context);
  for (const object of objects) {
    lines.push('', objectLine(object, context));
    for (const member of parts.get(object.path) ?? []) {
      if (member.kind === 'object') continue;
      const args = (parts.get(member.path) ?? []).filter(({ kind }) => VALUE_KINDS.has(kind));
      lines.push(...memberLines(member, object, args, context));
    }
  }
  return `${lines.join('\n')}\n`;
}
