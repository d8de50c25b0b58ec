// The shapes that faults of CPEs have (quirk 20).
import t from 'tap';
import type { CwmpFault } from '../../proxy/rpc/fault.ts';
import { readEnvelope } from '../../proxy/soap/read-envelope.ts';

function fault(body: string): CwmpFault | undefined {
  const outcome = readEnvelope(`<e:Envelope><e:Body>${body}</e:Body></e:Envelope>`);
  return outcome.ok && outcome.envelope.message.kind === 'fault' ? outcome.envelope.message.fault : undefined;
}

const parameter = (name: string, code: number): string =>
  `<SetParameterValuesFault><ParameterName>${name}</ParameterName><FaultCode>${code}</FaultCode><FaultString>no</FaultString></SetParameterValuesFault>`;
const entry = (ParameterName: string, FaultCode: number) => ({ ParameterName, FaultCode, FaultString: 'no' });

t.test('as TR-069 has it, with every refused parameter', async (t) => {
  const detail = `<detail><c:Fault><FaultCode>9003</FaultCode><FaultString>Invalid arguments</FaultString>${parameter('Device.A', 9008)}${parameter('Device.B', 9005)}</c:Fault></detail>`;
  t.same(fault(`<e:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring>${detail}</e:Fault>`), {
    FaultCode: 9003,
    FaultString: 'Invalid arguments',
    SetParameterValuesFault: [entry('Device.A', 9008), entry('Device.B', 9005)],
  });
});

t.test('detail inside faultstring', async (t) => {
  const detail = `\n<detail>\n<c:Fault>\n<FaultCode>9003</FaultCode>${parameter('A', 9007)}</c:Fault></detail>`;
  t.same(fault(`<e:Fault><faultstring>CWMP fault${detail}</faultstring></e:Fault>`), {
    FaultCode: 9003,
    FaultString: 'CWMP fault',
    SetParameterValuesFault: [entry('A', 9007)],
  });
});

t.test('refused parameters before the code, or in a list of their own', async (t) => {
  const list = `<x>${parameter('A', 9007)}</x><detail><deep><deeper><FaultCode> 9003 </FaultCode></deeper></deep></detail>`;
  t.same(fault(`<e:Fault>${list}</e:Fault>`), {
    FaultCode: 9003,
    FaultString: '',
    SetParameterValuesFault: [entry('A', 9007)],
  });
});

t.test('an undeclared prefix, no prefix, a CWMP fault without a SOAP one', async (t) => {
  for (const name of ['soap:Fault', 'Fault', 'cwmp:Fault']) {
    t.match(
      fault(`<${name}><FaultCode>9005</FaultCode><FaultString>Invalid name</FaultString></${name}>`),
      { FaultCode: 9005, FaultString: 'Invalid name' },
      name,
    );
  }
});

t.test('a bare SOAP fault', async (t) => {
  t.same(fault('<e:Fault><faultcode>Server</faultcode><faultstring> out of memory </faultstring></e:Fault>'), {
    FaultCode: 0,
    FaultString: 'out of memory',
    SetParameterValuesFault: [],
  });
  t.same(fault('<e:Fault/>'), { FaultCode: 0, FaultString: '', SetParameterValuesFault: [] });
});

t.test('a FaultCode elsewhere is no fault', async (t) => {
  t.equal(
    fault('<c:TransferComplete><FaultStruct><FaultCode>9010</FaultCode></FaultStruct></c:TransferComplete>'),
    undefined,
  );
});
