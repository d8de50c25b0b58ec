// Changes for tests that are not about what is changed.
import type { Change } from '../../proxy/device/access.ts';

export const settingOf = (Name: string, Value: string, Type = 'xsd:string'): Change<'SetParameterValues'> => ({
  method: 'SetParameterValues',
  request: (ParameterKey) => ({ ParameterList: [{ Name, Value, Type }], ParameterKey }),
  snapshot: { kind: 'values', before: [[Name, '0']], set: [[Name, Value]] },
});
