// The shipped model against the fact tables that it is made from, row by row; the tables are read when they are there.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { compileTr181, TABLES } from '../../proxy/cli/models/tr181-files.ts';
import {
  loadStandardModel,
  type Interval,
  type Lifetime,
  type Reference,
  type StandardModel,
  type ValueRules,
} from '../../proxy/mapping/standard-model.ts';

const FACTS = resolve('../shared/facts/data-models');
const away = existsSync(FACTS) ? false : 'the fact tables are not here';
const MINORS = [12, 13, 14, 15, 16, 17, 18, 19];

type Row = Readonly<Record<string, string>>;

function readTable(name: string): readonly Row[] {
  const [header = '', ...lines] = readFileSync(resolve(FACTS, name), 'utf8').split('\n');
  const columns = header.split('\t');
  return lines
    .filter((line) => line !== '')
    .map((line) => Object.fromEntries(line.split('\t').map((cell, index) => [columns[index] ?? '', cell])));
}

const rows = away === false ? readTable('tr181-usp.tsv') : [];
const cell = (row: Row, column: string): string => row[column] ?? '';
const minorOf = (version: string): number => Number(version.replace('2.', ''));

function stageOf(row: Row, stage: string): number | undefined {
  const found = cell(row, 'statusHistory')
    .split(' ')
    .find((entry) => entry.startsWith(`${stage}@`));
  return found === undefined ? undefined : minorOf(found.replace(`${stage}@`, ''));
}

function livesAt(row: Row, minor: number): boolean {
  return minorOf(cell(row, 'since')) <= minor && (stageOf(row, 'deleted') ?? Infinity) > minor;
}

function lifeOf(row: Row): Lifetime {
  return {
    since: minorOf(cell(row, 'since')),
    deprecated: stageOf(row, 'deprecated'),
    obsoleted: stageOf(row, 'obsoleted'),
    deleted: stageOf(row, 'deleted'),
  };
}

/** `range 0..15` and the like of the constraint column as intervals; those that allow everything are as good as none. */
function intervalsOf(row: Row, word: string): readonly Interval[] | undefined {
  const text = new RegExp(`(?:^|[; ])${word} ([^ ;]+)`).exec(cell(row, 'constraint').replace(/pat .*?(; |$)/, ''))?.[1];
  if (text === undefined) return undefined;
  const intervals = text.split(',').map((part) => {
    const [low = '', high = low] = part.split('..');
    const top = high === '' || high === 'unbounded' ? Infinity : Number(high);
    const lowest = low === '' || (low === '0' && high !== low && word !== 'range') ? -Infinity : Number(low);
    return { low: lowest, high: top };
  });
  return intervals.some(({ low, high }) => low === -Infinity && high === Infinity) ? undefined : intervals;
}

const VALUE_TYPE: Readonly<Record<string, string>> = {
  base64: 'BASE_64',
  boolean: 'BOOLEAN',
  dateTime: 'DATE_TIME',
  decimal: 'DECIMAL',
  hexBinary: 'HEX_BINARY',
  int: 'INT',
  long: 'LONG',
  string: 'STRING',
  unsignedInt: 'UNSIGNED_INT',
  unsignedLong: 'UNSIGNED_LONG',
};

function rulesOf(row: Row): ValueRules {
  const [base = '', typeName] = cell(row, 'type').split(':');
  const itemType = (VALUE_TYPE[base] ?? base) as ValueRules['itemType'];
  const list = cell(row, 'list') === '1';
  const enumeration = cell(row, 'enum');
  const step = /step (\d+)/.exec(cell(row, 'constraint'))?.[1];
  return {
    valueType: list ? 'STRING' : itemType,
    itemType,
    list,
    typeName,
    enumeration: enumeration === '' ? undefined : enumeration.split('|').map((value) => value.replace(/\^$/, '')),
    ranges: intervalsOf(row, 'range'),
    step: step === undefined ? undefined : Number(step),
    lengths: intervalsOf(row, 'len'),
    pattern: /pat (.*?)(?:; |$)/.exec(cell(row, 'constraint'))?.[1]?.replaceAll('~', '|'),
    itemCounts: intervalsOf(row, 'items'),
    listLengths: intervalsOf(row, 'listlen'),
  };
}

