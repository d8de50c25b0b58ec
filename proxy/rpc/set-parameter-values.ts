// TR-069 A.3.2.1: all values are applied, or none; Status 1 says that they apply at a later time.
import { int, string } from './field.ts';
import { defineCpeRpc } from './rpc.ts';
import { ParameterList } from './structs.ts';

export const SetParameterValues = defineCpeRpc({
  name: 'SetParameterValues',
  since: 0,
  changing: true,
  request: { ParameterList, ParameterKey: string(32) },
  response: { Status: int },
});
