// Envelopes read and written: what is refused, and how each dialect spells the same thing.
import t from 'tap';
import { dialects, type DialectName } from './dialects.ts';
import { fault, parameterFault } from './faults.ts';
import { flag, list, moment, strings, struct, text, value } from './soap-content.ts';
import { readEnvelope, textOf } from './soap-read.ts';
import { writeEnvelope, type Body } from './soap-write.ts';

const write = (name: DialectName, body: Body): string =>
  writeEnvelope(body, {
    dialect: dialects[name].soap,
    cwmpVersion: 2,
    envelopePrefix: dialects[name].soap.envelopePrefix,
    id: 'id-1',
  });
const rpc = (name: string, ...content: Extract<Body, { kind: 'rpc' }>['content']): Body => ({
  kind: 'rpc',
  name,
  content,
});
/** What stands between the tags of the body, without whitespace between elements. */
const bodyOf = (envelope: string): string =>
  (/Body>(.*)<\/[\w-]+:Body>/s.exec(envelope)?.[1] ?? '').replaceAll(/\s*\n\s*/g, '');

t.test('plain', async (t) => {
  const envelope = write(
    'plain',
    rpc(
      'XResponse',
      list('ParameterList', 'ParameterValueStruct', [
        struct('ParameterValueStruct', text('Name', 'A&B <"\r'), value('true', 'boolean')),
      ]),
      strings('Names', []),
      moment('At', Date.UTC(2026, 0, 2, 3, 4, 5, 678)),
      moment('Never', undefined),
      flag('Writable', true),
      value('', 'base64'),
    ),
  );
  t.match(
    envelope,
    /^<soap-env:Envelope xmlns:soap-env="http:\/\/schemas.xmlsoap.org\/soap\/envelope\/" xmlns:soap-enc=/,
  );
  t.match(envelope, 'xmlns:cwmp="urn:dslforum-org:cwmp-1-2"');
  t.match(envelope, '<cwmp:ID soap-env:mustUnderstand="1">id-1</cwmp:ID>');
  t.equal(
    bodyOf(envelope),
    '<cwmp:XResponse><ParameterList soap-enc:arrayType="cwmp:ParameterValueStruct[1]"><ParameterValueStruct>' +
      '<Name>A&#38;B &#60;&#34;&#13;</Name><Value xsi:type="xsd:boolean">1</Value></ParameterValueStruct></ParameterList>' +
      '<Names soap-enc:arrayType="xsd:string[0]"></Names><At>2026-01-02T03:04:05Z</At><Never>0001-01-01T00:00:00Z</Never>' +
      '<Writable>1</Writable><Value xsi:type="xsd:base64Binary"></Value></cwmp:XResponse>',
  );
  const read = readEnvelope(envelope);
  t.ok(read.ok && read.envelope.id === 'id-1' && read.envelope.cwmpNamespace === 'urn:dslforum-org:cwmp-1-2');
});

t.test('the same in the dialects', async (t) => {
  const content = [
    strings('MethodList', ['Inform']),
    flag('Writable', false),
    moment('At', 0),
    strings('AccessList', []),
  ];
  const own = (name: DialectName): string => bodyOf(write(name, rpc('X', ...content)));
  t.equal(
    own('orange'),
    '<cwmp:X><MethodList soapenc:arrayType="string[01]"><string>Inform</string></MethodList><Writable>0</Writable>' +
      '<At>1970-01-01T00:00:00Z</At><AccessList soapenc:arrayType="string[00]"></AccessList></cwmp:X>',
  );
  t.equal(
    own('easycwmp'),
    '<cwmp:X><MethodList soap_enc:arrayType="xsd:string[1]"><string>Inform</string></MethodList><Writable>0</Writable>' +
      '<At>1970-01-01T00:00:00+00:00</At><AccessList /></cwmp:X>',
  );
  t.match(
    own('cwmp-sim'),
    '<Writable>false</Writable><At>1970-01-01T00:00:00.000Z</At><AccessList soap-enc:arrayType="xsd:string[0]"/>',
  );
  t.match(own('netcwmp'), '<At>1970-01-01T00:00:00</At>');
  t.match(own('mhils'), '<At>1970-01-01T00:00:00.000000</At>');
  t.match(
    write('easycwmp', rpc('X')),
    /^<\?xml version="1.0" encoding="UTF-8" standalone="no"\?>\n <soap_env:Envelope/,
  );
  t.match(write('netcwmp', rpc('X')), 'http://www.w3.org/1999/XMLSchema');
  t.match(
    bodyOf(write('netcwmp', rpc('Inform', struct('DeviceId', text('OUI', '02CA05')), text('MaxEnvelopes', 1)))),
    '<DeviceId xsi:type="cwmp:DeviceIdStruct"><OUI xsi:type="xsd:string">02CA05</OUI></DeviceId><MaxEnvelopes xsi:type="xsd:unsignedInt">',
  );
});

t.test('faults (quirk 20)', async (t) => {
  const refused = fault(9003, undefined, [parameterFault('A', 9005), parameterFault('B', 9008)]);
  const count = (name: DialectName): number => write(name, refused).split('<SetParameterValuesFault>').length - 1;
  t.same([count('plain'), count('netcwmp'), count('cwmp-sim')], [2, 1, 0]);
  t.match(
    bodyOf(write('plain', refused)),
    /^<soap-env:Fault><faultcode>Client<\/faultcode><faultstring>CWMP fault<\/faultstring><detail><cwmp:Fault><FaultCode>9003</,
  );
  t.match(bodyOf(write('netcwmp', refused)), '<faultstring><detail><cwmp:Fault>');
  t.match(bodyOf(write('cwmp-sim', refused)), /^<soap:Fault>.*<FaultCode>9005<\/FaultCode><FaultString>[^<]*A, B</);
  t.match(bodyOf(write('plain', fault(9002))), '<faultcode>Server</faultcode>');
});

t.test('what is refused', async (t) => {
  const refused = (xml: string): string => {
    const read = readEnvelope(xml);
    return read.ok ? 'read' : read.reason;
  };
  const envelope = write('plain', rpc('Reboot', text('CommandKey', 'k')));
  t.equal(refused(envelope), 'read');
  t.match(refused(''), /not well-formed/);
  t.match(refused(envelope.slice(0, -5)), /not well-formed/);
  t.match(refused(envelope + envelope), /not well-formed/);
  t.match(refused(envelope.replaceAll('cwmp:Reboot', 'cpe:Reboot')), /unbound namespace prefix/);
  t.match(refused(envelope.replace('soap/envelope/', 'soap/other/')), /not a SOAP 1.1 envelope/);
  t.match(refused(envelope.replace(/<cwmp:Reboot>.*<\/cwmp:Reboot>/, '')), /body is empty/);
  t.match(refused(envelope.replace(/(<cwmp:Reboot>.*<\/cwmp:Reboot>)/, '$1$1')), /more than one/);
});

t.test('text as it was written: entities, CDATA, spaces', async (t) => {
  const envelope = write('plain', rpc('Reboot', text('CommandKey', ' a\r\nb\t'))).replace(
    '</cwmp:Reboot>',
    '<X><![CDATA[<&>]]></X></cwmp:Reboot>',
  );
  const read = readEnvelope(envelope);
  if (!read.ok) throw new Error(read.reason);
  t.equal(textOf(read.envelope.content, 'CommandKey'), ' a\r\nb\t');
  t.equal(textOf(read.envelope.content, 'X'), '<&>');
});
