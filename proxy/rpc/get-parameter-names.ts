// TR-069 A.3.2.3: names and writability below a path; with NextLevel the children only.
import { arrayOf, boolean, string } from './field.ts';
import { defineCpeRpc } from './rpc.ts';
import { ParameterInfoStruct } from './structs.ts';

export const GetParameterNames = defineCpeRpc({
  name: 'GetParameterNames',
  since: 0,
  changing: false,
  request: { ParameterPath: string(256), NextLevel: boolean },
  response: { ParameterList: arrayOf(ParameterInfoStruct) },
});
