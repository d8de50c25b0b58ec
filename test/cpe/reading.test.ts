// GetParameterValues, GetParameterNames, GetRPCMethods: what they list, and what they refuse.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readDump } from './dump.ts';
import { startPair } from './pair.ts';
import { getValues, rpc, type AcsPost } from './scripted-acs.ts';
import { childOf, textOf } from './soap-read.ts';

const listed = (post: AcsPost | undefined, name = 'Name'): (string | undefined)[] =>
  childOf(post?.content, 'ParameterList')?.children.map((item) => textOf(item, name)) ?? [];
const names = (path: string, nextLevel: number): string =>
  rpc('GetParameterNames', { ParameterPath: path, NextLevel: nextLevel });
const code = (post: AcsPost | undefined): string | undefined =>
  textOf(childOf(childOf(post?.content, 'detail'), 'Fault'), 'FaultCode');

t.test('GetParameterValues', async (t) => {
  const { answers } = await startPair(t);
  const [exact, partial, all, unknown, oneUnknown] = await answers(
    getValues('Device.Time.Enable', 'Device.ManagementServer.PeriodicInformInterval'),
    getValues('Device.Time.'),
    getValues(''),
    getValues('Device.Nowhere.'),
    getValues('Device.Time.Enable', 'Device.No.Such'),
  );
  t.same(listed(exact, 'Value'), ['1', '86400']);
  t.match(exact?.text, 'xsi:type="xsd:unsignedInt">86400<');
  t.same(listed(partial), [
    'Device.Time.Enable',
    'Device.Time.Status',
    'Device.Time.NTPServer1',
    'Device.Time.NTPServer2',
    'Device.Time.CurrentLocalTime',
    'Device.Time.LocalTimeZone',
  ]);
  t.equal(listed(all).length, 258);
  t.same([code(unknown), code(oneUnknown)], ['9005', '9005']);
});

t.test('GetParameterNames', async (t) => {
  const { answers } = await startPair(t);
  const [top, level, whole, parameter, table, nextOfParameter, unknown, noDot] = await answers(
    names('', 1),
    names('Device.NAT.', 1),
    names('Device.NAT.', 0),
    names('Device.NAT.PortMappingNumberOfEntries', 0),
    names('Device.NAT.PortMapping.', 1),
    names('Device.NAT.PortMappingNumberOfEntries', 1),
    names('Device.Nowhere.', 0),
    names('Device.NAT', 0),
  );
  t.same(listed(top), ['Device.']);
  t.same(listed(level), ['Device.NAT.PortMappingNumberOfEntries', 'Device.NAT.PortMapping.']);
  t.same(listed(level, 'Writable'), ['0', '1'], 'a table that can be added to is writable');
  t.equal(listed(whole).length, 1 + 2 + 1 + 13);
  t.equal(listed(whole)[0], 'Device.NAT.');
  t.same(listed(parameter), ['Device.NAT.PortMappingNumberOfEntries']);
  t.same([listed(table), listed(table, 'Writable')], [['Device.NAT.PortMapping.1.'], ['1']]);
  t.same([nextOfParameter, unknown, noDot].map(code), ['9003', '9005', '9005']);
});

t.test('a method it does not have', async (t) => {
  const { answers } = await startPair(t);
  const [methods, unknown, badBoolean] = await answers(
    rpc('GetRPCMethods'),
    rpc('ChangeDUState'),
    rpc('GetParameterNames', { ParameterPath: 'Device.', NextLevel: 'yes' }),
  );
  const own = childOf(methods?.content, 'MethodList')?.children.map(({ text }) => text);
  t.equal(own?.length, 16);
  t.notOk(own?.includes('ChangeDUState'));
  t.same([code(unknown), code(badBoolean)], ['9000', '9003']);
});

const sample = join(process.cwd(), '../shared/facts/data-models/samples/tr098-huawei-eg8145v5.csv');
t.test(
  'the dump of a real device, whole',
  { skip: existsSync(sample) ? false : 'the samples are not here' },
  async (t) => {
    const { acs, cpe, answers } = await startPair(t, { dump: readDump(sample) });
    const [all, values] = await answers(names('InternetGatewayDevice.', 0), getValues('InternetGatewayDevice.'));
    t.ok(listed(all).length > 3700);
    t.ok(listed(values).length > 3100);
    t.equal(textOf(childOf(acs.post('Inform')?.content, 'DeviceId'), 'ProductClass'), 'EG8145V5');
    t.same(cpe.complaints, []);
  },
);
