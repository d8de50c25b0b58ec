// What CPEs make of the schema, and what is read from it all the same (quirks 14 to 24).
import t from 'tap';
import type { CpeResponse } from '../../proxy/rpc/methods.ts';
import type { Envelope } from '../../proxy/soap/envelope.ts';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';

function read(body: string, header = ''): Envelope {
  const outcome = readEnvelope(`<e:Envelope>${header}<e:Body>${body}</e:Body></e:Envelope>`);
  if (!outcome.ok) throw new Error(`${outcome.reason} ${outcome.detail}`);
  return outcome.envelope;
}

const valueOf = (body: string): unknown => {
  const { message } = read(body);
  return 'value' in message ? message.value : message;
};
const device = '<DeviceId><OUI>0011AA</OUI></DeviceId>';
const values = (list: string): unknown =>
  (valueOf(`<c:GetParameterValuesResponse>${list}</c:GetParameterValuesResponse>`) as CpeResponse<'GetParameterValues'>)
    .ParameterList;
const parameter = (inside: string): string =>
  `<ParameterList><ParameterValueStruct>${inside}</ParameterValueStruct></ParameterList>`;

t.test('an Inform with nothing but a DeviceId', async (t) => {
  t.same(read(`<c:Inform>${device}</c:Inform>`).message, {
    kind: 'request',
    method: 'Inform',
    value: {
      DeviceId: { Manufacturer: '', OUI: '0011AA', ProductClass: '', SerialNumber: '' },
      Event: [],
      MaxEnvelopes: 0,
      CurrentTime: '',
      RetryCount: 0,
      ParameterList: [],
    },
  });
});

t.test('order is free, unknown elements are skipped, prefixes mean nothing', async (t) => {
  const tidy = `<c:Inform>${device}<Event><EventStruct><EventCode>1 BOOT</EventCode><CommandKey>k</CommandKey></EventStruct></Event><RetryCount>3</RetryCount></c:Inform>`;
  const wild = `<ns4:Inform><x:RetryCount>3</x:RetryCount><X_Vendor><RetryCount>9</RetryCount></X_Vendor><ns4:Event ns1:arrayType="EventStruct[0]"><Other/><q:EventStruct><CommandKey>k</CommandKey>text<EventCode>1 BOOT</EventCode></q:EventStruct></ns4:Event><ns4:DeviceId><WanIPAddress>10.0.0.1</WanIPAddress><a:OUI>0011AA</a:OUI></ns4:DeviceId></ns4:Inform>`;
  t.same(valueOf(wild), valueOf(tidy));
});

t.test('arrayType is not believed', async (t) => {
  for (const count of ['0', '08', '0009', '213', '-1', 'many', '']) {
    const list = `<MethodList soap:arrayType="xsd:string[${count}]" xsi:type="SOAP-ENC:Array"><string>Reboot</string><string>Upload</string></MethodList>`;
    t.same(
      valueOf(`<c:GetRPCMethodsResponse>${list}</c:GetRPCMethodsResponse>`),
      { MethodList: ['Reboot', 'Upload'] },
      count,
    );
  }
});

t.test('parameter values', async (t) => {
  t.same(values(parameter('<Name>A.B</Name>')), [{ Name: 'A.B', Value: '', Type: '' }], 'without Value');
  t.same(values(parameter('<Name>A.B</Name><Value/>')), [{ Name: 'A.B', Value: '', Type: '' }], 'with an empty one');
  t.same(
    values(parameter('<Value>1</Value><Name>A.B</Name>')),
    [{ Name: 'A.B', Value: '1', Type: '' }],
    'Value first, without type',
  );
  t.same(
    values(parameter('<Name>\n  A.B \t</Name><Value xsi:type="xsd:string"> \n a  b </Value>')),
    [{ Name: 'A.B', Value: ' \n a  b ', Type: 'string' }],
    'names are trimmed, values are not',
  );
  t.same(
    values(
      parameter('<Name>A</Name><Value xsi:type="xsd:string">a<![CDATA[<b>&amp;]]>&lt;c&gt;<!-- d -->&#13;\r\n</Value>'),
    ),
    [{ Name: 'A', Value: 'a<b>&amp;<c>\r\n', Type: 'string' }],
    'in pieces',
  );
  t.same(
    values(parameter('<Name>A</Name><Value xsi:type="xsd:string">a<b>c</b>d</Value>')),
    [{ Name: 'A', Value: 'ad', Type: 'string' }],
    'with a child',
  );
  for (const [type, Type] of [
    ['xsd:unsignedInt', 'unsignedInt'],
    ['string', 'string'],
    ['xsd:string(256)', 'string(256)'],
    [' xsd:int ', 'int'],
    ['object', 'object'],
    ['', ''],
  ]) {
    t.match(values(parameter(`<Name>A</Name><Value xsi:type="${type ?? ''}"/>`)), [{ Type }], `type ${type ?? ''}`);
  }
  t.match(
    values(parameter('<Name>A</Name><Value foo:type="xsd:int"/>')),
    [{ Type: 'int' }],
    'whatever the prefix of type',
  );
  t.match(values(parameter('<Name>A</Name><Value mimetype="xsd:int"/>')), [{ Type: '' }], 'but by its whole name');
  const twice = parameter('<Name>A</Name><Value>1</Value>') + parameter('<Name>B</Name><Value>2</Value>');
  t.equal((values(twice) as unknown[]).length, 1, 'of two lists the last counts');
});

