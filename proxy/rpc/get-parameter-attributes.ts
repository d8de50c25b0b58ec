// TR-069 A.3.2.5: notification and access list of parameters, or of everything below a partial path.
import { arrayOf, int, string, strings, struct } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const ParameterAttributeStruct = struct('ParameterAttributeStruct', {
  Name: string(256),
  Notification: int,
  AccessList: strings(64),
});

export const GetParameterAttributes = defineCpeRpc({
  name: 'GetParameterAttributes',
  since: 0,
  changing: false,
  request: { ParameterNames: strings(256) },
  response: { ParameterList: arrayOf(ParameterAttributeStruct) },
});