/** A reference as the table says it, but for its targets, of which only the number and the ends are the same. */
function referenceOf(row: Row): unknown {
  const [first = '', second = '', ...rest] = cell(row, 'ref').split(' ');
  if (first === '') return undefined;
  const nullValue = rest.find((word) => word.startsWith('null='))?.slice('null='.length);
  if (first === 'enumRef') return { kind: 'values', nullValue, ends: [endOf(second)] };
  return { kind: second, strength: first, ends: rest.map(endOf) };
}

function endOf(target: string): string {
  return target
    .replace(/^[#.]+/, '')
    .replace(/^Device\./, '')
    .replace(/\{i\}\.$/, '');
}

/** The same of a reference of the model; a target that leads nowhere shows as such. */
function seenReference(row: Row, reference: Reference | undefined, model: StandardModel): unknown {
  if (reference === undefined) return undefined;
  const wanted = cell(row, 'ref')
    .split(' ')
    .slice(reference.kind === 'values' ? 1 : 2)
    .map(endOf);
  const ends = (reference.kind === 'values' ? [reference.target] : reference.targets).map((target, index) => {
    const there = target.includes('()') || model.object(target) !== undefined || model.parameter(target) !== undefined;
    const end = wanted[index] ?? '';
    return there && endOf(target).endsWith(end) ? end : target;
  });
  if (reference.kind === 'values') return { kind: 'values', nullValue: reference.nullValue, ends };
  return { kind: reference.kind, strength: reference.strength, ends };
}

/** What a row says of its thing. */
function toldBy(row: Row): unknown {
  const flags = cell(row, 'flags').split(' ');
  switch (cell(row, 'kind')) {
    case 'object':
      return {
        access: cell(row, 'access') === 'readWrite' ? 'readWrite' : 'readOnly',
        multi: cell(row, 'multi') === '1',
        keys: cell(row, 'uniqueKeys'),
        numEntriesParam: cell(row, 'numEntriesParam'),
        enableParam: /enableParam=(\S+)/.exec(cell(row, 'flags'))?.[1],
        life: lifeOf(row),
      };
    case 'param':
      return {
        access: cell(row, 'access'),
        value: rulesOf(row),
        valueChange: flags.includes('notify=canDeny') ? 'WILL_IGNORE' : 'ALLOWED',
        secured: flags.includes('secured'),
        reference: referenceOf(row),
        life: lifeOf(row),
      };
    case 'command':
      return { type: cell(row, 'type').toUpperCase(), life: lifeOf(row) };
    case 'event':
      return { life: lifeOf(row) };
    case 'input':
    case 'output':
    case 'event-arg':
      return {
        value: rulesOf(row),
        mandatory: cell(row, 'mandatory') === '1',
        secured: flags.includes('secured'),
        defaultValue: row['kind'] === 'input' ? /^[a-z]=(.*)$/.exec(cell(row, 'default'))?.[1] : undefined,
        reference: referenceOf(row),
        life: lifeOf(row),
      };
    default:
      return 'an object among arguments';
  }
}

const ARGUMENT = /^([^(!]*(?:\(\)|!))\.(?:(Input|Output)\.)?(.*)$/;

/** What the model has under the row's path, in the same shape. */
function seenIn(model: StandardModel, row: Row): unknown {
  const path = cell(row, 'path');
  switch (cell(row, 'kind')) {
    case 'object': {
      const object = model.object(path);
      if (object === undefined) return undefined;
      const { access, multi, uniqueKeys, numEntriesParam = '', enableParam, life } = object;
      const keys = uniqueKeys.map(({ functional, names }) => `${functional ? '' : '~'}${names.join(',')}`).join(';');
      return { access, multi, keys, numEntriesParam, enableParam, life };
    }
    case 'param': {
      const parameter = model.parameter(path);
      if (parameter === undefined) return undefined;
      const { access, value, valueChange, secured, life } = parameter;
      return { access, value, valueChange, secured, reference: seenReference(row, parameter.reference, model), life };
    }
    case 'command': {
      const command = model.command(path);
      return command && { type: command.type, life: command.life };
    }
    case 'event': {
      const event = model.event(path);
      return event && { life: event.life };
    }
    default: {
      const [, operation = '', direction, name = ''] = ARGUMENT.exec(path) ?? [];
      const command = model.command(operation);
      const ofCommand = direction === 'Input' ? command?.inputs : command?.outputs;
      const all = (direction === undefined ? model.event(operation)?.arguments : ofCommand) ?? [];
      if (path.endsWith('.'))
        return all.some((one) => one.name.startsWith(name)) ? 'an object among arguments' : undefined;
      const argument = all.find((one) => one.name === name);
      if (argument === undefined) return undefined;
      const { value, mandatory, secured, defaultValue, life } = argument;
      const reference = seenReference(row, argument.reference, model);
      return { value, mandatory, secured, defaultValue, reference, life };
    }
  }
}

t.test('every row is in the model, and the model says the same', { skip: away }, async (t) => {
  t.equal(rows.length, 8918);
  const differing = rows.flatMap((row) => {
    const model = loadStandardModel((stageOf(row, 'deleted') ?? 20) - 1);
    const [told, seen] = [toldBy(row), seenIn(model, row)];
    return isDeepStrictEqual(told, seen) ? [] : [{ path: row['path'], told, seen }];
  });
  t.same(differing.slice(0, 5), []);
});

t.test('every version has as many of each as the table, and nothing else', { skip: away }, async (t) => {
  for (const minor of MINORS) {
    const count = (kind: string): number => rows.filter((row) => row['kind'] === kind && livesAt(row, minor)).length;
    const objects = [...loadStandardModel(minor).objects.values()];
    const commands = objects.flatMap((object) => [...object.commands.values()]);
    const events = objects.flatMap((object) => [...object.events.values()]);
    t.same(
      {
        objects: objects.length,
        parameters: objects.reduce((sum, { parameters }) => sum + parameters.size, 0),
        commands: commands.length,
        events: events.length,
        inputs: commands.reduce((sum, { inputs }) => sum + inputs.length, 0),
        outputs: commands.reduce((sum, { outputs }) => sum + outputs.length, 0),
        eventArguments: events.reduce((sum, event) => sum + event.arguments.length, 0),
        children: objects.reduce((sum, { children }) => sum + children.length, 0),
      },
      {
        objects: count('object'),
        parameters: count('param'),
        commands: count('command'),
        events: count('event'),
        inputs: count('input'),
        outputs: count('output'),
        eventArguments: count('event-arg'),
        children: count('object') - 1,
      },
      `2.${minor}`,
    );
  }
  t.equal(
    [...loadStandardModel(19).objects.values()].reduce((sum, { parameters }) => sum + parameters.size, 0),
    6722 - 141,
  );
});

t.test('the files in the repository are what the script makes of the facts', { skip: away }, async (t) => {
  const table = (name: string): string => readFileSync(resolve(FACTS, name), 'utf8');
  const { files, problems } = compileTr181({
    usp: table(TABLES.usp),
    cwmp: table(TABLES.cwmp),
    difference: table(TABLES.difference),
  });
  t.same(problems, []);
  for (const { name, text } of files) {
    // Not t.equal: a difference of 400 KB helps nobody.
    t.ok(text === readFileSync(resolve('mappings/tr181', name), 'utf8'), `${name}: run npm run mappings:tr181`);
  }
  t.same(
    files.map(({ name }) => name),
    ['model.txt', 'cwmp-difference.txt'],
  );
});
