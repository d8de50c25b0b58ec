// Show 4 of TR-098 devices as Device:2, held against the standard: what is supported, where references lead, and which
// number a row has.
import t from 'tap';
import type { Dump } from '../../proxy/mapping/dump/dump.ts';
import { DumpCpe } from '../../proxy/mapping/dump/cpe.ts';
import { modelOfDump } from '../../proxy/mapping/dump/view.ts';
import { buildTree } from '../../proxy/device/instance-tree/tree.ts';
import type { SupportedModel, SupportedObject } from '../../proxy/mapping/supported.ts';
import { translatedView } from '../../proxy/mapping/translated-view.ts';
import { typeOfStandard } from '../../proxy/mapping/value-type.ts';
import type { View, ViewTree } from '../../proxy/mapping/view.ts';
import { generalise } from '../../proxy/path/concrete.ts';
import { BOOK, seen, TR098_DUMPS } from './dumps-at-hand.ts';

const { standard } = BOOK;

/** What the standard has nothing about: vendors' names, the raw place among them, and services. */
const isBeside = (path: string): boolean => /\.X_|^Device\.Services\./.test(path);

const STRENGTH = { readOnly: 0, writeOnceReadOnly: 1, readWrite: 2 } as const;

function* strayParameters({ path, parameters }: SupportedObject): Generator<string> {
  for (const { name, access, type } of parameters.values()) {
    if (isBeside(`.${name}`)) continue;
    const known = standard.parameter(path + name);
    if (known === undefined) yield `${path}${name} is not there`;
    else {
      const wanted = typeOfStandard(known);
      const same = wanted.base === type.base && (wanted.list === undefined) === (type.list === undefined);
      if (!same) yield `${path}${name} is of type ${type.base}, not ${wanted.base}`;
      if (STRENGTH[access] > STRENGTH[known.access]) yield `${path}${name} is ${access}, not ${known.access}`;
    }
  }
}

function* strayOperations({ path, commands, events }: SupportedObject): Generator<string> {
  for (const { name, type, inputs, outputs } of commands.values()) {
    const known = standard.command(path + name);
    if (known?.type !== type) yield `${path}${name} is not there, or no ${type} command`;
    const names = new Set([...(known?.inputs ?? []), ...(known?.outputs ?? [])].map((argument) => argument.name));
    for (const argument of [...inputs.map((input) => input.name), ...outputs]) {
      if (!names.has(argument)) yield `${path}${name} has no ${argument}`;
    }
  }
  for (const { name } of events.values()) if (standard.event(path + name) === undefined) yield `${path}${name}`;
}

function* strayPaths({ objects }: SupportedModel): Generator<string> {
  for (const object of objects.values()) {
    if (isBeside(object.path)) continue;
    const known = standard.object(object.path);
    if (known === undefined) yield `${object.path} is not there`;
    else if ((object.creatable || object.deletable) && known.access !== 'readWrite') {
      yield `${object.path} has rows that nobody may add or delete`;
    }
    yield* strayParameters(object);
    yield* strayOperations(object);
  }
}

/** References that the standard calls strong, and that name nothing. */
function* danglingReferences(cpe: DumpCpe, tree: ViewTree): Generator<string> {
  for (const path of tree.objects.keys()) {
    for (const [name, reading] of tree.readings(path)) {
      const reference = standard.parameter(generalise(path) + name)?.reference;
      if (reference?.kind !== 'row' || reference.strength !== 'strong') continue;
      const shown = reading.valueOf(cpe.told);
      for (const target of shown.kind === 'value' && shown.value !== '' ? shown.value.split(',') : []) {
        if (!tree.objects.has(`${target.trim()}.`)) yield `${path}${name} = ${target}`;
      }
    }
  }
}

for (const { name, dump } of TR098_DUMPS) {
  t.test(`${name}: all that is supported is the standard’s`, async (t) => {
    const { view } = await seen(dump);
    t.same([...strayPaths(view.supported)], []);
  });

  t.test(`${name}: strong references lead somewhere`, async (t) => {
    const { cpe, view } = await seen(dump);
    t.same([...danglingReferences(cpe, view.instances(cpe.tree))], []);
  });

  t.test(`${name}: rows keep their numbers when all but what is stored is forgotten`, async (t) => {
    const first = await seen(dump);
    const again = await seen(dump, first.cpe.remembered);
    const paths = (view: View, cpe: DumpCpe): readonly string[] => [...view.instances(cpe.tree).objects.keys()];
    t.same(paths(again.view, again.cpe), paths(first.view, first.cpe));
    t.equal(again.cpe.remembered, first.cpe.remembered, 'and nothing new is stored');
  });
}

const HOST = /^(InternetGatewayDevice\.LANDevice\.\d+\.Hosts\.Host\.)(\d+)(\..*)$/;

/** The device after it has given its hosts the numbers from the other end, as CPEs do when one comes back. */
function withHostsReversed({ tree, values }: Dump): Dump {
  const renamed = (name: string): string =>
    name.replace(HOST, (whole, table: string, number: string, rest: string) => {
      const numbers = tree.objects.get(table)?.instances ?? [];
      const other = numbers.at(-1 - numbers.indexOf(Number(number)));
      return other === undefined ? whole : `${table}${other}${rest}`;
    });
  const items = [...values.values()].map((item) => ({ ...item, Name: renamed(item.Name) }));
  const names = [...tree.objects.values()].flatMap(({ path, writable, parameters }) => [
    { Name: path, Writable: writable },
    ...[...parameters].map(([name, Writable]) => ({ Name: renamed(path + name), Writable })),
  ]);
  return { tree: buildTree(tree.root, names), values: new Map(items.map((item) => [item.Name, item])) };
}

/** Hosts of the view by their MAC address. */
function hostsOf(cpe: DumpCpe, view: View): ReadonlyMap<string, string> {
  const tree = view.instances(cpe.tree);
  const hosts = [...tree.objects.keys()].filter((path) => /^Device\.Hosts\.Host\.\d+\.$/.test(path));
  return new Map(
    hosts.map((path) => {
      const shown = tree.readings(path).get('PhysAddress')?.valueOf(cpe.told);
      return [shown?.kind === 'value' ? shown.value : '', path];
    }),
  );
}

for (const { name, dump } of TR098_DUMPS) {
  t.test(`${name}: hosts keep their numbers when the device renumbers them`, async (t) => {
    const first = await seen(dump);
    const before = hostsOf(first.cpe, first.view);
    const cpe = new DumpCpe(withHostsReversed(dump), first.cpe.remembered);
    const old = translatedView(modelOfDump(cpe, BOOK), cpe.tree, cpe.remembered);
    const view = await old.fit(cpe, cpe.tree, { asked: ['InternetGatewayDevice.LANDevice.'] });
    t.same(new Map([...hostsOf(cpe, view)].sort()), new Map([...before].sort()));
    t.comment(`${name}: ${before.size} hosts`);
  });
}
