// A small model for random trees: two tables whose rows refer to each other, with a table and an object inside each row.
// The view of it translates nothing, and the CPE has just what the tree says.
import { LocalAgent } from '../../proxy/agent/local-agent/local-agent.ts';
import { NO_ROWS } from '../../proxy/agent/local-agent/rows.ts';
import { AgentModel } from '../../proxy/agent/model.ts';
import type { Answer, CpeAccess } from '../../proxy/device/access.ts';
import { EMPTY_LEDGER } from '../../proxy/device/ledger.ts';
import type { InstanceTree, TreeObject } from '../../proxy/device/instance-tree/tree.ts';
import type { SupportedObject, SupportedParameter } from '../../proxy/mapping/supported.ts';
import type { Reading, View } from '../../proxy/mapping/view.ts';
import { lastNameOf, parentOf } from '../../proxy/path/concrete.ts';
import type { ValueType } from '../../proxy/path/value-type.ts';
import type { CpeRequest } from '../../proxy/rpc/methods.ts';
import { recordOf } from './device-record.ts';

/** Object → its values. */
export type RandomTree = ReadonlyMap<string, Readonly<Record<string, string>>>;

const PATH: ValueType = { base: 'string', equality: 'path' };
const TYPES = {
  Name: { base: 'string' },
  Count: { base: 'unsignedInt' },
  Enable: { base: 'boolean' },
  Ref: PATH,
  Refs: { ...PATH, list: {} },
} satisfies Readonly<Record<string, ValueType>>;
const PARAMETERS: ReadonlyMap<string, SupportedParameter> = new Map(
  Object.entries(TYPES).map(([name, type]) => [
    name,
    { name, type, access: 'readWrite', valueChange: 'ALLOWED', secured: false, isReference: name.startsWith('Ref') },
  ]),
);

const KIND_PATHS = ['Device.', ...['T', 'U'].flatMap((table) => rowsOfKind(`Device.${table}.{i}.`))];
function rowsOfKind(row: string): readonly string[] {
  return [row, `${row}Inner.`, `${row}Sub.{i}.`, `${row}Sub.{i}.Inner.`];
}

export const KINDS: ReadonlyMap<string, SupportedObject> = new Map(
  KIND_PATHS.map((path) => [
    path,
    {
      path,
      multi: path.endsWith('{i}.'),
      creatable: false,
      deletable: false,
      uniqueKeys: [],
      enableParameter: undefined,
      parameters: path === 'Device.' ? new Map() : PARAMETERS,
      commands: new Map(),
      events: new Map(),
      children: KIND_PATHS.filter((one) => parentOf(one.replace(/\{i\}\.$/, '')) === path),
    },
  ]),
);

export type RowValues = Readonly<Record<keyof typeof TYPES, string>>;

/** Rows of T, of U and of each Sub; the values are dealt out to the objects in turn. */
export function treeOf(
  ts: readonly number[],
  us: readonly number[],
  subs: readonly number[],
  values: readonly RowValues[],
): RandomTree {
  const rows = [...ts.map((number) => `Device.T.${number}.`), ...us.map((number) => `Device.U.${number}.`)];
  const all = rows.flatMap((row) => [row, ...subs.map((number) => `${row}Sub.${number}.`)]);
  const paths = all.flatMap((row) => [row, `${row}Inner.`]);
  return new Map([
    ['Device.', {}],
    ...paths.map((path, index) => [path, values[index % values.length] ?? {}] as const),
  ]);
}

/** The tree as the CPE lists it: a table without rows is not listed. */
function instancesOf(tree: RandomTree): InstanceTree {
  const objects = new Map<string, TreeObject>();
  for (const [path, values] of tree) {
    const parameters = new Map(Object.keys(values).map((name) => [name, true] as const));
    objects.set(path, { path, writable: false, parameters, objects: [], instances: [] });
    const number = Number(lastNameOf(path));
    if (Number.isNaN(number)) continue;
    const table = parentOf(path);
    const before = objects.get(table)?.instances ?? [];
    const instances = [...before, number].sort((one, other) => one - other);
    objects.set(table, { path: table, writable: false, parameters: new Map(), objects: [], instances });
  }
  return { root: 'Device.', objects };
}

const readingOf = (path: string): Reading => ({
  cpeNames: [path],
  secured: false,
  valueOf: ({ values }) => {
    const item = values.get(path);
    return item === undefined ? { kind: 'missing' } : { kind: 'value', value: item.Value };
  },
});

/** The model over a CPE that has just the tree. */
export function modelOver(tree: RandomTree): AgentModel {
  const instances = instancesOf(tree);
  const view: View = {
    supported: { objects: KINDS },
    dataModelUri: '',
    doubts: () => undefined,
    instances: ({ root, objects }) => ({
      root,
      objects,
      readings: (object) => {
        const names = [...(objects.get(object)?.parameters.keys() ?? [])];
        return new Map(names.map((name) => [name, readingOf(object + name)]));
      },
    }),
    fit: () => Promise.resolve(view),
    cpeObjects: (path) => [path],
    reading: readingOf,
    viewNames: (name) => [name],
    readBefore: () => [],
    settingsFor: () => ({ ok: false, code: 7013, why: '' }),
    allows: () => true,
    creation: () => ({ kind: 'refused', code: 7018, why: '' }),
    removal: () => ({ kind: 'refused', code: 7024, why: '' }),
    rowOf: (_table, row) => row,
    counters: () => [],
    triggerFor: () => undefined,
    diagnosticFor: () => undefined,
  };
  const webSocket = { port: 0, encrypted: false, keepAliveSeconds: 30 };
  const space = { under: NO_ROWS, own: NO_ROWS, first: () => 1 };
  const local = new LocalAgent(recordOf(), space, { softwareVersion: '', subscriptionCap: 0, webSocket }, 0);
  return new AgentModel(local, view, { view, access: accessTo(tree, instances), tree: instances });
}

function accessTo(tree: RandomTree, instances: InstanceTree): CpeAccess {
  const valueOf = (Name: string): string => tree.get(parentOf(Name))?.[lastNameOf(Name)] ?? '';
  return {
    record: recordOf(),
    now: () => 0,
    read: (_method, request) => {
      const { ParameterNames } = request as CpeRequest<'GetParameterValues'>;
      const ParameterList = ParameterNames.map((Name) => ({ Name, Value: valueOf(Name), Type: '' }));
      // Nothing else is read of this CPE.
      return Promise.resolve({ kind: 'response', value: { ParameterList } } as unknown as Answer<typeof _method>);
    },
    change: () => Promise.reject(new Error('nothing is changed here')),
    tree: () => Promise.resolve(instances),
    refresh: () => Promise.resolve(instances),
    isFresh: () => true,
    remembered: '',
    remember: () => Promise.resolve(),
    wireType: () => undefined,
    readBatch: 64,
    resumed: false,
    saveLedger: () => Promise.resolve(),
    ledger: EMPTY_LEDGER,
    close: () => undefined,
  };
}
