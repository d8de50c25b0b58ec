// A dump: the parameters of one device, read from a file into the tree that its simulated twins share.
// Two formats. Our own, one row a line, five columns with tabs between:
//   path  type  writable(0|1)  value  facets
// where the type of an object is `object`; `\t`, `\n` and `\\` stand for themselves in values; facets are `;`-separated
// (see `facetsOf`). A path through `{i}` says what a new instance of that table looks like; the instances that a dump
// lists take from it whether they can be deleted and which tables they hold. Other objects without a row are read-only. And the CSV of facts/data-models/samples: Parameter,Object,Writable,Value,Value type.
import { readFileSync } from 'node:fs';
import {
  below,
  EMPTY_OBJECT,
  isInstanceName,
  isObjectPath,
  isTable,
  nameOf,
  objectAt,
  NO_FACETS,
  parentOf,
  replaceAt,
  segmentsOf,
  type Node,
  type ObjectNode,
} from './tree.ts';
import { emptyValue, isValueType, type Facets, type ValueType } from './value-type.ts';

export interface DumpRow {
  readonly path: string;
  readonly type: ValueType | 'object';
  readonly writable: boolean;
  readonly value: string;
  readonly facets: Facets;
}

export interface Dump {
  /** `Device.` or `InternetGatewayDevice.` */
  readonly root: string;
  readonly top: ObjectNode;
  /** Parameters that go with every Inform. */
  readonly informPaths: readonly string[];
}

/** What TR-181 and TR-098 demand of these parameters in every device, whoever wrote its dump. */
const WELL_KNOWN: readonly (readonly [RegExp, Facets])[] = [
  [
    /^(Device|InternetGatewayDevice)\.DeviceInfo\.(SoftwareVersion|ProvisioningCode)$/,
    { inform: true, notification: 'forced' },
  ],
  [/^(Device|InternetGatewayDevice)\.DeviceInfo\.(HardwareVersion|SpecVersion)$/, { inform: true }],
  [
    /^(Device|InternetGatewayDevice)\.ManagementServer\.ConnectionRequestURL$/,
    { inform: true, notification: 'active' },
  ],
  [/^(Device|InternetGatewayDevice)\.ManagementServer\.ParameterKey$/, { inform: true, notification: 'denied' }],
  [/^(Device|InternetGatewayDevice)\.ManagementServer\.(ConnectionRequest)?Password$/, { hidden: true }],
  [/^Device\.RootDataModelVersion$/, { inform: true }],
  [/^(Device|InternetGatewayDevice)\.ManagementServer\.AliasBasedAddressing$/, { inform: true }],
  [/^InternetGatewayDevice\.DeviceSummary$/, { inform: true }],
];

const wellKnownFacets = (path: string): Facets =>
  WELL_KNOWN.reduce<Facets>(
    (facets, [pattern, more]) => (pattern.test(path) ? { ...facets, ...more } : facets),
    NO_FACETS,
  );

/** `enum=a|b; each=a|b; range=1..64; length=..64; count=Table; forced; active; denied; inform; hidden`. */
export function facetsOf(text: string): Facets {
  let facets: Facets = NO_FACETS;
  for (const facet of text.split(';').map((part) => part.trim())) {
    if (facet === '') continue;
    const [name = '', argument = ''] = facet.split('=', 2);
    facets = { ...facets, ...facetOf(name, argument) };
  }
  return facets;
}

function facetOf(name: string, argument: string): Facets {
  switch (name) {
    case 'enum':
      return { enumeration: argument.split('|') };
    case 'each':
      return { enumeration: argument.split('|'), list: true };
    case 'range': {
      const [least = '', most = ''] = argument.split('..');
      return {
        ...(least !== '' && { minimum: BigInt(least) }),
        ...(most !== '' && { maximum: BigInt(most) }),
      };
    }
    case 'length':
      return { longest: Number(argument.replace(/^.*\.\./, '')) };
    case 'count':
      return { countOf: argument };
    case 'forced':
    case 'active':
    case 'denied':
      return { notification: name };
    case 'inform':
      return { inform: true };
    case 'hidden':
      return { hidden: true };
    default:
      throw new Error(`a dump has the unknown facet "${name}"`);
  }
}

const unescape = (text: string): string =>
  text.replace(/\\([tn\\])/g, (_, letter: string) => (letter === 't' ? '\t' : letter === 'n' ? '\n' : '\\'));
export const escapeValue = (text: string): string =>
  text.replace(/[\\\t\n]/g, (found) => (found === '\t' ? '\\t' : found === '\n' ? '\\n' : '\\\\'));

export function readTsv(text: string): DumpRow[] {
  const rows: DumpRow[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [path = '', type = '', writable = '', value = '', facets = ''] = line.split('\t');
    if (type !== 'object' && !isValueType(type)) throw new Error(`dump line ${index + 1}: unknown type "${type}"`);
    if (isObjectPath(path) !== (type === 'object')) throw new Error(`dump line ${index + 1}: ${path} is no ${type}`);
    rows.push({ path, type, writable: writable === '1', value: unescape(value), facets: facetsOf(facets) });
  }
  return rows;
}

