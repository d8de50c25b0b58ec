import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { dumpOf, facetsOf, readCsv, readDump, readTsv, withParameters } from './dump.ts';
import { below, isTable, nodeAt, objectAt, parameterAt } from './tree.ts';

const ROWS = [
  '# a comment',
  'Device.DeviceInfo.SoftwareVersion\tstring\t0\t1.0',
  'Device.DeviceInfo.Notes\tstring\t1\tone\\ttwo\\nthree\\\\',
  'Device.NAT.PortMappingNumberOfEntries\tunsignedInt\t0\t1',
  'Device.NAT.PortMapping.\tobject\t1',
  'Device.NAT.PortMapping.{i}.\tobject\t1',
  'Device.NAT.PortMapping.{i}.Protocol\tstring\t1\tTCP\tenum=TCP|UDP',
  'Device.NAT.PortMapping.{i}.Rule.\tobject\t1',
  'Device.NAT.PortMapping.{i}.Rule.{i}.Name\tstring\t1',
  'Device.NAT.PortMapping.7.Protocol\tstring\t1\tUDP\tenum=TCP|UDP',
].join('\n');

t.test('our own format', async (t) => {
  const { top, root, informPaths } = dumpOf(readTsv(ROWS));
  t.equal(root, 'Device.');
  t.equal(parameterAt(top, 'Device.DeviceInfo.Notes')?.value, 'one\ttwo\nthree\\');
  t.same(informPaths, ['Device.DeviceInfo.SoftwareVersion'], 'what the standard demands need not be written');
  t.notOk(nodeAt(top, 'Device.NAT.PortMapping.{i}.'), 'a template is no instance');
  t.equal(objectAt(top, 'Device.NAT.')?.writable, false, 'an object without a row is read-only');

  t.test('an instance takes from the template what its rows do not say', async (t) => {
    const instance = objectAt(top, 'Device.NAT.PortMapping.7.');
    t.equal(instance?.writable, true);
    const rules = objectAt(top, 'Device.NAT.PortMapping.7.Rule.');
    t.ok(rules !== undefined && isTable(rules) && rules.writable, 'its empty tables included');
    t.equal(rules?.children.size, 0);
  });
  t.test('mistakes are told by line', async (t) => {
    t.throws(() => readTsv('Device.X\tnumber\t0\t1'), /line 1: unknown type "number"/);
    t.throws(() => readTsv('#\nDevice.X\tobject\t0'), /line 2/);
    t.throws(() => facetsOf('colour=red'), /unknown facet "colour"/);
    t.throws(() => dumpOf([]), /exactly one root/);
  });
});

t.test('facets', async (t) => {
  t.same(facetsOf('enum=a|b; hidden; range=-1..; length=..64; count=Row; denied'), {
    enumeration: ['a', 'b'],
    hidden: true,
    minimum: -1n,
    longest: 64,
    countOf: 'Row',
    notification: 'denied',
  });
});

t.test('the CSV of the samples', async (t) => {
  const rows = readCsv(
    [
      'Parameter,Object,Writable,Value,Value type',
      'DeviceID.OUI,false,false,00259E,xsd:string',
      'Device,true,false,,',
      'Device.Hosts,true,true,,',
      'Device.Hosts.Name,false,true,"one, ""two""",xsd:string',
      'Device.Hosts.Since,false,false,,xsd:dateTime',
    ].join('\n'),
  );
  const { top } = dumpOf(rows);
  t.equal(parameterAt(top, 'Device.Hosts.Name')?.value, 'one, "two"');
  t.equal(parameterAt(top, 'Device.Hosts.Since')?.value, '0001-01-01T00:00:00Z');
  t.equal(objectAt(top, 'Device.Hosts.')?.writable, true);

  const folder = join(process.cwd(), '../shared/facts/data-models/samples');
  const skip = existsSync(folder) ? false : 'the samples are not here';
  t.test('dumps of real devices', { skip }, async (t) => {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.csv'))) {
      const { top: device, root } = readDump(join(folder, file));
      const count = [...below('', device)].filter(({ node }) => node.kind === 'parameter').length;
      t.ok(count > 600, `${file}: ${count} parameters`);
      t.ok(parameterAt(device, `${root}DeviceInfo.SoftwareVersion`));
    }
  });
});

t.test('withParameters', async (t) => {
  const { top } = dumpOf(readTsv(ROWS));
  const changed = withParameters(top, { 'Device.DeviceInfo.Notes': 'x', 'Device.New.One': 'y' }, true);
  t.equal(parameterAt(changed, 'Device.DeviceInfo.Notes')?.value, 'x');
  t.match(parameterAt(changed, 'Device.New.One'), { type: 'string', value: 'y', writable: true });
  t.equal(parameterAt(top, 'Device.New.One'), undefined, 'the shared tree is as it was');
  t.equal(objectAt(top, 'Device.NAT.'), objectAt(changed, 'Device.NAT.'), 'and what did not change is shared');
});
