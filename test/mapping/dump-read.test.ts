// Dumps of devices as ACSs write them: a table, and GenieACS's own JSON.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';
import { readDump, type Dump } from '../../proxy/mapping/dump/read.ts';

const SAMPLES = resolve('../shared/facts/data-models/samples');
const away = existsSync(SAMPLES) ? false : 'the samples are not here';

function dumpIn(text: string): Dump {
  const read = readDump(text);
  if (!read.ok) throw new Error(read.why);
  return read.dump;
}

const HEADER = 'Parameter,Object,Writable,Value,Value type';

t.test('a table with quotes, line ends in a value, and the collector’s own rows', async (t) => {
  const { tree, values } = dumpIn(
    [
      HEADER,
      'DeviceID.ID,false,false,000000-1,xsd:string',
      'InternetGatewayDevice,true,false,,',
      'InternetGatewayDevice.LANDevice,true,true,,',
      'InternetGatewayDevice.LANDevice.1,true,true,,',
      'InternetGatewayDevice.LANDevice.1.Name,false,true,"a ""b"", c\r\nd",xsd:string',
      'InternetGatewayDevice.LANDevice.1.Count,false,false,3,xsd:unsignedInt',
      '',
    ].join('\r\n'),
  );
  t.equal(tree.root, 'InternetGatewayDevice.');
  t.same(tree.objects.get('InternetGatewayDevice.LANDevice.')?.instances, [1]);
  t.same(tree.objects.get('InternetGatewayDevice.LANDevice.1.'), {
    path: 'InternetGatewayDevice.LANDevice.1.',
    writable: true,
    parameters: new Map([
      ['Name', true],
      ['Count', false],
    ]),
    objects: [],
    instances: [],
  });
  t.same(
    [...values.values()],
    [
      { Name: 'InternetGatewayDevice.LANDevice.1.Name', Value: 'a "b", c\r\nd', Type: 'string' },
      { Name: 'InternetGatewayDevice.LANDevice.1.Count', Value: '3', Type: 'unsignedInt' },
    ],
  );
});

t.test('columns in another order', async (t) => {
  const { values } = dumpIn('Value,Value type,Parameter,Writable,Object\n7,xsd:int,Device.A.B,true,false');
  t.same([...values.values()], [{ Name: 'Device.A.B', Value: '7', Type: 'int' }]);
});

t.test('a device of GenieACS, alone and in a list', async (t) => {
  const parameter = (_value: unknown, _type: string, _writable: boolean): object => ({ _value, _type, _writable });
  const device = {
    _id: '000000-1',
    _tags: ['a'],
    VirtualParameters: { x: parameter('1', 'xsd:string', false) },
    InternetGatewayDevice: {
      _object: true,
      _writable: false,
      LANDevice: {
        _object: true,
        _writable: true,
        1: { _object: true, Enable: parameter(true, 'xsd:boolean', true), Never: { _writable: true } },
      },
      DeviceInfo: { UpTime: parameter(12, 'xsd:unsignedInt', false) },
    },
  };
  for (const text of [JSON.stringify(device), JSON.stringify([device])]) {
    const { tree, values } = dumpIn(text);
    t.equal(tree.objects.get('InternetGatewayDevice.LANDevice.')?.writable, true);
    t.same(
      tree.objects.get('InternetGatewayDevice.LANDevice.1.')?.parameters,
      new Map([
        ['Enable', true],
        ['Never', true],
      ]),
    );
    t.same(
      [...values.values()],
      [
        { Name: 'InternetGatewayDevice.LANDevice.1.Enable', Value: 'true', Type: 'boolean' },
        { Name: 'InternetGatewayDevice.DeviceInfo.UpTime', Value: '12', Type: 'unsignedInt' },
      ],
    );
  }
});

t.test('what is no dump, and why', async (t) => {
  const whyNot = (text: string): string => {
    const read = readDump(text);
    return read.ok ? 'it is one' : read.why;
  };
  t.match(whyNot(''), /names no column Parameter, Object, Writable, Value, Value type/);
  t.match(whyNot('Parameter,Value\n'), /names no column Object, Writable, Value type/);
  t.match(whyNot(`${HEADER}\nDeviceID.ID,false,false,1,xsd:string`), /no name begins with InternetGatewayDevice/);
  t.match(whyNot('{"a":'), /JSON/);
  t.match(whyNot('[{},{}]'), /not one device/);
});

t.test('the samples: every parameter has its place and its value', { skip: away }, async (t) => {
  for (const name of readdirSync(SAMPLES).filter((one) => one.endsWith('.csv'))) {
    const text = readFileSync(join(SAMPLES, name), 'utf8');
    const { tree, values } = dumpIn(text);
    t.equal(tree.root, name.startsWith('tr098') ? 'InternetGatewayDevice.' : 'Device.', name);
    const rows = text.split(/\r?\n/).filter((line) => /^[^,]*,false,/.test(line) && !line.startsWith('DeviceID.'));
    const listed = [...tree.objects.values()].reduce((sum, { parameters }) => sum + parameters.size, 0);
    t.same([values.size, listed], [rows.length, rows.length], name);
  }
});
