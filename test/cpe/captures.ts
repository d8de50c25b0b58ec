// Reads the captured sessions of real programs at ../shared/facts/captures, where they are: third-party material that is
// looked at there and never copied here.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_FACETS } from './tree.ts';
import { dumpOf, type Dump, type DumpRow } from './dump.ts';
import type { DialectName } from './dialects.ts';
import type { FaultRule } from './fault-rules.ts';
import { childOf, readEnvelope, textOf, type Element, type Envelope } from './soap-read.ts';
import { isValueType, type ValueType } from './value-type.ts';

const folder = join(process.cwd(), '../shared/facts/captures');

export const capturesAreHere = existsSync(folder);

/** Capture folders, and the dialect that should speak like the program in them. */
export const captured: readonly (readonly [folder: string, dialect: DialectName])[] = [
  ['cwmp-sim-device', 'cwmp-sim'],
  ['cwmp-sim-igd', 'cwmp-sim'],
  ['easycwmp', 'easycwmp'],
  ['easycwmp-reboot', 'easycwmp'],
  ['genieacs-sim', 'genieacs-sim'],
  ['genieacs-sim-nonascii', 'genieacs-sim'],
  ['mhils-python', 'mhils'],
  ['netcwmp', 'netcwmp'],
  ['netcwmp-digest', 'netcwmp'],
  ['orange-tr069agent', 'orange'],
];

export interface Message {
  /** `007-cpe-GetRPCMethodsResponse` */
  readonly name: string;
  readonly from: 'cpe' | 'acs';
  /** The body's element as the capture names it: `Inform`, `Fault`; '' for an empty POST. */
  readonly kind: string;
  /** `POST /acs HTTP/1.1` or `HTTP/1.1 200 OK` */
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** undefined for an empty body, and for one that is no well-formed envelope. */
  readonly envelope: Envelope | undefined;
}

/** The messages between CPE and ACS, in order; Connection Requests and files are left out. */
export function readCapture(name: string): Message[] {
  return readdirSync(join(folder, name))
    .sort()
    .filter((file) => /^\d+-(cpe|acs)-/.test(file) && !/-(file|GET-file|HTTP-PARSE)/.test(file))
    .map((file) => messageOf(file.replace('.txt', ''), readFileSync(join(folder, name, file), 'utf8')));
}

function messageOf(name: string, text: string): Message {
  const end = /\r?\n\r?\n/.exec(text);
  const head = end === null ? text : text.slice(0, end.index);
  const body = end === null ? '' : text.slice(end.index + end[0].length);
  const [startLine = '', ...lines] = head.split(/\r?\n/);
  const read = readEnvelope(body);
  return {
    name,
    from: name.includes('-cpe-') ? 'cpe' : 'acs',
    kind: name.includes('empty-POST') ? '' : (/^\d+-\w+-(\w+)/.exec(name)?.[1] ?? ''),
    startLine,
    headers: lines.map((line) => [line.replace(/:.*$/, ''), line.replace(/^[^:]*: ?/, '')] as const),
    body: body.trim() === '' ? '' : body,
    envelope: read.ok ? read.envelope : undefined,
  };
}

/** A dump of what the CPE of a capture said of itself: names and writability, values and types. */
export function dumpOfCapture(messages: readonly Message[]): Dump {
  const rows = new Map<string, DumpRow>();
  const remember = (path: string, change: Partial<DumpRow>): void => {
    const isObject = path.endsWith('.');
    const row: DumpRow = { path, type: isObject ? 'object' : 'string', writable: false, value: '', facets: NO_FACETS };
    rows.set(path, { ...row, ...rows.get(path), ...change });
  };
  for (const [index, { envelope, from }] of messages.entries()) {
    if (envelope === undefined) continue;
    if (from === 'acs') {
      const taken = messages[index + 1]?.envelope?.content.local === `${envelope.content.local}Response`;
      if (taken) for (const [path, type] of writtenBy(envelope.content)) remember(path, { writable: true, ...type });
      continue;
    }
    for (const item of childOf(envelope.content, 'ParameterList')?.children ?? []) {
      const path = textOf(item, 'Name') ?? '';
      const writable = textOf(item, 'Writable');
      if (writable !== undefined) remember(path, { writable: /1|true/.test(writable) });
      const value = childOf(item, 'Value');
      if (value !== undefined && !path.endsWith('.')) remember(path, { value: value.text, type: typeOf(value) });
    }
  }
  return dumpOf([...rows.values()]);
}

