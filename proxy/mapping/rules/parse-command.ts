// `commands:` of a rule file: tests that a CPE runs by itself, and commands that are done by writing parameters.
import {
  entriesOf,
  field,
  fieldsOf,
  isMap,
  itemsOf,
  placeOf,
  refuse,
  textOf,
  textsOf,
  type Entry,
  type Reader,
} from './parse-node.ts';
import { objectOf, parameterOf } from './parse-path.ts';
import { settingsOf } from './parse-source.ts';
import { codecOf } from './parse-value.ts';
import type { CodecRule, CommandRule, InputRule } from './document.ts';

const TEST_FIELDS = ['test', 'state', 'inputs', 'outputs', 'lasts'];
const SET_FIELDS = ['at', 'set', 'inputs'];

/** `Host: Host`, `DSCP: { to, as, default }`, `ProtocolVersion: { only: [Any, IPv4] }`, `Interface: { names: DSL.Channel }`. */
function inputOf(reader: Reader, { name, value }: Entry): InputRule | undefined {
  if (!isMap(value)) {
    const to = parameterOf(reader, value, name);
    return to === undefined ? undefined : { to, as: undefined, defaultValue: undefined, only: [], names: undefined };
  }
  const fields = fieldsOf(reader, value, name, ['to', 'as', 'default', 'only', 'names']);
  if (fields === undefined) return undefined;
  if (!['to', 'only', 'names'].some((one) => fields.has(one))) {
    return refuse(reader, value, `${name} needs to, only or names`);
  }
  return {
    to: field(fields, 'to', (node) => parameterOf(reader, node, 'to')),
    as: field(fields, 'as', (node) => codecOf(reader, node)),
    defaultValue: field(fields, 'default', (node) => textOf(reader, node, 'default')),
    only: field(fields, 'only', (node) => textsOf(reader, node, 'only')) ?? [],
    names: field(fields, 'names', (node) => textOf(reader, node, 'names')),
  };
}

function outputOf(
  reader: Reader,
  { name, value }: Entry,
): { readonly from: string; readonly as: CodecRule | undefined } | undefined {
  if (!isMap(value)) {
    const from = parameterOf(reader, value, name);
    return from === undefined ? undefined : { from, as: undefined };
  }
  const fields = fieldsOf(reader, value, name, ['from', 'as']);
  if (fields === undefined) return undefined;
  const from = field(fields, 'from', (node) => parameterOf(reader, node, 'from'));
  if (from === undefined) return refuse(reader, value, `${name} needs from: a parameter of the CPE`);
  return { from, as: field(fields, 'as', (node) => codecOf(reader, node)) };
}

function mapOf<T>(
  reader: Reader,
  node: unknown,
  what: string,
  read: (reader: Reader, entry: Entry) => T | undefined,
): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const entry of entriesOf(reader, node, what) ?? []) {
    parameterOf(reader, entry.key, what);
    const value = read(reader, entry);
    if (value !== undefined) map.set(entry.name, value);
  }
  return map;
}

function testOf(reader: Reader, { name, key, value }: Entry): CommandRule | undefined {
  const fields = fieldsOf(reader, value, name, TEST_FIELDS);
  if (fields === undefined) return undefined;
  const at = field(fields, 'test', (node) => objectOf(reader, node, 'test'));
  if (at === undefined) return undefined;
  return {
    kind: 'test',
    place: placeOf(reader, key),
    command: name,
    at,
    state: field(fields, 'state', (node) => parameterOf(reader, node, 'state')) ?? 'DiagnosticsState',
    inputs: field(fields, 'inputs', (node) => mapOf(reader, node, 'inputs', inputOf)) ?? new Map(),
    outputs: field(fields, 'outputs', (node) => mapOf(reader, node, 'outputs', outputOf)) ?? new Map(),
    lasts: field(fields, 'lasts', (node) => textsOf(reader, node, 'lasts')) ?? [],
  };
}

/** `at` may name several objects: each is a rule of its own. */
function settingsFor(reader: Reader, { name, key, value }: Entry): readonly CommandRule[] {
  const fields = fieldsOf(reader, value, name, SET_FIELDS);
  if (fields === undefined) return [];
  const set = field(fields, 'set', (node) => settingsOf(reader, node)) ?? [];
  const inputs = field(fields, 'inputs', (node) => mapOf(reader, node, 'inputs', inputOf)) ?? new Map();
  if (!fields.has('at') || set.length + inputs.size === 0) {
    refuse(reader, key, `${name} needs test, or at and set, or at and inputs`);
    return [];
  }
  const objects = itemsOf(fields.get('at')).map((node) => objectOf(reader, node, 'at'));
  const place = placeOf(reader, key);
  return objects.flatMap((at) => (at === undefined ? [] : [{ kind: 'set', place, command: name, at, set, inputs }]));
}

export function commandsOf(reader: Reader, node: unknown): readonly CommandRule[] {
  return (entriesOf(reader, node, 'commands') ?? []).flatMap((entry) => {
    if (!/^(?:[A-Z][A-Za-z0-9]*\.(?:\{[a-z][A-Za-z0-9]*\}\.)*)*[A-Z][A-Za-z0-9]*\(\)$/.test(entry.name)) {
      refuse(reader, entry.key, `"${entry.name}" is no command, like IP.Diagnostics.IPPing()`);
      return [];
    }
    const isTest = isMap(entry.value) && entry.value.has('test');
    if (!isTest) return settingsFor(reader, entry);
    const rule = testOf(reader, entry);
    return rule === undefined ? [] : [rule];
  });
}