t.test('booleans and numbers', async (t) => {
  for (const [text, Writable] of [
    ['1', true],
    ['0', false],
    ['true', true],
    ['TRUE', true],
    ['False', false],
    ['30', true],
    ['00', false],
    [' 1\n', true],
    ['', false],
    ['yes', false],
  ]) {
    const list = `<ParameterList><ParameterInfoStruct><Name>A</Name><Writable>${String(text)}</Writable></ParameterInfoStruct></ParameterList>`;
    t.same(
      valueOf(`<c:GetParameterNamesResponse>${list}</c:GetParameterNamesResponse>`),
      { ParameterList: [{ Name: 'A', Writable }] },
      String(text),
    );
  }
  for (const [text, Status] of [
    ['1', 1],
    ['01', 1],
    ['08', 8],
    [' 2 ', 2],
    ['-1', -1],
    ['+3', 3],
    ['1.9', 1],
    ['', 0],
    ['OK', 0],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
  ]) {
    t.same(
      valueOf(`<c:SetParameterValuesResponse><Status>${String(text)}</Status></c:SetParameterValuesResponse>`),
      { Status },
      String(text).slice(0, 8),
    );
  }
});

t.test('times pass through as they are', async (t) => {
  for (const time of ['', '2019-03-05T11:54::14', '0000-00-00T00:00:00', '1970-01-01T00:01:05.021239+00:00']) {
    t.match(valueOf(`<c:TransferComplete><StartTime>${time}</StartTime></c:TransferComplete>`), { StartTime: time });
  }
});

t.test('the header', async (t) => {
  const header = (inside: string): string => `<e:Header>${inside}</e:Header>`;
  const reboot = '<c:RebootResponse/>';
  t.same(Object.keys(read(reboot)), ['style', 'message'], 'none');
  t.same(Object.keys(read(reboot, '<e:Header/>')), ['style', 'message'], 'an empty one');
  t.equal(read(reboot, header('<c:ID/>')).id, '', 'an empty ID is not none');
  t.equal(
    read(reboot, header('<c:ID e:mustUnderstand="1"> 14_THOM_TR69_ID</c:ID>')).id,
    ' 14_THOM_TR69_ID',
    'verbatim',
  );
  const all =
    '<c:ID>1</c:ID><c:HoldRequests>0</c:HoldRequests><c:NoMoreRequests>1</c:NoMoreRequests><c:SessionTimeout>40</c:SessionTimeout><Security><ID>2</ID></Security>';
  t.match(read(reboot, header(all)), { id: '1', holdRequests: false, noMoreRequests: true, sessionTimeout: 40 });
});

t.test('results of deployment units, as repeated elements and as an array', async (t) => {
  const result = (uuid: string): string =>
    `<UUID>${uuid}</UUID><Resolved>1</Resolved><Fault><FaultCode>9026</FaultCode></Fault>`;
  const repeated = `<Results>${result('a')}</Results><Results>${result('b')}</Results>`;
  const array = `<Results soap:arrayType="cwmp:OpResultStruct[2]"><OpResultStruct>${result('a')}</OpResultStruct><OpResultStruct>${result('b')}</OpResultStruct></Results>`;
  for (const results of [repeated, array]) {
    const value = valueOf(`<c:DUStateChangeComplete>${results}<CommandKey>k</CommandKey></c:DUStateChangeComplete>`);
    t.match(value, {
      CommandKey: 'k',
      Results: [{ UUID: 'a', Resolved: true, Fault: { FaultCode: 9026, FaultString: '' } }, { UUID: 'b' }],
    });
  }
  t.same(valueOf('<c:DUStateChangeComplete><Results/></c:DUStateChangeComplete>'), { Results: [], CommandKey: '' });
});

t.test('one message a Body, and a message that nobody knows', async (t) => {
  t.match(read('<c:RebootResponse/><c:FactoryResetResponse/>').message, { method: 'Reboot' });
  t.same(read('<c:X_Vendor_Hello><a/></c:X_Vendor_Hello>').message, { kind: 'unknown', name: 'X_Vendor_Hello' });
  for (const name of ['constructor', '__proto__', 'toStringResponse', 'Response', 'Reboot', 'InformResponse']) {
    t.match(read(`<c:${name}/>`).message, { kind: 'unknown', name }, `${name} is nothing that a CPE sends`);
  }
  t.equal((read(`<c:${'x'.repeat(9000)}/>`).message as { name: string }).name.length, 64);
});

t.test('element names that are names of object properties do no harm', async (t) => {
  const value = valueOf(
    `<c:Inform>${device}<__proto__><polluted>1</polluted></__proto__><constructor/><hasOwnProperty/></c:Inform>`,
  );
  t.equal(Object.getPrototypeOf(value), Object.prototype);
  t.notOk('polluted' in {});
  t.same(Object.keys(value as object), [
    'DeviceId',
    'Event',
    'MaxEnvelopes',
    'CurrentTime',
    'RetryCount',
    'ParameterList',
  ]);
});