/** What an RPC writes, adds to or deletes; that the CPE took it shows that it can be. */
function writtenBy(request: Element): (readonly [path: string, type: Pick<DumpRow, 'type'> | undefined])[] {
  const object = textOf(request, 'ObjectName');
  if (object !== undefined) return [[object, undefined]];
  if (request.local !== 'SetParameterValues') return [];
  const settings = childOf(request, 'ParameterList')?.children ?? [];
  return settings.map((item) => [textOf(item, 'Name') ?? '', { type: typeOf(childOf(item, 'Value')) }]);
}

/** The xsi:type of a value without prefix, and without what is no letter (quirk 18). */
function typeOf(value: Element | undefined): ValueType {
  const name = (value?.attributes.get('xsi:type')?.value ?? '').replace(/^.*:/, '').replaceAll(/[^A-Za-z0-9]/g, '');
  return isValueType(name) ? name : 'string';
}

/**
 * The structure of an envelope's body, one line for each distinct place in it: path with prefixes, and the attributes
 * that say something of types. In arrayType the count becomes `#`, or `0#` when it is padded; what is no letter of a type
 * (a soft hyphen, quirk 18) is dropped; items of an array fall together.
 */
export function structureOf(envelope: Envelope): string[] {
  const lines = new Set<string>();
  visit(envelope.content, '', lines);
  return [...lines];
}

/** The distinct places of an envelope's body, without attributes, in the order in which they first appear. */
export const orderOf = (envelope: Envelope): string[] => [
  ...new Set(structureOf(envelope).map((line) => line.replace(/ .*$/, ''))),
];

function visit(element: Element, path: string, lines: Set<string>): void {
  const name = element.prefix === '' ? element.local : `${element.prefix}:${element.local}`;
  const here = `${path}/${name}`;
  const attributes = [...element.attributes]
    .filter(([attribute]) => !attribute.startsWith('xmlns'))
    .map(
      ([attribute, { value }]) =>
        ` ${attribute}=${value.replace(/\[(0?)\d+\]$/, '[$1#]').replaceAll(/[^\w:[\]#-]/g, '')}`,
    );
  lines.add(here + attributes.join(''));
  for (const child of element.children) visit(child, here, lines);
}

/** An RPC of the ACS and what the CPE of the capture answered, empty POSTs included; not where a new session came. */
export function* rpcsIn(messages: readonly Message[]): Generator<readonly [request: Message, answer: Message]> {
  for (const [index, message] of messages.entries()) {
    const answer = messages[index + 1];
    const isRpc = message.from === 'acs' && message.name.includes('-RPC-');
    if (isRpc && answer?.from === 'cpe' && answer.kind !== 'Inform') yield [message, answer];
  }
}

/** Where the captured program answered with a fault for a reason of its own, the rule that makes our CPE do so, once. */
export function faultOfItsOwn(request: Message, answer: Message): FaultRule[] {
  const code = answer.envelope === undefined ? undefined : codeIn(answer.envelope.content);
  const method = request.envelope?.content.local;
  const shared = code === undefined || ['0', '9000', '9003', '9008'].includes(code) || request.name.includes('gpvBad');
  return shared || method === undefined ? [] : [{ method, answer: Number(code), times: 1 }];
}

const codeIn = (element: Element): string | undefined =>
  textOf(element, 'FaultCode') ?? element.children.map(codeIn).find((found) => found !== undefined);
