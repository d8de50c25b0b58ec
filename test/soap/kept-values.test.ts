// What is kept of a message does not keep the message: bodies of a megabyte are read, a few strings of each are held,
// and the heap is looked at.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { readEnvelope, type ReadOutcome } from '../../proxy/soap/read-envelope.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const BODIES = 24;
const SIZE = 1_000_000;

function heap(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

/** Megabytes that stay in use when `keep` has taken what it wants of each message. */
function keptBy(body: (index: number) => string, keep: (outcome: ReadOutcome) => unknown): number {
  const before = heap();
  const kept = Array.from({ length: BODIES }, (_, index) =>
    keep(readEnvelope(Buffer.from(body(index)).toString('latin1'))),
  );
  const after = heap();
  // Read once more, so that nothing of it may be freed before.
  return kept.includes(undefined) ? NaN : (after - before) / 1e6;
}

const parameter = (index: number, value: string): string =>
  `<ParameterValueStruct><Name>InternetGatewayDevice.LANDevice.1.Hosts.Host.${index}.MACAddress</Name><Value xsi:type="xsd:string">${value}</Value></ParameterValueStruct>`;
const padding = Array.from({ length: SIZE / 160 }, (_, index) => parameter(index, 'padding of the message')).join('');
const around = (body: string): string =>
  `<e:Envelope><e:Header><c:ID>an ID of many characters</c:ID></e:Header><e:Body>${body}</e:Body></e:Envelope>`;
const inform = (index: number): string =>
  around(
    `<c:Inform><DeviceId><Manufacturer>A Manufacturer &amp; Sons</Manufacturer><OUI>0011AA</OUI><SerialNumber>SERIAL-NUMBER-${index + 1e9}</SerialNumber></DeviceId><ParameterList>${padding}</ParameterList></c:Inform>`,
  );

t.test('an identity', async (t) => {
  const megabytes = keptBy(inform, (outcome) => {
    if (!outcome.ok || outcome.envelope.message.kind !== 'request' || outcome.envelope.message.method !== 'Inform')
      return undefined;
    return [outcome.envelope.message.value.DeviceId, outcome.envelope.id, outcome.envelope.style];
  });
  t.ok(megabytes < 1, `${megabytes.toFixed(2)} MB of ${BODIES} MB`);
});

t.test('one value of a long list', async (t) => {
  const megabytes = keptBy(inform, (outcome) => {
    if (!outcome.ok || outcome.envelope.message.kind !== 'request' || outcome.envelope.message.method !== 'Inform')
      return undefined;
    return outcome.envelope.message.value.ParameterList[1000]?.Name;
  });
  t.ok(megabytes < 1, `${megabytes.toFixed(2)} MB of ${BODIES} MB`);
});

t.test('a refusal, a fault and an unknown name', async (t) => {
  const broken = keptBy(
    (index) => around(`<c:Inform>${padding}<ANameOfManyCharacters${index}></b></c:Inform>`),
    (outcome) => (outcome.ok ? undefined : outcome.detail),
  );
  t.ok(broken < 1, `${broken.toFixed(2)} MB`);
  const fault = keptBy(
    (index) =>
      around(`<e:Fault>${padding}<FaultString>a long text &amp; number ${index + 1e9}</FaultString></e:Fault>`),
    (outcome) => (outcome.ok ? outcome.envelope : undefined),
  );
  t.ok(fault < 1, `${fault.toFixed(2)} MB`);
  const unknown = keptBy(
    (index) => around(`<c:ANameOfManyCharacters${index}>${padding}</c:ANameOfManyCharacters${index}>`),
    (outcome) => (outcome.ok ? outcome.envelope : undefined),
  );
  t.ok(unknown < 1, `${unknown.toFixed(2)} MB`);
});