/** One CSV record's fields (RFC 4180); the samples have no line break inside a field. */
function csvFields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
}

/** `DeviceID.*` rows are the collector's own notes, not parameters. */
export function readCsv(text: string): DumpRow[] {
  const rows: DumpRow[] = [];
  for (const line of text.split(/\r?\n/).slice(1)) {
    const [name = '', object = '', writable = '', value = '', xsdType = ''] = csvFields(line);
    if (name === '' || name.startsWith('DeviceID.')) continue;
    const type = xsdType.replace(/^.*:/, '');
    if (object === 'true') rows.push(objectRow(`${name}.`, writable === 'true'));
    else
      rows.push({
        path: name,
        type: isValueType(type) ? type : 'string',
        writable: writable === 'true',
        value,
        facets: NO_FACETS,
      });
  }
  return rows;
}

const objectRow = (path: string, writable: boolean): DumpRow => ({
  path,
  type: 'object',
  writable,
  value: '',
  facets: NO_FACETS,
});

/** Objects under construction; frozen into ObjectNodes once all rows are read. */
interface Draft {
  /** undefined: no row said. */
  writable: boolean | undefined;
  readonly children: Map<string, Draft | Node>;
}
const newDraft = (): Draft => ({ writable: undefined, children: new Map() });
const isDraft = (child: Draft | Node | undefined): child is Draft => child !== undefined && !('kind' in child);

function draftAt(top: Draft, segments: readonly string[]): Draft {
  let draft = top;
  for (const segment of segments) {
    const child = draft.children.get(segment);
    const next = isDraft(child) ? child : newDraft();
    if (child !== next) draft.children.set(segment, next);
    draft = next;
  }
  return draft;
}

const childObject = (object: ObjectNode | undefined, name: string): ObjectNode | undefined => {
  const child = object?.children.get(name);
  return child?.kind === 'object' ? child : undefined;
};

/** `pattern` is what the template of a table says of this object, for one that lies in an instance. */
function freeze(draft: Draft, pattern?: ObjectNode): ObjectNode {
  const own = draft.children.get('{i}');
  const template = isDraft(own) ? freeze(own, pattern?.template) : pattern?.template;
  const children = new Map<string, Node>();
  for (const [name, child] of draft.children) {
    if (name === '{i}') continue;
    const below = isInstanceName(name) ? template : childObject(pattern, name);
    children.set(name, isDraft(child) ? freeze(child, below) : child);
  }
  for (const [name, node] of pattern?.children ?? []) {
    if (node.kind === 'object' && isTable(node) && !children.has(name)) children.set(name, node);
  }
  const writable = draft.writable ?? pattern?.writable ?? false;
  return { kind: 'object', writable, children, ...(template !== undefined && { template }) };
}

export function dumpOf(rows: readonly DumpRow[]): Dump {
  const draft = newDraft();
  for (const { path, type, writable, value, facets } of rows) {
    if (type === 'object') draftAt(draft, segmentsOf(path)).writable = writable;
    else {
      draftAt(draft, segmentsOf(parentOf(path))).children.set(nameOf(path), {
        kind: 'parameter',
        type,
        writable,
        value: value === '' && type !== 'string' ? emptyValue(type) : value,
        facets: { ...wellKnownFacets(path), ...facets },
      });
    }
  }
  const top = freeze(draft);
  const [root] = top.children.keys();
  if (root === undefined || top.children.size !== 1) throw new Error('a dump has exactly one root object');
  const informPaths = [...below('', top)].filter(({ node }) => node.kind === 'parameter' && node.facets.inform);
  return { root: `${root}.`, top, informPaths: informPaths.map(({ path }) => path) };
}

/** Reads a dump file; `.csv` is the format of the samples, everything else our own. */
export const readDump = (path: string): Dump => {
  const text = readFileSync(path, 'utf8');
  return dumpOf(path.endsWith('.csv') ? readCsv(text) : readTsv(text));
};

/** The tree with these parameters holding these values; one that the dump lacks becomes a string, writable or not. */
export function withParameters(
  top: ObjectNode,
  values: Readonly<Record<string, string>>,
  writable = false,
): ObjectNode {
  let tree = top;
  const paths = Object.keys(values);
  // Object by object, so that each is copied once: every device of a bench comes through here.
  for (const parent of new Set(paths.map(parentOf))) {
    const object = objectAt(tree, parent) ?? EMPTY_OBJECT;
    const children = new Map(object.children);
    for (const path of paths.filter((candidate) => parentOf(candidate) === parent)) {
      const known = children.get(nameOf(path));
      const value = values[path] ?? '';
      children.set(
        nameOf(path),
        known?.kind === 'parameter'
          ? { ...known, value }
          : { kind: 'parameter', type: 'string', writable, value, facets: wellKnownFacets(path) },
      );
    }
    tree = replaceAt(tree, segmentsOf(parent), { ...object, children });
  }
  return tree;
}
