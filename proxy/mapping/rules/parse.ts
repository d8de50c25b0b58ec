// One file of mappings/tr098: YAML in, rules out, or all that is wrong with it by line. mappings/README.md has the format.
import { LineCounter, parseDocument } from 'yaml';
import { commandsOf } from './parse-command.ts';
import { entriesOf, field, fieldsOf, textOf, textsOf, wholeNumberOf, type Problem, type Reader } from './parse-node.ts';
import { objectsOf, prefixesOf } from './parse-object.ts';
import { tablesOf } from './parse-table.ts';
import type { EnumRule, RuleFile } from './document.ts';

export type { Problem } from './parse-node.ts';

const FIELDS = ['onlyWith', 'rank', 'tables', 'objects', 'prefixes', 'commands', 'enums'];

function textMapOf(reader: Reader, node: unknown, what: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const { name, value } of entriesOf(reader, node, what) ?? []) {
    const text = textOf(reader, value, `${what} ${name}`);
    if (text !== undefined) map.set(name, text);
  }
  return map;
}

function enumsOf(reader: Reader, node: unknown): ReadonlyMap<string, EnumRule> {
  const enums = new Map<string, EnumRule>();
  for (const { name, value } of entriesOf(reader, node, 'enums') ?? []) {
    const fields = fieldsOf(reader, value, `the enum ${name}`, ['read', 'write', 'otherwise']);
    if (fields === undefined) continue;
    enums.set(name, {
      read: field(fields, 'read', (item) => textMapOf(reader, item, 'read')) ?? new Map(),
      write: field(fields, 'write', (item) => textMapOf(reader, item, 'write')) ?? new Map(),
      otherwise: field(fields, 'otherwise', (item) => textOf(reader, item, 'otherwise')),
    });
  }
  return enums;
}

export type ParsedRules =
  { readonly ok: true; readonly value: RuleFile } | { readonly ok: false; readonly errors: readonly Problem[] };

/** `file` is only what problems are told with. */
export function parseRules(file: string, text: string): ParsedRules {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    file,
    line: lines.linePos(pos[0]).line,
    why: message,
  }));
  if (broken.length > 0) return { ok: false, errors: broken };
  const reader: Reader = { file, lines, problems: [] };
  const fields = fieldsOf(reader, document.contents, 'a rule file', FIELDS) ?? new Map<string, unknown>();
  const value: RuleFile = {
    file,
    onlyWith: field(fields, 'onlyWith', (node) => textsOf(reader, node, 'onlyWith')) ?? [],
    rank: field(fields, 'rank', (node) => wholeNumberOf(reader, node, 'rank')) ?? 0,
    tables: field(fields, 'tables', (node) => tablesOf(reader, node)) ?? [],
    objects: field(fields, 'objects', (node) => objectsOf(reader, node)) ?? [],
    prefixes: field(fields, 'prefixes', (node) => prefixesOf(reader, node)) ?? [],
    commands: field(fields, 'commands', (node) => commandsOf(reader, node)) ?? [],
    enums: field(fields, 'enums', (node) => enumsOf(reader, node)) ?? new Map(),
  };
  const { problems } = reader;
  return problems.length === 0
    ? { ok: true, value }
    : { ok: false, errors: problems.toSorted((one, other) => one.line - other.line) };
}
