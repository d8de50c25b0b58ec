// The style of a CPE's envelope is seen, mirrored, and replaced where it could not be written back (quirk 2).
import t from 'tap';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';
import { DEFAULT_STYLE, type EnvelopeStyle } from '../../proxy/soap/style.ts';
import { writeAcsResponse, writeCpeRequest } from '../../proxy/soap/write-envelope.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';
const ENCODING = 'http://schemas.xmlsoap.org/soap/encoding/';

function styleOf(text: string): EnvelopeStyle | undefined {
  const outcome = readEnvelope(text);
  return outcome.ok ? outcome.envelope.style : undefined;
}

const seen = (
  envelope: string,
  encoding: string,
  cwmp = 'urn:dslforum-org:cwmp-1-0',
  uri = ENCODING,
): EnvelopeStyle | undefined =>
  styleOf(
    `<${envelope}:Envelope xmlns:${envelope}="${ENVELOPE}" xmlns:${encoding}="${uri}" xmlns:c="${cwmp}"><${envelope}:Body><c:RebootResponse/></${envelope}:Body></${envelope}:Envelope>`,
  );

t.test('prefixes are mirrored', async (t) => {
  for (const [envelope = '', encoding = ''] of [
    ['soapenv', 'soap'],
    ['SOAP-ENV', 'SOAP-ENC'],
    ['soap_env', 'soap_enc'],
    ['soap', 'enc'],
    ['ns2', 'ns1'],
    ['S', 'E.1'],
  ]) {
    const style = seen(envelope, encoding);
    t.match(style, { envelope, encoding });
    const written = writeCpeRequest(style ?? DEFAULT_STYLE, '1', 'GetParameterValues', { ParameterNames: ['Device.'] });
    const text = written.ok ? written.text : '';
    t.ok(
      text.startsWith(`<${envelope}:Envelope xmlns:${envelope}="${ENVELOPE}" xmlns:${encoding}="${ENCODING}"`),
      text,
    );
    t.match(
      text,
      `<${envelope}:Header><cwmp:ID ${envelope}:mustUnderstand="1">1</cwmp:ID></${envelope}:Header><${envelope}:Body><cwmp:GetParameterValues>`,
    );
    t.match(text, `<ParameterNames ${encoding}:arrayType="xsd:string[1]"><string>Device.</string></ParameterNames>`);
    t.same(styleOf(text.replaceAll('GetParameterValues>', 'RebootResponse>')), style, 'and read again');
  }
});

t.test('what cannot be written back falls to the default', async (t) => {
  for (const prefix of ['sixteencharacter', 'xsd', 'xsi', 'cwmp', 'XSI', 'é']) {
    t.equal(seen(prefix, 'enc')?.envelope, 'SOAP-ENV', prefix);
    t.equal(seen('env', prefix)?.encoding, 'SOAP-ENC', prefix);
  }
  t.equal(seen('fifteencharacte', 'enc')?.envelope, 'fifteencharacte');
  t.match(styleOf(`<Envelope xmlns="${ENVELOPE}"><Body><RebootResponse/></Body></Envelope>`), DEFAULT_STYLE);
});

t.test('the two prefixes never meet', async (t) => {
  t.match(seen('SOAP-ENC', 'xsd'), { envelope: 'SOAP-ENC', encoding: 'soapenc' });
  t.match(seen('soapenc', 'cwmp'), { envelope: 'soapenc', encoding: 'SOAP-ENC' });
});

t.test('the namespace of CWMP', async (t) => {
  for (const version of [0, 1, 2, 3, 4]) {
    const style = seen('e', 'n', `urn:dslforum-org:cwmp-1-${version}`);
    t.match(style, { cwmpVersion: version, cwmpVersionSeen: true });
    const written = writeCpeRequest(style ?? DEFAULT_STYLE, '1', 'FactoryReset', {});
    t.match(written.ok ? written.text : '', `xmlns:cwmp="urn:dslforum-org:cwmp-1-${version}"`);
  }
  for (const other of ['urn:dslforum-org:cwmp-1-5', 'urn:dslforum-org:cwmp-2-0', 'urn:dslforum-org:cwmp-1-00', '']) {
    t.match(seen('e', 'n', other), { cwmpVersion: 0, cwmpVersionSeen: false }, other);
  }
  const late = `<e:Envelope><e:Body><n4:RebootResponse xmlns:n4="urn:dslforum-org:cwmp-1-2" xmlns:n1="${ENCODING}"/></e:Body></e:Envelope>`;
  t.match(
    styleOf(late),
    { envelope: 'e', encoding: 'n1', cwmpVersion: 2, cwmpVersionSeen: true },
    'declared on the message',
  );
});

t.test('an encoding namespace without its slash', async (t) => {
  t.equal(seen('e', 'n', undefined, 'http://schemas.xmlsoap.org/soap/encoding')?.encoding, 'n');
});

t.test('the version of a CPE that lists what it speaks', async (t) => {
  const listed = (versions: string): EnvelopeStyle | undefined =>
    styleOf(
      `<e:Envelope><e:Header><SupportedCWMPVersions>${versions}</SupportedCWMPVersions></e:Header><e:Body><c:RebootResponse/></e:Body></e:Envelope>`,
    );
  t.equal(listed('1.0,1.1, 1.2,1.3,1.4')?.useCwmpVersion, '1.4');
  t.equal(listed('1.0,1.1,1.2,1.5')?.useCwmpVersion, '1.2');
  t.equal(listed('2.0')?.useCwmpVersion, undefined);
  const written = writeAcsResponse(listed('1.4') ?? DEFAULT_STYLE, '1', 'Inform', { MaxEnvelopes: 1 });
  t.match(
    written.ok ? written.text : '',
    '</cwmp:ID><cwmp:UseCWMPVersion e:mustUnderstand="1">1.4</cwmp:UseCWMPVersion></e:Header>',
  );
  const other = writeAcsResponse(listed('1.4') ?? DEFAULT_STYLE, '1', 'TransferComplete', {});
  t.notMatch(other.ok ? other.text : '', 'UseCWMPVersion', 'in the InformResponse only');
});
