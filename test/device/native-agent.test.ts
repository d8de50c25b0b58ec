// Which CPEs run a USP Agent of their own, by what they say of it.
import t from 'tap';
import type { Ask } from '../../proxy/device/discovery.ts';
import { buildTree } from '../../proxy/device/instance-tree/tree.ts';
import { findNativeAgent } from '../../proxy/device/native-agent.ts';

const AGENT = 'Device.USPAgent.';
const ON: Readonly<Record<string, string>> = {
  [`${AGENT}EndpointID`]: 'os::02C0DE-1',
  [`${AGENT}MTP.1.Enable`]: '0',
  [`${AGENT}MTP.2.Enable`]: '1',
  [`${AGENT}Controller.7.Enable`]: 'true',
};

/** What is found of a CPE that has these parameters, and how many were asked for. */
async function found(
  values: Readonly<Record<string, string>>,
  fault?: number,
): Promise<{ readonly agent: string; readonly asked: number }> {
  let asked = 0;
  const ask: Ask = async (_method, request) => {
    const { ParameterNames } = request as { readonly ParameterNames: readonly string[] };
    asked += ParameterNames.length;
    if (fault !== undefined)
      return { kind: 'fault', fault: { FaultCode: fault, FaultString: '', SetParameterValuesFault: [] } };
    const ParameterList = ParameterNames.map((Name) => ({ Name, Value: values[Name] ?? '', Type: 'string' }));
    return { kind: 'response', value: { ParameterList } } as never;
  };
  const entries = Object.keys(values).map((Name) => ({ Name, Writable: true }));
  return { agent: await findNativeAgent(ask, buildTree('Device.', entries)), asked };
}
const without = (...names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(ON).filter(([name]) => !names.includes(name.slice(AGENT.length))));

t.test('an EndpointID, a way and a Controller that are on', async (t) => {
  t.same(await found(ON), { agent: 'os::02C0DE-1', asked: 4 });
});

t.test('anything less is none', async (t) => {
  t.equal((await found({ ...ON, [`${AGENT}EndpointID`]: '' })).agent, '');
  t.equal((await found({ ...ON, [`${AGENT}MTP.2.Enable`]: 'false' })).agent, '');
  t.equal((await found({ ...ON, [`${AGENT}Controller.7.Enable`]: '0' })).agent, '');
  t.equal((await found(without('Controller.7.Enable'))).agent, '');
  t.equal((await found(without('MTP.1.Enable', 'MTP.2.Enable'))).agent, '');
  t.equal((await found(ON, 9001)).agent, '', 'it will not say');
});

t.test('a CPE without the object is asked nothing', async (t) => {
  t.same(await found({ 'Device.DeviceInfo.ModelName': 'x' }), { agent: '', asked: 0 });
  t.same(await found(without('EndpointID')), { agent: '', asked: 0 });
});
