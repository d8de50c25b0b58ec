// `name=value` as it is typed, for set, add and operate. What is wrong is told by place and by the name before the sign,
// never by the value: it may be a password. Pure.
import { parsePath } from '../../path/parse.ts';
import type { ParamSetting } from '../../usp/messages/add.ts';
import type { UpdateObject } from '../../usp/messages/set.ts';
import { misused, type Result, success } from '../outcome.ts';
import { printable } from '../output/printable.ts';

interface Assignment {
  readonly name: string;
  readonly value: string;
}

/** Splits at the first `=` outside a search: those of `[Alias=="x"]` belong to the path. Undefined when there is none. */
export function splitAssignment(text: string): Assignment | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (depth > 0 && character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '[') depth += 1;
    else if (character === ']') depth -= 1;
    else if (character === '=' && depth <= 0) return { name: text.slice(0, at), value: text.slice(at + 1) };
  }
  return undefined;
}

function readAll(texts: readonly string[], form: string): Result<readonly Assignment[]> {
  const assignments: Assignment[] = [];
  const names = new Set<string>();
  for (const [index, text] of texts.entries()) {
    const assignment = splitAssignment(text);
    if (assignment === undefined || assignment.name === '') return misused(`value ${index + 1} is not ${form}`);
    if (names.has(assignment.name)) return misused(`${printable(assignment.name)} is given twice`);
    names.add(assignment.name);
    assignments.push(assignment);
  }
  return success(assignments);
}

/** `<path>=<value>…` grouped by object, in the order in which each object first came. */
export function readUpdates(texts: readonly string[], required: boolean): Result<readonly UpdateObject[]> {
  const read = readAll(texts, '<path>=<value>');
  if (!read.ok) return read;
  const objects = new Map<string, ParamSetting[]>();
  for (const { name: path, value } of read.value) {
    const parsed = parsePath(path);
    if (!parsed.ok) return misused(`${printable(path)} is no path: ${parsed.why} (at ${parsed.position})`);
    const { leaf } = parsed.path;
    if (leaf.kind !== 'parameter-or-object') return misused(`${printable(path)} names no parameter`);
    const object = path.slice(0, path.length - leaf.name.length);
    if (object === '') return misused(`${printable(path)} wants the whole path, from Device. on`);
    const settings = objects.get(object) ?? [];
    settings.push({ param: leaf.name, value, required });
    objects.set(object, settings);
  }
  return success([...objects].map(([obj_path, param_settings]) => ({ obj_path, param_settings })));
}

/** `param=value…` for a new row. */
export function readParameters(texts: readonly string[], required: boolean): Result<readonly ParamSetting[]> {
  const read = readAll(texts, '<param>=<value>');
  if (!read.ok) return read;
  return success(read.value.map(({ name, value }) => ({ param: name, value, required })));
}

/** `arg=value…` of a command. */
export function readInputArguments(texts: readonly string[]): Result<ReadonlyMap<string, string>> {
  const read = readAll(texts, '<arg>=<value>');
  return read.ok ? success(new Map(read.value.map(({ name, value }) => [name, value]))) : read;
}
