// TR-069 A.3.1.1: the methods that the peer supports; the CPE may ask it of the ACS too.
import { strings } from './field.ts';
import { defineCpeRpc } from './rpc.ts';

export const GetRPCMethods = defineCpeRpc({
  name: 'GetRPCMethods',
  since: 0,
  changing: false,
  request: {},
  response: { MethodList: strings(64) },
});
