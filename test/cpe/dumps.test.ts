// Our own dumps hold together, and their names, types and access are those of the standards.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { DumpRow } from './dump.ts';
import { dumpNames, dumpRows, loadDump } from './dumps.ts';
import { below, isInstanceName, nodeAt, objectAt, parentOf, segmentsOf } from './tree.ts';
import { allows, canonicalValue } from './value-type.ts';

const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  'tiny-tr181': [200, 300],
  'home-router-tr181': [800, 1200],
  'large-tr181': [2800, 3200],
  'tiny-tr098': [200, 300],
  'home-router-tr098': [600, 800],
};

const facts = join(process.cwd(), '../shared/facts/data-models');
const standard = (row: DumpRow): string => row.path.replaceAll(/\.\d+(?=\.)/g, '.{i}');

function readStandard(file: string): Map<string, Record<string, string>> {
  const [head = '', ...lines] = readFileSync(join(facts, file), 'utf8').split('\n');
  const names = head.split('\t');
  return new Map(
    lines.map((line) => {
      const fields = line.split('\t');
      return [fields[0] ?? '', Object.fromEntries(names.map((name, index) => [name, fields[index] ?? '']))];
    }),
  );
}

for (const name of dumpNames) {
  t.test(name, async (t) => {
    const dump = loadDump(name);
    const entries = [...below('', dump.top)];
    const parameters = entries.flatMap(({ path, node }) => (node.kind === 'parameter' ? [{ path, node }] : []));
    const [least = 0, most = 0] = SIZES[name] ?? [];
    t.ok(parameters.length >= least && parameters.length <= most, `${parameters.length} parameters`);

    t.test('every value is of its type and keeps to its facets', async (t) => {
      const wrong = parameters.filter(({ node }) => {
        const canonical = canonicalValue(node.type, node.value);
        return canonical !== node.value || (node.value !== '' && !allows(node.facets, node.value));
      });
      t.same(wrong, []);
    });

    t.test('every table is counted, and rightly', async (t) => {
      const wrong: string[] = [];
      for (const { path, node } of parameters) {
        const counted = node.facets.countOf ?? /^(\w+)NumberOfEntries$/.exec(segmentsOf(path).at(-1) ?? '')?.[1];
        if (counted === undefined) continue;
        const table = objectAt(dump.top, `${parentOf(path)}${counted}.`);
        const rows = [...(table?.children.keys() ?? [])].filter(isInstanceName).length;
        if (node.value !== String(rows)) wrong.push(`${path} is ${node.value}, there are ${rows}`);
      }
      t.same(wrong, []);
    });

    t.test('every reference leads somewhere', async (t) => {
      const looksLikePath = new RegExp(`^${dump.root.replace('.', '\\.')}[A-Za-z0-9_.-]+$`);
      const broken = parameters.flatMap(({ path, node }) =>
        node.value
          .split(',')
          .filter((item) => looksLikePath.test(item))
          .filter((item) => nodeAt(dump.top, item) === undefined && nodeAt(dump.top, `${item}.`) === undefined)
          .map((item) => `${path} → ${item}`),
      );
      t.same(broken, []);
    });

    t.test('addresses are of the documentation ranges or private, MACs locally administered', async (t) => {
      const values = parameters.map(({ node }) => node.value);
      const foreign = values.filter(
        (value) =>
          /^\d+\.\d+\.\d+\.\d+$/.test(value) &&
          !/^(192\.0\.2|198\.51\.100|203\.0\.113|192\.168|127\.0\.0|255|0\.0\.0)\./.test(value),
      );
      t.same(foreign, []);
      t.same(
        values.filter((value) => /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/.test(value) && !/^.[26AE]/.test(value)),
        [],
      );
    });

    const file = dump.root === 'Device.' ? 'tr181-cwmp.tsv' : 'tr098.tsv';
    const skip = existsSync(join(facts, file)) ? false : 'the facts are not here';
    t.test('names, types and access are the standard’s', { skip }, async (t) => {
      const known = readStandard(file);
      const wrong: string[] = [];
      for (const row of dumpRows(name)) {
        if (/\.X_/.test(row.path)) continue;
        const fact = known.get(standard(row));
        if (row.type === 'object') {
          const instance = known.get(`${standard(row)}{i}.`) ?? fact;
          if (instance === undefined || (instance['access'] === 'readWrite') !== row.writable) wrong.push(row.path);
          continue;
        }
        const type = fact?.['list'] === '1' ? 'string' : fact?.['type']?.split(':')[0];
        if (type !== row.type || (fact?.['access'] === 'readWrite') !== row.writable) wrong.push(`${row.path} ${type}`);
      }
      t.same(wrong, []);
    });
  });
}
