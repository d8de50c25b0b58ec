// The very bytes that go to a CPE, and the values for which there are none.
import t from 'tap';
import type { CpeRequest } from '../../proxy/rpc/methods.ts';
import { DEFAULT_STYLE } from '../../proxy/soap/style.ts';
import { writeAcsResponse, writeCpeRequest, writeFault } from '../../proxy/soap/write-envelope.ts';

const OPEN =
  '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"' +
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-0">';
const document = (header: string, body: string) => ({
  ok: true,
  text: `${OPEN}<SOAP-ENV:Header>${header}</SOAP-ENV:Header><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`,
});
const id = '<cwmp:ID SOAP-ENV:mustUnderstand="1">7</cwmp:ID>';

const set = (ParameterList: CpeRequest<'SetParameterValues'>['ParameterList'], ParameterKey = 'k') =>
  writeCpeRequest(DEFAULT_STYLE, '7', 'SetParameterValues', { ParameterList, ParameterKey });
const written = (Value: string, Type = 'string'): string => {
  const outcome = set([{ Name: 'A', Value, Type }]);
  return outcome.ok ? (/<Value .*<\/Value>/s.exec(outcome.text)?.[0] ?? '') : outcome.reason;
};

t.test('whole documents', async (t) => {
  t.same(
    writeAcsResponse(DEFAULT_STYLE, '7', 'Inform', { MaxEnvelopes: 1 }),
    document(id, '<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>'),
  );
  t.same(
    writeAcsResponse(DEFAULT_STYLE, undefined, 'TransferComplete', {}),
    document('', '<cwmp:TransferCompleteResponse></cwmp:TransferCompleteResponse>'),
    'without ID',
  );
  t.same(
    writeAcsResponse(DEFAULT_STYLE, '', 'TransferComplete', {}),
    document(
      '<cwmp:ID SOAP-ENV:mustUnderstand="1"></cwmp:ID>',
      '<cwmp:TransferCompleteResponse></cwmp:TransferCompleteResponse>',
    ),
    'with an empty one',
  );
  t.same(
    writeCpeRequest(DEFAULT_STYLE, '7', 'GetParameterNames', { ParameterPath: 'Device.', NextLevel: true }),
    document(
      id,
      '<cwmp:GetParameterNames><ParameterPath>Device.</ParameterPath><NextLevel>1</NextLevel></cwmp:GetParameterNames>',
    ),
  );
  t.same(
    set([{ Name: 'Device.A', Value: 'x', Type: 'string' }]),
    document(
      id,
      '<cwmp:SetParameterValues><ParameterList SOAP-ENC:arrayType="cwmp:ParameterValueStruct[1]"><ParameterValueStruct><Name>Device.A</Name><Value xsi:type="xsd:string">x</Value></ParameterValueStruct></ParameterList><ParameterKey>k</ParameterKey></cwmp:SetParameterValues>',
    ),
  );
  t.same(
    writeCpeRequest(DEFAULT_STYLE, '7', 'ChangeDUState', {
      Operations: [
        { Type: 'InstallOpStruct', URL: 'http://a/b' },
        { Type: 'UninstallOpStruct', UUID: 'u', Version: '1' },
      ],
      CommandKey: 'k',
    }),
    document(
      id,
      '<cwmp:ChangeDUState><Operations xsi:type="cwmp:InstallOpStruct"><URL>http://a/b</URL></Operations><Operations xsi:type="cwmp:UninstallOpStruct"><UUID>u</UUID><Version>1</Version></Operations><CommandKey>k</CommandKey></cwmp:ChangeDUState>',
    ),
  );
  t.same(
    writeCpeRequest(DEFAULT_STYLE, '7', 'SetVouchers', { VoucherList: ['QQ=='] }),
    document(
      id,
      '<cwmp:SetVouchers><VoucherList SOAP-ENC:arrayType="SOAP-ENC:base64[1]"><base64>QQ==</base64></VoucherList></cwmp:SetVouchers>',
    ),
  );
  t.same(
    writeFault(DEFAULT_STYLE, '7', { FaultCode: 8003, FaultString: 'Invalid arguments', SetParameterValuesFault: [] }),
    document(
      id,
      '<SOAP-ENV:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault><FaultCode>8003</FaultCode><FaultString>Invalid arguments</FaultString></cwmp:Fault></detail></SOAP-ENV:Fault>',
    ),
  );
});

