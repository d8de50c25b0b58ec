import t from 'tap';
import { startPair } from './pair.ts';
import { getValues, setValues } from './scripted-acs.ts';
import { childOf, textOf, type Element } from './soap-read.ts';
import type { AcsPost } from './scripted-acs.ts';

const NTP = 'Device.Time.NTPServer1';
const KEY = 'Device.ManagementServer.ParameterKey';
const MAPPING = 'Device.NAT.PortMapping.1.';

/** `name: code` of each SetParameterValuesFault, after the code of the fault itself. */
function faultsOf(post: AcsPost | undefined): string[] {
  const fault = childOf(childOf(post?.content, 'detail'), 'Fault');
  const listed = fault?.children.filter(({ local }) => local === 'SetParameterValuesFault') ?? [];
  const line = (element: Element): string => `${textOf(element, 'ParameterName')}: ${textOf(element, 'FaultCode')}`;
  return [textOf(fault, 'FaultCode') ?? 'none', ...listed.map(line)];
}

t.test('all or none', async (t) => {
  const { cpe, answers } = await startPair(t);
  const [done] = await answers(
    setValues(
      [
        [NTP, 'ntp9.example.net', 'string'],
        ['Device.Time.Enable', '0', 'boolean'],
        [`${MAPPING}ExternalPort`, ' 08081', 'unsignedInt'],
      ],
      'key-7',
    ),
  );
  t.equal(textOf(done?.content, 'Status'), '0');
  t.equal(cpe.get(NTP), 'ntp9.example.net');
  t.equal(cpe.get('Device.Time.Enable'), 'false');
  t.equal(cpe.get(`${MAPPING}ExternalPort`), '8081');
  t.equal(cpe.get(KEY), 'key-7');

  const [refused] = await answers(
    setValues(
      [
        [NTP, 'ntp8.example.net', 'string'],
        ['Device.DeviceInfo.SerialNumber', 'x', 'string'],
        ['Device.No.Such', 'x', 'string'],
        ['Device.Time.Enable', '1', 'string'],
        [`${MAPPING}Protocol`, 'SCTP', 'string'],
        [`${MAPPING}ExternalPort`, '65536', 'unsignedInt'],
        [`${MAPPING}InternalPort`, 'ten', 'unsignedInt'],
      ],
      'key-8',
    ),
  );
  t.same(faultsOf(refused), [
    '9003',
    'Device.DeviceInfo.SerialNumber: 9008',
    'Device.No.Such: 9005',
    'Device.Time.Enable: 9006',
    `${MAPPING}Protocol: 9007`,
    `${MAPPING}ExternalPort: 9007`,
    `${MAPPING}InternalPort: 9007`,
  ]);
  t.equal(cpe.get(NTP), 'ntp9.example.net', 'nothing changed');
  t.equal(cpe.get(KEY), 'key-7', 'nor the key');
});

t.test('a name twice', async (t) => {
  const { cpe, answers } = await startPair(t);
  const [refused] = await answers(
    setValues([
      [NTP, 'one', 'string'],
      [NTP, 'two', 'string'],
    ]),
  );
  t.same(faultsOf(refused), ['9003']);
  t.equal(cpe.get(NTP), 'ntp1.example.net');
});

t.test('arguments that are not there', async (t) => {
  const { answers } = await startPair(t);
  const [noKey, noValue] = await answers(
    '<cwmp:SetParameterValues><ParameterList soap-enc:arrayType="cwmp:ParameterValueStruct[0]"></ParameterList></cwmp:SetParameterValues>',
    '<cwmp:SetParameterValues><ParameterList soap-enc:arrayType="cwmp:ParameterValueStruct[1]"><ParameterValueStruct>' +
      `<Name>${NTP}</Name></ParameterValueStruct></ParameterList><ParameterKey/></cwmp:SetParameterValues>`,
  );
  t.same([faultsOf(noKey), faultsOf(noValue)], [['9003'], ['9003']]);
});

t.test('Status 1: seen when the session has ended', async (t) => {
  const { cpe, acs, session } = await startPair(t, { status1: (_, paths) => paths.includes(NTP) });
  const ended = await session(
    '1 BOOT',
    setValues([[NTP, 'later.example.net', 'string']], 'key-2'),
    getValues(NTP, KEY),
  );
  t.equal(textOf(acs.post('SetParameterValuesResponse')?.content, 'Status'), '1');
  const values = childOf(acs.post('GetParameterValuesResponse')?.content, 'ParameterList')?.children;
  t.same(
    values?.map((item) => textOf(item, 'Value')),
    ['ntp1.example.net', 'key-2'],
  );
  t.ok(ended.ok);
  t.equal(cpe.get(NTP), 'later.example.net');
});

t.test('an Inform carries the ParameterKey', async (t) => {
  const { acs, session } = await startPair(t);
  await session('1 BOOT', setValues([[NTP, 'x', 'string']], 'key-3'));
  await session('2 PERIODIC');
  const informs = acs.posts.filter(({ method }) => method === 'Inform');
  const keys = informs.map(({ content }) =>
    childOf(content, 'ParameterList')
      ?.children.filter((item) => textOf(item, 'Name') === KEY)
      .map((item) => textOf(item, 'Value')),
  );
  t.same(keys, [[''], ['key-3']]);
});

t.test('another ACS URL: BOOTSTRAP there', async (t) => {
  const { cpe, session } = await startPair(t);
  const other = await startPair(t);
  const bootstrap = cpe.waitFor('session-ended', ({ events }) => events[0]?.code === '0 BOOTSTRAP');
  await session('1 BOOT', setValues([['Device.ManagementServer.URL', other.acs.url, 'string']]));
  t.ok((await bootstrap).ok);
  t.equal(other.acs.posts[0]?.method, 'Inform');
});
