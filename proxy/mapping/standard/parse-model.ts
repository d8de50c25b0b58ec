// Reads the text of mappings/tr181/model.txt and mappings/tr098/model.txt. Pure; the first line that is not understood ends the reading.
import {
  type Lifetime,
  type Parsed,
  type StandardArgument,
  type StandardCommand,
  type StandardEvent,
  type StandardObject,
  type StandardParameter,
  type UniqueKey,
} from './model.ts';
import { createValueReader, type ValueReader } from './value-line.ts';

/** The model with all its versions together: also what a later version adds, and what one has deleted. */
export interface AllVersions {
  readonly oldest: number;
  readonly newest: number;
  /** In the standard's order, every object after the one above it. */
  readonly objects: ReadonlyMap<string, StandardObject>;
}

interface ObjectDraft extends StandardObject {
  readonly parameters: Map<string, StandardParameter>;
  commands: ReadonlyMap<string, StandardCommand>;
  events: ReadonlyMap<string, StandardEvent>;
  readonly children: string[];
}

/** Most objects have neither commands nor events, and share this. */
const NONE: ReadonlyMap<string, never> = new Map<string, never>();

interface Operation {
  readonly life: Lifetime;
  readonly listOf: (word: string) => StandardArgument[] | undefined;
}

/** Everything the reading of one text needs to remember; lines change it, a string is the reason why one cannot. */
interface Reading {
  readonly values: ValueReader;
  /** Lives by the owner's and the text of the line. */
  readonly lives: Map<Lifetime, Map<string, Lifetime>>;
  /** Parameters by line, for each life that objects have: `Enable boolean rw` stands in hundreds of objects. */
  readonly parameters: Map<Lifetime, Map<string, StandardParameter>>;
  /** Of these, those of the object at hand. */
  shared: Map<string, StandardParameter>;
  readonly objects: Map<string, ObjectDraft>;
  /** Of the header, with the life of what names no version. */
  versions: { readonly oldest: number; readonly newest: number; readonly life: Lifetime } | undefined;
  /** The header's, with its dot. */
  root: string;
  object: ObjectDraft | undefined;
  operation: Operation | undefined;
}

const MODEL_LINE = /^model (Device:2|InternetGatewayDevice:1) (\d+)\.\.(\d+)$/;
const OBJECT_PATH = /^\w+\.(?:[\w-]+\.(?:\{i\}\.)?)*$/;
const NAME = /^[\w-]+$/;
const ARGUMENT_NAME = /^[\w-]+(?:\.[\w-]+|\.\{i\})*$/;
const OPERATION = /^[^ ]*[)!](?: |$)/;
const LIFE = /(?: (?:since|deprecated|obsoleted|deleted)=\d+)+$/;
const LIFE_TOKEN = / (since|deprecated|obsoleted|deleted)=(\d+)/g;

/** The object a path stands in; `{i}` is no level. */
function parentOf(path: string): string {
  const bare = path.slice(0, path.endsWith('.{i}.') ? -'.{i}.'.length : -1);
  return bare.slice(0, bare.lastIndexOf('.') + 1);
}

function lifeOf(text: string, owner: Lifetime): Lifetime {
  const said = new Map([...text.matchAll(LIFE_TOKEN)].map(([, name, minor]) => [name, Number(minor)]));
  const since = said.get('since') ?? owner.since;
  const declines = said.has('deprecated') || said.has('obsoleted') || said.has('deleted');
  if (!declines) return { ...owner, since };
  return { since, deprecated: said.get('deprecated'), obsoleted: said.get('obsoleted'), deleted: said.get('deleted') };
}

/**
 * Takes the versions from the end of a line; what it does not name it has of its owner: `since`, and the stages of its
 * decline together. The same text below the same life gives one object.
 */
function takeLife(reading: Reading, line: string, owner: Lifetime): [text: string, life: Lifetime] {
  const at = line.search(LIFE);
  if (at < 0) return [line, owner];
  const text = line.slice(at);
  const below = reading.lives.get(owner) ?? new Map<string, Lifetime>();
  reading.lives.set(owner, below);
  const life = below.get(text) ?? lifeOf(text, owner);
  below.set(text, life);
  return [line.slice(0, at), life];
}