t.test('escaping', async (t) => {
  t.equal(written(`&<>"'`), '<Value xsi:type="xsd:string">&amp;&lt;&gt;&quot;&apos;</Value>');
  t.equal(written(' a\tb\nc\r\nd '), '<Value xsi:type="xsd:string"> a\tb\nc&#13;\nd </Value>');
  t.equal(written('über 漢 😀 \u0085\u2028'), '<Value xsi:type="xsd:string">über 漢 😀 \u0085\u2028</Value>');
});

t.test('types of values', async (t) => {
  for (const type of ['boolean', 'unsignedInt', 'dateTime', 'base64', 'hexBinary']) {
    t.equal(written('1', type), `<Value xsi:type="xsd:${type}">1</Value>`);
  }
  for (const type of ['', 'string(256)', 'unsigendInt', 'object', 'json', '"><x', 'String']) {
    t.equal(written('1', type), '<Value xsi:type="xsd:string">1</Value>', type);
  }
  t.equal(
    written('true', 'boolean'),
    '<Value xsi:type="xsd:boolean">true</Value>',
    "its literals are the CPE's matter",
  );
});

t.test('characters that XML cannot hold', async (t) => {
  for (const text of ['\0', 'a\x01b', '\x1f', '\ufffe', '\uffff', '\ud800', '\udc00a', '\ud800\ud800']) {
    const good = { Name: 'A', Value: 'x', Type: 'string' };
    const refusal = { ok: false, reason: 'unwritable-character' };
    t.same(set([good, { ...good, Value: text }]), { ...refusal, field: 'Value', index: 1 }, JSON.stringify(text));
    t.same(set([{ ...good, Name: text }]), { ...refusal, field: 'Name', index: 0 });
    t.same(set([good], text), { ...refusal, field: 'ParameterKey' });
    t.same(writeAcsResponse(DEFAULT_STYLE, text, 'Inform', { MaxEnvelopes: 1 }), { ...refusal, field: 'ID' });
  }
});

t.test('texts that are too long for their field', async (t) => {
  t.same(set([], 'k'.repeat(33)), { ok: false, reason: 'too-long', field: 'ParameterKey' });
  t.match(set([], 'k'.repeat(32)), { ok: true });
  t.match(set([], '😀'.repeat(32)), { ok: true }, 'counted in characters');
  t.match(set([{ Name: 'A', Value: 'x'.repeat(100_000), Type: 'string' }]), { ok: true }, 'values have no bound here');
});

t.test('numbers out of range', async (t) => {
  for (const DelaySeconds of [-1, 1.5, 2 ** 32, NaN, Infinity]) {
    t.same(
      writeCpeRequest(DEFAULT_STYLE, '7', 'ScheduleInform', { DelaySeconds, CommandKey: '' }),
      { ok: false, reason: 'out-of-range', field: 'DelaySeconds' },
      String(DelaySeconds),
    );
  }
  const window = {
    WindowStart: 0,
    WindowEnd: 2 ** 32 - 1,
    WindowMode: '1 At Any Time',
    UserMessage: '',
    MaxRetries: -1,
  };
  const request = {
    CommandKey: '',
    FileType: '',
    URL: '',
    Username: '',
    Password: '',
    FileSize: 0,
    TargetFileName: '',
  };
  t.match(writeCpeRequest(DEFAULT_STYLE, '7', 'ScheduleDownload', { ...request, TimeWindowList: [window] }), {
    ok: true,
  });
});

t.test('a value of the wrong kind is a bug, not a document', async (t) => {
  t.throws(() => writeCpeRequest(DEFAULT_STYLE, '7', 'Reboot', { CommandKey: 1 } as never), { code: 'CAUSEWAY_BUG' });
  t.throws(() => writeCpeRequest(DEFAULT_STYLE, '7', 'Reboot', {} as never), { code: 'CAUSEWAY_BUG' });
  t.throws(() => writeCpeRequest(DEFAULT_STYLE, '7', 'GetParameterValues', { ParameterNames: 'Device.' } as never), {
    code: 'CAUSEWAY_BUG',
  });
});
