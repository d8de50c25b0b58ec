// Whatever bytes arrive, both readings end with an outcome of the documented shape.
import fc from 'fast-check';
import t from 'tap';
import { decodeBody } from '../../proxy/soap/charset.ts';
import { readLeniently } from '../../proxy/soap/lenient.ts';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';
import { REFUSAL_REASONS } from '../../proxy/soap/refusal.ts';
import { readCaptured } from './captured.ts';

const own = Buffer.from(
  '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:c="urn:dslforum-org:cwmp-1-0"><e:Header><c:ID>1</c:ID></e:Header><e:Body><c:Inform><DeviceId><Manufacturer>Ü&amp;</Manufacturer><OUI>0011AA</OUI><ProductClass/><SerialNumber><![CDATA[1]]></SerialNumber></DeviceId><Event><EventStruct><EventCode>1 BOOT</EventCode></EventStruct></Event><MaxEnvelopes>1</MaxEnvelopes><ParameterList><ParameterValueStruct><Name>Device.A</Name><Value xsi:type="xsd:string">x</Value></ParameterValueStruct></ParameterList></c:Inform></e:Body></e:Envelope>',
);
const seeds = [
  own,
  ...readCaptured()
    .map(({ body }) => body)
    .filter(({ length }) => length < 4000)
    .slice(0, 60),
];

function isOutcome(bytes: Uint8Array, contentType?: string): boolean {
  const text = decodeBody(bytes, contentType);
  return [readEnvelope(text), readLeniently(text)].every((outcome) =>
    outcome.ok
      ? ['request', 'response', 'fault', 'unknown'].includes(outcome.envelope.message.kind)
      : REFUSAL_REASONS.includes(outcome.reason) && outcome.detail.length < 400,
  );
}

t.test('arbitrary bytes', async (t) => {
  const types = fc.constantFrom(
    undefined,
    'text/xml; charset=iso-8859-1',
    'text/xml; charset=utf-16',
    'text/xml; charset=gb18030',
  );
  t.doesNotThrow(() => fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), types, isOutcome), { numRuns: 500 }));
});

t.test('real bodies with bytes changed, lost and moved', async (t) => {
  const edit = fc.tuple(fc.nat(), fc.nat(40), fc.uint8Array({ maxLength: 4 }));
  const damaged = fc
    .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([seed, edits]) =>
      edits.reduce<Buffer>((bytes, [place, length, extra]) => {
        const at = place % (bytes.length + 1);
        return Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at + length)]);
      }, seed),
    );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(damaged, (bytes) => isOutcome(bytes)),
      { numRuns: 800 },
    ),
  );
});