/** The first word of a line, and all behind the blank after it. */
function takeWord(text: string): [word: string, rest: string] {
  const blank = text.indexOf(' ');
  return blank < 0 ? [text, ''] : [text.slice(0, blank), text.slice(blank + 1)];
}

function uniqueKeysOf(text: string): readonly UniqueKey[] {
  return text.split(';').map((key) => ({
    functional: !key.startsWith('~'),
    names: key.replace('~', '').split(','),
  }));
}

function readObject(reading: Reading, line: string): string | undefined {
  if (reading.versions === undefined) return 'the line `model …` has to come first';
  const [text, life] = takeLife(reading, line, reading.versions.life);
  const [path = '', ...words] = text.split(' ');
  if (!OBJECT_PATH.test(path) || !path.startsWith(reading.root)) return `not an object's path: "${path}"`;
  if (reading.objects.has(path)) return `${path} is there already`;
  let [access, keys]: [StandardObject['access'], readonly UniqueKey[]] = ['readOnly', []];
  let [numEntriesParam, enableParam]: [string | undefined, string | undefined] = [undefined, undefined];
  for (const word of words) {
    if (word === 'rw') access = 'readWrite';
    else if (word.startsWith('keys=')) keys = uniqueKeysOf(word.slice('keys='.length));
    else if (word.startsWith('count=')) numEntriesParam = word.slice('count='.length);
    else if (word.startsWith('enable=')) enableParam = word.slice('enable='.length);
    else return `unknown word "${word}"`;
  }
  const parent = reading.objects.get(parentOf(path));
  if (parent === undefined && reading.objects.size > 0) return `${path} before the object that it is in`;
  parent?.children.push(path);
  reading.shared = reading.parameters.get(life) ?? new Map<string, StandardParameter>();
  reading.parameters.set(life, reading.shared);
  reading.operation = undefined;
  reading.object = {
    path,
    access,
    multi: path.endsWith('.{i}.'),
    uniqueKeys: keys,
    numEntriesParam,
    enableParam,
    parameters: new Map(),
    commands: NONE,
    events: NONE,
    children: [],
    life,
  };
  reading.objects.set(path, reading.object);
  return undefined;
}

function parseParameter(reading: Reading, line: string, owner: Lifetime): StandardParameter | string {
  const [text, life] = takeLife(reading, line, owner);
  const [name, value] = takeWord(text);
  if (!NAME.test(name)) return `not a parameter's name: "${name}"`;
  const facts = reading.values.read(value);
  if (typeof facts === 'string') return facts;
  if (facts.mandatory || facts.defaultValue !== undefined) return 'only arguments are mandatory or have a default';
  const { access, reference, canDeny, secured } = facts;
  return {
    name,
    access,
    value: facts.value,
    reference,
    valueChange: canDeny ? 'WILL_IGNORE' : 'ALLOWED',
    secured,
    life,
  };
}

function readParameter(reading: Reading, object: ObjectDraft, line: string): string | undefined {
  const known = reading.shared.get(line);
  const parameter = known ?? parseParameter(reading, line, object.life);
  if (typeof parameter === 'string') return parameter;
  if (known === undefined) reading.shared.set(line, parameter);
  const before = object.parameters.size;
  object.parameters.set(parameter.name, parameter);
  return object.parameters.size === before ? `${parameter.name} is there already` : undefined;
}

function readOperation(reading: Reading, object: ObjectDraft, line: string): string | undefined {
  const [text, life] = takeLife(reading, line, object.life);
  const [name, type] = takeWord(text);
  if (!NAME.test(name.replace(/(\(\)|!)$/, ''))) return `not the name of a command or event: "${name}"`;
  if (object.commands.has(name) || object.events.has(name)) return `${name} is there already`;
  const inputs: StandardArgument[] = [];
  const outputs: StandardArgument[] = [];
  if (name.endsWith('!')) {
    if (type !== '') return `unknown word "${type}"`;
    object.events = new Map(object.events).set(name, { name, arguments: outputs, life });
    reading.operation = { life, listOf: (word) => (word === 'arg' ? outputs : undefined) };
    return undefined;
  }
  if (type !== 'sync' && type !== 'async') return 'a command is sync or async';
  const command: StandardCommand = { name, type: type === 'sync' ? 'SYNC' : 'ASYNC', inputs, outputs, life };
  object.commands = new Map(object.commands).set(name, command);
  const lists = new Map([
    ['in', inputs],
    ['out', outputs],
  ]);
  reading.operation = { life, listOf: (word) => lists.get(word) };
  return undefined;
}

function readArgument(reading: Reading, operation: Operation, line: string): string | undefined {
  const [text, life] = takeLife(reading, line, operation.life);
  const [word, argument] = takeWord(text);
  const [name, value] = takeWord(argument);
  const list = operation.listOf(word);
  if (list === undefined) return `"${word}" where in or out of a command, or arg of an event, is wanted`;
  if (!ARGUMENT_NAME.test(name)) return `not an argument's name: "${name}"`;
  if (list.some((known) => known.name === name)) return `${name} is there already`;
  const facts = reading.values.read(value);
  if (typeof facts === 'string') return facts;
  if (facts.access !== 'readOnly' || facts.canDeny) return 'arguments have no access and no notification';
  const { reference, mandatory, secured, defaultValue } = facts;
  list.push({ name, value: facts.value, reference, mandatory, secured, defaultValue, life });
  return undefined;
}

function readHeader(reading: Reading, line: string): string | undefined {
  const [, name, oldest, newest] = MODEL_LINE.exec(line) ?? [];
  if (name === undefined) return 'not `model Device:2 <oldest>..<newest>`, nor of InternetGatewayDevice:1';
  if (reading.versions !== undefined) return 'a second line `model …`';
  reading.root = name.replace(/:\d$/, '.');
  const life = { since: Number(oldest), deprecated: undefined, obsoleted: undefined, deleted: undefined };
  reading.versions = { oldest: life.since, newest: Number(newest), life };
  return undefined;
}

const BLANK = 0x20;

/** The number of blanks before a line tells what it is part of: none, an object, or a command or event. */
function readLine(reading: Reading, line: string): string | undefined {
  if (line.charCodeAt(0) === BLANK) {
    if (line.charCodeAt(1) === BLANK) {
      if (reading.operation === undefined) return 'an argument without a command or event above it';
      return readArgument(reading, reading.operation, line.slice(2));
    }
    if (reading.object === undefined) return 'a parameter, command or event without an object above it';
    reading.operation = undefined;
    const member = line.slice(1);
    const isOperation = OPERATION.test(member);
    return (isOperation ? readOperation : readParameter)(reading, reading.object, member);
  }
  if (line === '' || line.startsWith('#')) return undefined;
  if (line.startsWith('model ')) return readHeader(reading, line);
  if (line.startsWith('type ')) return reading.values.defineType(...takeWord(line.slice('type '.length)));
  return readObject(reading, line);
}

export function parseModel(text: string): Parsed<AllVersions> {
  const reading: Reading = {
    values: createValueReader(),
    lives: new Map(),
    parameters: new Map(),
    shared: new Map(),
    objects: new Map(),
    versions: undefined,
    root: '',
    object: undefined,
    operation: undefined,
  };
  let number = 0;
  // Line by line instead of split: ten thousand lines alive at once are what the collector would spend its time on.
  for (let start = 0; start < text.length; number += 1) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const reason = readLine(reading, text.slice(start, end));
    if (reason !== undefined) return { ok: false, line: number + 1, reason };
    start = end + 1;
  }
  if (reading.versions === undefined) return { ok: false, line: number + 1, reason: 'no line `model …`' };
  const { oldest, newest } = reading.versions;
  return { ok: true, value: { oldest, newest, objects: reading.objects } };
}
